//! Charts and sparklines: what they look like at many sizes, and that no values and no size break them.

use std::f64::consts::PI;
use std::fmt::Write as _;
use std::time::Duration;

use beanpole::config::{Glyphs, Role, Theme};
use beanpole::model::{FigureUnit as Unit, Moment};
use beanpole::ui::Look;
use beanpole::ui::chart::{self, Absence, Chart, DrawnLine, TimeMark};
use beanpole::ui::sparkline::Sparkline;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const HOLE: f64 = f64::NAN;

fn look(ascii: bool) -> Look {
    Look::new(&Theme::named("dark").unwrap(), Glyphs::new(ascii))
}

fn moment(text: &str) -> Moment {
    Moment(text.parse().unwrap())
}

fn utc() -> TimeZone {
    TimeZone::UTC
}

fn line<'a>(name: &'a str, role: Role, values: &'a [f64]) -> DrawnLine<'a> {
    DrawnLine { name, role, values, absence: Absence::Zero, late: 0 }
}

/// A chart of so many minutes until 14:30.
fn minutes<'a>(title: &'a str, unit: Unit, minutes: u64, lines: &'a [DrawnLine<'a>], zone: &'a TimeZone) -> Chart<'a> {
    let until = moment("2025-11-04T14:30:00Z");
    Chart {
        title,
        note: "",
        unit,
        from: until.minus(Duration::from_secs(60 * minutes)),
        until,
        period: Duration::from_secs(60),
        lines,
        cursor: None,
        marks: &[],
        partial_from: None,
        empty: "no answer took any time: there were no requests",
        focused: false,
        time_zone: zone,
    }
}

fn text(chart: &Chart<'_>, width: u16, height: u16, ascii: bool) -> String {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    chart::render(chart, buffer.area, &look(ascii), &mut buffer);
    lines_of(&buffer)
}

fn lines_of(buffer: &Buffer) -> String {
    let rows = buffer.content.chunks(usize::from(buffer.area.width.max(1)));
    rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Draws with Unicode, then with ASCII alone, and checks that it is ASCII.
fn both(chart: &Chart<'_>, width: u16, height: u16) -> String {
    let ascii = text(chart, width, height, true);
    assert!(ascii.is_ascii(), "{ascii}");
    format!("{}\n\n{ascii}", text(chart, width, height, false))
}

/// Numbers that look like a day of a site, the same in each run.
fn wavy(count: usize, scale: f64) -> Vec<f64> {
    let mut noise = fastrand::Rng::with_seed(7);
    let wave = |at: usize| 1.0 + 0.6 * (at as f64 / count as f64 * 3.0 * PI).sin();
    (0..count).map(|at| scale * (wave(at) + 0.25 * noise.f64())).collect()
}

fn percentiles(count: usize) -> [Vec<f64>; 3] {
    let mut noise = fastrand::Rng::with_seed(3);
    let mut series = [wavy(count, 0.04), wavy(count, 0.11), wavy(count, 0.3)];
    for at in 0..count {
        series[1][at] *= 0.8 + 0.6 * noise.f64();
        series[2][at] *= 0.6 + noise.f64();
        // A quiet quarter of an hour, in which one answer took its time.
        if (count / 3..count / 2).contains(&at) && at != count * 2 / 5 {
            series.iter_mut().for_each(|values| values[at] = HOLE);
        }
    }
    series
}

fn latencies(series: &[Vec<f64>; 3]) -> [DrawnLine<'_>; 3] {
    let line = |name, role, values| DrawnLine { name, role, values, absence: Absence::Gap, late: 0 };
    [
        line("p50", Role::FirstSeries, &series[0]),
        line("p90", Role::SecondSeries, &series[1]),
        line("p99", Role::ThirdSeries, &series[2]),
    ]
}

#[test]
fn a_line_whose_figures_come_late_ends_in_a_gap_and_not_at_zero() {
    let zone = utc();
    let consumed: Vec<f64> = (0..60).map(|at| if at < 25 { 5.0 } else { HOLE }).collect();
    let drawn = |absence, late| {
        let lines = [DrawnLine { late, absence, ..line("consumed", Role::FirstSeries, &consumed) }];
        let mut chart = minutes("Capacity units", Unit::Count, 60, &lines, &zone);
        chart.partial_from = Some(moment("2025-11-04T14:27:00Z"));
        text(&chart, 80, 12, true)
    };
    let plot = |drawn: &str| drawn.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let (late, gap, zero) = (drawn(Absence::Zero, 32), drawn(Absence::Gap, 0), drawn(Absence::Zero, 0));
    assert_eq!(plot(&late), plot(&gap), "{late}");
    assert_ne!(plot(&late), plot(&zero), "{zero}");
    // The legend shows the newest figure.
    assert!(late.lines().next().unwrap().trim_end().ends_with(" 5"), "{late}");
}

#[test]
fn flat_zero_is_calm() {
    let (zone, zeros) = (utc(), [HOLE; 60]);
    let lines = [line("target", Role::FirstSeries, &zeros), line("ELB", Role::Bad, &zeros)];
    insta::assert_snapshot!(both(&minutes("5xx", Unit::PerSecond, 60, &lines, &zone), 72, 8));
}

#[test]
fn a_busy_hour() {
    let (zone, values) = (utc(), wavy(60, 80.0));
    let lines = [line("", Role::FirstSeries, &values)];
    let mut chart = minutes("Requests", Unit::PerSecond, 60, &lines, &zone);
    chart.note = "shared by 2 environments";
    chart.partial_from = Some(moment("2025-11-04T14:28:00Z"));
    insta::assert_snapshot!(both(&chart, 100, 12));
}

#[test]
fn errors_over_requests() {
    let (zone, all) = (utc(), wavy(60, 100.0));
    let mut bad = vec![HOLE; 60];
    (40..46).for_each(|at| bad[at] = 12.0 * (at - 38) as f64);
    bad[20] = 1.0;
    let client: Vec<f64> = wavy(60, 6.0);
    let lines = [
        line("2xx", Role::FirstSeries, &all),
        line("4xx", Role::SecondSeries, &client),
        line("5xx", Role::ThirdSeries, &bad),
    ];
    insta::assert_snapshot!(both(&minutes("Answers", Unit::PerSecond, 60, &lines, &zone), 100, 14));
}

#[test]
fn percentiles_with_a_hole() {
    let (zone, series) = (utc(), percentiles(60));
    let lines = latencies(&series);
    let mut chart = minutes("Response time", Unit::Seconds, 60, &lines, &zone);
    chart.focused = true;
    insta::assert_snapshot!(both(&chart, 110, 16));
}

#[test]
fn a_spike_among_many_values_keeps_its_height() {
    let (zone, mut values) = (utc(), vec![2.0; 720]);
    values[411] = 200.0;
    let lines = [line("", Role::FirstSeries, &values)];
    insta::assert_snapshot!(both(&minutes("Requests", Unit::PerSecond, 720, &lines, &zone), 40, 9));
}

#[test]
fn nothing_at_all_is_said_in_words() {
    let (zone, series) = (utc(), [vec![HOLE; 60], vec![HOLE; 60], vec![]]);
    let lines = latencies(&series);
    insta::assert_snapshot!(both(&minutes("Response time", Unit::Seconds, 60, &lines, &zone), 72, 8));
}

#[test]
fn marks_and_the_crosshair_stand_behind_the_lines() {
    let (zone, series) = (utc(), percentiles(180));
    let lines = latencies(&series);
    let at = |time: &str, label, role| TimeMark { at: moment(&format!("2025-11-04T{time}Z")), label, role };
    let marks = [
        at("12:05:10", "v102", Role::Accent),
        at("13:41:00", "v103", Role::Accent),
        at("13:44:30", "stickiness on", Role::Warning),
        at("14:27:00", "v104", Role::Accent),
    ];
    let mut chart = minutes("Response time", Unit::Seconds, 180, &lines, &zone);
    (chart.marks, chart.cursor) = (&marks, Some(moment("2025-11-04T13:17:00Z")));
    chart.partial_from = Some(moment("2025-11-04T14:24:00Z"));
    insta::assert_snapshot!(both(&chart, 120, 16));
}

#[test]
fn the_axis_follows_a_clock_that_is_put_back() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let values = wavy(10, 3.0);
    let lines = [line("", Role::FirstSeries, &values)];
    let mut chart = minutes("Requests", Unit::PerSecond, 60, &lines, &zone);
    let mut axes = String::new();
    // 2025-10-26 03:00 became 02:00, 2025-03-30 02:00 became 03:00.
    for (from, hours) in [
        ("2025-10-25T22:30:00Z", 5),
        ("2025-03-29T22:30:00Z", 5),
        ("2025-10-25T10:00:00Z", 30),
        ("2025-03-29T10:00:00Z", 30),
        ("2025-10-24T10:00:00Z", 168),
        ("2025-03-20T10:00:00Z", 336),
        ("2025-10-25T23:45:00Z", 1),
    ] {
        chart.from = moment(from);
        chart.until = chart.from.plus(Duration::from_secs(hours * 3600));
        chart.period = Duration::from_secs(hours * 60);
        let drawn = text(&chart, 90, 8, false);
        let last: Vec<_> = drawn.lines().rev().take(2).collect();
        writeln!(axes, "{hours} h from {from}\n{}\n{}", last[1], last[0]).unwrap();
    }
    insta::assert_snapshot!(axes);
}

#[test]
fn a_small_chart_is_a_sparkline() {
    let (zone, values) = (utc(), wavy(60, 80.0));
    let lines = [line("all", Role::FirstSeries, &values)];
    let chart = minutes("Requests", Unit::PerSecond, 60, &lines, &zone);
    let drawn = [(1, 1), (5, 1), (12, 3), (24, 1), (40, 3), (20, 4), (20, 5), (30, 6), (24, 10)]
        .map(|(width, height)| format!("{width}x{height}\n{}\n", both(&chart, width, height)));
    insta::assert_snapshot!(drawn.join("\n"));
}

#[test]
fn a_large_chart() {
    let (zone, series) = (utc(), percentiles(720));
    let lines = latencies(&series);
    insta::assert_snapshot!(both(&minutes("Response time", Unit::Seconds, 720, &lines, &zone), 200, 40));
}

#[test]
fn sparklines_grow_from_the_right() {
    let values = [0.0, 1.0, 2.0, HOLE, 4.0, 8.0, 6.0, 3.0, 0.0, 0.0, 5.0, 7.0];
    let mut drawn = String::new();
    for (absence, provisional) in [(Absence::Zero, 0), (Absence::Gap, 2)] {
        let spark = Sparkline { values: &values, absence, role: Role::FirstSeries, top: None, provisional };
        for (ascii, braille, width, height) in [
            (false, false, 16, 1),
            (false, false, 6, 1),
            (true, false, 16, 1),
            (false, true, 8, 1),
            (false, true, 8, 2),
            (true, true, 14, 2),
        ] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
            spark.render(buffer.area, braille, &look(ascii), &mut buffer);
            writeln!(drawn, "{}\n", lines_of(&buffer)).unwrap();
        }
    }
    insta::assert_snapshot!(drawn);
}

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..1000.0,
        2 => Just(HOLE),
        1 => Just(0.0),
        1 => prop::num::f64::ANY,
        1 => prop::sample::select(vec![f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1.0, 1e-300, -0.0]),
    ]
}

proptest! {
    /// Whatever is drawn stays inside, and nothing panics; what is drawn in ASCII mode is ASCII.
    #[test]
    fn no_values_and_no_size_break_a_chart(
        values in prop::collection::vec(any_value(), 0..300),
        more in prop::collection::vec(any_value(), 0..20),
        (width, height) in (0_u16..130, 0_u16..40),
        period in prop::sample::select(vec![0_u64, 1, 60, 300, 3600, 86_400]),
        span in 0_u64..2_000_000,
        (cursor, partial) in (0_u64..2_500_000, 0_u64..2_500_000),
        (unit, ascii, gap) in (0_usize..5, any::<bool>(), any::<bool>()),
    ) {
        let zone = TimeZone::get("America/St_Johns").unwrap();
        let absence = if gap { Absence::Gap } else { Absence::Zero };
        let role = Role::FirstSeries;
        let lines = [
            DrawnLine { name: "one", role, values: &values, absence, late: 0 },
            DrawnLine { name: "two", role: Role::Bad, values: &more, absence: Absence::Zero, late: 0 },
        ];
        let from = moment("2025-03-01T00:00:00Z");
        let at = |seconds| from.plus(Duration::from_secs(seconds));
        let marks = [TimeMark { at: at(cursor / 2), label: "v1", role }, TimeMark { at: at(partial / 2), label: "", role }];
        let mut chart = minutes("Title of it", [Unit::Count, Unit::PerSecond, Unit::Percent, Unit::Seconds, Unit::Bytes][unit], 1, &lines, &zone);
        (chart.from, chart.until, chart.period) = (from, at(span), Duration::from_secs(period));
        (chart.cursor, chart.partial_from, chart.marks) = (Some(at(cursor)), Some(at(partial)), &marks);
        let mut buffer = Buffer::empty(Rect::new(0, 0, width + 6, height + 4));
        let area = Rect::new(3, 2, width, height);
        chart::render(&chart, area, &look(ascii), &mut buffer);
        for y in 0..buffer.area.height {
            for x in 0..buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                prop_assert!(area.contains((x, y).into()) || symbol == " ", "{symbol} at {x},{y}");
                prop_assert!(!ascii || symbol.is_ascii(), "{symbol}");
            }
        }
        let spark = Sparkline { values: &values, absence, role, top: None, provisional: 2 };
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height.min(3)));
        spark.render(buffer.area, span % 2 == 0, &look(ascii), &mut buffer);
    }
}

#[test]
fn a_frame_allocates_for_the_room_and_not_for_the_values() {
    let zone = utc();
    let count = |points: usize| {
        let values: Vec<_> = (0..12).map(|_| wavy(points, 10.0)).collect();
        let lines: Vec<_> = values.iter().map(|values| line("zone", Role::FirstSeries, values)).collect();
        let chart = minutes("Requests", Unit::PerSecond, points as u64, &lines, &zone);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 60));
        let look = look(false);
        allocation_counter::measure(|| chart::render(&chart, buffer.area, &look, &mut buffer)).count_total
    };
    let (few, many) = (count(60), count(1440));
    assert!(many.abs_diff(few) < 40 && many < 250, "{few} allocations for 60 values, {many} for 1440");
}
