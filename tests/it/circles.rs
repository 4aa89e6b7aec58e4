//! No circle of imports between files: an edge goes from a file to the file that *defines* what it names.
//!
//! The modules are read with `syn`, from `lib.rs` on, so that tests are left out. `mod` and `pub use` make no edge, nor
//! does the inside of a macro; a re-export is followed to its definition. Every path into the crate must resolve, else a
//! circle could go unseen.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

use crate::architecture::sources;

/// The circles that are still there: the reason, and their files. None may join them, and a file that has left one has to
/// leave the list too.
const KNOWN: &[(&str, &[&str])] = &[];

/// A path of names, from the crate's root for a module.
type Names = Vec<String>;

/// What one name of a module leads to.
#[derive(Clone, Debug)]
enum Binding {
    /// An item that is defined in this file.
    Item(String),
    /// A module inside this one.
    Module,
    /// A `use`, with the path as it is written.
    Use(Names),
}

#[derive(Default)]
struct Module {
    bindings: BTreeMap<String, Vec<Binding>>,
    globs: Vec<Names>,
}

/// A path that a file names, and the module in which it does.
struct Mention {
    file: String,
    module: Names,
    path: Names,
}

/// A macro invocation at item level.
struct Call {
    name: String,
    file: String,
    module: Names,
    /// The identifiers in its arguments.
    given: Names,
}

/// The crate as its files declare it.
#[derive(Default)]
struct Crate {
    sources: BTreeMap<String, String>,
    modules: BTreeMap<Names, Module>,
    mentions: Vec<Mention>,
    /// What each macro of ours defines where it is called; of a name that it is given, the parameter.
    macros: BTreeMap<String, Names>,
    calls: Vec<Call>,
}

/// Where a path leads to.
#[derive(Clone, Debug, PartialEq)]
enum Target {
    /// An item, by the file that defines it.
    File(String),
    /// A module.
    Module(Names),
    /// Another crate, a local name, a primitive type.
    Outside,
    /// Nothing, although the path begins in this crate.
    Nothing,
}

impl Crate {
    fn read(sources: BTreeMap<String, String>) -> Self {
        let mut read = Self { sources, ..Self::default() };
        read.file("lib.rs", &Vec::new());
        for call in std::mem::take(&mut read.calls) {
            read.bind_call(&call);
        }
        read
    }

    /// Binds what a macro defines where it is called. It may define what it is given the name of, so each capital word of
    /// the call that is nothing else there is taken for one.
    fn bind_call(&mut self, call: &Call) {
        let given = call.given.iter().filter(|word| word.starts_with(char::is_uppercase)).cloned();
        for name in self.macros.get(&call.name).cloned().unwrap_or_default().into_iter().chain(given) {
            if !self.modules[&call.module].bindings.contains_key(&name) {
                self.bind(&call.module, name, Binding::Item(call.file.clone()));
            }
        }
    }

    fn file(&mut self, file: &str, module: &Names) {
        let parsed = syn::parse_file(&self.sources[file]).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.items(file, module, &parsed.items);
    }

    fn items(&mut self, file: &str, module: &Names, items: &[Item]) {
        self.modules.entry(module.clone()).or_default();
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            match item {
                Item::Mod(inner) => self.inner_module(file, module, inner),
                Item::Use(import) => self.import(file, module, import),
                Item::Macro(it) => self.macro_item(file, module, it),
                other => {
                    if let Some(name) = definition(other) {
                        self.bind(module, name, Binding::Item(file.to_owned()));
                    }
                    let mut paths = Paths(Vec::new());
                    paths.visit_item(other);
                    self.mentions.extend(paths.0.into_iter().map(|path| mention(file, module, path)));
                }
            }
        }
    }

    /// A macro that is defined, or one that is called and defines items.
    fn macro_item(&mut self, file: &str, module: &Names, it: &syn::ItemMacro) {
        if let Some(name) = &it.ident {
            self.macros.insert(name.to_string(), definitions_in(&it.mac));
            return self.bind(module, name.to_string(), Binding::Item(file.to_owned()));
        }
        for name in definitions_in(&it.mac) {
            self.bind(module, name, Binding::Item(file.to_owned()));
        }
        let name = it.mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let given = words(&it.mac.tokens.to_string());
        self.calls.push(Call { name, file: file.to_owned(), module: module.clone(), given });
    }

    fn inner_module(&mut self, file: &str, module: &Names, inner: &syn::ItemMod) {
        let name = inner.ident.to_string();
        let path = child(module, &name);
        self.bind(module, name, Binding::Module);
        if let Some((_, items)) = &inner.content {
            return self.items(file, &path, items);
        }
        let stem = path.join("/");
        let found =
            [format!("{stem}.rs"), format!("{stem}/mod.rs")].into_iter().find(|it| self.sources.contains_key(it));
        self.file(&found.unwrap_or_else(|| panic!("{file} declares {stem}, which has no file")), &path);
    }

    fn import(&mut self, file: &str, module: &Names, import: &syn::ItemUse) {
        let mut leaves = Vec::new();
        flatten(&import.tree, &mut Vec::new(), &mut leaves);
        for (name, path) in leaves {
            if matches!(import.vis, Visibility::Inherited) {
                self.mentions.push(mention(file, module, path.clone()));
            }
            match name {
                Some(name) => self.bind(module, name, Binding::Use(path)),
                None => self.modules.entry(module.clone()).or_default().globs.push(path),
            }
        }
    }

    fn bind(&mut self, module: &Names, name: String, binding: Binding) {
        self.modules.entry(module.clone()).or_default().bindings.entry(name).or_default().push(binding);
    }

    /// Where a path leads to that is written in this module.
    fn resolve(&self, module: &Names, path: &[String], depth: usize) -> Target {
        let mut from = module.clone();
        let mut rest = path;
        let mut anchored = false;
        while let Some(first) = rest.first() {
            match first.as_str() {
                "crate" => from = Vec::new(),
                "self" => {}
                "super" => drop(from.pop()),
                _ => break,
            }
            anchored = true;
            rest = &rest[1..];
        }
        match self.inside(&from, rest, depth) {
            Target::Nothing if !anchored && !self.knows(module, &path[0]) => Target::Outside,
            found => found,
        }
    }

    fn knows(&self, module: &Names, name: &str) -> bool {
        self.modules.get(module).is_some_and(|module| module.bindings.contains_key(name))
    }

    /// Where a path leads to that begins with a name of this module.
    fn inside(&self, module: &Names, path: &[String], depth: usize) -> Target {
        let Some((first, rest)) = path.split_first() else { return Target::Module(module.clone()) };
        // A circle of re-exports leads nowhere.
        let (Some(known), 0..20) = (self.modules.get(module), depth) else { return Target::Nothing };
        for binding in known.bindings.get(first).into_iter().flatten() {
            let found = match binding {
                // What follows an item is its variant, constant or function.
                Binding::Item(file) => Target::File(file.clone()),
                Binding::Module => self.inside(&child(module, first), rest, depth + 1),
                Binding::Use(path) => match self.resolve(module, path, depth + 1) {
                    Target::Module(path) => self.inside(&path, rest, depth + 1),
                    found => found,
                },
            };
            // A module and a function may share a name: the function is what is named.
            let is_shadowed = rest.is_empty() && matches!(found, Target::Module(_)) && known.bindings[first].len() > 1;
            if found != Target::Nothing && !is_shadowed {
                return found;
            }
        }
        let through = known.globs.iter().map(|glob| match self.resolve(module, glob, depth + 1) {
            Target::Module(found) if found != *module => self.inside(&found, path, depth + 1),
            _ => Target::Nothing,
        });
        through
            .into_iter()
            .find(|found| matches!(found, Target::File(_) | Target::Module(_)))
            .unwrap_or(Target::Nothing)
    }

    /// Which files each file names, and the paths into the crate that lead nowhere.
    fn edges(&self) -> (Graph, Vec<String>) {
        let (mut graph, mut lost) = (Graph::new(), Vec::new());
        for Mention { file, module, path } in &self.mentions {
            match self.resolve(module, path, 0) {
                Target::File(to) if to != *file => {
                    graph.entry(file.clone()).or_default().entry(to).or_insert_with(|| path.join("::"));
                }
                Target::Nothing => lost.push(format!("{file}: {}", path.join("::"))),
                _ => {}
            }
        }
        (graph, lost)
    }
}

/// Which files a file names, and by which of its paths.
type Graph = BTreeMap<String, BTreeMap<String, String>>;

fn child(module: &Names, name: &str) -> Names {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

fn mention(file: &str, module: &Names, path: Names) -> Mention {
    Mention { file: file.to_owned(), module: module.clone(), path }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| {
        it.path().is_ident("cfg") && matches!(&it.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
    })
}

/// The name that an item defines.
fn definition(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(it) => &it.ident,
        Item::Enum(it) => &it.ident,
        Item::Fn(it) => &it.sig.ident,
        Item::Static(it) => &it.ident,
        Item::Struct(it) => &it.ident,
        Item::Trait(it) => &it.ident,
        Item::Type(it) => &it.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Returns the names that follow a keyword in a macro's definition or arguments.
fn definitions_in(mac: &syn::Macro) -> Names {
    let keywords = ["struct", "enum", "const", "static", "type"];
    let words = words(&mac.tokens.to_string());
    words.windows(2).filter(|pair| keywords.contains(&pair[0].as_str())).map(|pair| pair[1].clone()).collect()
}

/// Returns the words of a piece of code, without those of its string literals.
fn words(code: &str) -> Names {
    let code = code.replace("\\\"", "");
    let outside = code.split('"').step_by(2);
    let words = outside.flat_map(|code| code.split(|it: char| !it.is_alphanumeric() && it != '_'));
    words.filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
}

/// The leaves of a `use`: the name each gives, none for a glob, and the path.
fn flatten(tree: &UseTree, before: &mut Names, leaves: &mut Vec<(Option<String>, Names)>) {
    let with = |last: &syn::Ident| before.iter().cloned().chain([last.to_string()]).collect::<Names>();
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, leaves);
            before.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, leaves)),
        UseTree::Name(name) if name.ident == "self" => leaves.push((before.last().cloned(), before.clone())),
        UseTree::Name(name) => leaves.push((Some(name.ident.to_string()), with(&name.ident))),
        UseTree::Rename(rename) => leaves.push((Some(rename.rename.to_string()), with(&rename.ident))),
        UseTree::Glob(_) => leaves.push((None, before.clone())),
    }
}

/// The paths in the code of an item: those of several names, and those of one that names a type or a constant.
struct Paths(Vec<Names>);

impl<'a> Visit<'a> for Paths {
    fn visit_path(&mut self, path: &'a syn::Path) {
        let names: Names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let is_local = names.len() == 1 && names[0].starts_with(|first: char| first.is_lowercase() || first == '_');
        if path.leading_colon.is_none() && names[0] != "Self" && !is_local {
            self.0.push(names);
        }
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'a Visibility) {}

    fn visit_attribute(&mut self, _: &'a Attribute) {}

    /// Methods that only tests have.
    fn visit_impl_item_fn(&mut self, method: &'a syn::ImplItemFn) {
        if !is_test(&method.attrs) {
            visit::visit_impl_item_fn(self, method);
        }
    }
}

/// The files that reach each other, each set sorted: the strongly connected components of more than one file.
fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|file| (file.as_str(), reachable(graph, file))).collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (file, reached) in reach.iter().filter(|(file, reached)| reached.contains(*file)) {
        let both = reached.iter().filter(|other| reach.get(*other).is_some_and(|back| back.contains(file)));
        found.insert(both.map(|it| (*it).to_owned()).collect());
    }
    found.into_iter().collect()
}

fn reachable<'a>(graph: &'a Graph, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = named(graph, from).collect();
    while let Some(file) = open.pop() {
        if found.insert(file) {
            open.extend(named(graph, file));
        }
    }
    found
}

fn named<'a>(graph: &'a Graph, file: &str) -> impl Iterator<Item = &'a str> {
    graph.get(file).into_iter().flat_map(BTreeMap::keys).map(String::as_str)
}

/// The shortest way from the first file of a circle back to it, with the path by which each names the next.
fn round_trip(graph: &Graph, circle: &[String]) -> String {
    let start = circle[0].as_str();
    let mut ways = VecDeque::from([vec![start]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for next in named(graph, way[way.len() - 1]).filter(|next| circle.iter().any(|file| file == next)) {
            let longer: Vec<_> = way.iter().copied().chain([next]).collect();
            if next == start {
                let step = |pair: &[&str]| format!(" -> {} ({})", pair[1], graph[pair[0]][pair[1]]);
                return longer.windows(2).fold(start.to_owned(), |words, pair| words + &step(pair));
            }
            if seen.insert(next) {
                ways.push_back(longer);
            }
        }
    }
    circle.join(", ")
}

/// What is wrong with these sources: paths that lead nowhere, circles that are not known, and known ones that are no more.
fn faults(sources: BTreeMap<String, String>, known: &[(&str, &[&str])]) -> Vec<String> {
    let (graph, lost) = Crate::read(sources).edges();
    let mut faults: Vec<_> = lost.into_iter().map(|path| format!("a path that leads nowhere: {path}")).collect();
    let found = circles(&graph);
    for circle in &found {
        let is_known = |(_, files): &&(&str, &[&str])| circle.iter().all(|file| files.contains(&file.as_str()));
        if !known.iter().any(|entry| is_known(&entry)) {
            faults.push(format!("a circle of {} files: {}", circle.len(), round_trip(&graph, circle)));
        }
    }
    for file in known.iter().flat_map(|(_, files)| files.iter()) {
        if !found.iter().flatten().any(|it| it == file) {
            faults.push(format!("{file} is in no circle any more: take it off the list"));
        }
    }
    faults
}

#[test]
fn no_file_imports_itself_through_others() {
    let faults = faults(sources(), KNOWN);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A crate of these files, by name and text.
fn crate_of(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_circle_is_found_through_a_re_export_and_named() {
    let files = crate_of(&[
        ("lib.rs", "mod one; mod two;"),
        ("one/mod.rs", "mod inner; pub use inner::Inner;"),
        ("one/inner.rs", "use crate::two; pub struct Inner; fn call() { two::call(); }"),
        ("two.rs", "pub fn call() -> Option<crate::one::Inner> { None }"),
    ]);
    let trip = "one/inner.rs -> two.rs (two::call) -> one/inner.rs (crate::one::Inner)";
    assert_eq!(faults(files.clone(), &[]), [format!("a circle of 2 files: {trip}")]);
    assert_eq!(faults(files, &[("known", &["one/inner.rs", "two.rs"])]), [""; 0]);
}

#[test]
fn modules_re_exports_tests_and_macros_make_no_edge() {
    let files = crate_of(&[
        ("lib.rs", "mod one; mod two;"),
        ("one.rs", "pub use crate::two::Two; made! { struct Made; }"),
        ("two.rs", "use super::one::Made; pub struct Two(Made); #[cfg(test)] mod tests { use crate::nowhere::None; }"),
    ]);
    assert_eq!(faults(files, &[("left", &["one.rs"])]), ["one.rs is in no circle any more: take it off the list"]);
}

#[test]
fn a_path_that_leads_nowhere_is_a_fault() {
    let files = crate_of(&[("lib.rs", "mod one;"), ("one.rs", "use crate::two::Two;")]);
    assert_eq!(faults(files, &[]), ["a path that leads nowhere: one.rs: crate::two::Two"]);
}
