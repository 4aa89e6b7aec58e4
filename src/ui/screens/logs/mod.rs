//! The logs: instance and age in the title, file and position in the first line, then the text, wrapped; below it
//! the messages about instances that did not answer.

mod words;

use ratatui::layout::Rect;

use crate::app::screens::logs::{LogRow, LogView, TextMatch};
use crate::app::{Area, HitMap, Pane, State};
use crate::config::{Mark, Role};
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{TextPiece, TitlePlace, message, title};
use crate::ui::split::{split_bottom, split_top};
use crate::ui::text::width;

/// Columns beside the text: a mark for a continued row and a space, and a space at the right.
const BESIDE: u16 = 3;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &LogView, hits: &mut HitMap) {
    let sample = state.logs_on_screen();
    let has_text = !view.page.rows.is_empty() && !view.page.is_blank();
    let messages = words::messages(state, view, sample, has_text);
    let below = if messages.is_empty() { 0 } else { message::height(&messages, area) };
    let [rest, bottom] = split_bottom(area, below);
    message::draw(canvas, bottom, &messages);
    let [second, text] = split_top(rest, 1);
    let text = Rect { x: text.x + 2, width: text.width.saturating_sub(BESIDE), ..text };
    if has_text {
        draw_place(canvas, second, view, usize::from(text.height));
        draw_text(canvas, text, view);
    } else {
        message::draw(canvas, text, &words::instead(state, view, sample));
    }
    if let Some(input) = &view.search.typing {
        draw_field(canvas, second, view, input.value(), input.visual_cursor());
    }
    let area = Area { x: text.x, y: text.y, width: text.width, height: text.height };
    hits.add(Pane::Log, area);
}

/// Draws the title: the instance, the time of its log, and how many have not answered yet.
pub fn draw_title(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &LogView) {
    let sample = state.logs_on_screen();
    let place = TitlePlace::named(state, &view.name, "Logs");
    let all = sample.map(|sample| sample.instances(view.first.as_deref())).unwrap_or_default();
    let shown = sample.and_then(|sample| view.shown(sample));
    let instance = shown.map(|shown| (clean(shown).into_owned(), Role::Title));
    let number = shown.map(|shown| all.iter().position(|it| *it == shown).unwrap_or(0) + 1);
    let of = number.map(|number| (format!("{number} of {}", all.len()), Role::Dim));
    let next = number.filter(|_| all.len() > 1).map(|number| {
        let next = words::next_key(state);
        (format!("{number} of {}{next}", all.len()), Role::Dim)
    });
    let taken = sample.and_then(|sample| view.tail(sample)).map(|tail| (words::taken(state, tail.at), Role::Text));
    let waiting = sample.map(|sample| words::waiting(state, sample)).filter(|words| !words.is_empty());
    let waiting = waiting.map(|words| (words, Role::Moving));
    // What is still awaited is said as long as possible.
    let way = |pieces: &[&Option<TextPiece>]| pieces.iter().copied().flatten().cloned().collect::<Vec<_>>();
    let ways = [
        way(&[&instance, if next.is_some() { &next } else { &of }, &taken, &waiting]),
        way(&[&instance, &of, &taken, &waiting]),
        way(&[&instance, &of, &waiting]),
        way(&[&instance, &waiting]),
        way(&[&instance]),
    ];
    title(canvas, area, &place, &ways);
}

/// Draws the file and the lines; at the right the search, and its number of matches.
fn draw_place(canvas: &mut Canvas<'_>, area: Rect, view: &LogView, height: usize) {
    let rows = &view.page.rows;
    let last = (view.rows.scroll() + height).min(rows.len()).saturating_sub(1);
    let line = |row: usize| rows.get(row).map_or(0, |row| row.line + 1);
    let found = search_words(view);
    let right = area.right().saturating_sub(1 + width(&found) as u16);
    let place = format!("lines {}–{} of {}", line(view.rows.scroll()), line(last), view.page.lines());
    let mut x = area.x + 1;
    if let Some(file) = view.page.file(view.rows.scroll()) {
        x = canvas.text(x, area.y, right.saturating_sub(x + 2), file, Role::Heading) + 3;
    }
    canvas.text(x, area.y, right.saturating_sub(x + 2), &place, Role::Dim);
    let role = if view.page.matches.is_empty() { Role::Warning } else { Role::Match };
    canvas.text(right, area.y, area.right().saturating_sub(right), &found, role);
}

fn search_words(view: &LogView) -> String {
    if view.search.words.is_empty() {
        return String::new();
    }
    let words: String = clean(&view.search.words).chars().take(24).collect();
    format!("“{words}” {}", count(view))
}

/// Which match of how many.
fn count(view: &LogView) -> String {
    match (view.page.matches.len(), view.search.at) {
        _ if view.search.words.is_empty() => String::new(),
        (0, _) => "not here".to_owned(),
        (1, None) => "1 match".to_owned(),
        (all, None) => crate::model::counted(all, "match"),
        (all, Some(at)) => format!("{} of {all}", at + 1),
    }
}

/// The field for what is searched, in place of the second line.
fn draw_field(canvas: &mut Canvas<'_>, area: Rect, view: &LogView, typed: &str, cursor: usize) {
    canvas.fill(area, Role::Text);
    let x = canvas.text(area.x + 1, area.y, 2, "/ ", Role::Key);
    let count = count(view);
    let right = area.right().saturating_sub(1 + width(&count) as u16);
    let room = right.saturating_sub(x + 2);
    canvas.text(x, area.y, room, typed, Role::Input);
    canvas.tint(
        Rect { x: x + (cursor as u16).min(room.saturating_sub(1)), width: 1, height: 1, y: area.y },
        Role::Selected,
    );
    let role = if view.page.matches.is_empty() { Role::Warning } else { Role::Dim };
    canvas.text(right, area.y, area.right().saturating_sub(right), &count, role);
}

fn draw_text(canvas: &mut Canvas<'_>, area: Rect, view: &LogView) {
    for (row, y) in view.page.rows.iter().skip(view.rows.scroll()).zip(area.y..area.bottom()) {
        if row.continued {
            canvas.text(area.x - 2, y, 1, canvas.mark(Mark::Cut), Role::Dim);
        }
        draw_row(canvas, Rect { y, height: 1, ..area }, view, row);
    }
}

fn draw_row(canvas: &mut Canvas<'_>, area: Rect, view: &LogView, row: &LogRow) {
    let mut x = area.x;
    for (text, hit) in view.page.pieces(row, view.search.at) {
        let role = if hit == TextMatch::None { Role::Text } else { Role::Match };
        let end = canvas.text(x, area.y, area.right().saturating_sub(x), &text, role);
        if hit == TextMatch::Current {
            canvas.tint(Rect { x, width: end - x, ..area }, Role::Selected);
        }
        x = end;
    }
}
