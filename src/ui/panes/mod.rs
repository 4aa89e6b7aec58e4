//! What several screens have: the header with the title of the screen, the footer, the messages below, the frame of a dialog.

pub mod arrivals;
mod badges;
mod banner;
mod field;
mod footer;
mod frame;
mod header;
pub mod message;
mod pieces;
pub mod severity;
mod title;

pub use field::draw_field;
pub use footer::footer;
pub use frame::{area_of, dialog, select};
pub use header::header;
pub use pieces::{TextPiece, wide};
pub use title::{TitlePlace, attention, less_and_less, title};
