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
use super::gathering::{ask_back, regather, would_contradict};
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

/// Whether a matter as a dropper is open on either side of two persons, or of the one whose both records are: whoever joins them or holds
/// them together widens it.
pub(super) fn is_grave(tx: &mut Tx<'_>, first: PersonId, second: PersonId) -> Result<bool, PersonError> {
    Ok(store::dropper::is_open(tx, first)? || store::dropper::is_open(tx, second)?)
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
                    take_back(tx, &me, &actor, &earlier)?;
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

/// An officer parts two records that were joined, by the machine or by people, and says why. What others have said and what does not stand
/// yet is neither shown to them nor taken back by them; where it says otherwise and a matter is open, somebody else decides, too.
///
/// # Errors
/// Absent or forbidden; no reason; they are not one person's now; it goes against what people have judged of others.
pub async fn part_again(app: &App, actor: &Actor, id: PairId, reason: &str) -> Result<Judged, PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    let reason = app::reason(reason).ok_or(PersonError::Reasons)?;
    app.db
        .write(move |tx| {
            store::gate::pass(tx)?;
            let pair = store::pair(tx, id)?.ok_or(PersonError::NotFound)?;
            let both = records(tx, &actor, &pair)?;
            let mut others = Vec::new();
            if both.0.person != both.1.person {
                return Err(PersonError::Decided);
            }
            let grave = is_grave(tx, both.0.person, both.1.person)?;
            for earlier in store::between(tx, pair.first, pair.second)? {
                let own = !access::two_persons(tx, &earlier.header.author, &actor.label())?;
                match (earlier.stands, earlier.verdict) {
                    (true, Verdict::Different) => return Err(PersonError::Decided),
                    (true, _) => drop(take_back(tx, &me, &actor, &earlier)?),
                    (false, _) if own => drop(take_back(tx, &me, &actor, &earlier)?),
                    (false, verdict) => others.push(verdict),
                }
            }
            let stands = weigh_words(Verdict::Different, grave, &others) == Outcome::Stands;
            say(tx, &me, &actor, (&pair, &both), (Verdict::Different, &reason, stands))
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
    if stands && verdict != Verdict::Unsure {
        store::bar::lift(tx, (pair.first, pair.second), (first.person, second.person))?;
    }
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

/// What was said is taken back, and that is a record. Where a matter is open the machine does not set together by itself what people have
/// set together and taken back.
pub(super) fn take_back(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    said: &Judgement,
) -> Result<BTreeSet<PersonId>, PersonError> {
    store::undo(tx, said.id, app.office.now(), &actor.label())?;
    let mut persons = BTreeSet::new();
    let mut grave = false;
    for id in [said.first, said.second] {
        persons.extend(store::record(tx, id)?.map(|r| r.person));
    }
    for person in &persons {
        grave |= store::dropper::is_open(tx, *person)?;
    }
    if grave && said.verdict == Verdict::Same {
        store::bar::put(tx, said.first, said.second)?;
        ask_back(tx, &persons)?;
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
                return Err(PersonError::Undone);
            }
            let persons = take_back(tx, &me, &actor, &said)?;
            regather(tx, &me, &actor, &persons)?;
            Ok(pair)
        })
        .await
}
