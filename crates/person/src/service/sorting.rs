//! Whoever has very many records is gathered anew beside the writer: looked at in reads that end soon, thought over by nobody's leave, and
//! written only if nothing has changed meanwhile. One who cannot be gathered waits, and keeps nobody else waiting.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::App;
use db::Tx;
use uuid::Uuid;

use super::droppers::look_again;
use super::gathering::{Around, Matters, decide, note_who_came, settle, states_of};
use super::hearing::part;
use crate::error::PersonError;
use crate::model::{PairId, PairState, PersonId, RecordId};
use crate::store;

/// Most persons of one round.
const ROUND: usize = 300;
/// How often one is looked at anew within a round, where others write at the same time.
const TRIES: usize = 3;
/// Records of which the ties are read at once.
const AT_ONCE: usize = 200;
/// Pairs that are written at once.
const WRITTEN: usize = 2_000;

/// What is to be written of somebody who is gathered anew: found beside the writer, which then only looks whether it still holds.
#[derive(Debug)]
pub struct Plan {
    /// Who was marked; their records may be another person's by now.
    marked: PersonId,
    /// How often each of those concerned had been gathered when they were read; nothing of whoever was no more.
    stamps: BTreeMap<PersonId, Option<i64>>,
    all: Around,
    matters: Matters,
    sets: Vec<BTreeSet<RecordId>>,
    states: Vec<(PairId, PairState)>,
}

/// Gathers anew whoever was marked, one after the other; says how many.
///
/// # Errors
/// The database's, as far as it cannot say who is marked.
pub async fn sort_marked(app: &App) -> Result<usize, PersonError> {
    let (mut sorted, mut after) = (0_usize, PersonId::from_uuid(Uuid::nil()));
    for _ in 0..ROUND {
        let Some(marked) = app.db.read(move |tx| store::stale(tx, after)).await? else { break };
        after = marked;
        match sort_one(app, marked).await {
            Ok(done) => sorted = sorted.saturating_add(usize::from(done)),
            Err(error) => {
                tracing::warn!(%error, person = %marked, "a person is not gathered anew; the next round tries again");
            }
        }
    }
    Ok(sorted)
}

async fn sort_one(app: &App, marked: PersonId) -> Result<bool, PersonError> {
    for _ in 0..TRIES {
        let plan = plan_sorting(app, marked).await?;
        if carry_out(app, plan).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What gathering somebody anew comes to, as things stand.
///
/// # Errors
/// The database's.
pub async fn plan_sorting(app: &App, marked: PersonId) -> Result<Plan, PersonError> {
    let (all, stamps) = read_all(app, marked).await?;
    let persons = all.persons.clone();
    let matters = app.db.read(move |tx| Matters::of(tx, &persons)).await?;
    let think = move || {
        let sets = decide(&all, &matters);
        let states = states_of(&all, &sets);
        Plan { marked, stamps, all, matters, sets, states }
    };
    let thought = tokio::task::spawn_blocking(think).await;
    Ok(thought.map_err(|e| db::DbError::Bug(format!("a person was not gathered: {e}")))?)
}

/// Whoever is around somebody, read in parts: nobody waits for a long reading.
async fn read_all(
    app: &App,
    marked: PersonId,
) -> Result<(Around, BTreeMap<PersonId, Option<i64>>), PersonError> {
    let (mut all, mut stamps) = (Around::default(), BTreeMap::new());
    let mut next = vec![marked];
    while let Some(person) = next.pop() {
        if stamps.contains_key(&person) {
            continue;
        }
        let of_one = app.db.read(move |tx| {
            // The stamp first: what is written after it is not taken for what was read.
            let stamp = store::stamp(tx, person)?;
            let into = store::person(tx, person)?.and_then(|p| p.into);
            let (records, words) = (store::lean_of(tx, person)?, store::words_of(tx, person)?);
            Ok::<_, PersonError>((stamp, into, records, words, store::bar::of_person(tx, person)?))
        });
        let (stamp, into, records, words, bars) = of_one.await?;
        stamps.insert(person, stamp);
        if let Some(into) = into.filter(|_| person == marked) {
            next.push(into);
            continue;
        }
        let ids: Vec<RecordId> = records.iter().map(|r| r.id).collect();
        next.extend(all.take(person, records, words));
        all.bars.extend(bars);
        for some in ids.chunks(AT_ONCE) {
            let some = some.to_vec();
            let ties = app.db.read(move |tx| {
                let mut ties = Vec::new();
                for id in &some {
                    ties.extend(store::ties_of_record(tx, *id)?);
                }
                Ok::<_, PersonError>(ties)
            });
            for tie in ties.await? {
                next.extend(all.tie(tie).into_iter().flatten());
            }
        }
    }
    Ok((all, stamps))
}

/// Whether nobody concerned was gathered since the plan was made.
fn holds(tx: &mut Tx<'_>, plan: &Plan) -> Result<bool, PersonError> {
    for (person, stamp) in &plan.stamps {
        if store::stamp(tx, *person)? != *stamp {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes what was found, as long as it holds; `false`: something has changed meanwhile, and it is to be looked at anew. First where each
/// pair stands, some at a time, then who is whose, and only then the mark goes: broken off, it begins again.
///
/// # Errors
/// The database's.
pub async fn carry_out(app: &App, plan: Plan) -> Result<bool, PersonError> {
    let plan = Arc::new(plan);
    for at in (0..plan.states.len()).step_by(WRITTEN) {
        let plan = Arc::clone(&plan);
        let written = app.db.write(move |tx| {
            store::gate::pass(tx)?;
            if !holds(tx, &plan)? {
                return Ok::<_, PersonError>(false);
            }
            for (pair, state) in plan.states.iter().skip(at).take(WRITTEN) {
                store::set_state(tx, *pair, *state)?;
            }
            Ok(true)
        });
        if !written.await? {
            return Ok(false);
        }
    }
    let me = app.clone();
    app.db
        .write(move |tx| {
            store::gate::pass(tx)?;
            if !holds(tx, &plan)? || Matters::of(tx, &plan.all.persons)? != plan.matters {
                return Ok(false);
            }
            note_who_came(tx, (&plan.all, &plan.sets), &plan.matters)?;
            let whose = settle(tx, &me, &part(), (&plan.all, &plan.sets))?;
            look_again(tx, &me, &whose.into_values().collect())?;
            store::set_stale(tx, plan.marked, false)?;
            Ok(true)
        })
        .await
}
