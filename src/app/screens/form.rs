//! The form: settings with their new values, checked while they are typed, by the range of the route that is chosen.

mod acting;

use tui_input::{Input, InputRequest};

use crate::app::list::ListState;
use crate::app::routes::{asked, turned};
use crate::change::settings::SettingKind;
use crate::change::{Change, Edit, Field, PlanInputs, Route, plan};
use crate::model::{Environment, Key, clean};

/// A setting and the typed value.
#[derive(Clone, Debug)]
pub struct FormLine {
    /// The title of the object that has it.
    pub group: String,
    /// The setting as it was when the form was opened.
    pub field: Field,
    /// The new value.
    pub input: Input,
}

/// Settings of one environment that are being edited.
#[derive(Clone, Debug)]
pub struct Form {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its name.
    pub title: String,
    /// The settings.
    pub lines: Vec<FormLine>,
    /// By which way it is to go.
    pub route: Route,
    /// Its lines as a list.
    pub rows: ListState,
    /// Whether the route below them has the keyboard.
    pub is_at_route: bool,
    /// Why the form is not valid, found at the last key.
    pub objection: Option<String>,
}

impl FormLine {
    /// Returns the typed value.
    #[must_use]
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Returns whether it differs from the live value.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let live = self.field.live.as_deref().unwrap_or_default();
        !self.field.facts.is_same(live, self.value())
    }

    /// Returns what is wrong with it by this route.
    #[must_use]
    pub fn mistake(&self, route: Route) -> Option<String> {
        let kind = self.field.facts.kind;
        if kind.accept(self.value()).is_none() {
            return Some(format!("takes {}", kind.allowed()));
        }
        let option = self.field.option.as_ref().filter(|_| route != Route::Elb && self.is_changed())?;
        let is_out = option.kind.accept(self.value()).is_none();
        is_out.then(|| {
            format!("the option {} takes {}; directly: {}", option.name, option.kind.allowed(), kind.allowed())
        })
    }

    /// Returns the keywords that it accepts, if it takes keywords.
    fn words(&self) -> &'static [&'static str] {
        match self.field.facts.kind {
            SettingKind::Flag => &["false", "true"],
            SettingKind::Choice(words) => words,
            _ => &[],
        }
    }

    /// Returns whether it is chosen rather than typed.
    #[must_use]
    pub fn is_choice(&self) -> bool {
        !self.words().is_empty()
    }

    fn turn(&mut self, forward: bool) {
        let words = self.words();
        let now = words.iter().find(|word| word.eq_ignore_ascii_case(self.value()));
        let next = now.map_or(words[0], |now| turned(words, *now, forward));
        self.input = Input::new(next.to_owned());
    }
}

impl Form {
    /// The form for these settings, each with the title of its object, with the cursor on the one at this place.
    #[must_use]
    pub fn new(environment: &Environment, fields: Vec<(String, Field)>, at: usize) -> Self {
        let has_option = fields.iter().any(|(_, field)| field.option.is_some());
        let line = |(group, field): (String, Field)| {
            let live = field.live.as_deref().unwrap_or_default().to_owned();
            FormLine { group, input: Input::new(live), field }
        };
        let lines: Vec<_> = fields.into_iter().map(line).collect();
        let mut rows = ListState::new(lines.len());
        rows.select(at);
        Self {
            environment: environment.key.clone(),
            title: format!("Edit {}", clean(&environment.name)),
            is_at_route: at >= lines.len(),
            rows,
            lines,
            route: if has_option { Route::Beanstalk } else { Route::Elb },
            objection: None,
        }
    }

    /// The line that has the keyboard; `None`: the route has it.
    #[must_use]
    pub fn line(&self) -> Option<&FormLine> {
        if self.is_at_route { None } else { self.lines.get(self.rows.selected()) }
    }

    /// To the next line or the previous one; the route comes after the last and before the first.
    pub fn move_to(&mut self, rows: isize) {
        let lines = self.lines.len();
        let at = if self.is_at_route { lines } else { self.rows.selected() };
        let next = (at as isize + rows).rem_euclid(lines as isize + 1) as usize;
        self.is_at_route = next == lines;
        self.rows.select(next);
    }

    /// Takes a key in: into the text, or to the next choice.
    pub fn handle(&mut self, request: InputRequest) {
        let forward = match request {
            InputRequest::GoToNextChar | InputRequest::InsertChar(' ') => Some(true),
            InputRequest::GoToPrevChar => Some(false),
            _ => None,
        };
        let line = if self.is_at_route { None } else { self.lines.get_mut(self.rows.selected()) };
        match (line, forward) {
            (None, Some(forward)) => self.route = turned(&Route::ALL, self.route, forward),
            (Some(line), Some(forward)) if line.is_choice() => line.turn(forward),
            (Some(line), None) if line.is_choice() => {}
            (Some(line), _) => {
                line.input.handle(request);
            }
            (None, None) => {}
        }
    }

    /// Returns the edits.
    #[must_use]
    pub fn edits(&self) -> Change {
        let changed = self.lines.iter().filter(|line| line.is_changed());
        let edit = |line: &FormLine| Edit {
            object: line.field.object.clone(),
            facts: line.field.facts,
            value: line.value().to_owned(),
        };
        changed.map(edit).collect()
    }

    /// Finds out whether it can be so.
    pub fn check(&mut self, basis: &PlanInputs<'_>) {
        let edits = self.edits();
        let is_wrong = self.lines.iter().any(|line| line.mistake(self.route).is_some());
        let planned = (!edits.is_empty() && !is_wrong).then(|| plan(basis, &edits, asked(self.route)));
        self.objection = planned.and_then(Result::err).map(|mistake| mistake.to_string());
    }
}
