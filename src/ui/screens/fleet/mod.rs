//! The home screen: the table, and the preview of the selected environment where there is room for it.

mod preview;
mod preview_charts;
mod title;

pub use title::draw as draw_title;

use ratatui::layout::Rect;

use crate::app::screens::fleet::{Column, FleetLine, FleetRow, has_old_targets, was};
use crate::app::{Area, Click, HitMap, Pane, State};
use crate::config::{Glyphs, Mark, Role, SignSubject};
use crate::diagnosis::{
    OpenChecks, Stickiness, severity_of_alarms, severity_of_drift, severity_of_errors, severity_of_expiry,
    severity_of_stickiness,
};
use crate::model::{Balancer, Known, Moment, Source, clean, counted};
use crate::ui::apart::apart;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, message, severity};
use crate::ui::split::{split_bottom, split_top};
use crate::ui::text::width;
use crate::ui::widgets::{Grid, RowLook};

/// A changed cell is marked this long.
const CHANGE_MARK: std::time::Duration = std::time::Duration::from_secs(2);

/// Values that differ by less than this part of the greatest are alike.
const HARDLY: f32 = 0.1;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, hits: &mut HitMap) {
    let previewed = state.fleet.selected_row().filter(|_| state.fleet.preview.is_on);
    let place = |rows: usize| {
        previewed
            .and_then(|row| Some((row, preview::place(area, state.fleet.total() + rows, state.fleet.preview.size)?)))
    };
    let placed = place(0);
    let wanted = if placed.is_some() { Vec::new() } else { messages(state) };
    let above = placed.map_or(area, |(_, (table, _))| table);
    let messages = message::choose(state, above, wanted);
    let height = if messages.is_empty() { 0 } else { message::height(&messages, above) };
    // A message takes its lines from the preview, and no row from the table.
    let area = if let Some((row, (table, below))) = place(usize::from(height)) {
        preview::draw(canvas, below, state, row);
        hits.add(Pane::Preview, area_of(below));
        table
    } else {
        area
    };
    let [table, bottom] = split_bottom(area, height);
    message::draw(canvas, bottom, &messages);
    let grid = grid(table, state);
    let hidden = grid.hidden() + state.fleet.left;
    let note = draw_note(canvas, table, state, hidden);
    let [_, table] = split_top(table, note);
    let [_, rows] = split_top(table, 1);
    if state.fleet.is_empty() {
        nothing(canvas, rows, state);
    } else {
        let grid = grid.moved_down(note);
        grid.header(canvas, Some((state.fleet.sort, state.fleet.reverse)));
        grid.headings().for_each(|(column, heading)| canvas.spot(heading, Click::Sort(column as usize)));
        draw_rows(canvas, rows, state, &grid);
    }
    let area = Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height };
    hits.add(Pane::Fleet, area);
}

/// Draws which rows are on screen if they are not all, and how many columns are not; returns the rows that this takes.
fn draw_note(canvas: &mut Canvas<'_>, area: Rect, state: &State, hidden: usize) -> u16 {
    let (rows, shown) = (state.fleet.len(), usize::from(area.height).saturating_sub(2));
    let mut words = Vec::new();
    if rows > shown + 1 || (rows > shown && hidden > 0) {
        let first = state.fleet.rows.scroll();
        let last = (first + shown).min(rows);
        let above = if first > 0 { canvas.mark(Mark::Ascending) } else { " " };
        let below = if last < rows { canvas.mark(Mark::Descending) } else { " " };
        words.push(format!("{}-{last} of {rows} {above}{below}", first + 1));
    }
    if hidden > 0 && rows > 0 {
        words.push(format!("{} hidden", counted(hidden, "column")));
    }
    let words = words.join("   ");
    let x = area.right().saturating_sub(width(&words) as u16 + 1);
    canvas.text(x, area.y, area.right().saturating_sub(x), &words, Role::Dim);
    u16::from(!words.is_empty())
}

fn grid(area: Rect, state: &State) -> Grid<Column, FleetRow> {
    let pinned = |column: &Column| matches!(column, Column::Health | Column::Name);
    let mut hidden = state.fleet.left;
    let shown = state.fleet.columns.iter().filter(move |column| {
        let hide = !pinned(column) && hidden > 0;
        hidden -= usize::from(hide);
        !hide
    });
    // Two cells more where a glyph precedes the word.
    let glyph = |column: Column| match column {
        Column::Health | Column::Status => 2,
        _ => 0,
    };
    let wide = |column: Column| state.fleet.widest(column).max(aged(state, column)) + glyph(column);
    let columns = shown.map(|column| (column.facts(), wide(*column)));
    Grid::with_constants(area, columns, |column| state.fleet.is_constant(column) && column != state.fleet.sort)
}

/// How wide the texts on screen are that grow with their age.
fn aged(state: &State, column: Column) -> usize {
    let is_doubted = |row: &FleetRow| match column {
        Column::Health => row.health_doubt.is_some(),
        Column::Targets => row.targets_doubt.is_some(),
        Column::Alarms => row.alarms_doubt.is_some(),
        _ => false,
    };
    let rows = state.fleet.visible().map(|line| &line.row).filter(|row| is_doubted(row));
    let mut text = String::new();
    let widths = rows.map(|row| {
        text.clear();
        column.write(row, state.shown_at(), &mut text);
        width(&text)
    });
    widths.max().unwrap_or(0)
}

fn draw_rows(canvas: &mut Canvas<'_>, area: Rect, state: &State, grid: &Grid<Column, FleetRow>) {
    let now = state.shown_at();
    let glyphs = canvas.glyphs();
    let mut text = String::new();
    let names = names(canvas, state, grid);
    for ((line, place), y) in state.fleet.visible().zip(0..).zip(area.y..area.bottom()) {
        let selected = state.fleet.selected.as_ref() == Some(&line.row.key);
        let look = RowLook { selected, focused: true, bad: is_bad(glyphs, &line.row) };
        let fresh = now.since(line.changed_at) < CHANGE_MARK;
        let old = has_old_targets(&line.row, state.snapshot(), &state.setup.cadences, now);
        grid.row(canvas, y, look, &mut text, |column, out| {
            let role = cell(glyphs, column, line, now, out);
            if let (Column::Name, Some(name)) = (column, names.get(place)) {
                out.clear();
                out.push_str(name);
            }
            let role = if old && column == Column::Targets && role == Role::Text { Role::Dim } else { role };
            let role = if is_doubted(&line.row, column, role) { Role::Dim } else { role };
            (role, fresh && line.changed & (1 << column as u32) != 0)
        });
    }
}

/// Whether a row is bad now as a whole: by its health, as far as that can be relied on.
fn is_bad(glyphs: Glyphs, row: &FleetRow) -> bool {
    row.health_doubt.is_none() && glyphs.sign(SignSubject::Health, &row.health).role == Role::Bad
}

/// The names on screen, cut where they still differ; nothing if all fit.
fn names(canvas: &Canvas<'_>, state: &State, grid: &Grid<Column, FleetRow>) -> Vec<String> {
    let room = grid.width(Column::Name);
    if state.fleet.visible().all(|line| width(&line.row.name) <= room) {
        return Vec::new();
    }
    let names: Vec<_> = state.fleet.visible().map(|line| clean(&line.row.name)).collect();
    let names: Vec<_> = names.iter().map(|name| &**name).collect();
    apart(&names, room, canvas.mark(Mark::Cut))
}

/// Whether a cell is dim because what it shows cannot be relied on. What was bad keeps its colour.
fn is_doubted(row: &FleetRow, column: Column, role: Role) -> bool {
    let doubt = match column {
        Column::Targets => &row.targets_doubt,
        Column::Alarms => &row.alarms_doubt,
        _ => &row.health_doubt,
    };
    doubt.is_some() && !matches!(role, Role::Bad | Role::Warning)
}

/// Appends a cell's text, with its glyph where it is a state; its role.
fn cell(glyphs: Glyphs, column: Column, line: &FleetLine, now: Moment, out: &mut String) -> Role {
    let row = &line.row;
    let state = match column {
        Column::Health => Some((SignSubject::Health, &*row.health)),
        Column::Status => Some((SignSubject::Status, row.status.as_str())),
        _ => None,
    };
    if let Some((subject, state)) = state {
        return sign(glyphs, subject, state, line, now, out);
    }
    (column.facts().text)(row, now, out);
    if let (Column::Trend, Known::Read(figures)) = (column, &row.figures) {
        out.clear();
        trend(glyphs, &figures.trend, out);
        let severity = figures.errors.and_then(severity_of_errors);
        return severity::role(glyphs, severity, Role::Dim);
    }
    role(glyphs, column, row, now)
}

/// Appends a state with its glyph; a health that cannot be relied on has the glyph of the unknown, unless it was bad.
fn sign(glyphs: Glyphs, subject: SignSubject, state: &str, line: &FleetLine, now: Moment, out: &mut String) -> Role {
    let sign = glyphs.sign(subject, state);
    let doubt = line.row.health_doubt.as_ref().filter(|_| subject == SignSubject::Health);
    let is_bad = matches!(sign.role, Role::Bad | Role::Warning);
    let shown = if doubt.is_some() && !is_bad { glyphs.sign(subject, "") } else { sign };
    out.push_str(shown.glyph);
    out.push(' ');
    was(doubt, now, out, |out| out.push_str(sign.word));
    shown.role
}

/// A sparkline between the least and the greatest of its own values; what is not known is a space. Values that hardly
/// differ are a flat line: noise is no news.
fn trend(glyphs: Glyphs, values: &[Option<f32>], out: &mut String) {
    let known = || values.iter().flatten().copied();
    let (least, most) = known().fold((f32::MAX, 0.0_f32), |(least, most), it| (least.min(it), most.max(it)));
    let levels = glyphs.levels();
    let range = (most - least).max(most * HARDLY);
    for value in values {
        let level = |value: f32| ((value - least) / range * (levels.len() - 1) as f32).round() as usize;
        out.push_str(match value {
            None => " ",
            Some(value) if range > 0.0 => levels[level(*value).min(levels.len() - 1)],
            Some(_) => levels[0],
        });
    }
}

/// What a cell's value means to the eye: healthy is plain, nothing is dim.
fn role(glyphs: Glyphs, column: Column, row: &FleetRow, now: Moment) -> Role {
    match column {
        Column::Targets => match &row.targets {
            Known::Read(counts) => glyphs.sign(SignSubject::Target, counts.worst_state().as_str()).role,
            Known::Failed(_) => Role::Warning,
            _ => Role::Dim,
        },
        Column::Stickiness => match &row.stickiness {
            Known::Read(Stickiness::Off) | Known::Absent | Known::Pending => Role::Dim,
            Known::Read(stickiness) => severity::role(glyphs, severity_of_stickiness(*stickiness), Role::Text),
            Known::Failed(_) => Role::Warning,
        },
        Column::Drift => match &row.drift {
            Known::Read(drift) if drift.is_unknown() => Role::Warning,
            Known::Read(drift) => severity::role(glyphs, severity_of_drift(*drift), Role::Dim),
            Known::Failed(_) => Role::Warning,
            Known::Absent | Known::Pending => Role::Dim,
        },
        Column::Findings => match row.findings.worst() {
            Some((found, _)) => severity::role(glyphs, Some(found), Role::Text),
            None if row.findings.open == OpenChecks::Unknown => Role::Warning,
            None => Role::Dim,
        },
        Column::Alarms => match &row.alarms {
            Known::Read(0) | Known::Absent | Known::Pending => Role::Dim,
            Known::Read(_) => severity::role(glyphs, Some(severity_of_alarms()), Role::Text),
            Known::Failed(_) => Role::Warning,
        },
        Column::Tls => match &row.tls {
            Known::Read(Some(tls)) => {
                severity::role(glyphs, tls.not_after.and_then(|at| severity_of_expiry(at, now)), Role::Text)
            }
            Known::Failed(_) => Role::Warning,
            _ => Role::Dim,
        },
        Column::Errors => match row.figures.value().and_then(|figures| figures.errors) {
            None => Role::Dim,
            Some(share) => severity::role(glyphs, severity_of_errors(share), Role::Text),
        },
        Column::Requests | Column::P99 | Column::Trend => match &row.figures {
            Known::Read(_) => Role::Text,
            Known::Failed(_) => Role::Warning,
            _ => Role::Dim,
        },
        Column::LoadBalancer if row.balancer == Balancer::Unknown => Role::Warning,
        Column::LoadBalancer if row.load_balancer.is_none() => Role::Dim,
        Column::Application | Column::Platform | Column::Cname | Column::Event | Column::Balancer => Role::Dim,
        _ => Role::Text,
    }
}

/// The line above the footer: why the selected row is where it is.
fn messages(state: &State) -> Vec<(String, Role)> {
    let mut messages = Vec::new();
    if let Some(row) = state.fleet.selected_row() {
        let words = state.row_sentence(row).unwrap_or_default();
        messages.push((format!("{}   {words}", clean(&row.name)), Role::Text));
    }
    messages
}

/// Shows why the table is empty.
fn nothing(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let messages = message::obstacle(state).unwrap_or_else(|| {
        let scope = state.setup.scope;
        let words = match () {
            () if state.fleet.total() > 0 => "nothing matches; {back} shows all again",
            () if state.snapshot().reads.read_at(&Source::Environments(scope)).is_some() => {
                "no environments here. Beanstalk leaves out what the caller may not see, so this is no proof that there are \
                 none: check the profile and the region"
            }
            () if state.session().is_open() => "reading environments …",
            () => "looking for credentials …",
        };
        vec![(canvas.keyed(words), Role::Dim)]
    });
    message::draw(canvas, area, &messages);
}
