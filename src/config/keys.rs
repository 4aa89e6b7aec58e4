//! The table of keys: every setting, its type and its field.
//!
//! A segment in capitals is a placeholder: `ACTION` and the columns are another module's and come with [`KnownNames`], the
//! rest are listed here. The defaults are not here but in `assets/config.toml`; a test checks that the two agree.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::settings::ColourChoice;
use super::style::THEME_NAMES;
use super::value::{Value, quoted};
use super::{Chord, Colour, Config, ReadOnly, Role};

/// The names that other modules' tables know.
#[derive(Debug, Clone, Copy)]
pub struct KnownNames<'a> {
    /// The actions that can be bound to keys.
    pub actions: &'a [&'a str],
    /// The columns of the fleet.
    pub columns: &'a [&'a str],
    /// The checks that can be silenced.
    pub checks: &'a [&'a str],
}

/// The services that have a budget, as the SDK names them.
pub const SERVICES: &[&str] =
    &["elasticbeanstalk", "elasticloadbalancing", "autoscaling", "ec2", "monitoring", "acm", "sts", "s3"];

/// The kinds of reading that have a cadence.
pub const CADENCES: &[&str] = &[
    "environments",
    "events",
    "health",
    "inventory",
    "target_health",
    "attributes",
    "listeners",
    "resources",
    "instances",
    "metrics",
    "alarms",
    "certificates",
    "settings",
    "tags",
];

/// Returns the field of a setting in the configuration, given the name in place of the placeholder.
type FieldOf<T> = for<'a> fn(&'a mut Config, &str) -> &'a mut T;

/// What a setting wants, and where it goes.
#[derive(Debug)]
pub(super) enum ValueKind {
    Flag(FieldOf<bool>),
    OwnFlag(FieldOf<Option<bool>>),
    Text(FieldOf<Option<String>>),
    Reason(FieldOf<String>),
    Url(FieldOf<Option<String>>),
    Word(&'static [&'static str], FieldOf<String>),
    When(FieldOf<ColourChoice>),
    Column(FieldOf<String>),
    Columns(FieldOf<Vec<String>>),
    Patterns(FieldOf<Vec<String>>),
    ReadOnly(FieldOf<ReadOnly>),
    Number(RangeInclusive<f64>, FieldOf<f64>),
    Integer(RangeInclusive<u32>, FieldOf<u32>),
    Seconds(RangeInclusive<u32>, FieldOf<Duration>),
    Chords(FieldOf<Vec<Chord>>),
    Colour(FieldOf<Option<Colour>>),
}

/// A setting.
#[derive(Debug)]
pub struct SettingKey {
    /// Its path in the file; a segment in capitals is a placeholder for a name.
    pub path: &'static str,
    /// The environment variable for it, which also means that it can be given as a flag.
    pub variable: Option<&'static str>,
    /// What it is for.
    pub help: &'static str,
    pub(super) kind: ValueKind,
}

impl SettingKey {
    const fn new(path: &'static str, kind: ValueKind, help: &'static str) -> Self {
        Self { path, variable: None, help, kind }
    }

    const fn from(self, variable: &'static str) -> Self {
        Self { path: self.path, variable: Some(variable), help: self.help, kind: self.kind }
    }

    /// Describes the values that it accepts.
    #[must_use]
    pub fn wants(&self) -> String {
        self.kind.wants()
    }

    /// The segments of the path.
    pub(super) fn segments(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('.')
    }

    /// The path with a name for its placeholder; for two of them both names, a full stop between them.
    pub(super) fn path_for(&self, name: &str) -> String {
        let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let spelt = |name: &str| if name.bytes().all(bare) { name.to_owned() } else { quoted(name) };
        let places = self.segments().filter(|segment| is_placeholder(segment)).count();
        let mut names = name.splitn(places.max(1), '.').map(spelt);
        let mut fill =
            |segment: &str| if is_placeholder(segment) { names.next().unwrap_or_default() } else { segment.to_owned() };
        self.segments().map(&mut fill).collect::<Vec<_>>().join(".")
    }
}

/// Returns whether a segment is a placeholder for a name.
pub(super) fn is_placeholder(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Returns the names that a placeholder accepts; `None` if it accepts any.
pub(super) fn names_for<'a>(placeholder: &str, known: Option<&KnownNames<'a>>) -> Option<&'a [&'a str]> {
    match placeholder {
        "ACTION" => known.map(|known| known.actions),
        "CHECK" => known.map(|known| known.checks),
        "SERVICE" => Some(SERVICES),
        "READING" => Some(CADENCES),
        "ROLE" => Some(Role::NAMES),
        _ => None,
    }
}

const CAP: RangeInclusive<f64> = 0.0..=100.0;
const RATE: RangeInclusive<f64> = 0.01..=50.0;
const BURST: RangeInclusive<u32> = 1..=1000;
const PING: RangeInclusive<u32> = 1..=86_400;
const CONNECTIONS: RangeInclusive<u32> = 1..=1_000_000;
const SECONDS: RangeInclusive<u32> = 1..=86_400;

/// Every setting, in the order of `assets/config.toml`.
#[rustfmt::skip]
pub static KEYS: &[SettingKey] = &[
    SettingKey::new("profile", ValueKind::Text(|config, _| &mut config.profile), "the AWS profile").from("BEANPOLE_PROFILE"),
    SettingKey::new("region", ValueKind::Text(|config, _| &mut config.region), "the AWS region").from("BEANPOLE_REGION"),
    SettingKey::new("endpoint_url", ValueKind::Url(|config, _| &mut config.endpoint_url), "where AWS answers, if not at its own endpoints").from("BEANPOLE_ENDPOINT_URL"),
    SettingKey::new("read_only", ValueKind::ReadOnly(|config, _| &mut config.read_only), "refuse to write: to everything, or to environments by the patterns of their names").from("BEANPOLE_READ_ONLY"),
    SettingKey::new("production", ValueKind::Patterns(|config, _| &mut config.production), "names of production environments, `*` for anything, `!` excludes"),
    SettingKey::new("log_file", ValueKind::Text(|config, _| &mut config.log_file), "where to write a log").from("BEANPOLE_LOG_FILE"),
    SettingKey::new("utc", ValueKind::Flag(|config, _| &mut config.utc), "show times in UTC").from("BEANPOLE_UTC"),
    SettingKey::new("color", ValueKind::When(|config, _| &mut config.color), "when to use colour").from("BEANPOLE_COLOR"),
    SettingKey::new("ascii", ValueKind::Flag(|config, _| &mut config.ascii), "draw with ASCII alone").from("BEANPOLE_ASCII"),
    SettingKey::new("mouse", ValueKind::Flag(|config, _| &mut config.mouse), "use the mouse").from("BEANPOLE_MOUSE"),
    SettingKey::new("theme", ValueKind::Word(THEME_NAMES, |config, _| &mut config.theme), "the theme; `[style.ROLE]` changes it").from("BEANPOLE_THEME"),
    SettingKey::new("fleet.columns", ValueKind::Columns(|config, _| &mut config.fleet.columns), "the columns of the fleet, from left to right"),
    SettingKey::new("fleet.sort", ValueKind::Column(|config, _| &mut config.fleet.sort), "the column that the fleet is sorted by"),
    SettingKey::new("fleet.reverse", ValueKind::Flag(|config, _| &mut config.fleet.reverse), "turn the order of the fleet round"),
    SettingKey::new("fleet.preview", ValueKind::Flag(|config, _| &mut config.fleet.preview), "preview the selected environment where there is room"),
    SettingKey::new("profiles.NAME.read_only", ValueKind::OwnFlag(|config, name| &mut entry(&mut config.profiles, name).read_only), "refuse to write in this AWS profile"),
    SettingKey::new("hostnames.NAME", ValueKind::Patterns(|config, name| entry(&mut config.hostnames, name)), "the host names that clients use for an environment"),
    SettingKey::new("sockets.names", ValueKind::Patterns(|config, _| &mut config.sockets.names), "names of environments that probably keep websockets, `*` for anything, `!` excludes"),
    SettingKey::new("sockets.ping.NAME", ValueKind::Integer(PING, |config, name| entry(&mut config.sockets.ping, name)), "seconds between two pings of an environment's websockets"),
    SettingKey::new("sockets.worker_connections.NAME", ValueKind::Integer(CONNECTIONS, |config, name| entry(&mut config.sockets.worker_connections, name)), "connections that nginx takes on an instance of an environment, all workers together"),
    SettingKey::new("notify.command", ValueKind::Text(|config, _| &mut config.notify.command), "the program that the dashboard runs for a verdict, attention or an alarm"),
    SettingKey::new("notify.url", ValueKind::Url(|config, _| &mut config.notify.url), "where the dashboard posts a verdict, attention or an alarm as JSON"),
    SettingKey::new("notify.bell", ValueKind::Flag(|config, _| &mut config.notify.bell), "ring the terminal's bell for a verdict, attention or an alarm"),
    SettingKey::new("silence.CHECK.PATTERN", ValueKind::Reason(reason), "why a check's findings are silenced, of the environments whose names fit a pattern"),
    SettingKey::new("keys.ACTION", ValueKind::Chords(|config, name| entry(&mut config.keys, name)), "the keys of an action, in place of its own"),
    SettingKey::new("style.ROLE.foreground", ValueKind::Colour(|config, name| &mut entry(&mut config.style, name).foreground), "the colour of the text"),
    SettingKey::new("style.ROLE.background", ValueKind::Colour(|config, name| &mut entry(&mut config.style, name).background), "the colour behind the text"),
    SettingKey::new("style.ROLE.bold", ValueKind::OwnFlag(|config, name| &mut entry(&mut config.style, name).bold), "bold"),
    SettingKey::new("style.ROLE.dim", ValueKind::OwnFlag(|config, name| &mut entry(&mut config.style, name).dim), "dim"),
    SettingKey::new("style.ROLE.italic", ValueKind::OwnFlag(|config, name| &mut entry(&mut config.style, name).italic), "italic"),
    SettingKey::new("style.ROLE.underline", ValueKind::OwnFlag(|config, name| &mut entry(&mut config.style, name).underline), "underlined"),
    SettingKey::new("style.ROLE.reverse", ValueKind::OwnFlag(|config, name| &mut entry(&mut config.style, name).reverse), "text and background exchanged"),
    SettingKey::new("metrics.dollars_per_hour", ValueKind::Number(CAP, |config, _| &mut config.metrics_cap), "what CloudWatch may cost in an hour; polling slows rather than exceed it"),
    SettingKey::new("cadence.READING.visible", ValueKind::Seconds(SECONDS, |config, name| &mut entry(&mut config.cadences, name).visible), "seconds between two readings of what is on screen"),
    SettingKey::new("cadence.READING.background", ValueKind::Seconds(SECONDS, |config, name| &mut entry(&mut config.cadences, name).background), "seconds between two readings of what is not on screen"),
    SettingKey::new("budget.SERVICE.background.rate", ValueKind::Number(RATE, |config, name| &mut entry(&mut config.budgets, name).background.rate), "requests per second for what is not on screen"),
    SettingKey::new("budget.SERVICE.background.burst", ValueKind::Integer(BURST, |config, name| &mut entry(&mut config.budgets, name).background.burst), "requests at once for what is not on screen"),
    SettingKey::new("budget.SERVICE.attended.rate", ValueKind::Number(RATE, |config, name| &mut entry(&mut config.budgets, name).attended.rate), "requests per second for what is on screen"),
    SettingKey::new("budget.SERVICE.attended.burst", ValueKind::Integer(BURST, |config, name| &mut entry(&mut config.budgets, name).attended.burst), "requests at once for what is on screen"),
];

fn entry<'a, T: Default>(map: &'a mut std::collections::BTreeMap<String, T>, name: &str) -> &'a mut T {
    map.entry(name.to_owned()).or_default()
}

/// The reason of a silence, by the name of its check and its pattern: no check has a full stop in its name.
fn reason<'a>(config: &'a mut Config, name: &str) -> &'a mut String {
    let (check, pattern) = name.split_once('.').unwrap_or((name, ""));
    config.silence.reason_mut(check, pattern)
}

impl ValueKind {
    /// Describes the values that it accepts.
    pub fn wants(&self) -> String {
        match self {
            Self::Flag(_) | Self::OwnFlag(_) => "true or false".to_owned(),
            Self::Text(_) | Self::Reason(_) => "a text".to_owned(),
            Self::Url(_) => "a URL that begins with http:// or https://".to_owned(),
            Self::Word(words, _) => format!("one of {}", words.join(", ")),
            Self::When(_) => format!("one of {}", ColourChoice::NAMES.join(", ")),
            Self::Column(_) => "a column".to_owned(),
            Self::Columns(_) => "a list of columns".to_owned(),
            Self::Patterns(_) => "a list of patterns".to_owned(),
            Self::ReadOnly(_) => "true, false or a list of patterns".to_owned(),
            Self::Number(range, _) => format!("a number from {} to {}", range.start(), range.end()),
            Self::Integer(range, _) => format!("a whole number from {} to {}", range.start(), range.end()),
            Self::Seconds(range, _) => format!("whole seconds from {} to {}", range.start(), range.end()),
            Self::Chords(_) => "a key such as \"ctrl-r\", or a list of keys".to_owned(),
            Self::Colour(_) => "a colour such as \"red\", 245 or \"#rrggbb\"".to_owned(),
        }
    }

    /// Puts a value where it goes. The reader made the value for this kind, so that the two always fit.
    pub fn apply(&self, config: &mut Config, name: &str, value: Value) {
        match (self, value) {
            (Self::Flag(at), Value::Flag(flag)) => *at(config, name) = flag,
            (Self::OwnFlag(at), Value::Flag(flag)) => *at(config, name) = Some(flag),
            (Self::Text(at) | Self::Url(at), Value::Text(text)) => *at(config, name) = Some(text),
            (Self::Word(_, at) | Self::Column(at) | Self::Reason(at), Value::Text(text)) => *at(config, name) = text,
            (Self::When(at), Value::Text(text)) => *at(config, name) = ColourChoice::named(&text),
            (Self::Columns(at) | Self::Patterns(at), Value::List(items)) => *at(config, name) = items,
            (Self::ReadOnly(at), Value::Flag(true)) => *at(config, name) = ReadOnly::Everything,
            (Self::ReadOnly(at), Value::Flag(false)) => *at(config, name) = ReadOnly::Nothing,
            (Self::ReadOnly(at), Value::List(items)) => *at(config, name) = ReadOnly::Matching(items),
            (Self::Number(_, at), Value::Number(number)) => *at(config, name) = number,
            (Self::Integer(_, at), Value::Integer(number)) => *at(config, name) = number,
            (Self::Seconds(_, at), Value::Integer(seconds)) => {
                *at(config, name) = Duration::from_secs(u64::from(seconds));
            }
            (Self::Chords(at), Value::Chords(chords)) => *at(config, name) = chords,
            (Self::Colour(at), Value::Colour(colour)) => *at(config, name) = Some(colour),
            (kind, value) => debug_assert!(false, "{kind:?} was read as {value:?}"),
        }
    }
}
