//! The words that every slice shares: ids, times, money, languages, markings, actors, errors.
//!
//! The kernel does no I/O and knows no clock of its own: clocks and randomness are handed to it.
//! A thing enters the kernel only when three slices use it, and it has a property test.

pub mod actor;
pub mod entropy;
pub mod error;
pub mod header;
pub mod id;
pub mod lang;
pub mod marking;
pub mod money;
pub mod secret;
pub mod text;
pub mod time;
pub mod words;

pub use actor::{Actor, Clerk, Role};
pub use entropy::Entropy;
pub use error::{Class, Coded};
pub use header::Header;
pub use id::{Id, Kind, ParseIdError};
pub use lang::{Lang, Localised};
pub use marking::{Marking, Pap, Tlp};
pub use money::{Asset, Money, MoneyError};
pub use secret::{Personal, Purpose, Secret};
pub use time::{OfficeClock, Timestamp, WallClock, When};
