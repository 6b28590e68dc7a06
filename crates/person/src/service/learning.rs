//! The weights by which records are compared: those of this crate until people put others in force. From the department's own records
//! others are learnt and proposed, with what they would change; an officer with the right puts them in force, and puts back what was
//! before. What was decided by earlier ones stays as it is, and every pair says by which it was weighed.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use access::{Action, Kind as Thing, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::reading::open_told;
use crate::error::PersonError;
use crate::model::{Pair, PersonId, RecordId, Verdict};
use crate::resolve::{self, Kept, Model, Prepared, Record, Veil};
use crate::rules::{LOOK, SURE, place_of};
use crate::store::{self, Choice, Learnt};

/// How often it is asked whether there is enough to learn from.
const EVERY: Duration = Duration::from_secs(6 * 3_600);
/// Fewest records from which anything can be learnt.
const LEAST: usize = 1_000;
/// Most records that are looked at: ids are hashes, so the first ones are as good as drawn.
const MOST: usize = 50_000;
/// Records read at once.
const AT_ONCE: i64 = 500;
/// Most pairs by which it is told what weights would change.
const TRIED: i64 = 2_000;
/// As many records the weights of this crate take for granted.
const USUAL_RECORDS: i64 = 10_000;
/// Most versions and choices that are shown.
const SHOWN: i64 = 50;
/// Most weights that are kept ready.
const MOST_READY: usize = 4;

/// Weights that were read, by the keyed hash of what they were read from: it stands for nothing else, on whatever node.
static READY: Mutex<Vec<(String, Model)>> = Mutex::new(Vec::new());

/// The weights in force and their version; 0 are those of this crate. Of more records than they were learnt from fewer pairs are one
/// person's, and that is in them.
///
/// # Errors
/// The database's.
pub fn current(tx: &mut Tx<'_>, app: &App) -> Result<(i64, Model), PersonError> {
    let version = store::chosen(tx, 1)?.first().map_or(0, |c| c.version);
    let now = store::gate::records(tx)?;
    Ok((version, of_version(tx, app, version)?.grown(now)))
}

/// Weights with the number of records that they were learnt from.
struct Of(Model, i64);

impl Of {
    fn grown(self, now: i64) -> Model {
        self.0.grown(self.1, now)
    }
}

/// Weights are read once: they are large, and every record that comes is weighed by them.
fn of_version(tx: &mut Tx<'_>, app: &App, version: i64) -> Result<Of, PersonError> {
    let Some((digest, records)) = store::learnt_digest(tx, version)? else {
        return Ok(Of(Model::usual(), USUAL_RECORDS));
    };
    let ready =
        READY.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|(d, _)| *d == digest).cloned();
    if let Some((_, model)) = ready {
        return Ok(Of(model, records));
    }
    let body = store::learnt(tx, version)?.map(|l| l.body).unwrap_or_default();
    let model = Model::of_kept(read(&body)?, veil(app));
    if !digest.is_empty() {
        let mut ready = READY.lock().unwrap_or_else(PoisonError::into_inner);
        ready.truncate(MOST_READY.saturating_sub(1));
        ready.insert(0, (digest, model.clone()));
    }
    Ok(Of(model, records))
}

fn read(body: &str) -> Result<Kept, PersonError> {
    let kept: Result<Kept, _> = serde_json::from_str(body);
    Ok(kept.map_err(|_| db::DbError::Bug("`person_model.body` is no model".to_owned()))?)
}

/// Names lie in the weights as keyed hashes, of each field its own: weights outlive those from whose records they were learnt.
fn veil(app: &App) -> Veil {
    let vault = app.vault.clone();
    Veil::new(move |no, sound| {
        format!("{:016x}", super::weighing::short(vault.blind(&format!("person.name.{no}"), sound)))
    })
}

/// By what weights are known again.
fn digest(app: &App, body: &str) -> String {
    format!("{:016x}", super::weighing::short(app.vault.blind("person.weights", body)))
}

/// Weights that were kept before, with names in them as they sound, are written anew without; says whether any were. They weigh as before.
///
/// # Errors
/// The database's.
pub(super) async fn veil_kept(app: &App) -> Result<bool, PersonError> {
    let (mut any, mut after) = (false, -1);
    while let Some(learnt) = app.db.read(move |tx| store::clear_learnt(tx, after)).await? {
        after = learnt.version;
        let kept = match read(&learnt.body) {
            Ok(kept) => kept.veil(&veil(app)),
            Err(error) => {
                tracing::warn!(%error, version = after, "weights of persons cannot be read");
                continue;
            }
        };
        let body = serde_json::to_string(&kept).unwrap_or_default();
        let digest = digest(app, &body);
        app.db.write(move |tx| store::veil_learnt(tx, after, (&body, &digest))).await?;
        any = true;
    }
    Ok(any)
}

/// What weights would change, by pairs that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Effect {
    /// How many records there were.
    pub total: i64,
    /// How many pairs were weighed by both.
    pub pairs: i64,
    /// Of those the machine would join, and does not now.
    pub joins: i64,
    /// Of those the machine would not join, and does now.
    pub parts: i64,
    /// Of those people would be asked about, and are not now.
    pub asks: i64,
    /// How many pairs people have judged that were weighed by both.
    pub judged: i64,
    /// How often the weights in force say what people said, ten-thousandths (F1 at the middle between both lines).
    pub now: i64,
    /// The same of the new ones.
    pub new: i64,
}

/// Learns the weights anew for as long as the process lives.
pub async fn keep_learning(app: App) {
    loop {
        app.timer.sleep(EVERY).await;
        if let Err(error) = learn(&app, LEAST).await {
            tracing::warn!(%error, "weights of persons are learnt later");
        }
    }
}

/// Learns weights from the records that there are, and proposes them as the next version: with so many records at least, and twice as
/// many as the last time. Nothing is weighed by them until people put them in force. Gives the version, if one was learnt.
///
/// # Errors
/// The database's, the vault's.
pub async fn learn(app: &App, least: usize) -> Result<Option<i64>, PersonError> {
    let (count, before) = app
        .db
        .read(|tx| Ok::<_, PersonError>((store::gate::records(tx)?, store::latest_learnt(tx)?)))
        .await?;
    let before = before.map_or(0, |l| effect_of(&l).total.max(l.records));
    if count < i64::try_from(least).unwrap_or(i64::MAX).max(before.saturating_mul(2)) {
        return Ok(None);
    }
    let (whose, records): (Vec<PersonId>, Vec<Record>) = all(app).await?.into_iter().unzip();
    let sample = i64::try_from(records.len()).unwrap_or(i64::MAX);
    let hide = veil(app);
    let work = move || resolve::learn(&records, &whose).keep(&hide);
    let kept = tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| db::DbError::Bug(format!("weights were not learnt: {e}")))?;
    let body = serde_json::to_string(&kept).unwrap_or_default();
    let digest = digest(app, &body);
    let effect = tried(app, Model::of_kept(kept, veil(app)).grown(sample, count)).await?;
    let effect = Effect { total: count, ..effect };
    let me = app.clone();
    app.db
        .write(move |tx| {
            let version = store::latest_learnt(tx)?.map_or(1, |l| l.version.saturating_add(1));
            let by = super::part();
            let learnt = Learnt {
                version,
                body: body.clone(),
                records: sample,
                made_at: me.office.now(),
                effect: serde_json::to_string(&effect).ok(),
            };
            store::keep_learnt(tx, &learnt, (&by.label(), &digest))?;
            let facts = json!({"version": version, "records": sample});
            let about = Act::about("person.learnt", "person", Uuid::nil());
            me.record(tx, &by, &Act { purpose: Some(Purpose::Operate), facts, ..about })?;
            Ok(Some(version))
        })
        .await
}

/// What was reckoned when weights were learnt.
fn effect_of(learnt: &Learnt) -> Effect {
    learnt.effect.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn prepared(tx: &mut Tx<'_>, app: &App, id: RecordId) -> Result<Option<Prepared>, PersonError> {
    let Some(record) = store::record(tx, id)? else { return Ok(None) };
    let told = open_told(tx, app, &record)?;
    Ok(told.map(|t| t.open(Purpose::Operate).record().prepare()))
}

/// Weighs kept pairs by what is in force and by new weights.
async fn tried(app: &App, new: Model) -> Result<Effect, PersonError> {
    let me = app.clone();
    app.db
        .read(move |tx| {
            let (_, now) = current(tx, &me)?;
            let mut effect = Effect::default();
            for pair in store::some_pairs(tx, TRIED)? {
                let both = (prepared(tx, &me, pair.first)?, prepared(tx, &me, pair.second)?);
                if let (Some(a), Some(b)) = both {
                    compared(
                        &mut effect,
                        &pair,
                        [&now, &new].map(|m| super::weighing::milli(m.weigh(&a, &b).bits)),
                    );
                }
            }
            let (mut old, mut other) = (Score::default(), Score::default());
            for pair in store::judged_pairs(tx, TRIED)? {
                let said = store::between(tx, pair.first, pair.second)?.into_iter().rfind(|j| j.stands);
                let Some(said) = said.filter(|j| j.verdict != Verdict::Unsure) else { continue };
                let both = (prepared(tx, &me, pair.first)?, prepared(tx, &me, pair.second)?);
                let (Some(a), Some(b)) = both else { continue };
                effect.judged = effect.judged.saturating_add(1);
                old.count(said.verdict == Verdict::Same, super::weighing::milli(now.weigh(&a, &b).bits));
                other.count(said.verdict == Verdict::Same, super::weighing::milli(new.weigh(&a, &b).bits));
            }
            (effect.now, effect.new) = (old.f1(), other.f1());
            Ok(effect)
        })
        .await
}

fn compared(effect: &mut Effect, pair: &Pair, [now, new]: [i64; 2]) {
    use crate::rules::Place;
    let [number, ..] = pair.levels;
    let place = |bits| place_of(bits, number == 1, pair.clash);
    let (now, new) = (place(now), place(new));
    let one = |yes: bool| i64::from(yes);
    effect.pairs = effect.pairs.saturating_add(1);
    effect.joins = effect.joins.saturating_add(one(new == Place::Sure && now != Place::Sure));
    effect.parts = effect.parts.saturating_add(one(now == Place::Sure && new != Place::Sure));
    effect.asks = effect.asks.saturating_add(one(new == Place::Look && now != Place::Look));
}

/// How often weights say what people said.
#[derive(Default)]
struct Score {
    right: i64,
    said: i64,
    are: i64,
}

impl Score {
    fn count(&mut self, same: bool, bits: i64) {
        let told = bits >= SURE.saturating_add(LOOK) / 2;
        self.right = self.right.saturating_add(i64::from(same && told));
        self.said = self.said.saturating_add(i64::from(told));
        self.are = self.are.saturating_add(i64::from(same));
    }
    /// F1 in ten-thousandths.
    fn f1(&self) -> i64 {
        let all = self.said.saturating_add(self.are);
        self.right.saturating_mul(20_000).checked_div(all).unwrap_or(0)
    }
}

/// What all records tell and whose they are, as far as so many, read in parts, so that nobody waits for a long reading.
async fn all(app: &App) -> Result<Vec<(PersonId, Record)>, PersonError> {
    let mut records: Vec<(PersonId, Record)> = Vec::new();
    let mut after = RecordId::from_uuid(Uuid::nil());
    while records.len() < MOST {
        let me = app.clone();
        let part = app.db.read(move |tx| {
            let mut all = Vec::new();
            for id in store::all_ids(tx, after, AT_ONCE)? {
                let Some(record) = store::record(tx, id)? else { continue };
                let told = if record.taken_back.is_none() { open_told(tx, &me, &record)? } else { None };
                all.push((id, told.map(|t| (record.person, t.open(Purpose::Operate).record()))));
            }
            Ok::<_, PersonError>(all)
        });
        let part = part.await?;
        let Some((last, _)) = part.last() else { break };
        after = *last;
        records.extend(part.into_iter().filter_map(|(_, record)| record));
    }
    Ok(records)
}

/// Weights, and what they would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// Which; 0 are those of the program.
    pub version: i64,
    /// When they were learnt; `None` of those of the program.
    pub made_at: Option<Timestamp>,
    /// From how many records.
    pub records: i64,
    /// What they would change, as it was reckoned when they were learnt.
    pub effect: Option<Effect>,
}

/// All weights, and which are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllWeights {
    /// The latest first; those of the program last.
    pub all: Vec<Weights>,
    /// What people chose, the latest first.
    pub chosen: Vec<Choice>,
    /// Which are in force.
    pub in_force: i64,
    /// Whether the reader may put others in force.
    pub may_choose: bool,
}

fn office(app: &App) -> Resource {
    Resource {
        organisation: app.node.code.clone(),
        unit: app.node.unit.clone(),
        ..Resource::any(Thing::Person)
    }
}

/// The weights that there are.
///
/// # Errors
/// Forbidden.
pub async fn weights(app: &App, actor: &Actor) -> Result<AllWeights, PersonError> {
    access::require(actor, Action::ViewPerson, &Resource::any(Thing::Person))?;
    let may_choose = access::allowed(actor, Action::ChooseWeights, &office(app));
    app.db
        .read(move |tx| {
            let mut all: Vec<Weights> = store::all_learnt(tx, SHOWN)?
                .into_iter()
                .map(|l| Weights {
                    version: l.version,
                    made_at: Some(l.made_at),
                    records: l.records,
                    effect: l.effect.is_some().then(|| effect_of(&l)),
                })
                .collect();
            all.push(Weights { version: 0, made_at: None, records: USUAL_RECORDS, effect: None });
            let chosen = store::chosen(tx, SHOWN)?;
            let in_force = chosen.first().map_or(0, |c| c.version);
            Ok(AllWeights { all, chosen, in_force, may_choose })
        })
        .await
}

/// Puts weights in force: records that come from now on are weighed by them. Whoever does it is present.
///
/// # Errors
/// Forbidden; no such version; in force already.
pub async fn choose(app: &App, actor: &Actor, version: i64) -> Result<(), PersonError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            access::require(&actor, Action::ChooseWeights, &office(&me))?;
            let now = me.office.now();
            access::present(tx, &actor, now)??;
            store::gate::pass(tx)?;
            if version != 0 && store::learnt(tx, version)?.is_none() {
                return Err(PersonError::NotFound);
            }
            let last = store::chosen(tx, 1)?.into_iter().next();
            let before = last.as_ref().map_or(0, |c| c.version);
            if before == version {
                return Err(PersonError::Chosen);
            }
            let no = last.map_or(1, |c| c.no.saturating_add(1));
            store::choose(tx, &Choice { no, version, at: now, by: actor.label() })?;
            let facts = json!({"version": version, "before": before});
            let about = Act::about("person.weights_chosen", "person", Uuid::nil());
            Ok(me.record(tx, &actor, &Act { purpose: Some(Purpose::Operate), facts, ..about })?)
        })
        .await
}
