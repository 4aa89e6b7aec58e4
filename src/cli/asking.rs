//! The question to the user before a request is written.

use std::sync::Arc;

use serde::Serialize;

use super::bundle_report::BundleReport;
use super::deploy_plan::DeployPlanReport;
use super::table::{self, ColumnShape};
use crate::change::Operation;
use crate::diagnosis::SideRow;
use crate::model::clean;
use crate::runtime::terminal_width;

/// The question before something is written.
#[derive(Debug, Default)]
pub struct Asking {
    /// What, in a line.
    pub question: String,
    /// What there is to know about it.
    pub notes: Vec<String>,
    /// The plan of a deploy.
    pub deploy: Option<DeployPlanReport>,
    /// Both environments of a swap.
    pub sides: Option<BothSides>,
    /// The version that is created first, with its bundle.
    pub bundle: Option<(Operation, BundleReport)>,
}

/// Two environments side by side.
#[derive(Clone, Debug, Serialize)]
pub struct BothSides {
    /// The name of the first.
    pub a: Arc<str>,
    /// The name of the second.
    pub b: Arc<str>,
    /// What they have.
    pub rows: Vec<SideRow>,
}

impl BothSides {
    /// Returns them as a table, for people.
    pub fn table(&self) -> String {
        const SHAPE: ColumnShape = ColumnShape::text("");
        let row = |what: &str, a: &str, b: &str| [what, a, b].map(str::to_owned).to_vec();
        let facts = self.rows.iter().map(|it| row(it.what, &it.a, &it.b));
        let rows: Vec<_> = std::iter::once(row("", &self.a, &self.b)).chain(facts).collect();
        let lines = table::lines(&[SHAPE; 3], &rows, terminal_width());
        // The first line has the headings, which are none.
        lines.split_once('\n').map_or_else(String::new, |(_, rows)| rows.to_owned())
    }
}

impl Asking {
    /// Returns the text of the question.
    pub fn text(&self) -> String {
        let plan = self.deploy.iter().flat_map(super::deploy_plan::DeployPlanReport::lines);
        let lines = std::iter::once(&self.question).chain(plan).chain(&self.notes);
        let text = lines.map(|line| clean(line).into_owned()).collect::<Vec<_>>().join("\n");
        self.sides.as_ref().map_or_else(|| text.clone(), |sides| format!("{}{text}", sides.table()))
    }
}

impl From<String> for Asking {
    fn from(question: String) -> Self {
        Self { question, notes: Vec::new(), ..Asking::default() }
    }
}
