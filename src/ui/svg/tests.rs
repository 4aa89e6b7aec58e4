//! Pictures of small screens, read back element by element.

use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::*;

fn screen(width: u16, text: &str, style: Style) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
    buffer.set_string(0, 0, text, style);
    buffer
}

/// The elements of this name, each from its attributes to its end.
fn elements<'a>(svg: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!("<{name} ");
    svg.lines().filter_map(|line| line.strip_prefix(opening.as_str())).collect()
}

fn drawn(width: u16, text: &str, style: Style) -> String {
    svg(&screen(width, text, style), Paper::Dark)
}

#[test]
fn text_of_one_look_is_one_element_as_long_as_its_cells() {
    let svg = drawn(20, "ab cd  e", Style::new());
    let fixed = "lengthAdjust=\"spacingAndGlyphs\" y=\"14\" fill=\"#d5d9e0\"";
    assert_eq!(
        elements(&svg, "text"),
        [
            format!("x=\"0\" textLength=\"45\" {fixed}>ab cd</text>"),
            format!("x=\"63\" textLength=\"9\" {fixed}>e</text>"),
        ]
    );
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"39\""), "{svg}");
}

#[test]
fn what_xml_would_read_as_its_own_is_escaped() {
    let svg = drawn(20, "a<b>&\"c\"", Style::new());
    assert!(svg.contains(">a&lt;b&gt;&amp;\"c\"</text>"), "{svg}");
    let mut buffer = screen(3, "x", Style::new());
    buffer[(1, 0)].set_symbol("\u{ffff}");
    buffer[(2, 0)].set_symbol("\u{1b}");
    let svg = super::svg(&buffer, Paper::Dark);
    assert!(!svg.contains(['\u{ffff}', '\u{1b}']) && svg.contains('\u{fffd}'), "{svg}");
}

#[test]
fn a_wide_character_has_two_cells_and_moves_nothing() {
    let svg = drawn(20, "日a", Style::new().bg(Color::Indexed(237)));
    let texts = elements(&svg, "text");
    assert!(texts[0].starts_with("x=\"9\" text-anchor=\"middle\"") && texts[0].ends_with(">日</text>"), "{svg}");
    assert!(texts[1].starts_with("x=\"18\" textLength=\"9\""), "{svg}");
    assert_eq!(elements(&svg, "rect")[1], "x=\"0\" y=\"0\" width=\"27\" height=\"19\" fill=\"#3a3a3a\"/>");
}

#[test]
fn colours_and_attributes_are_those_of_the_cell() {
    let style = Style::new().fg(Color::Indexed(203)).bold().italic().underlined();
    let svg = drawn(5, "x", style);
    let expected = "fill=\"#ff5f5f\" font-weight=\"bold\" font-style=\"italic\" text-decoration=\"underline\">x</text>";
    assert!(svg.contains(expected), "{svg}");
    assert!(drawn(5, "x", Style::new().fg(Color::LightRed)).contains("fill=\"#ff0000\""));
    assert!(drawn(5, "x", Style::new().fg(Color::Rgb(1, 2, 3))).contains("fill=\"#010203\""));
    // Reversed, the paper is the colour of the text; dim, the text comes near the paper.
    let reversed = drawn(5, "x", Style::new().reversed());
    assert!(
        reversed.contains("width=\"9\" height=\"19\" fill=\"#d5d9e0\"") && reversed.contains("fill=\"#16191f\">x<")
    );
    assert!(drawn(5, "x", Style::new().fg(Color::Rgb(255, 255, 255)).dim()).contains("fill=\"#a1a3a5\">x<"));
}

#[test]
fn the_paper_is_light_for_a_light_theme() {
    let svg = svg(&screen(5, "x", Style::new()), Paper::Light);
    assert!(svg.contains("rx=\"8\" fill=\"#ffffff\"") && svg.contains("fill=\"#24292f\">x<"), "{svg}");
}

#[test]
fn frames_bars_and_dots_are_shapes_that_fill_their_cells() {
    let path = |text: &str| elements(&drawn(9, text, Style::new()), "path").join("\n");
    assert!(path("──").ends_with("d=\"M0 9h9v1h-9zM9 9h9v1h-9z\"/>"), "{}", path("──"));
    assert!(path("┌").ends_with("d=\"M4 9h5v1h-5zM4 9h1v10h-1z\"/>"), "{}", path("┌"));
    assert!(path("█").ends_with("d=\"M0 0h9v19h-9z\"/>"), "{}", path("█"));
    assert!(path("▄").ends_with("d=\"M0 9.5h9v9.5h-9z\"/>"), "{}", path("▄"));
    assert!(path("▌").ends_with("d=\"M0 0h4.5v19h-4.5z\"/>"), "{}", path("▌"));
    // The first dot, and the last one of the right column.
    assert!(path("\u{2881}").ends_with("d=\"M1.25 1.5h2v2h-2zM5.75 15.75h2v2h-2z\"/>"), "{}", path("\u{2881}"));
    assert!(!drawn(9, "─", Style::new()).contains("<text"));
}
