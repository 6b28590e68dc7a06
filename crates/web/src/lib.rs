//! Pages: everything between a slice's facts and the reader's screen.
#![doc = include_str!("../README.md")]

mod assets;
mod brought;
pub mod catalogue;
mod clock;
mod country;
mod ctx;
pub mod day;
pub mod format;
mod kit;
mod live;
mod markup;
mod negotiate;
mod numbers;
mod page;
pub mod parts;
mod prefs;
mod problem;
mod security;
mod shell;
mod site;
mod texts;
mod typed;
mod words;

pub use brought::{Brought, NotBrought};
pub use catalogue::{Fault, check_catalogues, keys_in, pseudo};
pub use clock::{ClockState, Phase};
pub use country::in_country;
pub use ctx::{Ctx, Density, Theme, Viewer};
pub use format::{Formats, grouped, phone};
pub use kernel::Lang;
pub use live::{Changes, changes};
pub use markup::{Markup, escape};
pub use negotiate::local_path;
pub use page::{Page, SeeOther, render};
pub use parts::errors::{ErrorSummary, FieldError};
pub use parts::field::{Choice, Field};
pub use parts::list::{BulkAct, BulkBar, Chip, FilterBar, Sort, encode};
pub use parts::notice::{Callout, Empty, Status, Tone};
pub use parts::timeline::{Entry, Timeline};
pub use parts::toast::Toast;
pub use parts::when::{WhenAnswer, WhenField};
pub use problem::Problem;
pub use shell::{wrap, wrap_busy};
pub use site::{NavItem, Site, SiteConfig, SiteError};
pub use texts::{Arg, Locale, Texts, TextsError};
pub use typed::without_unseen;

/// The words that all pages share. Every [`Texts::load`] begins with them.
pub const LOCALES: [Locale; 3] = locales!("web");
