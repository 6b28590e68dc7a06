//! Looking for somebody by a name in any writing, a telephone or a number: for a report, and for the record.

use std::collections::BTreeMap;

use access::{Action, Kind as Thing, Resource, Scope};
use app::App;
use audit::Act;
use kernel::{Actor, Purpose};
use serde_json::json;

use super::holding::holds;
use super::reading::{Ground, ground_for, is_minor, mask, open_told};
use super::{learning, weighing};
use crate::error::PersonError;
use crate::model::{PersonId, Role, Told};
use crate::store;

/// Most persons that are shown.
const SHOWN: usize = 20;
/// Most records that are looked at.
const LOOKED_AT: usize = 120;
/// From so many per mille on a name is like another.
const ALIKE: u64 = 740;
/// The same number: more than any likeness of names, which many share.
pub const SAME: u64 = 1_000;

/// What is looked for; a field may be empty, but not all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// A name, or a part of one, in any writing.
    pub name: String,
    /// A number of twelve digits.
    pub iin: String,
    /// A telephone.
    pub phone: String,
    /// An account, card or wallet that an institution says to be theirs.
    pub account: String,
}

/// Somebody who was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Who.
    pub person: PersonId,
    /// Their number.
    pub number: String,
    /// What may be shown: initials; of a name that was asked for, nothing more than was asked.
    pub mask: String,
    /// What they are in the record that was found.
    pub role: Role,
    /// How many records of theirs the reader may see.
    pub records: i64,
    /// Whether they are a minor.
    pub minor: bool,
    /// How alike the name is, per mille; 1,000 where the number, the telephone or the account is the same.
    pub alike: u64,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The likeliest first.
    pub found: Vec<Found>,
    /// Whether there are more who share the name than were looked at.
    pub cut: bool,
}

/// How alike a name is to what was asked, per mille: as far as the least alike of the words that were asked. Words beside them say
/// nothing against it: people look by a part of the name.
fn likeness(asked: &names::Name, found: &names::Name) -> u64 {
    let compared = names::compare(asked, found);
    let least = compared.pairs.iter().map(|p| p.alike).min().unwrap_or(0);
    if compared.only_first.is_empty() { least } else { 0 }
}

/// Persons who may be meant, the likeliest first. Who looked, by what kind of thing, and for which report is a record; what they
/// typed is not.
///
/// # Errors
/// Forbidden; nothing to look for; no such report.
pub async fn find(app: &App, actor: &Actor, query: &Query, ground: &Ground) -> Result<Answer, PersonError> {
    access::require(actor, Action::ViewPerson, &Resource::any(Thing::Person))?;
    let office = access::scope(actor, Thing::Person).and_then(Scope::office)?;
    let told = Told {
        iin: query.iin.clone(),
        last: query.name.clone(),
        phone: query.phone.clone(),
        ..Told::default()
    };
    let prepared = told.record().prepare();
    let (mut by, words) = (weighing::keys(app, &prepared), weighing::words(app, &prepared));
    let account = weighing::account(app, &query.account);
    by.extend(account);
    if by.is_empty() && words.is_empty() {
        return Err(PersonError::Nothing);
    }
    by.extend(words);
    let asked = names::Name::read(&query.name);
    let (me, actor, ground) = (app.clone(), actor.clone(), ground.clone());
    app.db
        .write(move |tx| {
            let report = ground_for(tx, &actor, &ground.0)?;
            let (version, model) = learning::current(tx, &me)?;
            let mut best: BTreeMap<PersonId, Found> = BTreeMap::new();
            let near = weighing::candidates(tx, Some(&office), &by, LOOKED_AT)?;
            for id in near.records {
                let Some(record) = store::record(tx, id)? else { continue };
                let Some(found) = open_told(tx, &me, &record)? else { continue };
                let found = found.open(Purpose::HandleReport);
                let theirs = found.record().prepare();
                let levels = weighing::weigh((version, &model), (id, &prepared), (record.id, &theirs)).levels;
                let [iin, .., phone, _] = levels;
                let like = likeness(&asked, &names::Name::read(&found.name()));
                let holds = account.is_some_and(|key| holds(&me, found, key.hash));
                let alike =
                    if iin == 1 || phone == 1 || holds { SAME } else { like.min(SAME.saturating_sub(1)) };
                if alike < ALIKE && iin != 2 && phone != 2 {
                    continue;
                }
                let Some(person) = store::person(tx, record.person)? else { continue };
                let now = me.office.now();
                let row = Found {
                    person: person.id,
                    number: person.number,
                    mask: mask(found),
                    role: record.role,
                    records: store::count_seen(tx, &office, person.id)?,
                    minor: is_minor(&me, found, now),
                    alike,
                };
                match best.get(&row.person) {
                    Some(known) if known.alike >= alike => {}
                    _ => drop(best.insert(row.person, row)),
                }
            }
            let mut all: Vec<Found> = best.into_values().collect();
            all.sort_by(|a, b| b.alike.cmp(&a.alike).then(a.person.cmp(&b.person)));
            let cut = near.cut || all.len() > SHOWN;
            all.truncate(SHOWN);
            let facts = json!({"report": report.uuid(), "found": all.len()});
            let about = Act::about("person.looked_up", "report", report.uuid());
            me.record(tx, &actor, &Act { purpose: Some(Purpose::HandleReport), facts, ..about })?;
            // Whoever was shown is told apart in the record of each.
            for found in &all {
                let about = Act::about("person.looked_up", "person", found.person.uuid());
                let facts = json!({"report": report.uuid()});
                me.record(tx, &actor, &Act { purpose: Some(Purpose::HandleReport), facts, ..about })?;
            }
            Ok(Answer { found: all, cut })
        })
        .await
}
