//! What is in an exhibit, without opening it for anybody.
//!
//! Files that come as evidence are hostile. They are read by a process of its own ([`child`]) that limits itself before it reads a byte:
//! memory, processor time, no files, no processes, no network ([`limits`]). It gets bytes on standard input and answers lines of JSON on
//! standard output ([`Answer`]); whatever happens in it happens there alone. [`reading`] starts it, feeds it, waits so long and no longer,
//! and says how it ended.
//!
//! What it answers is text to be shown as text: signs that steer terminals, pages or the direction of writing are made visible
//! ([`text::shown`]), everything is cut to a length, nothing in it is ever a link or a picture.
//!
//! `answer <- {kind, text, image, archive, office, pdf, mail, database} <- look <- child <- reading`

pub mod answer;
mod archive;
pub mod child;
mod database;
mod exif;
mod image;
pub mod kind;
pub mod limits;
mod look;
mod mail;
mod office;
mod pdf;
pub mod reading;
pub mod seen;
pub mod text;
mod words;

pub use answer::{Answer, FACT_NAMES, Fact, Part, Preview, Sign, Warning};
pub use kind::{Kind, disguised};
pub use limits::Held;
pub use look::look;
pub use reading::{Ended, Feed, Reader, Reading, Rows};
pub use seen::{Seen, wanted};

/// Version of the looking, to be raised whenever more or something else is told: what an older one has looked at is worth another look.
pub const VERSION: i64 = 2;
