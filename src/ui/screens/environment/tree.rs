//! The tree of one environment.

use ratatui::layout::Rect;

use crate::app::Area;
use crate::app::screens::environment::{EnvironmentView, Focus, Node, NodeKind};
use crate::config::{Mark, Role, SignSubject};
use crate::ui::canvas::Canvas;
use crate::ui::split::split_top;
use crate::ui::text::{cut, width};

/// Draws it; `facts` of the environment beside its heading.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, view: &EnvironmentView, facts: &str) -> Area {
    if area.height == 0 {
        return Area::default();
    }
    let focused = view.focus == Focus::Tree;
    let [title, rows] = split_top(area, 1);
    let x = canvas.text(title.x + 1, title.y, title.width, "Tree", if focused { Role::Accent } else { Role::Dim }) + 3;
    canvas.text(x, title.y, title.right().saturating_sub(x + 1), facts, Role::Dim);
    let lines = view.nodes.iter().enumerate().skip(view.tree.scroll());
    for ((at, node), y) in lines.zip(rows.y..rows.bottom()) {
        let line = Rect { y, height: 1, ..rows };
        draw_node(canvas, line, node, at == view.tree.selected(), focused);
    }
    Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height }
}

/// The width at which no line of the tree is cut.
pub fn wanted_width(view: &EnvironmentView) -> u16 {
    let of = |node: &Node| {
        let sign = if node.state.is_some() { 2 } else { 0 };
        usize::from(node.depth) * 2 + 4 + sign + width(&node.label) + 2 + width(&node.detail)
    };
    view.nodes.iter().map(of).max().unwrap_or(0) as u16
}

fn draw_node(canvas: &mut Canvas<'_>, area: Rect, node: &Node, selected: bool, focused: bool) {
    if selected {
        if focused {
            canvas.tint(area, Role::Selected);
        }
        canvas.text_over(area.x, area.y, 1, canvas.mark(Mark::Selected), Role::Accent);
    }
    let end = area.right().saturating_sub(1);
    let mut x = area.x + 1 + node.depth * 2;
    let fold = match (node.foldable, node.folded) {
        (true, true) => canvas.mark(Mark::Folded),
        (true, false) => canvas.mark(Mark::Open),
        (false, _) => " ",
    };
    x = canvas.text_over(x, area.y, 1, fold, Role::Dim) + 1;
    let mut role = if node.unowned || node.kind == NodeKind::Note { Role::Dim } else { Role::Text };
    if let Some(state) = &node.state {
        let sign = canvas.glyphs().sign(SignSubject::Target, state);
        x = canvas.text_over(x, area.y, 1, sign.glyph, sign.role) + 1;
        if node.kind == NodeKind::Target {
            role = sign.role;
        }
    }
    let room = usize::from(end.saturating_sub(x));
    // The detail gives way first, part by part from its end: no figure in it is ever cut.
    let detail = fitting(&node.detail, room.saturating_sub(width(&node.label) + 2));
    let how = if node.kind == NodeKind::LoadBalancer { crate::app::Cut::Middle } else { crate::app::Cut::End };
    let label = cut(&node.label, room, how, canvas.mark(Mark::Cut)).into_owned();
    x = canvas.text_over(x, area.y, end.saturating_sub(x), &label, role) + 2;
    canvas.text_over(x, area.y, end.saturating_sub(x), detail, Role::Dim);
}

/// As many of the detail's parts, which two spaces divide, as fit.
fn fitting(detail: &str, room: usize) -> &str {
    let mut fitting = detail;
    while width(fitting) > room {
        fitting = fitting.rsplit_once("  ").map_or("", |(before, _)| before);
    }
    fitting
}
