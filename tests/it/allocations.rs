//! A frame allocates for what is visible, and nothing for the rows that are not.

use beanpole::ui::draw;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::support::Harness;

/// The most allocations of a preview: its tree, its sentence, its lines.
const MOST_OF_A_PREVIEW: u64 = 400;

/// Allocations of one frame of this scenario at 200 by 60, once everything on screen was read, with the preview of the
/// selected environment or without.
async fn allocations(scenario: &str, environments: usize, preview: bool) -> u64 {
    let mut harness = Harness::new(scenario).size(200, 60);
    harness.until(|app| app.state.fleet.total() == environments).await;
    harness.pass(20).await;
    if !preview {
        harness.press("<space>").await;
    }
    let area = Rect::new(0, 0, 200, 60);
    let mut buffer = Buffer::empty(area);
    let counted = allocation_counter::measure(|| {
        draw(&harness.app.state, &harness.look, &mut buffer);
    });
    counted.count_total
}

#[tokio::test(start_paused = true)]
async fn rows_that_are_not_visible_cost_no_allocation() {
    let (few, many) = (allocations("fleet-200", 200, false).await, allocations("fleet-1000", 1000, false).await);
    println!("{few} allocations with 200 environments, {many} with 1000");
    // Both show some fifty rows; the texts differ a little.
    assert!(many.abs_diff(few) < 50, "{few} with 200 environments, {many} with 1000");
    assert!(many < 11 * 55, "{many}");
}

#[tokio::test(start_paused = true)]
async fn a_preview_costs_what_its_lines_cost_however_many_environments_there_are() {
    let without = allocations("fleet-1000", 1000, false).await;
    let (few, many) = (allocations("fleet-200", 200, true).await, allocations("fleet-1000", 1000, true).await);
    println!("with the preview {few} allocations with 200 environments, {many} with 1000; {without} without it");
    assert!(many > without, "{many} with it, {without} without");
    assert!(many - without < MOST_OF_A_PREVIEW, "{many} with it, {without} without");
    assert!(many.abs_diff(few) < 100, "{few} with 200 environments, {many} with 1000");
}
