//! The guide to HTTPS: what it asks.

use ratatui::layout::Rect;

use crate::app::screens::{Choosing, GuidePage, GuideStage, HttpsGuide};
use crate::app::{HitMap, Pane};
use crate::config::Role;
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, select};
use crate::ui::text::wrap;

const WIDE: u16 = 92;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, guide: &HttpsGuide, hits: &mut HitMap) {
    let title = format!("HTTPS for {}", clean(&guide.name));
    let choosing = match &guide.stage {
        GuideStage::Choosing(choosing) => choosing,
        GuideStage::Reading => {
            message(
                canvas,
                body,
                &title,
                &[("reading certificates, listeners and security groups …".to_owned(), Role::Dim)],
            );
            return;
        }
        GuideStage::Ended(why) => {
            let lines = [(why.clone(), Role::Warning), (canvas.keyed("{back} closes"), Role::Dim)];
            message(canvas, body, &title, &lines);
            return;
        }
    };
    let (step, of) = choosing.step();
    page(canvas, body, &format!("{title}: step {step} of {of}"), choosing, hits);
}

fn page(canvas: &mut Canvas<'_>, body: Rect, title: &str, choosing: &Choosing, hits: &mut HitMap) {
    let room = WIDE.min(body.width.saturating_sub(4));
    let lines: Vec<_> = match choosing.page {
        GuidePage::Review => wrapped(&choosing.lines(), room),
        _ => choosing.lines(),
    };
    let question = wrap(&canvas.keyed(&choosing.question()), usize::from(room));
    let above = question.len() as u16 + 1;
    let inside = dialog(canvas, body, title, room, lines.len() + usize::from(above) + 1);
    for (text, y) in question.iter().zip(inside.y..inside.bottom()) {
        canvas.text(inside.x, y, inside.width, text, Role::Title);
    }
    let list = Rect { y: inside.y + above, height: inside.height.saturating_sub(above + 1), ..inside };
    hits.add_counted(Pane::Dialog, area_of(list), lines.len());
    let is_review = choosing.page == GuidePage::Review;
    let first = choosing.rows().scroll();
    for ((at, (text, role)), y) in lines.iter().enumerate().skip(first).zip(list.y..list.bottom()) {
        if at == choosing.rows().selected() && !is_review {
            select(canvas, Rect { y, height: 1, ..list });
        }
        canvas.text_over(list.x, y, list.width, text, *role);
    }
    let more = if is_review && first + usize::from(list.height) < lines.len() { "{down} more   " } else { "" };
    let hint = canvas.keyed(&format!("{more}{{open}} next   {{back}} back"));
    canvas.text(inside.x, inside.bottom().saturating_sub(1), inside.width, &hint, Role::Dim);
}

/// Draws these lines alone.
pub fn message(canvas: &mut Canvas<'_>, body: Rect, title: &str, lines: &[(String, Role)]) {
    let room = WIDE.min(body.width.saturating_sub(4));
    let lines = wrapped(lines, room);
    let inside = dialog(canvas, body, title, room, lines.len());
    for ((text, role), y) in lines.iter().zip(inside.y..inside.bottom()) {
        canvas.text(inside.x, y, inside.width, text, *role);
    }
}

/// Wraps lines that are too long; continuation lines are indented to the text.
fn wrapped(lines: &[(String, Role)], room: u16) -> Vec<(String, Role)> {
    let mut out = Vec::new();
    for (text, role) in lines {
        let indent = text.len() - text.trim_start().len();
        let pieces = wrap(text.trim_start(), usize::from(room).saturating_sub(indent));
        out.extend(pieces.into_iter().map(|piece| (format!("{:indent$}{piece}", ""), *role)));
    }
    out
}
