//! When a mute rule mutes: once, or again and again (API reference, Schedule).
//!
//! Only UTC is simulated. Of a cron expression with both a day of the month and a day of the week, either counts, as in
//! crontab(5); what AWS does is UNVERIFIED.

use crate::sim::physics::timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo};

const MINUTE: i64 = 60_000;
/// The longest duration: 15 days.
const LONGEST: i64 = 15 * 24 * 60 * MINUTE;
const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The windows of a rule. Times are milliseconds.
#[derive(Debug)]
pub struct MuteWindows {
    begins: Begins,
    lasts: i64,
}

#[derive(Debug)]
enum Begins {
    At(i64),
    /// The values of minute, hour, day of the month, month and day of the week; none: any.
    Cron([Option<Vec<i8>>; 5]),
}

impl MuteWindows {
    /// # Errors
    /// When AWS would not accept it, with the reason.
    pub fn parse(expression: &str, duration: &str, zone: Option<&str>) -> Result<Self, String> {
        if !matches!(zone, None | Some("UTC" | "Etc/UTC")) {
            return Err(format!("The time zone {} is not simulated: only UTC is.", zone.unwrap_or_default()));
        }
        let inside = |name: &str| expression.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        let begins = match (inside("at"), inside("cron")) {
            (Some(at), _) => instant(at).map(Begins::At),
            (None, Some(fields)) => cron(fields).map(Begins::Cron),
            (None, None) => None,
        };
        let begins = begins.ok_or_else(|| format!("The schedule expression {expression} is not valid."))?;
        let lasts = milliseconds(duration).filter(|lasts| (MINUTE..=LONGEST).contains(lasts));
        let lasts = lasts.ok_or_else(|| format!("The duration {duration} is not between PT1M and P15D."))?;
        Ok(Self { begins, lasts })
    }

    pub fn is_one(&self) -> bool {
        matches!(self.begins, Begins::At(_))
    }

    pub fn are_over(&self, now: i64) -> bool {
        matches!(self.begins, Begins::At(at) if at + self.lasts <= now)
    }

    pub fn contain(&self, now: i64) -> bool {
        match &self.begins {
            Begins::At(at) => (*at..at + self.lasts).contains(&now),
            Begins::Cron(fields) => {
                let minutes = (0..self.lasts.div_euclid(MINUTE)).map(|ago| now.div_euclid(MINUTE) - ago);
                minutes.map(|minute| minute * MINUTE).any(|at| at + self.lasts > now && fits(fields, at))
            }
        }
    }
}

/// `2026-11-27T14:00`, to the minute.
fn instant(at: &str) -> Option<i64> {
    let is_shaped = at.len() == 16 && at.as_bytes()[10] == b'T';
    let at = at.parse::<DateTime>().ok().filter(|_| is_shaped)?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

fn milliseconds(duration: &str) -> Option<i64> {
    let span = duration.parse::<Span>().ok().filter(|_| duration.starts_with('P'))?;
    let lasts: SignedDuration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    i64::try_from(lasts.as_millis()).ok()
}

fn cron(fields: &str) -> Option<[Option<Vec<i8>>; 5]> {
    let fields: Vec<_> = fields.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return None };
    Some([
        values(minute, 0..=59, &[])?,
        values(hour, 0..=23, &[])?,
        values(day, 1..=31, &[])?,
        values(month, 1..=12, &MONTHS)?,
        values(weekday, 0..=6, &DAYS)?,
    ])
}

/// The values of a field: `*`, numbers, names, ranges, and lists of them. `Some(None)`: any.
#[expect(
    clippy::option_option,
    reason = "the outer one says that the field is not valid, the inner one that any value is"
)]
fn values(field: &str, within: std::ops::RangeInclusive<i8>, names: &[&str]) -> Option<Option<Vec<i8>>> {
    if field == "*" {
        return Some(None);
    }
    let number = |word: &str| {
        let place = names.iter().position(|name| *name == word).and_then(|place| i8::try_from(place).ok());
        let number = place.map_or_else(|| word.parse().ok(), |place| Some(place + *within.start()))?;
        within.contains(&number).then_some(number)
    };
    let part = |part: &str| match part.split_once('-') {
        Some((from, to)) => Some((number(from)?..=number(to)?).collect::<Vec<_>>()),
        None => Some(vec![number(part)?]),
    };
    let all: Option<Vec<_>> = field.split(',').map(part).collect();
    Some(Some(all?.concat()))
}

fn fits([minute, hour, day, month, weekday]: &[Option<Vec<i8>>; 5], at: i64) -> bool {
    let at = timestamp(at).to_zoned(TimeZone::UTC);
    let is = |values: &Option<Vec<i8>>, value: i8| values.as_ref().is_none_or(|values| values.contains(&value));
    let of_week = at.weekday().to_sunday_zero_offset();
    let is_day = if day.is_some() && weekday.is_some() {
        is(day, at.day()) || is(weekday, of_week)
    } else {
        is(day, at.day()) && is(weekday, of_week)
    };
    is(minute, at.minute()) && is(hour, at.hour()) && is(month, at.month()) && is_day
}

#[cfg(test)]
mod tests {
    use super::MuteWindows;
    use jiff::Timestamp;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn a_window_is_open_from_its_begin_for_its_duration() {
        // 2026-11-27 is a Friday.
        let table = [
            ("at(2026-11-27T14:00)", "PT1H", "2026-11-27T13:59:59Z", false),
            ("at(2026-11-27T14:00)", "PT1H", "2026-11-27T14:00:00Z", true),
            ("at(2026-11-27T14:00)", "PT1H", "2026-11-27T14:59:59Z", true),
            ("at(2026-11-27T14:00)", "PT1H", "2026-11-27T15:00:00Z", false),
            ("at(2026-11-27T14:00)", "P15D", "2026-12-12T13:59:59Z", true),
            ("cron(0 2 * * *)", "PT2H", "2026-11-27T03:59:59Z", true),
            ("cron(0 2 * * *)", "PT2H", "2026-11-27T04:00:00Z", false),
            ("cron(30 23 * * *)", "PT1H", "2026-11-27T00:15:00Z", true),
            ("cron(0 18 * * FRI)", "P2DT12H", "2026-11-29T05:00:00Z", true),
            ("cron(0 18 * * FRI)", "P2DT12H", "2026-11-30T06:00:00Z", false),
            ("cron(0 1 1 JAN-MAR,DEC *)", "PT1M", "2026-12-01T01:00:30Z", true),
            ("cron(0 1 1 JAN-MAR,DEC *)", "PT1M", "2026-11-01T01:00:30Z", false),
        ];
        for (expression, duration, now, expected) in table {
            let windows = MuteWindows::parse(expression, duration, None).unwrap();
            assert_eq!(windows.contain(at(now)), expected, "{expression} {duration} {now}");
        }
        assert!(MuteWindows::parse("at(2026-11-27T14:00)", "PT1H", None).unwrap().are_over(at("2026-11-27T15:00:00Z")));
        assert!(!MuteWindows::parse("cron(0 2 * * *)", "PT1H", None).unwrap().are_over(at("2030-01-01T00:00:00Z")));
    }

    #[test]
    fn what_aws_would_not_take_is_refused() {
        for (expression, duration, zone) in [
            ("rate(5 minutes)", "PT1H", None),
            ("at(2026-11-27T14:00:00)", "PT1H", None),
            ("at(2026-11-27 14:00)", "PT1H", None),
            ("at(2026-13-27T14:00)", "PT1H", None),
            ("at(2026-11-27T14:00", "PT1H", None),
            ("cron(0 2 * *)", "PT1H", None),
            ("cron(60 2 * * *)", "PT1H", None),
            ("cron(0 2 * * FRY)", "PT1H", None),
            ("cron(0/5 2 * * *)", "PT1H", None),
            ("at(2026-11-27T14:00)", "PT59S", None),
            ("at(2026-11-27T14:00)", "P15DT1M", None),
            ("at(2026-11-27T14:00)", "1h", None),
            ("at(2026-11-27T14:00)", "P1M", None),
            ("at(2026-11-27T14:00)", "PT1H", Some("Mars/Olympus")),
        ] {
            assert!(MuteWindows::parse(expression, duration, zone).is_err(), "{expression} {duration} {zone:?}");
        }
    }
}
