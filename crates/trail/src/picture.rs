//! The trail as a picture for wide screens and as a nested list for narrow ones.
//!
//! The picture is drawn here, on the server: left to right by hop, as wide as the sum, each end with a shape of
//! its own, so that it can be read without colours; what is unknown is dashed. Boxes are made to fit their
//! texts, so no text is cut. Colours come from CSS classes alone (`trail-held`, `trail-told`, …): the content
//! security policy admits no inline style. All texts come from the caller, in the reader's language.

mod draw;
mod layout;
mod steps;
mod text;

use kernel::Money;

pub use draw::svg;
pub use steps::{Step, steps};

use crate::model::{Edge, End, Node};

/// A text that the picture asks its caller for. A line feed in the answer begins a new line.
#[derive(Debug, Clone, Copy)]
pub enum Text<'a> {
    /// Name of the picture, for those who cannot see it and as a tooltip.
    Title,
    /// What it shows, in a sentence.
    Summary,
    /// An account: institution and masked number. Long ones are wrapped between words.
    Account(&'a Node),
    /// A sum that came to an account.
    Amount(Money),
    /// A movement: its sum and time.
    Movement(&'a Edge),
    /// An end: what became of a sum, with the sum.
    End(&'a End),
}
