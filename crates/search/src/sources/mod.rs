//! The kinds that are searched from the beginning. Slices above this one bring their own in their own folder.

mod order;
mod partner;
mod person;
mod report;
mod scheme;
mod thing;

use std::sync::Arc;

use db::{DbError, Tx};

use crate::model::{About, Part};
use crate::source::Source;

/// All of them, in the order in which they are offered.
#[must_use]
pub fn own() -> Vec<Arc<dyn Source>> {
    vec![
        Arc::new(report::Reports),
        Arc::new(thing::Things),
        Arc::new(order::Orders),
        Arc::new(scheme::Schemes),
        Arc::new(person::Persons),
        Arc::new(partner::Partners),
    ]
}

/// The names of an institution, and its code.
fn institution(tx: &mut Tx<'_>, code: &str) -> Result<Vec<Part>, DbError> {
    let mut parts = vec![Part::Name(code.to_owned())];
    if let Some(found) = ::partner::store::by_code(tx, code)? {
        parts.extend(found.names.langs().map(|lang| Part::Name(found.names.get(lang).to_owned())));
    }
    Ok(parts)
}

/// An institution as it is shown.
fn called(tx: &mut Tx<'_>, code: &str) -> Result<About, DbError> {
    let found = ::partner::store::by_code(tx, code)?;
    Ok(found.map_or_else(|| About::Open(code.to_owned()), |p| About::Name(p.names)))
}

/// As who things are read that the index is made of.
fn part() -> kernel::Actor {
    kernel::Actor::system("search")
}
