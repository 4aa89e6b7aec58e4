//! The Findings tab: a line for each finding, the likeliest cause first; what it means is in the messages below.

use ratatui::layout::Rect;

use super::tabs;
use crate::app::screens::environment::{EnvironmentView, FindingRow};
use crate::app::{Area, Cut, State};
use crate::config::{Role, SignSubject};
use crate::diagnosis::{Finding, Fix};
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::message::{self, MessageLine};
use crate::ui::split::split_top;
use crate::ui::text::{cut, width};

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) -> Area {
    let [line, rows] = split_top(area, 1);
    let from = tabs::draw(canvas, line, view, true);
    let open = view.findings.rows.iter().filter(|row| matches!(row, FindingRow::Open(_))).count();
    let remark = if open == 0 { "everything could be judged".to_owned() } else { format!("{open} not judged") };
    tabs::remark(canvas, line, from, &remark, Role::Dim);
    if view.findings.rows.is_empty() {
        let is_listed = state.snapshot().environment(&view.key).is_some();
        let words = if is_listed { "no check finds anything" } else { "nothing is known of this environment any more" };
        message::draw(canvas, rows, &[(words.to_owned(), Role::Dim)]);
    }
    let shown = view.findings.rows.iter().enumerate().skip(view.findings.list.scroll());
    for ((at, row), y) in shown.zip(rows.y..rows.bottom()) {
        let line = Rect { y, height: 1, ..rows };
        if at == view.findings.list.selected() {
            canvas.tint(line, Role::Selected);
        }
        draw_row(canvas, line, row);
    }
    Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height }
}

fn draw_row(canvas: &mut Canvas<'_>, line: Rect, row: &FindingRow) {
    let (sign, text, id) = match row {
        FindingRow::Found(finding) => {
            let sign = canvas.glyphs().sign(SignSubject::Finding, finding.severity().as_str());
            ((sign.glyph, sign.role), finding.summary.clone(), finding.check.id)
        }
        FindingRow::Silenced(finding, reason) => {
            let text = format!("silenced ({}): {}", clean(reason), finding.summary);
            ((" ", Role::Dim), text, finding.check.id)
        }
        FindingRow::Open(undecided) => (("?", Role::Dim), undecided.why.to_string(), undecided.check.id),
    };
    let role = if matches!(row, FindingRow::Found(_)) { sign.1 } else { Role::Dim };
    let x = canvas.text_over(line.x + 1, line.y, 2, sign.0, sign.1);
    let x = x.max(line.x + 2) + 1;
    let end = line.right().saturating_sub(width(id) as u16 + 2);
    let room = usize::from(end.saturating_sub(x + 1));
    canvas.text_over(x, line.y, room as u16, &cut(&text, room, Cut::End, "…"), role);
    canvas.text_over(end, line.y, line.right().saturating_sub(end), id, Role::Dim);
}

/// What the selected row means: the whole sentence, what shows it, why it matters, what to do.
pub fn explain(canvas: &Canvas<'_>, view: &EnvironmentView) -> Vec<MessageLine> {
    match view.findings.current() {
        Some(FindingRow::Found(finding)) => of_finding(canvas, finding),
        Some(FindingRow::Silenced(finding, reason)) => {
            let words = format!("silenced in the configuration: {}", clean(reason));
            vec![(format!("{}.", finding.summary), Role::Text), (words, Role::Dim)]
        }
        Some(FindingRow::Open(undecided)) => vec![
            (format!("{}: not judged, for {}", undecided.check.id, undecided.why), Role::Text),
            (format!("{} It needs {}.", undecided.check.explanation, undecided.check.needs), Role::Dim),
        ],
        None => Vec::new(),
    }
}

fn of_finding(canvas: &Canvas<'_>, finding: &Finding) -> Vec<MessageLine> {
    let mut lines = vec![(format!("{}.", finding.summary), Role::Title)];
    lines.extend(finding.evidence.iter().map(|line| (format!("  {line}"), Role::Text)));
    lines.push((finding.check.explanation.to_owned(), Role::Text));
    lines.push((finding.check.advice.to_owned(), Role::Text));
    let fix = finding.fix.as_ref().map(|fix| match fix {
        Fix::Setting { key, value, .. } => canvas.keyed(&format!("{{open}} sets {key}={value}, after a confirmation")),
        Fix::Option { namespace, name, value } => format!("in .ebextensions: {namespace} {name}: {value}"),
    });
    lines.extend(fix.map(|words| (words, Role::Accent)));
    lines
}
