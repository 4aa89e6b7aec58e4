//! The preview of the selected environment, below the table or beside it: what is in front of it, in as many lines as there
//! is room for.
//!
//! ```text
//! ─ shop-chat-prod ───────────────────────────────────────────────────
//! Degraded for 4m18s · 2 of 6 targets fail their health check ...
//! ALB      awseb--AWSEB-08AE6A35595B   awseb--AWSEB-08AE6A35595B-1.eu-west-1.elb.amazonaws.com
//! ARN      arn:aws:elasticloadbalancing:...
//! Rules    :443 HTTPS  10 host chat.example → chat  requests 1h  128/s
//! Targets  chat  ✖ i-0c41f3aa91b2c7d3a              ⣀⣀⣤⣤⣶⣶⣿⣿
//! 14:01:10 WARN  Environment health has ...         5xx a minute 1h 30
//! ```

use ratatui::layout::Rect;

use super::super::environment::timeline::draw_event;
use super::preview_charts;
use crate::app::screens::fleet::FleetRow;
use crate::app::screens::fleet::preview_text::{self, PreviewTargets};
use crate::app::{Click, Cut, State};
use crate::config::{Mark, Role, SignSubject};
use crate::model::{Environment, clean, counted};
use crate::ui::canvas::Canvas;
use crate::ui::text::{cut, width, wrap};

/// From this width on it lies beside the table.
const BESIDE: u16 = 180;
/// The least and the most width that it has there.
const BESIDE_WIDTH: (u16, u16) = (72, 110);
/// It lies below the table from this height on, of a terminal of 30 rows without header and footer.
const BELOW: u16 = 27;
/// The rows that the table keeps above it, with its heading.
const TABLE: u16 = 12;
/// The least and the most rows that it has below the table.
const BELOW_HEIGHT: (u16, u16) = (14, 22);
/// From this width on its charts are on the right of the rules.
const WITH_CHARTS: u16 = 100;
/// The width of the charts, two minutes to a cell.
const CHARTS: u16 = 30;
/// Neither it nor the table is dragged to fewer columns, or rows, than this.
const DRAGGED: (u16, u16) = (60, 8);
/// The width of the labels on the left.
const LABEL: u16 = 9;

/// Divides an area into that of the table, which has so many rows, and that of the preview; `None` if there is no room
/// for one. `size` is what the user dragged it to.
pub fn place(area: Rect, rows: usize, size: Option<u16>) -> Option<(Rect, Rect)> {
    if area.width >= BESIDE {
        let width = (area.width / 5 * 2).clamp(BESIDE_WIDTH.0, BESIDE_WIDTH.1);
        let width = size.map_or(width, |size| size.clamp(DRAGGED.0, area.width - DRAGGED.0));
        let table = Rect { width: area.width - width, ..area };
        return Some((table, Rect { x: table.right(), y: area.y + 1, width, height: area.height - 1 }));
    }
    if area.height < BELOW {
        return None;
    }
    // A line above the heading, and one below the last row.
    let table = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(3).max(TABLE);
    let (least, most) = BELOW_HEIGHT;
    let height = area.height.saturating_sub(table).clamp(least, most);
    let height = size.map_or(height, |size| size.clamp(DRAGGED.1, area.height - DRAGGED.1));
    let table = Rect { height: area.height - height, ..area };
    Some((table, Rect { y: table.bottom(), height, ..area }))
}

/// Draws the preview of a row.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, row: &FleetRow) {
    let is_beside = area.x > 0;
    let inside = if is_beside {
        canvas.vertical(area.x, area.y, area.height);
        canvas.spot(Rect { width: 1, ..area }, Click::Border);
        heading(canvas, Rect { x: area.x + 2, width: area.width - 2, ..area }, row, false);
        Rect { x: area.x + 2, y: area.y + 1, width: area.width - 3, height: area.height - 1 }
    } else {
        heading(canvas, area, row, true);
        canvas.spot(Rect { height: 1, ..area }, Click::Border);
        Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 1 }
    };
    let Some(environment) = state.snapshot().environment(&row.key) else { return };
    let has_charts = row.balancer.is_application();
    let mut lines = Lines { canvas, area: inside, y: inside.y };
    lines.sentence(&state.row_sentence(row).unwrap_or_default(), if is_beside { 5 } else { 3 });
    lines.balancer(state, environment);
    let below = lines.y;
    if has_charts && !is_beside && inside.width >= WITH_CHARTS {
        lines.area.width -= CHARTS + 3;
        lines.details(state, environment);
        let area = Rect { x: inside.right() - CHARTS, y: below, width: CHARTS, height: inside.bottom() - below };
        let [requests, errors] = halves(area);
        preview_charts::draw(canvas, requests, state, environment, &preview_charts::REQUESTS);
        preview_charts::draw(canvas, errors, state, environment, &preview_charts::ERRORS);
        return;
    }
    lines.details(state, environment);
    let y = lines.y + 1;
    if has_charts && is_beside && y < inside.bottom() {
        let area = Rect { y, width: CHARTS, height: (inside.bottom() - y).min(5), ..inside };
        preview_charts::draw(canvas, area, state, environment, &preview_charts::REQUESTS);
        preview_charts::draw(canvas, Rect { x: area.right() + 4, ..area }, state, environment, &preview_charts::ERRORS);
    }
}

/// The upper and the lower half, each of at most four rows.
fn halves(area: Rect) -> [Rect; 2] {
    let height = (area.height / 2).min(4);
    [Rect { height, ..area }, Rect { y: area.y + height, height, ..area }]
}

/// The name, in a line across the pane.
fn heading(canvas: &mut Canvas<'_>, area: Rect, row: &FleetRow, is_line: bool) {
    let line = canvas.mark(Mark::Horizontal);
    let mut x = area.x;
    if is_line {
        x = canvas.text(x, area.y, 1, line, Role::Border) + 1;
    }
    x = canvas.text(x, area.y, area.right() - x, &clean(&row.name), Role::Title) + 1;
    if is_line {
        let room = area.right().saturating_sub(x);
        canvas.text(x, area.y, room, &line.repeat(usize::from(room)), Role::Border);
    }
}

/// The lines of the text, from top to bottom, while there is room.
struct Lines<'c, 'b> {
    canvas: &'c mut Canvas<'b>,
    area: Rect,
    y: u16,
}

impl Lines<'_, '_> {
    /// Why the environment is where it is, on so many lines at most.
    fn sentence(&mut self, sentence: &str, most: usize) {
        let lines = wrap(sentence, usize::from(self.area.width));
        for (place, line) in lines.iter().take(most).enumerate() {
            let is_cut = place + 1 == most && lines.len() > most;
            let line = if is_cut { format!("{line} {}", self.canvas.mark(Mark::Cut)) } else { line.clone() };
            self.line(&line, Role::Text);
        }
    }

    /// Rules, targets and, in the room that is left, events.
    fn details(&mut self, state: &State, environment: &Environment) {
        let snapshot = state.snapshot();
        let rules = preview_text::rule_lines(snapshot, environment, 3);
        for (place, rule) in rules.iter().enumerate() {
            self.labelled(if place == 0 { "Rules" } else { "" }, rule, Role::Text);
        }
        let groups = preview_text::targets(snapshot, environment);
        for (place, group) in groups.iter().take(2).enumerate() {
            self.targets(if place == 0 { "Targets" } else { "" }, group);
        }
        if groups.len() > 2 {
            self.labelled("", &format!("and {}", counted(groups.len() - 2, "more target group")), Role::Dim);
        }
        let room = usize::from(self.left()).min(8);
        for event in preview_text::events(snapshot, environment, room) {
            let line = Rect { x: self.area.x.saturating_sub(1), y: self.y, width: self.area.width + 1, height: 1 };
            draw_event(self.canvas, line, state, event, false);
            self.y += 1;
        }
    }

    /// The load balancer's name, DNS name and ARN, each whole where it fits.
    fn balancer(&mut self, state: &State, environment: &Environment) {
        let Some(balancer) = preview_text::load_balancer(state.snapshot(), environment) else { return };
        let dns_name = balancer.dns_name.as_deref().unwrap_or("its DNS name is not known");
        let one_line = format!("{}   {dns_name}", balancer.name);
        if width(&one_line) + usize::from(LABEL) <= usize::from(self.area.width) {
            self.labelled("ALB", &one_line, Role::Text);
        } else {
            self.labelled("ALB", &balancer.name, Role::Text);
            self.labelled("DNS", dns_name, Role::Text);
        }
        let arn = clean(&balancer.key.id);
        let room = usize::from(self.area.width.saturating_sub(LABEL)).max(1);
        // It is what one looks for: whole, on two lines if it must be, divided before one of its parts.
        let end = arn.char_indices().nth(room).map_or(arn.len(), |(end, _)| arn[..end].rfind('/').unwrap_or(end));
        let (first, rest) = arn.split_at(end);
        self.labelled("ARN", first, Role::Text);
        if !rest.is_empty() {
            self.labelled("", rest, Role::Text);
        }
    }

    /// The targets with their states, the worst first: as many as fit, and how many more there are.
    fn targets(&mut self, label: &str, group: &PreviewTargets<'_>) {
        if !self.labelled(label, "", Role::Text) {
            return;
        }
        let y = self.y - 1;
        let end = self.area.right();
        let mut x = self.canvas.text(self.area.x + LABEL, y, end - self.area.x - LABEL, &group.group, Role::Dim) + 2;
        let Some(targets) = &group.targets else {
            let (words, role) = match group.fault {
                Some(fault) => (format!("? {fault}"), Role::Warning),
                None => ("reading …".to_owned(), Role::Dim),
            };
            self.canvas.text(x, y, end.saturating_sub(x), &words, role);
            return;
        };
        if targets.is_empty() {
            self.canvas.text(x, y, end.saturating_sub(x), "no targets", Role::Warning);
        }
        for (place, target) in targets.iter().enumerate() {
            let sign = self.canvas.glyphs().sign(SignSubject::Target, target.state.as_str());
            let left = targets.len() - place;
            let text = format!("{} {}", sign.glyph, clean(&target.id));
            let more = if left > 1 { width(&format!("  +{}", left - 1)) } else { 0 };
            if usize::from(end.saturating_sub(x)) < width(&text) + more {
                self.canvas.text(x, y, end.saturating_sub(x), &format!("+{left}"), Role::Dim);
                break;
            }
            x = self.canvas.text(x, y, end - x, &text, sign.role) + 2;
        }
    }

    fn left(&self) -> u16 {
        self.area.bottom().saturating_sub(self.y)
    }

    fn line(&mut self, text: &str, role: Role) {
        if self.left() > 0 {
            self.canvas.text(self.area.x, self.y, self.area.width, text, role);
            self.y += 1;
        }
    }

    /// Draws a label and a text, which is cut at its end where it does not fit. Returns whether there was room.
    fn labelled(&mut self, label: &str, text: &str, role: Role) -> bool {
        if self.left() == 0 {
            return false;
        }
        self.canvas.text(self.area.x, self.y, LABEL, label, Role::Dim);
        let room = self.area.width.saturating_sub(LABEL);
        let mark = self.canvas.mark(Mark::Cut);
        let text = cut(text, usize::from(room), Cut::End, mark).into_owned();
        self.canvas.text(self.area.x + LABEL, self.y, room, &text, role);
        self.y += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_keeps_its_rows_and_what_is_small_has_no_preview() {
        let area = |width, height| Rect { x: 0, y: 2, width, height };
        for (width, height, rows, expected) in [
            (80, 21, 3, None),
            (120, 26, 3, None),
            (120, 27, 3, Some((12, 15))),
            (120, 27, 1000, Some((13, 14))),
            (120, 37, 1000, Some((23, 14))),
            (120, 37, 12, Some((15, 22))),
            (120, 37, 0, Some((15, 22))),
            (179, 27, 12, Some((13, 14))),
        ] {
            let placed = place(area(width, height), rows, None).map(|(table, preview)| (table.height, preview.height));
            assert_eq!(placed, expected, "{width}x{height}");
        }
        for (width, expected) in [(180, (108, 108, 180)), (200, (120, 120, 200)), (400, (290, 290, 400))] {
            let (table, preview) = place(area(width, 20), 12, None).unwrap();
            assert_eq!((table.width, preview.x, preview.right()), expected);
        }
    }
}
