//! The load balancers that no environment is known to use: a text, as much of it as fits.

use ratatui::layout::Rect;

use crate::app::screens::{UnownedBalancers, unowned_lines};
use crate::app::{HitMap, Pane, State};
use crate::model::counted;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog};
use crate::ui::text::wrap;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &UnownedBalancers, hits: &mut HitMap) {
    let room = usize::from(body.width.saturating_sub(4));
    let mut lines = Vec::new();
    for key in &list.balancers {
        for (text, role) in unowned_lines(state.snapshot(), key) {
            let indent = text.len() - text.trim_start().len();
            let wrapped = wrap(text.trim_start(), room.saturating_sub(indent)).into_iter();
            lines.extend(wrapped.map(|line| (format!("{:indent$}{line}", ""), role)));
        }
        lines.push((String::new(), crate::config::Role::Text));
    }
    lines.pop();
    let all = lines.len();
    let shown = usize::from(body.height.saturating_sub(2)).min(all);
    let what = counted(list.balancers.len(), "load balancer");
    let part = if shown < all {
        format!("   {}-{} of {all}", list.rows.scroll() + 1, (list.rows.scroll() + shown).min(all))
    } else {
        String::new()
    };
    let inside = dialog(canvas, body, &format!("{what} without an environment{part}"), room as u16, all);
    for ((line, role), y) in lines.iter().skip(list.rows.scroll()).zip(inside.y..inside.bottom()) {
        canvas.text(inside.x, y, inside.width, line, *role);
    }
    hits.add_counted(Pane::List, area_of(inside), all);
}
