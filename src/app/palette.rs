//! The command palette: every action that applies, found by what is typed of its name.
//!
//! It knows nothing but the table of actions, so an action that is added there is here too, with a key or without.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use super::action::{ACTIONS, Action, ActionFacts, Layer};

/// What somebody looks for.
#[derive(Clone, Debug)]
pub struct Palette {
    /// Where it was opened: what applies there is listed.
    pub layer: Layer,
    /// What is typed.
    pub input: Input,
    /// The selected one's place among those shown.
    pub selected: usize,
    /// The first line on screen.
    pub scroll: usize,
    /// How many lines fit; told by the last drawing.
    pub height: usize,
}

impl Palette {
    /// The palette over this layer.
    #[must_use]
    pub fn new(layer: Layer) -> Self {
        Self { layer, input: Input::default(), selected: 0, scroll: 0, height: 10 }
    }

    /// The actions that apply and match, the best first. While nothing is typed, those that have no key, then those that ask
    /// before they do something, then the others, each in the table's order.
    #[must_use]
    pub fn shown(&self) -> Vec<&'static ActionFacts> {
        let applies = |facts: &&ActionFacts| facts.layers.contains(&self.layer) && facts.action != Action::Palette;
        let mut matcher = Matcher::new(Config::DEFAULT);
        // No action's name is longer, and the matcher's score overflows with a word that is.
        let typed = self.input.value();
        let typed = &typed[..typed.floor_char_boundary(512)];
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        let mut found: Vec<_> = ACTIONS
            .iter()
            .filter(applies)
            .filter_map(|facts| Some((score(&pattern, self.input.value(), &mut matcher, facts)?, facts)))
            .collect();
        found.sort_by_key(|(score, facts)| {
            let rank = (!facts.keys.is_empty(), !facts.label.ends_with('…'));
            (std::cmp::Reverse(*score), if self.input.value().is_empty() { rank } else { (true, true) })
        });
        found.into_iter().map(|(_, facts)| facts).collect()
    }

    /// The action that is selected.
    #[must_use]
    pub fn chosen(&self) -> Option<Action> {
        self.shown().get(self.selected).map(|facts| facts.action)
    }

    /// Moves the selection.
    pub fn move_by(&mut self, rows: isize) {
        let length = self.shown().len();
        self.selected = self.selected.saturating_add_signed(rows).min(length.saturating_sub(1));
        let height = self.height.max(1);
        let most = length.saturating_sub(height);
        self.scroll = self.scroll.clamp((self.selected + 1).saturating_sub(height), self.selected).min(most);
    }
}

/// How well an action matches: letters of its name, or else words that its line of help has.
fn score(pattern: &Pattern, typed: &str, matcher: &mut Matcher, facts: &ActionFacts) -> Option<u32> {
    let named = pattern.score(Utf32Str::new(facts.name, &mut Vec::new()), matcher);
    let help = facts.help.to_lowercase();
    let has = |word: &str| help.split(|it: char| !it.is_alphanumeric()).any(|of| of.starts_with(&word.to_lowercase()));
    named.or_else(|| typed.split_whitespace().all(has).then_some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(layer: Layer, typed: &str) -> Vec<&'static str> {
        let palette = Palette { input: Input::new(typed.to_owned()), ..Palette::new(layer) };
        palette.shown().into_iter().map(|facts| facts.name).collect()
    }

    #[test]
    fn whatever_applies_is_there_with_a_key_or_without() {
        for layer in [Layer::Fleet, Layer::Environment, Layer::Deploy, Layer::Logs] {
            let applies = ACTIONS.iter().filter(|facts| facts.layers.contains(&layer) && facts.name != "palette");
            let (mut all, mut shown) = (applies.map(|facts| facts.name).collect::<Vec<_>>(), shown(layer, ""));
            all.sort_unstable();
            shown.sort_unstable();
            assert_eq!(shown, all);
        }
        assert_eq!(shown(Layer::Environment, "")[..4], ["restart", "scale", "replace", "session"]);
        let keyless = ACTIONS.iter().filter(|facts| facts.keys.is_empty());
        for facts in keyless {
            assert_eq!(shown(facts.layers[0], facts.name).first(), Some(&facts.name));
        }
    }

    #[test]
    fn a_few_letters_of_a_name_or_a_word_of_its_help_find_it() {
        assert_eq!(shown(Layer::Environment, "repl")[0], "replace");
        assert_eq!(shown(Layer::Environment, "rstrt")[0], "restart");
        assert_eq!(shown(Layer::Fleet, "needs attention")[0], "attention");
        assert!(!shown(Layer::Fleet, "").contains(&"replace"), "nothing is selected there that could be replaced");
        assert_eq!(shown(Layer::Fleet, "zzzz"), [""; 0]);
    }
}
