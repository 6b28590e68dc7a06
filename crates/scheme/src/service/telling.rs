//! What schemes do by themselves, for their history: two grow together, one comes apart, what it is known by changes. Written in the
//! transaction that does it, and only where it does something: to hear, sort or count the same again writes nothing.
//!
//! Reports that not everybody of the office may see are counted nowhere in it.

use std::collections::BTreeMap;

use app::App;
use audit::{Act, RecordView};
use db::{DbError, Tx};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ear::part;
use crate::model::{KindBy, Scheme, SchemeId};
use crate::store::{self, crowd, member, thing};

/// Another scheme became part of this one.
const TOOK_IN: &str = "scheme.took_in";
/// This one became part of another.
const WENT_INTO: &str = "scheme.went_into";
/// Reports left it.
const CAME_APART: &str = "scheme.came_apart";
/// Reports came from another one.
const CAME_FROM: &str = "scheme.came_from";
/// It is known by another kind.
const OTHER_KIND: &str = "scheme.other_kind";

/// How many reports went from one scheme to another, or to none.
pub(super) type Moves = BTreeMap<(SchemeId, Option<SchemeId>), i64>;

fn tell(
    tx: &mut Tx<'_>,
    app: &App,
    (act, about): (&'static str, SchemeId),
    facts: Value,
) -> Result<(), DbError> {
    app.record(tx, &part(), &Act { facts, ..Act::about(act, "scheme", about.uuid()) })
}

/// Two schemes, as they were before, became one: by a thing that both name, or by stories that are so much alike.
pub(super) fn grown_together(
    tx: &mut Tx<'_>,
    app: &App,
    (whole, part): (&Scheme, &Scheme),
    (thing, alike): (Option<Uuid>, Option<usize>),
) -> Result<(), DbError> {
    let facts = |other: &Scheme| json!({"other": other.id.to_string(), "reports": other.reports, "thing": thing, "alike": alike});
    tell(tx, app, (TOOK_IN, whole.id), facts(part))?;
    tell(tx, app, (WENT_INTO, part.id), facts(whole))
}

/// A scheme is known by another kind than before, or by none any more.
pub(super) fn other_kind(
    tx: &mut Tx<'_>,
    app: &App,
    before: &Scheme,
    (kind, by): (&str, KindBy),
) -> Result<(), DbError> {
    let told = member::telling(tx, before.id, kind)?;
    let facts =
        json!({"from": before.kind, "to": kind, "by": by.as_str(), "told": told, "of": before.reports});
    tell(tx, app, (OTHER_KIND, before.id), facts)
}

/// Reports went from one scheme to another, or to none, because nothing holds them together any more.
pub(super) fn came_apart(tx: &mut Tx<'_>, app: &App, moves: &Moves) -> Result<(), DbError> {
    for ((from, to), reports) in moves {
        let other = to.map(|to| to.to_string());
        tell(tx, app, (CAME_APART, *from), json!({"other": other, "reports": reports}))?;
        if let Some(to) = to {
            tell(tx, app, (CAME_FROM, *to), json!({"other": from.to_string(), "reports": reports}))?;
        }
    }
    Ok(())
}

/// What a scheme did by itself, as somebody of an office may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// The scheme of this number became part of it.
    TookIn {
        /// Its number.
        number: String,
        /// By what.
        tie: Tie,
    },
    /// It became part of the scheme of this number.
    WentInto {
        /// Its number.
        number: String,
        /// By what.
        tie: Tie,
    },
    /// So many reports left for the scheme of this number, or for none.
    CameApart {
        /// How many.
        reports: i64,
        /// Where to.
        number: Option<String>,
    },
    /// So many reports came from the scheme of this number.
    CameFrom {
        /// How many.
        reports: i64,
        /// Where from.
        number: String,
    },
    /// It is known by another kind.
    OtherKind {
        /// Code of the kind before.
        from: String,
        /// Code of the kind since; empty for none.
        to: String,
        /// So many of its reports told of it then.
        told: i64,
        /// Of so many.
        of: i64,
    },
}

/// By what two schemes became one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tie {
    /// A thing that both name: its kind, and what may be shown of it.
    Thing(crate::model::Thing),
    /// Stories that are so much alike, per cent.
    Told(i64),
    /// Something that the reader may not see, or that nobody names any more.
    Other,
}

/// Reads what a scheme did by itself; `None` for what people did, and for what the office may not see.
pub(super) fn read(
    tx: &mut Tx<'_>,
    office: &access::Office,
    record: &RecordView,
) -> Result<Option<Deed>, DbError> {
    let facts = &record.facts;
    let text = |name: &str| facts.get(name).and_then(Value::as_str).unwrap_or_default();
    let count = |name: &str| facts.get(name).and_then(Value::as_i64).unwrap_or(0);
    let act = record.record.act.as_str();
    if act == OTHER_KIND {
        let (from, to) = (text("from").to_owned(), text("to").to_owned());
        return Ok(Some(Deed::OtherKind { from, to, told: count("told"), of: count("of") }));
    }
    let other = match text("other").parse::<SchemeId>() {
        Ok(id) => store::find(tx, id)?.map(|s| s.number()),
        Err(_) => None,
    };
    // Of schemes whose reports not everybody of the office may see nothing is told.
    if !matches!(act, TOOK_IN | WENT_INTO | CAME_APART | CAME_FROM) || count("reports") == 0 {
        return Ok(None);
    }
    let mut tie = Tie::Other;
    if let Some(alike) = facts.get("alike").and_then(Value::as_i64) {
        tie = Tie::Told(alike);
    }
    if let Ok(id) = Uuid::parse_str(text("thing"))
        && let Some(named) = thing::find(tx, id)?
        && crowd::few(tx, office, id, 1)? > 0
    {
        tie = Tie::Thing(named);
    }
    let reports = count("reports");
    Ok(match (act, other) {
        (CAME_APART, number) => Some(Deed::CameApart { reports, number }),
        (TOOK_IN, Some(number)) => Some(Deed::TookIn { number, tie }),
        (WENT_INTO, Some(number)) => Some(Deed::WentInto { number, tie }),
        (CAME_FROM, Some(number)) => Some(Deed::CameFrom { reports, number }),
        _ => None,
    })
}
