//! Writing and reading records.

use audit::{Act, MAX_FACTS, Stamp};
use db::DbError;
use kernel::{Actor, Purpose, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::world::Log;

fn stamp(id: u128) -> Stamp {
    let at = Timestamp::from_micros(i64::try_from(id).unwrap());
    Stamp { id: Uuid::from_u128(id), office: at, wall: at.plus_secs(1) }
}

#[test]
fn a_record_comes_back_as_it_was_written() {
    for place in testkit::engines() {
        let log = Log::empty(place);
        let subject = Uuid::from_u128(42);
        let officer = Actor::Staff {
            user: Uuid::from_u128(5),
            name: "Әлия".into(),
            roles: vec![],
            unit: "duty".into(),
        };
        let first = Act {
            basis: Some((Uuid::from_u128(1), 3)),
            approval: Some((Uuid::from_u128(2), 4)),
            facts: json!({"қ": [1, null, "\u{0}"], "a": {"b": -1}}),
            ..Act::about("order.sent", "order", subject)
        };
        let second = Act::read("report.read", "report", subject, Purpose::Investigate);
        let elsewhere = Act::about("order.sent", "order", Uuid::from_u128(43));
        let acts = [(stamp(1), first.clone()), (stamp(2), second), (stamp(3), elsewhere)];
        log.db
            .write_blocking(move |tx| {
                acts.iter().try_for_each(|(s, act)| audit::append(tx, s, &officer, act))
            })
            .unwrap();
        assert_eq!(log.sequence(), 3);
        let views = log.db.read_blocking(move |tx| audit::records_for(tx, subject)).unwrap();
        let ids: Vec<u128> = views.iter().map(|v| v.record.id.as_u128()).collect();
        assert_eq!(ids, [2, 1], "newest first, no other subject");
        let (read, sent) = (&views[0], &views[1]);
        assert_eq!(read.record.purpose.as_deref(), Some("investigate"));
        assert_eq!((read.position, sent.position), (Some(1), Some(0)));
        assert_eq!(sent.record.actor, "staff:00000000-0000-0000-0000-000000000005");
        assert_eq!((sent.record.act.as_str(), sent.record.subject_kind.as_str()), ("order.sent", "order"));
        assert_eq!((sent.record.basis, sent.record.approval), (first.basis, first.approval));
        assert_eq!((sent.record.office_at.as_micros(), sent.record.wall_at.as_micros()), (1, 1_000_001));
        assert_eq!((sent.facts.clone(), read.facts.clone()), (first.facts.clone(), serde_json::Value::Null));
        assert!(log.verify().is_sound(), "{}", log.verify());
    }
}

#[test]
fn no_act_without_its_record_and_no_record_twice() {
    for place in testkit::engines() {
        let log = Log::empty(place);
        let act = Act { facts: json!("x".repeat(MAX_FACTS)), ..Act::about("a.b", "a", Uuid::nil()) };
        let written = log.db.write_blocking(move |tx| audit::append(tx, &stamp(1), &Actor::Public, &act));
        assert!(matches!(written, Err(DbError::Bug(_))), "{written:?}");
        let act = Act { facts: json!("x".repeat(MAX_FACTS - 2)), ..Act::about("a.b", "a", Uuid::nil()) };
        let again = act.clone();
        log.db.write_blocking(move |tx| audit::append(tx, &stamp(1), &Actor::Public, &act)).unwrap();
        let written = log.db.write_blocking(move |tx| audit::append(tx, &stamp(1), &Actor::Public, &again));
        assert!(matches!(written, Err(DbError::Unique { .. })), "{written:?}");
        // What the transaction undoes was never recorded.
        let act = Act::about("a.c", "a", Uuid::nil());
        let undone = log.db.write_blocking(move |tx| {
            audit::append(tx, &stamp(2), &Actor::Public, &act)?;
            Err::<(), _>(DbError::Bug("the act failed".to_owned()))
        });
        assert!(undone.is_err());
        assert_eq!(log.sequence(), 1);
        let verdict = log.verify();
        assert_eq!((verdict.size, verdict.pending, verdict.is_sound()), (1, 0, true));
    }
}
