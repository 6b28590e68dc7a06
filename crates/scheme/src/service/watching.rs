//! What is out of the ordinary: schemes that grow faster than chance, come to a region or an age where they were not, and clients of one
//! institution who are hit more than usual.

use app::App;
use audit::Act;
use db::{Tx, Value};
use kernel::Timestamp;
use serde_json::json;

use crate::ear::part;
use crate::error::SchemeError;
use crate::model::{Alarm, AlarmId, AlarmWhat, SchemeId};
use crate::rules::{self, Growth, WINDOW_DAYS};
use crate::store::figures::{self, days_before};
use crate::store::{self, alarm};

/// Schemes looked at in one round.
const ROUND: i64 = 200;
/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

/// Looks at schemes that have grown since, and at institutions. Gives how many alarms are new.
///
/// # Errors
/// The database's.
pub async fn look(app: &App) -> Result<usize, SchemeError> {
    let waiting = app.db.read(|tx| store::unwatched(tx, ROUND)).await?;
    let me = app.clone();
    app.db
        .write(move |tx| {
            store::turn(tx)?;
            let now = me.office.now();
            let (from, day) = (days_before(now, WINDOW_DAYS), days_before(now, 1));
            let all = figures::all_since(tx, &me.node.code, from, day)?;
            let mut new = 0_usize;
            for scheme in &waiting {
                let own = figures::since(tx, scheme.id, from, day)?;
                if let Some(growth) = rules::growth(own, all, WINDOW_DAYS) {
                    new += raise(tx, &me, Some(scheme.id), (AlarmWhat::Growing, ""), (growth, now))?;
                }
                let places = figures::new_in(tx, scheme.id, day)?;
                for (sort, place, before, since) in &places {
                    let of_sort = places.iter().filter(|p| p.0 == *sort).map(|p| p.2).sum();
                    if rules::is_new_to((*before, *since), of_sort) {
                        let what = AlarmWhat::parse(sort).unwrap_or(AlarmWhat::Region);
                        let growth = Growth { seen: *since, expected_milli: 0, chance_e: 0 };
                        new += raise(tx, &me, Some(scheme.id), (what, place), (growth, now))?;
                    }
                }
                store::watched(tx, scheme.id)?;
                alarm::count(tx, scheme.id)?;
            }
            Ok(new + banks(tx, &me, (from, now))?)
        })
        .await
}

/// Clients of one institution who are hit more than usual in this hour.
fn banks(tx: &mut Tx<'_>, app: &App, (from, now): (Timestamp, Timestamp)) -> Result<usize, SchemeError> {
    let hour = Timestamp::from_micros(now.as_micros().saturating_sub(HOUR));
    let all = figures::all_since(tx, &app.node.code, from, hour)?;
    let mut new = 0_usize;
    for (bank, own) in figures::banks_since(tx, &app.node.code, from, hour)? {
        if let Some(growth) = rules::growth(own, all, WINDOW_DAYS.saturating_mul(24)) {
            new += raise(tx, app, None, (AlarmWhat::Bank, &bank), (growth, now))?;
        }
    }
    Ok(new)
}

/// Raises an alarm, once a day for one subject. One for a new alarm, nothing for newer figures of a known one.
fn raise(
    tx: &mut Tx<'_>,
    app: &App,
    scheme: Option<SchemeId>,
    (what, subject): (AlarmWhat, &str),
    (growth, now): (Growth, Timestamp),
) -> Result<usize, SchemeError> {
    // A place is new once; growth is told of anew each day.
    let day = match what {
        AlarmWhat::Growing | AlarmWhat::Bank => app.profile.civil_date(now).to_string(),
        AlarmWhat::Region | AlarmWhat::Age => String::new(),
    };
    let hash = db::row_hash(&[
        Value::from("alarm"),
        Value::from(scheme.map(SchemeId::uuid)),
        Value::from(what.as_str()),
        Value::from(subject),
        Value::from(day.as_str()),
    ]);
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(hash.iter()) {
        *to = *from;
    }
    let a = Alarm {
        id: AlarmId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid()),
        scheme,
        what,
        subject: subject.to_owned(),
        raised_at: now,
        last_at: now,
        seen: growth.seen,
        expected_milli: growth.expected_milli,
        chance_e: growth.chance_e,
    };
    let is_new = alarm::raise(tx, &app.node.code, &a)?;
    if is_new {
        let subject = scheme.map_or(a.id.uuid(), SchemeId::uuid);
        let act = Act { facts: alarm_facts(&a), ..Act::about("scheme.alarm_raised", "scheme", subject) };
        app.record(tx, &part(), &act)?;
    }
    Ok(usize::from(is_new))
}

/// The facts of an alarm, for the record.
fn alarm_facts(a: &Alarm) -> serde_json::Value {
    json!({
        "what": a.what.as_str(), "subject": a.subject, "seen": a.seen, "expected_milli": a.expected_milli,
        "chance_e": a.chance_e,
    })
}
