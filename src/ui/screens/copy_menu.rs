//! `Y`: what can be copied, a letter for each.

use ratatui::layout::Rect;

use crate::app::screens::CopyMenu;
use crate::app::{Cut, HitMap, Pane};
use crate::config::{Mark, Role};
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, select};
use crate::ui::text::{cut, width};

/// The columns of the letter and of the name.
const LETTER: u16 = 3;
const NAME: u16 = 18;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, menu: &CopyMenu, hits: &mut HitMap) {
    let text = menu.items.iter().map(|item| width(&item.text)).max().unwrap_or(0) as u16;
    let inside = dialog(canvas, body, "Copy", text + LETTER + NAME, menu.items.len());
    hits.add(Pane::Dialog, area_of(inside));
    let shown = menu.items.iter().enumerate().skip(menu.rows.scroll());
    for ((at, item), y) in shown.zip(inside.y..inside.bottom()) {
        if at == menu.rows.selected() {
            select(canvas, Rect { y, height: 1, ..inside });
        }
        canvas.text_over(inside.x, y, 1, &item.letter.to_string(), Role::Key);
        canvas.text_over(inside.x + LETTER, y, NAME, item.name, Role::Dim);
        let x = inside.x + LETTER + NAME;
        let room = inside.right().saturating_sub(x);
        // The end of an ARN is what differs.
        let text = cut(&clean(&item.text), usize::from(room), Cut::Middle, canvas.mark(Mark::Cut)).into_owned();
        canvas.text_over(x, y, room, &text, Role::Text);
    }
}
