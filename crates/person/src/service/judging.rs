//! What officers say of two records. It goes before whatever the machine finds, and only people take it back.

use std::collections::BTreeSet;

use access::Action;
use app::App;
use audit::Act;
use db::Tx;
use kernel::Actor;
use serde_json::json;

use super::REASON;
use super::gathering::{regather, would_contradict};
use super::reading::resource;
use crate::error::PersonError;
use crate::model::{Judgement, JudgementId, Pair, PairId, PersonId, PersonRecord, Verdict};
use crate::rules::Said;
use crate::store;

/// What came of a judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The judgement.
    pub id: JudgementId,
    /// Whose the first record is now.
    pub person: PersonId,
}

/// Both records of a pair, if the actor may judge them.
fn records(tx: &mut Tx<'_>, actor: &Actor, pair: &Pair) -> Result<(PersonRecord, PersonRecord), PersonError> {
    let first = store::record(tx, pair.first)?.ok_or(PersonError::NotFound)?;
    let second = store::record(tx, pair.second)?.ok_or(PersonError::NotFound)?;
    for record in [&first, &second] {
        access::require(actor, Action::JudgePerson, &resource(record))?;
    }
    Ok((first, second))
}

/// An officer says of two records whether they are one person's. What somebody could not tell before, another may.
///
/// # Errors
/// Absent or forbidden; judged already; it goes against what people have judged.
pub async fn judge(
    app: &App,
    actor: &Actor,
    id: PairId,
    verdict: Verdict,
    reason: &str,
) -> Result<Judged, PersonError> {
    let (me, actor, reason) = (app.clone(), actor.clone(), reason.trim().to_owned());
    if !reason.is_empty() && app::reason(&reason).is_none() {
        return Err(PersonError::Reasons);
    }
    app.db
        .write(move |tx| {
            let pair = store::pair(tx, id)?.ok_or(PersonError::NotFound)?;
            let both = records(tx, &actor, &pair)?;
            lock(tx, &both)?;
            for earlier in store::between(tx, pair.first, pair.second)? {
                if earlier.verdict != Verdict::Unsure {
                    return Err(PersonError::Decided);
                }
                store::undo(tx, earlier.id, me.office.now(), &actor.label())?;
            }
            say(tx, &me, &actor, (&pair, &both), (verdict, &reason))
        })
        .await
}

/// An officer parts two records that were joined, by the machine or by people, and says why.
///
/// # Errors
/// Absent or forbidden; no reason; it goes against what people have judged of others.
pub async fn part_again(app: &App, actor: &Actor, id: PairId, reason: &str) -> Result<Judged, PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    let reason = app::reason(reason).ok_or(PersonError::Reasons)?;
    app.db
        .write(move |tx| {
            let pair = store::pair(tx, id)?.ok_or(PersonError::NotFound)?;
            let both = records(tx, &actor, &pair)?;
            lock(tx, &both)?;
            for earlier in store::between(tx, pair.first, pair.second)? {
                if earlier.verdict == Verdict::Different {
                    return Err(PersonError::Decided);
                }
                take_back(tx, &me, &actor, &earlier)?;
            }
            say(tx, &me, &actor, (&pair, &both), (Verdict::Different, &reason))
        })
        .await
}

/// Two officers at once are one after the other; the rows are locked in one order.
fn lock(tx: &mut Tx<'_>, (first, second): &(PersonRecord, PersonRecord)) -> Result<(), PersonError> {
    for id in BTreeSet::from([first.id, second.id]) {
        tx.lock_row("person_record", id.uuid())?;
    }
    Ok(())
}

fn say(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (pair, (first, second)): (&Pair, &(PersonRecord, PersonRecord)),
    (verdict, reason): (Verdict, &str),
) -> Result<Judged, PersonError> {
    let seeds = BTreeSet::from([first.person, second.person]);
    if would_contradict(tx, &seeds, Said { first: pair.first, second: pair.second, verdict })? {
        return Err(PersonError::Contradicts);
    }
    let id = JudgementId::from_uuid(app.uuid());
    let mut header = app.header(actor, app.profile.default_lang(), "report");
    header.unit_id.clone_from(&first.header.unit_id);
    header.organisation_id.clone_from(&first.header.organisation_id);
    let judgement = Judgement {
        id,
        header,
        first: pair.first,
        second: pair.second,
        verdict,
        undone_at: None,
        undone_by: None,
    };
    let sealed = if reason.is_empty() {
        app::SealedWords::from_bytes(Vec::new())
    } else {
        app.seal_words(tx, id.uuid(), REASON, reason)?
    };
    store::insert_judgement(tx, &judgement, sealed.bytes())?;
    for person in &seeds {
        let facts = json!({
            "judgement": id, "pair": pair.id, "verdict": verdict.as_str(), "bits": pair.bits, "model": pair.model,
            "reason_sealed": sealed.fact(),
        });
        app.record(tx, actor, &Act { facts, ..Act::about("person.judged", "person", person.uuid()) })?;
    }
    regather(tx, app, actor, &seeds)?;
    let person = store::record(tx, pair.first)?.ok_or(PersonError::NotFound)?.person;
    Ok(Judged { id, person })
}

fn take_back(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    said: &Judgement,
) -> Result<BTreeSet<PersonId>, PersonError> {
    store::undo(tx, said.id, app.office.now(), &actor.label())?;
    let mut persons = BTreeSet::new();
    for id in [said.first, said.second] {
        persons.extend(store::record(tx, id)?.map(|r| r.person));
    }
    for person in &persons {
        let facts = json!({"judgement": said.id, "verdict": said.verdict.as_str()});
        let about = Act::about("person.judgement_undone", "person", person.uuid());
        app.record(tx, actor, &Act { facts, ..about })?;
    }
    Ok(persons)
}

/// An officer takes back what was said of two records, by whomever: they stand as the machine found them.
///
/// # Errors
/// Absent or forbidden; taken back already.
pub async fn undo(app: &App, actor: &Actor, id: JudgementId) -> Result<PairId, PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let said = store::judgement(tx, id)?.ok_or(PersonError::NotFound)?;
            let pair = super::weighing::pair_of(said.first, said.second).0;
            for record in [said.first, said.second] {
                let record = store::record(tx, record)?.ok_or(PersonError::NotFound)?;
                access::require(&actor, Action::JudgePerson, &resource(&record))?;
            }
            if said.undone_at.is_some() {
                return Err(PersonError::Decided);
            }
            let persons = take_back(tx, &me, &actor, &said)?;
            regather(tx, &me, &actor, &persons)?;
            Ok(pair)
        })
        .await
}
