//! The form for the sizes: two fields, and why they cannot be so.

use ratatui::layout::Rect;

use crate::app::Click;
use crate::app::screens::InstanceLimitsForm;
use crate::config::Role;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{dialog, draw_field};

/// The width of a field.
const FIELD: u16 = 8;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, form: &InstanceLimitsForm) {
    let inside = dialog(canvas, body, &form.title, 60, 6);
    let seen = [form.from.min, form.from.max];
    for ((at, name), y) in InstanceLimitsForm::NAMES.iter().enumerate().zip(inside.y + 1..) {
        let input = &form.inputs[at];
        let x = canvas.text(inside.x, y, 10, name, Role::Text).max(inside.x + 10);
        let field = Rect { x, y, width: FIELD, height: 1 };
        if form.at == at {
            draw_field(canvas, field, input.value(), input.visual_cursor());
        } else {
            canvas.text(x, y, FIELD, input.value(), Role::Input);
        }
        canvas.spot(Rect { y, height: 1, ..inside }, Click::Line(at));
        let was = format!("now {}, 1 to 10000", seen[at]);
        canvas.text(x + FIELD + 2, y, inside.right().saturating_sub(x + FIELD + 2), &was, Role::Dim);
    }
    if let Err(why) = form.wanted() {
        canvas.text(inside.x, inside.y + 4, inside.width, &why, Role::Warning);
    }
    let hint = canvas.keyed("{next-field} other   {open} go on");
    canvas.text(inside.x, inside.bottom().saturating_sub(1), inside.width, &hint, Role::Dim);
}
