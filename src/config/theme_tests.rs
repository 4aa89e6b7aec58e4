//! What holds for the themes that come with the program.

use super::*;
use crate::config::Colour;

fn all(theme: &Theme) -> Vec<(Role, Style)> {
    Role::ALL.iter().map(|role| (*role, theme.style(*role))).collect()
}

fn named(name: &str) -> Theme {
    Theme::named(name).unwrap()
}

/// The contrast of two colours as WCAG 2 reckons it, from 1 to 21.
fn contrast(one: (u8, u8, u8), other: (u8, u8, u8)) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |(red, green, blue)| 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

fn assert_contrast(name: &str, text: (u8, u8, u8), screen: (u8, u8, u8), least: f64) {
    let selected = named(name).style(Role::Selected);
    for (role, style) in all(&named(name)) {
        let foreground = style.foreground.and_then(Colour::rgb).unwrap_or(text);
        let background = style.background.and_then(Colour::rgb).unwrap_or(screen);
        let (foreground, background) = if style.reverse { (background, foreground) } else { (foreground, background) };
        let wanted = if role == Role::Border { 1.5 } else { least };
        let found = contrast(foreground, background);
        assert!(found >= wanted, "{name}: {role:?} {found:.1}");
        if let (Some(row), None) = (selected.background.and_then(Colour::rgb), style.background) {
            let found = contrast(foreground, row);
            assert!(role == Role::Border || found >= 3.0, "{name}: {role:?} on the selected row {found:.1}");
        }
    }
}

#[test]
fn every_theme_is_read_without_a_mistake_and_names_every_role() {
    for (name, text) in THEME_NAMES.iter().zip(THEMES) {
        assert_eq!(Theme::parse(name, text).map(|theme| theme == named(name)), Ok(true));
        for role in Role::NAMES {
            assert!(text.contains(&format!("\n[{role}]")), "{name}: {role}");
        }
    }
    assert_eq!(Theme::named("solarized"), None);
}

#[test]
fn the_roles_of_a_coloured_theme_differ() {
    for name in ["dark", "light", "high-contrast"] {
        let styles = all(&named(name));
        for (index, (role, style)) in styles.iter().enumerate() {
            for (other, same) in &styles[..index] {
                assert_ne!(style, same, "{name}: {role:?} and {other:?}");
            }
        }
    }
}

#[test]
fn healthy_things_are_plain() {
    for name in THEME_NAMES {
        assert_eq!(named(name).style(Role::Text), Style::default(), "{name}");
    }
}

#[test]
fn mono_has_no_colour() {
    let mono = named("mono");
    assert_eq!(mono.clone().without_colour(), mono);
}

#[test]
fn selection_and_chips_are_seen_without_colour() {
    for name in THEME_NAMES {
        let theme = named(name).without_colour();
        for role in [Role::Selected, Role::Chip, Role::ChipDanger] {
            assert!(theme.style(role).reverse, "{name}: {role:?}");
        }
        for (role, style) in all(&theme) {
            assert_eq!((style.foreground, style.background), (None, None), "{name}: {role:?}");
        }
    }
}

#[test]
fn bad_differs_from_text_without_colour() {
    for name in THEME_NAMES {
        let theme = named(name).without_colour();
        assert_ne!(theme.style(Role::Bad), theme.style(Role::Text), "{name}");
    }
}

#[test]
fn everything_can_be_read() {
    assert_contrast("dark", (229, 229, 229), (0, 0, 0), 4.5);
    assert_contrast("dark", (229, 229, 229), (30, 30, 30), 4.5);
    assert_contrast("light", (0, 0, 0), (255, 255, 255), 4.5);
    assert_contrast("high-contrast", (255, 255, 255), (0, 0, 0), 7.0);
}

#[test]
fn a_change_is_laid_over_key_by_key() {
    let change = StyleChange { bold: Some(false), background: Some(Colour::Index(1)), ..StyleChange::default() };
    let before = named("dark").style(Role::Bad);
    let theme = named("dark").with(&BTreeMap::from([("bad".to_owned(), change)]));
    assert_eq!(theme.style(Role::Bad), Style { bold: false, background: Some(Colour::Index(1)), ..before });
    assert_eq!(theme.style(Role::Warning), named("dark").style(Role::Warning));
}

#[test]
fn a_theme_reports_all_its_mistakes() {
    let text = "[bad]\nforeground = \"rad\"\nblink = true\n[badd]\nbold = 1\n";
    let message = Theme::parse("my.toml", text).unwrap_err().to_string();
    assert_eq!(
        message,
        "my.toml:2:14: unknown colour `rad`, did you mean `red`?\n\
         my.toml:3:1: unknown key `blink`; known are foreground, background, bold, dim, italic, underline, reverse\n\
         my.toml:4:2: unknown role `badd`, did you mean `bad`?"
    );
}
