//! The form for how many instances an environment may have.

mod acting;

use tui_input::{Input, InputRequest};

use crate::change::InstanceLimits;
use crate::model::{Environment, Key, clean};

/// Two numbers that are being typed.
#[derive(Clone, Debug)]
pub struct InstanceLimitsForm {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its name.
    pub title: String,
    /// The sizes as they were seen.
    pub from: InstanceLimits,
    /// The typed minimum and maximum.
    pub inputs: [Input; 2],
    /// The focused field.
    pub at: usize,
}

impl InstanceLimitsForm {
    /// The names of the fields.
    pub const NAMES: [&'static str; 2] = ["MinSize", "MaxSize"];

    /// The form for an environment with these sizes.
    #[must_use]
    pub fn new(environment: &Environment, from: InstanceLimits) -> Self {
        Self {
            environment: environment.key.clone(),
            title: format!("Scale {}", clean(&environment.name)),
            from,
            inputs: [from.min, from.max].map(|size| Input::new(size.to_string())),
            at: 0,
        }
    }

    /// The other field.
    pub fn turn(&mut self) {
        self.at = 1 - self.at;
    }

    /// Takes a key in; only digits are typed.
    pub fn handle(&mut self, request: InputRequest) {
        if !matches!(request, InputRequest::InsertChar(typed) if !typed.is_ascii_digit()) {
            self.inputs[self.at].handle(request);
        }
    }

    /// The sizes that were typed.
    ///
    /// # Errors
    /// In words, when there may be no such sizes, or they are those that there are.
    pub fn wanted(&self) -> Result<InstanceLimits, String> {
        let [min, max] = [0, 1].map(|at| self.inputs[at].value().parse::<u32>());
        let (Ok(min), Ok(max)) = (min, max) else { return Err("both are whole numbers".to_owned()) };
        let sizes = InstanceLimits::new(min, max)?;
        if sizes == self.from { Err("nothing is changed yet".to_owned()) } else { Ok(sizes) }
    }
}
