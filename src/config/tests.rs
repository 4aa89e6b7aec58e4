//! Settings as a whole: the embedded defaults, the layers, and every kind of mistake with its place.

use std::time::Duration;

use super::keys::is_placeholder;
use super::*;

const KNOWN: KnownNames = KnownNames {
    actions: &["open", "edit", "refresh", "toggle_stickiness"],
    checks: &["drift", "no-https-listener"],
    columns: &[
        "health", "name", "version", "status", "alb", "targets", "sticky", "drift", "findings", "alarms", "tls",
        "event", "p99", "requests", "trend", "5xx",
    ],
};

fn layer(text: &str) -> ConfigLayer {
    parse("config.toml", text, &KNOWN).unwrap()
}

fn with(text: &str) -> Config {
    defaults().over(layer(text))
}

fn mistakes(text: &str) -> String {
    parse("config.toml", text, &KNOWN).unwrap_err().to_string()
}

fn environment<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
}

fn from_environment(variables: &[(&str, &str)]) -> Result<ConfigLayer, ConfigError> {
    ConfigLayer::from_environment(environment(variables))
}

/// The embedded file with its examples switched on.
fn with_examples() -> String {
    let example = |line: &str| {
        line.strip_prefix('#').filter(|rest| !rest.is_empty() && !rest.starts_with(' ')).map(str::to_owned)
    };
    DEFAULT_TEXT.lines().map(|line| example(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

#[test]
fn the_embedded_file_has_no_mistake() {
    assert_eq!(parse("config.toml", DEFAULT_TEXT, &KNOWN).map(|_| ()), Ok(()));
    assert_eq!(parse("config.toml", &with_examples(), &KNOWN).map(|_| ()), Ok(()));
}

#[test]
fn the_embedded_file_mentions_every_setting() {
    let said = layer(&with_examples());
    for key in KEYS {
        assert!(said.assignments.iter().any(|assignment| assignment.key.path == key.path), "{}", key.path);
    }
    for role in Role::NAMES {
        assert!(DEFAULT_TEXT.contains(&format!(" {role}")), "{role}");
    }
    for theme in THEME_NAMES {
        assert!(DEFAULT_TEXT.contains(&format!(" {theme}")), "{theme}");
    }
}

/// What is typed, and not optional, must have a default; so must every service and every cadence.
#[test]
fn the_embedded_file_gives_every_default() {
    let config = defaults();
    let settled: Vec<&str> = config.show().map(|(path, _)| path).collect();
    let optional = ["profile", "region", "endpoint_url", "log_file", "notify.command", "notify.url"];
    for key in KEYS.iter().filter(|key| !key.segments().any(is_placeholder) && !optional.contains(&key.path)) {
        assert!(settled.contains(&key.path), "{}", key.path);
    }
    for key in KEYS.iter().filter(|key| key.path.starts_with("budget.") || key.path.starts_with("cadence.")) {
        for name in if key.path.starts_with("budget.") { SERVICES } else { CADENCES } {
            assert!(settled.contains(&key.path_for(name).as_str()), "{} {name}", key.path);
        }
    }
    assert_eq!(config.show().find(|(_, settled)| !settled.origin.starts_with("default:")), None);
}

#[test]
fn the_defaults_are_the_ones_that_were_decided() {
    let config = defaults();
    assert!(
        config.read_only == ReadOnly::Nothing && !config.utc && !config.ascii && config.mouse && !config.fleet.reverse
    );
    assert_eq!(
        (config.theme.as_str(), config.color, config.fleet.sort.as_str()),
        ("dark", ColourChoice::Auto, "health")
    );
    assert_eq!((config.profile.as_ref(), config.region.as_ref(), config.log_file.as_ref()), (None, None, None));
    assert_eq!(config.production, ["*prod*", "*prd*", "*live*"]);
    let allowance = |rate, burst| RateSettings { rate, burst };
    let beanstalk = BudgetSettings { background: allowance(0.5, 5), attended: allowance(1.0, 10) };
    assert_eq!(config.budget("elasticbeanstalk"), Some(beanstalk));
    let balancing = BudgetSettings { background: allowance(2.0, 10), attended: allowance(5.0, 20) };
    assert_eq!(config.budget("elasticloadbalancing"), Some(balancing));
    let cadence = config.cadence("target_health").unwrap();
    assert_eq!((cadence.visible, cadence.background), (Duration::from_secs(10), Duration::from_mins(5)));
}

#[test]
fn nobody_is_attended_worse_than_the_background() {
    let config = defaults();
    for service in SERVICES {
        let BudgetSettings { background, attended } = config.budget(service).unwrap();
        assert!(attended.rate >= background.rate && attended.burst >= background.burst, "{service}");
    }
    for kind in CADENCES {
        assert!(config.cadence(kind).unwrap().visible <= config.cadence(kind).unwrap().background, "{kind}");
    }
}

#[test]
fn what_no_setting_names_has_no_figure_made_up_for_it() {
    assert_eq!(defaults().budget("route53"), None);
    assert_eq!(defaults().cadence("weather"), None);
}

#[test]
fn every_variable_is_named_after_its_setting() {
    for key in KEYS {
        if let Some(variable) = key.variable {
            assert_eq!(variable, format!("BEANPOLE_{}", key.path.to_uppercase()));
        }
    }
}

#[test]
fn a_file_says_only_what_differs() {
    let config = with(
        "theme = 'light'\nutc = true\n[fleet]\ncolumns = ['name', 'p99']\n\
         [keys]\nopen = 'l'\nrefresh = ['ctrl-r', 'f5']\nedit = []\n\
         [budget.ec2]\nattended.rate = 3\n[cadence.tags]\nvisible = 60\n[style.bad]\nforeground = 196\nbold = false\n",
    );
    assert_eq!((config.theme.as_str(), config.utc, config.mouse), ("light", true, true));
    assert_eq!(config.fleet.columns, ["name", "p99"]);
    assert_eq!(config.fleet.sort, "health");
    assert_eq!(config.keys["open"], parse_script("l").unwrap());
    assert_eq!(config.keys["refresh"], parse_script("<ctrl-r><f5>").unwrap());
    assert_eq!(config.keys["edit"], []);
    assert_eq!(config.budget("ec2").unwrap().attended, RateSettings { rate: 3.0, burst: 10 });
    assert_eq!(config.budget("ec2").unwrap().background, defaults().budget("ec2").unwrap().background);
    assert_eq!(config.cadence("tags").unwrap().visible, Duration::from_mins(1));
    assert_eq!(config.cadence("tags").unwrap().background, Duration::from_mins(15));
    let bad = config.theme_for(true).style(Role::Bad);
    assert_eq!((bad.foreground, bad.bold), (Some(Colour::Index(196)), false));
}

#[test]
fn an_empty_file_changes_nothing() {
    assert_eq!(with(""), defaults());
    assert_eq!(with("# nothing\n"), defaults());
}

#[test]
fn later_layers_win() {
    let environment = from_environment(&[("BEANPOLE_THEME", "mono"), ("BEANPOLE_UTC", "1")]).unwrap();
    let flags =
        ConfigLayer::from_flags([("utc", "false".to_owned()), ("endpoint_url", "http://[::1]:4599".to_owned())])
            .unwrap();
    let config = with("theme = 'light'\nregion = 'eu-west-1'").over(environment).over(flags);
    assert_eq!((config.theme.as_str(), config.utc), ("mono", false));
    assert_eq!(config.region.as_deref(), Some("eu-west-1"));
    assert_eq!(config.endpoint_url.as_deref(), Some("http://[::1]:4599"));
    let shown: Vec<(&str, &str, &str)> = config
        .show()
        .filter(|(_, settled)| !settled.origin.starts_with("default"))
        .map(|(path, settled)| (path, settled.value.as_str(), settled.origin.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("endpoint_url", "\"http://[::1]:4599\"", "--endpoint-url"),
            ("region", "\"eu-west-1\"", "config.toml:2"),
            ("theme", "\"mono\"", "BEANPOLE_THEME"),
            ("utc", "false", "--utc"),
        ]
    );
}

/// What `config show` prints is a configuration again.
#[test]
fn what_is_shown_is_read_back() {
    let config = defaults().over(layer(&with_examples()));
    let lines: Vec<String> = config.show().map(|(path, settled)| format!("{path} = {}\n", settled.value)).collect();
    let again = Config::default().over(layer(&lines.concat()));
    let values = |config: &Config| -> Vec<(String, String)> {
        config.show().map(|(path, settled)| (path.to_owned(), settled.value.clone())).collect()
    };
    assert_eq!(values(&again), values(&config));
}

#[test]
fn the_environment_is_checked() {
    let error = from_environment(&[
        ("BEANPOLE_UTC", "maybe"),
        ("BEANPOLE_THEME", "drak"),
        ("BEANPOLE_ENDPOINT_URL", "localhost:4599"),
        ("BEANPOLE_PROFILE", ""),
    ]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "BEANPOLE_ENDPOINT_URL: expected a URL that begins with http:// or https://, not `localhost:4599`\n\
         BEANPOLE_UTC: expected true or false, not `maybe`\n\
         BEANPOLE_THEME: expected one of dark, light, mono, high-contrast, not `drak`, did you mean `dark`?"
    );
    let error = ConfigLayer::from_flags([("colour", "never".to_owned()), ("color", "nevr".to_owned())]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "--colour: no such setting\n--color: expected one of auto, always, never, not `nevr`, did you mean `never`?"
    );
}

#[test]
fn no_color_is_heeded_unless_something_says_more() {
    let color = |variables: &[(&str, &str)]| defaults().over(from_environment(variables).unwrap()).color;
    assert_eq!(color(&[("NO_COLOR", "1")]), ColourChoice::Never);
    assert_eq!(color(&[("NO_COLOR", "")]), ColourChoice::Auto);
    assert_eq!(color(&[("NO_COLOR", "1"), ("BEANPOLE_COLOR", "always")]), ColourChoice::Always);
    let file = with("color = 'always'");
    assert!(file.uses_colour(false));
    assert!(!file.over(from_environment(&[("NO_COLOR", "yes")]).unwrap()).uses_colour(true));
    assert!(defaults().uses_colour(true) && !defaults().uses_colour(false));
    assert_eq!(defaults().theme_for(false), defaults().theme_for(true).without_colour());
}

#[test]
fn patterns_protect_environments_and_a_flag_protects_all() {
    let config = with("read_only = ['*prod*', '!*nonprod*']\n[profiles.dev]\nread_only = false");
    let pattern =
        |config: &Config, profile, name: &str| config.read_only_in(profile).pattern_for(name).map(str::to_owned);
    assert_eq!(pattern(&config, None, "web-prod").as_deref(), Some("*prod*"));
    assert_eq!((pattern(&config, None, "web-nonprod"), pattern(&config, Some("dev"), "web-prod")), (None, None));
    let variable =
        |text: String| ConfigLayer::from_environment(|name| (name == "BEANPOLE_READ_ONLY").then(|| text.clone()));
    // A later layer that protects anything takes back the exemption of a profile.
    let later = config.clone().over(variable("*live*, *prd*".to_owned()).unwrap());
    assert_eq!(pattern(&later, Some("dev"), "shop-live").as_deref(), Some("*live*"));
    assert_eq!(pattern(&later, None, "shop-prd").as_deref(), Some("*prd*"));
    assert!(config.over(variable("true".to_owned()).unwrap()).read_only_in(Some("dev")).is_everything());
    // A mistake protects nothing and is none of the values: it is refused, and so is the whole command.
    for mistaken in ["ture", "prod", ",", "yes please"] {
        let error = variable(mistaken.to_owned()).unwrap_err().to_string();
        assert!(error.contains("expected true, false or a list of patterns"), "{error}");
    }
    insta::assert_snapshot!(mistakes("read_only = []\n"), @"config.toml:1:13: expected true, false or a list of patterns, not an empty one");
    insta::assert_snapshot!(mistakes("read_only = [true]\n"), @"config.toml:1:14: expected true, false or a list of patterns, not a list with true");
}

#[test]
fn a_profile_says_for_itself_whether_it_may_be_written() {
    let flag = |value: &str| ConfigLayer::from_flags([("read_only", value.to_owned())]).unwrap();
    let config = with("read_only = true\n[profiles.dev]\nread_only = false\n[profiles.'prod.admin']\nread_only = true");
    let read_only = |config: &Config| {
        [None, Some("dev"), Some("prod.admin"), Some("other")]
            .map(|profile| config.read_only_in(profile).is_everything())
    };
    assert_eq!(read_only(&config), [true, false, true, true]);
    assert_eq!(read_only(&config.clone().over(flag("true"))), [true, true, true, true]);
    assert_eq!(read_only(&config.over(flag("false"))), [false, false, true, false]);
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let text = "\
theem = 'dark'
utc = 'yes'
color = 'sometimes'
endpoint_url = 'example.com'
profile = ''

[fleet]
  colunms = ['name']
columns = ['environment', 'stiky', 7, 'p99', 'p99']
sort = 'helth'
read_only = true

[keys]
opne = 'o'
open = ['enter', 'entr']
edit = 5

[budget.elasticbeanstalk]
background = { rate = 0, burst = 0 }
attended = { rate = 1.5, burst = 2.5, brust = 3 }
[budget.ec3]
[budget.sts]
background = 1
[cadence]
environments = { visible = -5, background = 'slow' }
weather = { visible = 5 }
[style.badd]
[style.bad]
foreground = 'purple'
[profiles.prod]
readonly = true
";
    insta::assert_snapshot!(mistakes(text), @r#"
    config.toml:1:1: unknown key `theem`, did you mean `theme`?
    config.toml:2:7: expected true or false, not `yes`
    config.toml:3:9: expected one of auto, always, never, not `sometimes`
    config.toml:4:16: expected a URL that begins with http:// or https://, not `example.com`
    config.toml:5:11: expected a text, not an empty one
    config.toml:8:3: unknown key `colunms`, did you mean `columns`?
    config.toml:9:12: unknown column `environment`; known are health, name, version, status, alb, targets, sticky, drift, findings, alarms, tls, event, p99, requests, trend, 5xx
    config.toml:9:27: unknown column `stiky`, did you mean `sticky`?
    config.toml:9:36: expected a list of columns, not a list with 7
    config.toml:9:46: "p99" twice
    config.toml:10:8: unknown column `helth`, did you mean `health`?
    config.toml:11:1: unknown key `read_only`; it belongs at the top, before the first `[table]`
    config.toml:14:1: unknown action `opne`, did you mean `open`?
    config.toml:15:18: unknown key in chord `entr`, did you mean `enter`?
    config.toml:16:8: expected a key such as "ctrl-r", or a list of keys, not 5
    config.toml:19:23: expected a number from 0.01 to 50, not 0
    config.toml:19:34: expected a whole number from 1 to 1000, not 0
    config.toml:20:34: expected a whole number from 1 to 1000, not 2.5
    config.toml:20:39: unknown key `brust`, did you mean `burst`?
    config.toml:21:9: unknown service `ec3`, did you mean `ec2`?
    config.toml:23:14: expected a table with rate, burst, not 1
    config.toml:25:28: expected whole seconds from 1 to 86400, not -5
    config.toml:25:45: expected whole seconds from 1 to 86400, not `slow`
    config.toml:26:1: unknown kind of reading `weather`; known are environments, events, health, inventory, target_health, attributes, listeners, resources, instances, metrics, alarms, certificates, settings, tags
    config.toml:27:8: unknown role `badd`, did you mean `bad`?
    config.toml:29:14: unknown colour `purple`; write `default`, a name such as `red` or `bright-blue`, a number from 0 to 255, or `#rrggbb`
    config.toml:31:1: unknown key `readonly`, did you mean `read_only`?
    "#);
}

#[test]
fn broken_toml_is_reported_with_the_rest() {
    let text =
        "utc = tru\nascii = yes please\nmouse = true\nmouse = false\n[fleet\nsort = 'helth'\n[keys]\nopne = 'o'\n";
    insta::assert_snapshot!(mistakes(text), @r#"
    config.toml:1:7: invalid boolean, expected `true`
    config.toml:2:9: string values must be quoted, expected literal string
    config.toml:4:1: duplicate key
    config.toml:5:7: unclosed table, expected `]`
    config.toml:8:1: unknown action `opne`, did you mean `open`?
    "#);
}

#[test]
fn a_setting_in_the_wrong_table_is_reported_where_it_belongs() {
    assert_eq!(
        mistakes("[fleet]\ntheme = 'dark'\n"),
        "config.toml:2:1: unknown key `theme`; it belongs at the top, before the first `[table]`"
    );
    assert_eq!(
        mistakes("[keys]\nutc = true\n"),
        "config.toml:2:1: unknown action `utc`; it belongs at the top, before the first `[table]`"
    );
    let theme = Theme::parse("my.toml", "utc = true\n").unwrap_err().to_string();
    assert!(theme.starts_with("my.toml:1:1: unknown role `utc`; known are text, dim, "), "{theme}");
    assert_eq!(mistakes("columns = []\n"), "config.toml:1:1: unknown key `columns`; it belongs under `[fleet]`");
}

#[test]
fn columns_are_counted_in_characters() {
    assert_eq!(
        mistakes("keys.open = ['é', 'gg']\r\nfleet.columns = []\r\n"),
        "config.toml:1:19: unknown key in chord `gg`\nconfig.toml:2:17: expected a list of columns, not an empty one"
    );
}

proptest::proptest! {
    #[test]
    fn no_text_is_a_panic(text in "[a-z\\[\\]{}=.,'\"# \né0-9-]{0,60}") {
        let _ = parse("config.toml", &text, &KNOWN);
        let _ = Theme::parse("theme.toml", &text);
    }

    #[test]
    fn no_cut_or_mangled_default_is_a_panic(at in 0..DEFAULT_TEXT.len(), put in "[\\[\\]{}='\"\n,.]{0,2}") {
        let mut text = DEFAULT_TEXT.to_owned();
        text.insert_str(at, &put);
        let _ = parse("config.toml", &text, &KNOWN);
        let _ = parse("config.toml", &text[..at], &KNOWN);
    }
}

#[test]
fn findings_are_silenced_by_check_and_pattern_with_a_reason() {
    let config = with("[silence.drift]\n\"*-staging\" = \"tried out there\"\n\"shop.eu-*\" = \"known\"\n");
    let of = |name: &str| config.silence.of(name).into_iter().collect::<Vec<_>>();
    assert_eq!(of("web-STAGING"), [("drift", "tried out there")]);
    assert_eq!(of("shop.eu-1"), [("drift", "known")]);
    assert_eq!(of("web-prod"), []);
    let shown: Vec<_> = config.show().filter(|(path, _)| path.starts_with("silence")).collect();
    let paths: Vec<_> = shown.iter().map(|(path, settled)| format!("{path} = {}", settled.value)).collect();
    assert_eq!(paths, [r#"silence.drift."*-staging" = "tried out there""#, r#"silence.drift."shop.eu-*" = "known""#,]);
    for (text, words) in [
        ("[silence.drfit]\n\"*\" = \"x\"\n", "unknown check `drfit`, did you mean `drift`?"),
        ("[silence.drift]\n\"*\" = \"\"\n", "expected a text, not an empty one"),
        ("[silence.drift]\n\"*\" = true\n", "expected a text, not true"),
        ("[silence]\ndrift = \"x\"\n", "expected a table"),
    ] {
        assert!(mistakes(text).contains(words), "{text}: {}", mistakes(text));
    }
}
