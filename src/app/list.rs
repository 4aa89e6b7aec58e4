//! The position in a list or a text: the selected row, the first one on screen, the length and the height. All lists keep
//! themselves in sight here and nowhere else.

/// A list with a selection, or a text that is only scrolled, whose selection is then its first row on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListState {
    selected: usize,
    scroll: usize,
    height: usize,
    length: usize,
}

impl Default for ListState {
    /// Returns an empty list; its height is unknown until the first drawing.
    fn default() -> Self {
        Self { selected: 0, scroll: 0, height: 10, length: 0 }
    }
}

impl ListState {
    /// A list of so many rows, the first one selected.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { length, ..Self::default() }
    }

    /// The selected row's place; 0 in an empty list.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The first row on screen.
    #[must_use]
    pub fn scroll(&self) -> usize {
        self.scroll
    }

    /// Returns how many rows a page has, at least 1.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height.max(1)
    }

    /// Returns how many rows there are.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Selects the row at this place, or the last one.
    pub fn select(&mut self, at: usize) {
        self.selected = at;
        self.keep_in_sight();
    }

    /// Selects the row at this place, and shows it in this row of the screen.
    pub fn pin(&mut self, at: usize, row: usize) {
        self.scroll = at.saturating_sub(row);
        self.select(at);
    }

    /// Moves the selection by so many rows.
    pub fn move_by(&mut self, rows: isize) {
        self.select(self.selected.saturating_add_signed(rows));
    }

    /// Moves what is on screen by so many rows: for a text, in which nothing is selected.
    pub fn scroll_by(&mut self, rows: isize) {
        self.scroll_to(self.scroll.saturating_add_signed(rows));
    }

    /// Shows a text from this row on, or its last page.
    pub fn scroll_to(&mut self, row: usize) {
        self.scroll = row.min(self.lowest());
        self.selected = self.scroll;
    }

    /// The first row on screen when the last one is at the bottom.
    #[must_use]
    pub fn lowest(&self) -> usize {
        self.length.saturating_sub(self.height())
    }

    /// Returns whether a row is on screen.
    #[must_use]
    pub fn shows(&self, row: usize) -> bool {
        (self.scroll..self.scroll + self.height()).contains(&row)
    }

    /// There are so many rows now.
    pub fn resize(&mut self, length: usize) {
        self.length = length;
        self.keep_in_sight();
    }

    /// Sets how many rows fit.
    pub fn fit(&mut self, height: usize) {
        self.height = height;
        self.keep_in_sight();
    }

    /// Scrolls such that the selection is on screen and the screen is as full as it can be.
    fn keep_in_sight(&mut self) {
        let height = self.height();
        self.selected = self.selected.min(self.length.saturating_sub(1));
        self.scroll = self.scroll.clamp((self.selected + 1).saturating_sub(height), self.selected).min(self.lowest());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(length: usize, height: usize) -> ListState {
        let mut list = ListState::new(length);
        list.fit(height);
        list
    }

    #[test]
    fn the_selection_is_a_row_that_is_on_screen_and_no_row_is_left_empty() {
        for length in 0..12 {
            for height in 0..8 {
                let mut list = list(length, height);
                for rows in [1, 3, -2, isize::MAX / 2, -1, isize::MIN / 2, 5] {
                    list.move_by(rows);
                    let (selected, scroll) = (list.selected(), list.scroll());
                    assert!(selected < length.max(1) && list.shows(selected), "{list:?}");
                    assert!(scroll + list.height() <= length || scroll == 0, "{list:?}");
                }
            }
        }
    }

    #[test]
    fn fewer_rows_or_less_room_keep_the_selection_in_sight() {
        let mut list = list(100, 20);
        list.select(50);
        list.fit(5);
        assert!(list.shows(50));
        list.resize(30);
        assert_eq!((list.selected(), list.scroll()), (29, 25));
        list.resize(0);
        assert_eq!((list.selected(), list.scroll()), (0, 0));
    }

    #[test]
    fn a_text_is_scrolled_to_its_last_page_and_no_further() {
        let mut list = list(30, 10);
        list.scroll_by(100);
        assert_eq!(list.scroll(), 20);
        list.scroll_by(-1);
        assert_eq!(list.scroll(), 19);
        list.fit(50);
        assert_eq!(list.scroll(), 0);
    }
}
