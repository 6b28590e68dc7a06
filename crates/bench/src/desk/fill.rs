//! What the registry is filled with: mostly things that somebody named once, some that people have decided about, and one that
//! thousands name.

use app::App;
use identifier::Kind;
use kernel::{Actor, Asset, Header, Money, Timestamp};
use registry::model::{
    Batch, BatchId, BatchStatus, Class, Decided, Entry, How, Mention, Objection, ObjectionId,
    ObjectionStatus, Outcome, Tally, What,
};
use registry::{EntryId, service, store};
use uuid::Uuid;

use crate::check::values::value;

/// One entry in so many is decided: of four of those one is listed, two are confirmed and one is cleared.
const DECIDED_ONE_IN: u64 = 100;
/// One entry in so many is named by reports of harm; of the others a list or a story speaks.
const HARMFUL_ONE_IN: u64 = 10;
/// Entries of one transaction.
const AT_ONCE: u64 = 10_000;
/// Reports that name the entry which thousands name, institutions that were told of it.
const NAMED: u64 = 5_000;
const DAY: i64 = 86_400;
/// As after a day: every process has heard of what was filled in.
const FORGET: db::Stmt = db::Stmt::both("bench.forget_changes", "DELETE FROM registry_change");

/// What came of it.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    /// How many entries people have decided about.
    pub decided: u64,
    /// How many objections there are.
    pub objections: u64,
    /// Of how many payments institutions told what became.
    pub payments: u64,
    /// Some entries that people have decided about.
    pub some: Vec<EntryId>,
    /// One that thousands of reports name.
    pub hot: EntryId,
}

/// Fills the registry.
///
/// # Errors
/// The database's.
pub(super) async fn fill(app: &App, entries: u64) -> anyhow::Result<Filled> {
    let mut all: Vec<(EntryId, u64)> = (0..entries)
        .map(|no| {
            let (kind, value) = value(no);
            (service::entry_id(app, kind, &value), no)
        })
        .collect();
    // In the order of their keys, or each would touch a page of its own.
    all.sort_unstable();
    let header = app.header(&Actor::system("registry"), app.profile.default_lang(), "registry");
    for some in all.chunks(usize::try_from(AT_ONCE)?) {
        let (me, some, header) = (app.clone(), some.to_vec(), header.clone());
        app.db
            .write(move |tx| {
                let (now, wall) = (me.office.now(), me.wall.now());
                some.iter()
                    .try_for_each(|(id, no)| store::insert(tx, &entry(*id, *no, &header, now), wall))?;
                tx.execute(&FORGET, &[]).map(drop)
            })
            .await?;
    }
    let decided: Vec<EntryId> =
        all.iter().filter(|(_, no)| no.is_multiple_of(DECIDED_ONE_IN)).map(|(id, _)| *id).collect();
    let hot = decided.first().copied().unwrap_or_else(|| EntryId::from_uuid(Uuid::nil()));
    named(app, hot).await?;
    let (objections, payments) = (entries / 100, entries / 10);
    objected(app, &header, objections, &decided).await?;
    became(app, payments, &decided).await?;
    lists(app, &header).await?;
    let some = decided.iter().step_by((decided.len() / 500).max(1)).copied().collect();
    Ok(Filled { decided: u64::try_from(decided.len())?, objections, payments, some, hot })
}

fn entry(id: EntryId, no: u64, header: &Header, now: Timestamp) -> Entry {
    let (kind, value) = value(no);
    let ago = |secs: u64| now.plus_secs(-i64::try_from(secs).unwrap_or(0));
    let (is_decided, harmful) = (no.is_multiple_of(DECIDED_ONE_IN), no.is_multiple_of(HARMFUL_ONE_IN));
    let decided = match no / DECIDED_ONE_IN % 4 {
        _ if !is_decided => Decided::Nothing,
        0 => Decided::Listed,
        1 => Decided::Cleared,
        _ => Decided::Suspect,
    };
    let stands = matches!(decided, Decided::Listed | Decided::Suspect);
    // Spread over the year that came before.
    let last = ago(no.wrapping_mul(48_271) % 31_536_000);
    let rare = |one_in: u64| stands && (no / DECIDED_ONE_IN).is_multiple_of(one_in);
    Entry {
        id,
        header: header.clone(),
        kind,
        masked: identifier::mask(kind, &value),
        whole: true,
        tally: Tally {
            harmful: u32::from(harmful),
            paid: u32::from(harmful),
            told: u32::from(!harmful),
            reporters: u32::from(harmful),
            first: Some(last),
            last: Some(last),
            ..Tally::default()
        },
        decided,
        decided_at: is_decided.then_some(last),
        basis: None,
        until_at: stands.then(|| now.plus_secs(180 * DAY)),
        disputed_at: rare(500).then_some(last),
        objected_by: None,
        review_at: stands.then(|| now.plus_secs(if rare(3) { -DAY } else { 90 * DAY })),
        expires_at: now.plus_secs(400 * DAY),
        doubted_at: rare(700).then_some(last),
        spared: false,
        version: 0,
    }
}

/// Thousands of reports name one entry.
async fn named(app: &App, entry: EntryId) -> anyhow::Result<()> {
    let me = app.clone();
    let done = app.db.write(move |tx| {
        let now = me.office.now();
        for no in 0..NAMED {
            let mention = Mention {
                report: Uuid::from_u128(u128::from(no) + 1),
                how: How::PaidTo,
                reporter: Uuid::from_u128(u128::from(no) + 1),
                verified: no.is_multiple_of(2),
                partner: None,
                at: now.plus_secs(-i64::try_from(no).unwrap_or(0)),
            };
            store::also(tx, entry, &mention)?;
            let partner = Actor::institution(Uuid::from_u128(u128::from(no)), &format!("B{no}"));
            store::tell(tx, entry, &partner, Class::Listed, now)?;
        }
        Ok::<_, db::DbError>(())
    });
    Ok(done.await?)
}

/// One objection in fifty waits.
async fn objected(app: &App, header: &Header, count: u64, about: &[EntryId]) -> anyhow::Result<()> {
    for chunk in chunks(count) {
        let (me, header, about) = (app.clone(), header.clone(), about.to_vec());
        app.db
            .write(move |tx| {
                for no in chunk.clone() {
                    let ago = i64::try_from(no.wrapping_mul(48_271) % 31_536_000).unwrap_or(0);
                    let filed = me.office.now().plus_secs(-ago);
                    let waits = no.is_multiple_of(50);
                    let objection = Objection {
                        id: ObjectionId::from_uuid(me.uuid()),
                        header: header.clone(),
                        number: format!("O-{no:08}"),
                        entry: pick(&about, no),
                        kind: Kind::Phone,
                        masked: "+7 701 ••• •• 77".to_owned(),
                        filed_at: filed,
                        due_at: filed.plus_secs(15 * DAY),
                        status: if waits { ObjectionStatus::Filed } else { ObjectionStatus::Upheld },
                        decided_at: (!waits).then_some(filed),
                        decided_by: None,
                        version: 0,
                    };
                    let code = me.vault.blind("bench", &no.to_string());
                    store::objection::insert(tx, &objection, code, b"invented")?;
                }
                Ok::<_, db::DbError>(())
            })
            .await?;
    }
    Ok(())
}

/// What became of payments, over the last thirty days.
async fn became(app: &App, count: u64, about: &[EntryId]) -> anyhow::Result<()> {
    let asset: Asset = app.profile.currency();
    for chunk in chunks(count) {
        let (me, about) = (app.clone(), about.to_vec());
        app.db
            .write(move |tx| {
                for no in chunk.clone() {
                    let at = me.office.now().plus_secs(-i64::try_from(no % (29 * 86_400)).unwrap_or(0));
                    let payment = store::Payment {
                        id: me.uuid(),
                        entry: pick(&about, no),
                        partner: format!("B{}", no % 40),
                        payer: me.vault.blind("payer", &(no / 2).to_string()),
                        class: Class::Listed,
                        outcome: if no.is_multiple_of(9) { Outcome::CarriedOut } else { Outcome::Declined },
                        amount: Money::from_minor(i64::try_from(no % 900_000).unwrap_or(0) + 1, asset),
                        at,
                    };
                    store::put(tx, &payment, at)?;
                }
                Ok::<_, db::DbError>(())
            })
            .await?;
    }
    Ok(())
}

async fn lists(app: &App, header: &Header) -> anyhow::Result<()> {
    let (me, header) = (app.clone(), header.clone());
    let done = app.db.write(move |tx| {
        for no in 0..300 {
            let batch = Batch {
                id: BatchId::from_uuid(me.uuid()),
                header: header.clone(),
                what: What::Harmful,
                name: format!("Invented {no}"),
                partner: None,
                good: 1,
                twice: 0,
                faulty: 0,
                known: 0,
                faults: Vec::new(),
                status: BatchStatus::Applied,
                done: 1,
                cursor: None,
                signed_by: None,
                started_at: None,
                ended_at: None,
                version: 0,
            };
            store::batch::insert(tx, &batch, b"")?;
        }
        Ok::<_, db::DbError>(())
    });
    Ok(done.await?)
}

fn pick(about: &[EntryId], no: u64) -> EntryId {
    let place = usize::try_from(no).unwrap_or(0) % about.len().max(1);
    about.get(place).copied().unwrap_or_else(|| EntryId::from_uuid(Uuid::nil()))
}

fn chunks(count: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    (0..count.div_ceil(AT_ONCE)).map(move |no| no * AT_ONCE..count.min((no + 1) * AT_ONCE))
}
