//! Exhibits: what is taken in as evidence, and the chain of its custody from then on.
//!
//! An exhibit is a file or a thing. Of a file the hashes are taken before anything else looks at it; the bytes lie sealed in a folder
//! ([`shelf`]), are never changed, and the same bytes lie there once. Whatever happens to an exhibit is an event with a number, without
//! gaps, and each event is an act in the record. Copies that are made from it name it, the tool and its version.
//!
//! [`package`] is what a court is handed: originals, the record's entries about them with proofs, and an index. Whether it is whole and
//! unchanged is checked without a server, by this program or by the script that lies beside it.
//!
//! `model <- {rules, store, shelf, package} <- service <- {web, jobs}`. [`rules`] and [`package`] are pure.
//!
//! **Architecture invariant.** The record names an exhibit by a seal: a hash over its hashes and a random salt, so that it proves what was
//! taken in to whoever is shown both, and tells nothing to anybody else.
//! **Architecture invariant.** No event of an exhibit is left out unseen: they are counted, and a package names the last.

mod error;
pub mod jobs;
pub mod model;
pub mod package;
pub mod rules;
pub mod service;
pub mod shelf;
pub mod store;
pub mod web;

pub use error::EvidenceError;
pub use model::{Exhibit, ExhibitId};
pub use shelf::Shelf;

/// Something happened to an exhibit. Subject: the exhibit. Body: `{"event": WORD}`.
pub const HAPPENED: &str = "evidence.happened.v1";

/// Tables and statements of this slice.
pub const SLICE: db::Slice =
    db::Slice { name: "evidence", migrations: store::MIGRATIONS, statements: store::STATEMENTS };

/// Texts of this slice.
pub const LOCALES: [::web::Locale; 6] = {
    let [kk, ru, en] = ::web::locales!("evidence");
    let [kk_looks, ru_looks, en_looks] = looks::LOCALES;
    [kk, ru, en, kk_looks, ru_looks, en_looks]
};

/// What the limited reader says, in words: catalogues of their own, since they are as many as all the others.
mod looks {
    use std::borrow::Cow;

    use ::web::{Lang, Locale};

    const SLICE: &str = "evidence_looks";

    pub(super) const LOCALES: [Locale; 3] = [
        Locale {
            slice: SLICE,
            lang: Lang::KK,
            source: Cow::Borrowed(include_str!("../locales/looks/kk.ftl")),
        },
        Locale {
            slice: SLICE,
            lang: Lang::RU,
            source: Cow::Borrowed(include_str!("../locales/looks/ru.ftl")),
        },
        Locale {
            slice: SLICE,
            lang: Lang::EN,
            source: Cow::Borrowed(include_str!("../locales/looks/en.ftl")),
        },
    ];
}
