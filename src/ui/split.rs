//! An area split in two, for the layout of a screen.

use ratatui::layout::Rect;

/// The first `height` rows, and the rest.
pub(super) fn split_top(area: Rect, height: u16) -> [Rect; 2] {
    let height = height.min(area.height);
    [Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area }]
}

/// All but the last `height` rows, and those.
pub(super) fn split_bottom(area: Rect, height: u16) -> [Rect; 2] {
    split_top(area, area.height.saturating_sub(height))
}
