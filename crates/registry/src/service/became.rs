//! What institutions say became of payments about which they had asked: the money that stayed where it was, and the honest
//! payments that were stopped by mistake.

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Money, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::asking::Seen;
use super::checking::{MOST_ITEMS, Question, live_partner, seen};
use super::hearing::entry_id;
use super::leads::leads;
use crate::error::RegistryError;
use crate::model::{Class, EntryId, Outcome};
use crate::{rules, store};

/// Longest key of a payment, and word for a payer, in characters.
const LONGEST_KEY: usize = 64;
/// The largest amount that is taken, in smallest units: ninety million of them still add up.
const MOST_MINOR: i64 = 100_000_000_000;
/// How far back something may have become of a payment, and how far clocks may differ (seconds).
const OLDEST_SECS: i64 = 30 * 86_400;
const CLOCKS_DIFFER_SECS: i64 = 300;

/// What became of one payment, as its institution tells it.
#[derive(Debug, Clone)]
pub struct Became {
    /// The institution's own key of the payment: told again, it takes the place of what was told before.
    pub payment: String,
    /// Whatever stands for the payer at the institution, so that several attempts of one person count once. Kept as a keyed
    /// hash.
    pub payer: String,
    /// What the payment was to go to, as it was asked about.
    pub to: Question,
    /// How much.
    pub amount: Money,
    /// What became of it.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
}

/// Whether what became of one payment was taken, or why not.
pub type Taken = Result<(), RegistryError>;

/// Takes what became of payments. Only what follows an answer counts: of a thing about which the institution was told nothing,
/// nothing was prevented by the answer.
///
/// # Errors
/// Forbidden; nothing, or more than [`MOST_ITEMS`].
pub async fn became(app: &App, actor: &Actor, all: Vec<Became>) -> Result<Vec<Taken>, RegistryError> {
    access::require(actor, Action::CheckIdentifier, &Resource::any(Thing::Identifier))?;
    if all.is_empty() || all.len() > MOST_ITEMS {
        return Err(RegistryError::Items);
    }
    let now = app.office.now();
    let read: Vec<Result<Seen, RegistryError>> =
        all.iter().map(|b| check(b, now).and_then(|()| seen(app, &b.to))).collect();
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let partners = partner::store::all(tx)?;
            let subject = live_partner(&actor, &partners)?;
            let mut taken = Vec::with_capacity(read.len());
            for (became, seen) in all.iter().zip(&read) {
                taken.push(match seen {
                    Ok(seen) => one(tx, &me, &actor, became, seen)?,
                    Err(e) => Err(e.again()),
                });
            }
            let count = |outcome: Outcome| {
                all.iter().zip(&taken).filter(|(b, t)| b.outcome == outcome && t.is_ok()).count()
            };
            let by_outcome: serde_json::Map<String, serde_json::Value> =
                Outcome::ALL.iter().map(|o| (o.as_str().to_owned(), json!(count(*o)))).collect();
            let refused = taken.iter().filter(|t| t.is_err()).count();
            let facts = json!({"outcomes": by_outcome, "refused": refused});
            me.record(tx, &actor, &Act { facts, ..Act::about("registry.outcomes", "partner", subject) })?;
            Ok(taken)
        })
        .await
}

/// Whether something can have become of a payment as it is told.
fn check(b: &Became, now: Timestamp) -> Result<(), RegistryError> {
    let key = |text: &str| {
        let chars = text.chars().count();
        (1..=LONGEST_KEY).contains(&chars) && !text.chars().any(char::is_control)
    };
    let (oldest, latest) = (now.plus_secs(-OLDEST_SECS), now.plus_secs(CLOCKS_DIFFER_SECS));
    match () {
        () if !key(&b.payment) || !key(&b.payer) => Err(RegistryError::Key),
        () if !(1..=MOST_MINOR).contains(&b.amount.minor()) => Err(RegistryError::Amount),
        () if b.at < oldest || b.at > latest => Err(RegistryError::Time),
        () => Ok(()),
    }
}

/// Keeps what became of one payment; the inner error is the institution's, the outer one ends everything.
fn one(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    became: &Became,
    seen: &Seen,
) -> Result<Taken, RegistryError> {
    let Actor::Partner { code, .. } = actor else { return Ok(Err(RegistryError::NotTold)) };
    // What became of a payment before the institution was told anything is no merit of the answer.
    let before = |first: Timestamp| became.at.plus_secs(CLOCKS_DIFFER_SECS) < first;
    let Some((entry, class)) = told(tx, app, code, seen)?
        .into_iter()
        .filter(|(_, class, first)| *class != Class::Nothing && !before(*first))
        .map(|(entry, class, _)| (entry, class))
        // What weighed most was told; of what weighs as much, the thing itself.
        .reduce(|most, next| if next.1 > most.1 { next } else { most })
    else {
        return Ok(Err(RegistryError::NotTold));
    };
    let payment = store::Payment {
        id: payment_id(app, code, &became.payment),
        entry,
        partner: code.clone(),
        payer: app.vault.blind("payer", &format!("{code}\u{1f}{}", became.payer)),
        class,
        outcome: became.outcome,
        amount: became.amount,
        at: became.at,
    };
    let now = app.office.now();
    store::put(tx, &payment, now)?;
    if became.outcome == Outcome::Mistaken {
        tx.lock_row("registry_entry", entry.uuid())?;
        if let Some(known) = store::find(tx, entry)? {
            let doubted = rules::doubt(&known, now);
            if doubted.doubted_at != known.doubted_at {
                store::save(tx, &doubted, app.wall.now())?;
                let facts = json!({"class": class.as_str(), "partner": code});
                let about = Act::about("registry.doubted", "identifier", entry.uuid());
                app.record(tx, actor, &Act { facts, ..about })?;
            }
        }
    }
    Ok(Ok(()))
}

/// The entries about which an institution was told something when it asked about a thing: the thing's own, those of what it leads to.
fn told(
    tx: &mut Tx<'_>,
    app: &App,
    partner: &str,
    seen: &Seen,
) -> Result<Vec<(EntryId, Class, Timestamp)>, RegistryError> {
    let mut all = Vec::new();
    for lead in leads(seen) {
        let id = entry_id(app, lead.seen.kind, &lead.seen.canonical);
        all.extend(store::told_to(tx, id, partner)?.map(|(class, first)| (id, class, first)));
    }
    Ok(all)
}

/// The row of a payment: the same for the same payment of an institution, and nothing from which its key could be found.
fn payment_id(app: &App, partner: &str, payment: &str) -> Uuid {
    let hash = app.vault.blind("payment", &format!("{partner}\u{1f}{payment}"));
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
