//! The load balancers that no environment is known to use: their lines, of which one is selected.

use ratatui::layout::Rect;

use crate::app::screens::{UnownedBalancers, unowned_lines};
use crate::app::{Click, HitMap, Pane, State};
use crate::config::Role;
use crate::model::counted;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, select};
use crate::ui::text::wrap;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &UnownedBalancers, hits: &mut HitMap) {
    let room = usize::from(body.width.saturating_sub(4));
    let mut lines = Vec::new();
    for (place, key) in list.balancers.iter().enumerate() {
        for (text, role) in unowned_lines(state.snapshot(), key) {
            let indent = text.len() - text.trim_start().len();
            let wrapped = wrap(text.trim_start(), room.saturating_sub(indent)).into_iter();
            lines.extend(wrapped.map(|line| (format!("{:indent$}{line}", ""), role, place)));
        }
        lines.push((String::new(), Role::Text, place));
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
    let shown = lines.iter().enumerate().skip(list.rows.scroll()).zip(inside.y..inside.bottom());
    for ((at, (line, role, place)), y) in shown {
        let row = Rect { y, height: 1, ..inside };
        if at == list.rows.selected() {
            select(canvas, row);
        }
        canvas.text_over(inside.x, y, inside.width, line, *role);
        canvas.spot(row, Click::Line(*place));
    }
    hits.add_counted(Pane::List, area_of(inside), all);
}
