//! What officers say of two records. It goes before whatever the machine finds, and only people take it back. Where a matter as a
//! dropper is open on either side, two must say that the records are one person's ([`crate::rules::weigh_words`]).

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
use crate::rules::{Outcome, Said, weigh_words};
use crate::store;

/// What came of a judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The judgement.
    pub id: JudgementId,
    /// Whose the first record is now.
    pub person: PersonId,
    /// Whether it stands; else somebody else looks, too, without being told.
    pub stands: bool,
}

/// Both records of a pair, if the actor may judge them. What was taken back is judged by nobody.
fn records(tx: &mut Tx<'_>, actor: &Actor, pair: &Pair) -> Result<(PersonRecord, PersonRecord), PersonError> {
    let first = store::record(tx, pair.first)?.ok_or(PersonError::NotFound)?;
    let second = store::record(tx, pair.second)?.ok_or(PersonError::NotFound)?;
    for record in [&first, &second] {
        access::require(actor, Action::JudgePerson, &resource(record))?;
    }
    if first.taken_back.is_some() || second.taken_back.is_some() {
        return Err(PersonError::TakenBack);
    }
    Ok((first, second))
}

/// Whether a matter as a dropper is open on either side of two persons: whoever joins them widens it.
pub(super) fn is_grave(tx: &mut Tx<'_>, first: PersonId, second: PersonId) -> Result<bool, PersonError> {
    let open = |tx: &mut Tx<'_>, id| store::dropper::is_open(tx, id);
    Ok(first != second && (open(tx, first)? || open(tx, second)?))
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
            // What is read before the gate may be old.
            store::gate::pass(tx)?;
            let pair = store::pair(tx, id)?.ok_or(PersonError::NotFound)?;
            let both = records(tx, &actor, &pair)?;
            let mut others = Vec::new();
            for earlier in store::between(tx, pair.first, pair.second)? {
                if earlier.stands && earlier.verdict != Verdict::Unsure {
                    return Err(PersonError::Decided);
                }
                if earlier.stands {
                    store::undo(tx, earlier.id, me.office.now(), &actor.label())?;
                } else if access::two_persons(tx, &earlier.header.author, &actor.label())? {
                    others.push(earlier.verdict);
                } else {
                    return Err(PersonError::Decided);
                }
            }
            let grave = is_grave(tx, both.0.person, both.1.person)?;
            let stands = weigh_words(verdict, grave, &others) == Outcome::Stands;
            say(tx, &me, &actor, (&pair, &both), (verdict, &reason, stands))
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
            store::gate::pass(tx)?;
            let pair = store::pair(tx, id)?.ok_or(PersonError::NotFound)?;
            let both = records(tx, &actor, &pair)?;
            for earlier in store::between(tx, pair.first, pair.second)? {
                if earlier.stands && earlier.verdict == Verdict::Different {
                    return Err(PersonError::Decided);
                }
                take_back(tx, &me, &actor, &earlier)?;
            }
            say(tx, &me, &actor, (&pair, &both), (Verdict::Different, &reason, true))
        })
        .await
}

fn say(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (pair, (first, second)): (&Pair, &(PersonRecord, PersonRecord)),
    (verdict, reason, stands): (Verdict, &str, bool),
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
        stands,
        undone_at: None,
        undone_by: None,
    };
    let sealed = if reason.is_empty() {
        app::SealedWords::from_bytes(Vec::new())
    } else {
        app.seal_words(tx, id.uuid(), REASON, reason)?
    };
    store::insert_judgement(tx, &judgement, sealed.bytes())?;
    // A word that waits for a second one is told to nobody who reads the person's page.
    let act = if stands { "person.judged" } else { "person.looked" };
    for person in &seeds {
        let facts = json!({
            "judgement": id, "pair": pair.id, "verdict": verdict.as_str(), "bits": pair.bits, "model": pair.model,
            "reason_sealed": sealed.fact(), "of": [pair.first, pair.second],
        });
        app.record(tx, actor, &Act { facts, ..Act::about(act, "person", person.uuid()) })?;
    }
    regather(tx, app, actor, &seeds)?;
    let person = store::record(tx, pair.first)?.ok_or(PersonError::NotFound)?.person;
    Ok(Judged { id, person, stands })
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
    let act = if said.stands { "person.judgement_undone" } else { "person.look_undone" };
    for person in &persons {
        let facts =
            json!({"judgement": said.id, "verdict": said.verdict.as_str(), "of": [said.first, said.second]});
        let about = Act::about(act, "person", person.uuid());
        app.record(tx, actor, &Act { facts, ..about })?;
    }
    Ok(persons)
}

/// An officer takes back what was said of two records, by whomever: they stand as the machine found them. What waits for a second
/// person is taken back by whoever said it; to others it is not there.
///
/// # Errors
/// Absent or forbidden; taken back already.
pub async fn undo(app: &App, actor: &Actor, id: JudgementId) -> Result<PairId, PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            store::gate::pass(tx)?;
            let said = store::judgement(tx, id)?.ok_or(PersonError::NotFound)?;
            if !said.stands && said.header.author != actor.label() {
                return Err(PersonError::NotFound);
            }
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
