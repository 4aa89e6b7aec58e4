//! Objects indexed by terms, in both directions, so that an object is removed from its old terms when it moves.

use std::borrow::Borrow;
use std::hash::Hash;

use crate::model::Map;

/// Which objects (`O`) are filed under which terms (`T`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) struct Filing<O: Eq + Hash, T: Eq + Hash> {
    terms: Map<O, Vec<T>>,
    objects: Map<T, Vec<O>>,
}

impl<O: Eq + Hash, T: Eq + Hash> Default for Filing<O, T> {
    fn default() -> Self {
        Self { terms: Map::default(), objects: Map::default() }
    }
}

impl<O: Clone + Eq + Hash + Ord, T: Clone + Eq + Hash> Filing<O, T> {
    /// The objects under a term, in their order.
    pub(in crate::model) fn under<Q>(&self, term: &Q) -> &[O]
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.objects.get(term).map_or(&[], Vec::as_slice)
    }

    /// The terms of an object.
    pub(super) fn terms(&self, object: &O) -> &[T] {
        self.terms.get(object).map_or(&[], Vec::as_slice)
    }

    /// Files an object under these terms and no others; `each` is called with every term of before and of now.
    pub(super) fn file(&mut self, object: &O, terms: Vec<T>, mut each: impl FnMut(&T)) {
        let before = self.terms.remove(object).unwrap_or_default();
        before.iter().chain(&terms).for_each(&mut each);
        for term in before.iter().filter(|term| !terms.contains(term)) {
            self.take_out(object, term);
        }
        for term in &terms {
            let filed = self.objects.entry(term.clone()).or_default();
            if let Err(place) = filed.binary_search(object) {
                filed.insert(place, object.clone());
            }
        }
        if !terms.is_empty() {
            self.terms.insert(object.clone(), terms);
        }
    }

    fn take_out(&mut self, object: &O, term: &T) {
        let Some(filed) = self.objects.get_mut(term) else { return };
        filed.retain(|it| it != object);
        if filed.is_empty() {
            self.objects.remove(term);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Filing;

    #[test]
    fn an_object_is_found_under_its_newest_terms_only() {
        let mut filing: Filing<&str, u8> = Filing::default();
        let mut file = |object, terms: &[u8]| {
            let mut touched = Vec::new();
            filing.file(&object, terms.to_vec(), |term| touched.push(*term));
            (touched, filing.under(&1).to_vec(), filing.under(&2).to_vec())
        };
        assert_eq!(file("b", &[1]), (vec![1], vec!["b"], vec![]));
        assert_eq!(file("a", &[1, 2]), (vec![1, 2], vec!["a", "b"], vec!["a"]));
        assert_eq!(file("b", &[2]), (vec![1, 2], vec!["a"], vec!["a", "b"]));
        assert_eq!(file("a", &[]), (vec![1, 2], vec![], vec!["b"]));
        assert_eq!((filing.terms(&"a"), filing.terms(&"b")), (&[][..], &[2][..]));
        filing.file(&"b", Vec::new(), |_| ());
        assert_eq!(filing, Filing::default(), "nothing is kept of what is filed nowhere");
    }
}
