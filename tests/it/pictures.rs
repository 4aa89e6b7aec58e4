//! Pictures of screens: `demo --screenshot` draws them, and those in `assets/screens` are current.
//!
//! When a screen changes, `UPDATE_SCREENS=1 cargo test --test it pictures` draws them again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use crate::commands::run::beanpole;

/// Each picture's name, and what it is drawn with.
pub const PICTURES: &[(&str, &[&str])] = &[
    ("fleet", &["--size", "120x20"]),
    ("metrics", &["--keys", "jj<enter>m", "--size", "120x40"]),
    ("stickiness", &["--keys", "j<enter>3t", "--size", "120x40"]),
    ("deploy", &["--scenario", "bad-deploy", "--keys", "/checkout-web<enter>d", "--after", "6m", "--size", "120x40"]),
];

fn screens() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screens")
}

/// Runs `demo` with these arguments, without a terminal, in this folder.
fn demo(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = beanpole();
    command.current_dir(folder).env("HOME", folder).args(["demo", "--utc"]).args(arguments);
    command.stdin(Stdio::null()).output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The picture that these arguments draw.
fn drawn(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = demo(folder.path(), &[&["--screenshot", "screen.svg"], arguments].concat());
    assert!(output.status.success() && output.stdout.is_empty(), "{arguments:?}: {}", words(&output));
    fs::read_to_string(folder.path().join("screen.svg")).unwrap()
}

#[test]
fn the_pictures_are_current() {
    let wants_new = std::env::var_os("UPDATE_SCREENS").is_some_and(|value| !value.is_empty());
    for (name, arguments) in PICTURES {
        let (path, drawn) = (screens().join(name).with_extension("svg"), drawn(arguments));
        if wants_new {
            fs::write(&path, &drawn).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        let how = "UPDATE_SCREENS=1 cargo test --test it pictures";
        assert!(kept == drawn, "assets/screens/{name}.svg is not what is on the screen now: {how}");
    }
}

#[test]
fn no_picture_is_kept_that_is_not_drawn() {
    for file in fs::read_dir(screens()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let is_drawn = PICTURES.iter().any(|(picture, _)| format!("{picture}.svg") == name);
        assert!(is_drawn, "assets/screens/{name} is drawn by no test");
    }
}

/// The texts of a picture from left to right in each row, as if they were read.
fn text(svg: &str) -> String {
    let texts = svg.lines().filter(|line| line.starts_with("<text "));
    texts.filter_map(|line| line.split_once('>')?.1.strip_suffix("</text>")).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_keys_are_typed_before_the_screen_is_drawn() {
    assert!(text(&drawn(&[])).contains("shop-admin-prod"));
    let filtered = text(&drawn(&["--keys", "/billing"]));
    assert!(filtered.contains("billing-web-prod") && !filtered.contains("shop-staging"), "{filtered}");
    // What a key opens is read before the next one, here the settings that stickiness is switched by.
    let confirmation = text(&drawn(&["--keys", "j<enter>t"]));
    assert!(confirmation.contains("stickiness.enabled") && confirmation.contains("Cancel"), "{confirmation}");
}

#[test]
fn time_passes_after_the_last_key() {
    let at = |after: &str| text(&drawn(&["--after", after]));
    let (early, late) = (at("0"), at("2m"));
    assert!(early.contains("14:03:28 Z") && late.contains("14:05:28 Z"), "{early}\n{late}");
}

#[test]
fn the_size_is_that_of_the_screen() {
    let svg = drawn(&["--size", "80x24"]);
    assert!(svg.contains("viewBox=\"0 0 740 476\""), "{}", &svg[..200]);
    assert!(text(&drawn(&["--size", "20x5"])).contains("beanpole needs 60 by"));
}

#[test]
fn themes_and_ascii_are_those_of_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("own.toml"), "theme = \"light\"\nascii = true\n").unwrap();
    let output = demo(folder.path(), &["--config", "own.toml", "--screenshot", "screen.svg"]);
    assert!(output.status.success(), "{}", words(&output));
    let svg = fs::read_to_string(folder.path().join("screen.svg")).unwrap();
    assert!(svg.is_ascii() && svg.contains("rx=\"8\" fill=\"#ffffff\""), "{svg}");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, sentence) in [
        (&["--screenshot", "a.svg", "--size", "120"][..], "write it as 120x40: columns and rows, each from 1 to 500"),
        (&["--screenshot", "a.svg", "--size", "0x40"], "write it as 120x40"),
        (&["--screenshot", "a.svg", "--keys", "j<entr>"], "unknown key in chord `entr`, did you mean `enter`?"),
        (&["--screenshot", "a.svg", "--after", "soon"], "soon"),
        (&["--screenshot", "a.svg", "--keys", "q"], "the keys quit the dashboard"),
        (&["--screenshot", "none/a.svg"], "the picture none/a.svg cannot be written: "),
        (&["--screenshot", "."], "the picture . cannot be written: it is not a regular file"),
        (&["--keys", "j"], "--screenshot <FILE>"),
        (&["--size", "80x24"], "--screenshot <FILE>"),
        (&["--screenshot", "a.svg", "--scenario", "shpo"], "shop"),
    ] {
        let output = demo(folder.path(), arguments);
        let reported = words(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {reported}");
        assert!(reported.contains(sentence), "{arguments:?}: {reported}");
    }
    assert!(!folder.path().join("a.svg").exists());
}

/// A simulated region is not the user's: what is changed in it is not in the log of changes.
#[test]
fn a_change_in_a_picture_is_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let output = demo(
        folder.path(),
        &["--screenshot", "a.svg", "--keys", "/staging<enter>:restart<enter><tab><enter>", "--after", "1m"],
    );
    assert!(output.status.success(), "{}", words(&output));
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["a.svg"]);
}
