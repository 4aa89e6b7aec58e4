//! The question to the user before a request is written.

use super::deploy_plan::DeployPlanReport;
use crate::model::clean;

/// The question before something is written.
#[derive(Debug)]
pub struct Asking {
    /// What, in a line.
    pub question: String,
    /// What there is to know about it.
    pub notes: Vec<String>,
    /// The plan of a deploy.
    pub deploy: Option<DeployPlanReport>,
}

impl Asking {
    /// Returns the text of the question.
    pub fn text(&self) -> String {
        let plan = self.deploy.iter().flat_map(super::deploy_plan::DeployPlanReport::lines);
        let lines = std::iter::once(&self.question).chain(plan).chain(&self.notes);
        lines.map(|line| clean(line).into_owned()).collect::<Vec<_>>().join("\n")
    }
}

impl From<String> for Asking {
    fn from(question: String) -> Self {
        Self { question, notes: Vec::new(), deploy: None }
    }
}
