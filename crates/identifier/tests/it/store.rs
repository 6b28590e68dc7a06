//! What is kept of sightings, on each engine.

use db::{Db, DbError, params};
use identifier::{Kind, Options, SightedAt, Sighting, extract, identifier_id, mask_cards};
use kernel::Timestamp;
use uuid::Uuid;
use vault::Vault;

const SLICES: &[&db::Slice] = &[&vault::SLICE, &identifier::SLICE];

fn vault() -> Vault {
    Vault::from_key_bytes([3; 32])
}

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(secs)
}

fn report(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn record(db: &Db, report: Uuid, sightings: Vec<Sighting>, secs: i64) {
    db.write_blocking(move |tx| identifier::record_sightings(tx, &vault(), report, &sightings, at(secs)))
        .unwrap();
}

fn of(db: &Db, report: Uuid) -> Vec<identifier::Seen> {
    db.read_blocking(move |tx| identifier::sightings_of(tx, report)).unwrap()
}

fn story(text: &str) -> Vec<Sighting> {
    extract(text, &Options::default()).iter().map(Sighting::in_story).collect()
}

fn field(kind: Kind, canonical: &str) -> Sighting {
    Sighting { kind, canonical: canonical.into(), place: SightedAt::Field("payment.to".into()) }
}

#[test]
fn reports_meet_where_they_name_the_same() {
    testkit::on_each_engine(SLICES, |db| {
        record(
            db,
            report(1),
            story("Звонили с 8 701 555 01 23, перевёл на 4400 4301 1234 5670, сайт kaspi-bonus.top"),
            100,
        );
        record(db, report(2), vec![field(Kind::Phone, "+77015550123")], 90);
        // Told twice: nothing is counted twice.
        record(db, report(2), vec![field(Kind::Phone, "+77015550123")], 95);

        let first = of(db, report(1));
        let shown: Vec<(&str, &str, i64)> =
            first.iter().map(|s| (s.kind.as_str(), s.masked.as_str(), s.reports)).collect();
        assert_eq!(
            shown,
            [("phone", "+7701…0123", 2), ("card", "440043…5670", 1), ("domain", "kaspi-bonus.top", 1)]
        );
        assert_eq!(of(db, report(2)).len(), 1);

        let phone = identifier_id(&vault(), Kind::Phone, "+77015550123");
        let others = db.read_blocking(move |tx| identifier::others_with(tx, phone, 10)).unwrap();
        assert_eq!(
            others.iter().map(|o| (o.report, o.at)).collect::<Vec<_>>(),
            [(report(1), at(100)), (report(2), at(90))]
        );
        assert!(matches!(others[0].place, SightedAt::Story { .. }));
        let none = identifier_id(&vault(), Kind::Phone, "+77015550124");
        assert!(db.read_blocking(move |tx| identifier::others_with(tx, none, 10)).unwrap().is_empty());
    });
}

#[test]
fn cards_that_share_ten_digits_are_told_apart() {
    // Both pass the check digit and begin and end alike.
    let (one, two) = ("4400430112345670", "4400430113255670");
    testkit::on_each_engine(SLICES, |db| {
        record(db, report(1), vec![field(Kind::Card, one)], 1);
        record(db, report(2), vec![field(Kind::Card, two)], 2);
        record(db, report(3), vec![field(Kind::Card, "4400435670")], 3);
        let counts: Vec<i64> = (1..4).map(|n| of(db, report(n))[0].reports).collect();
        assert_eq!(counts, [2, 2, 3], "a masked card may be either");
        assert_eq!(of(db, report(1))[0].id, of(db, report(2))[0].id);
        assert_ne!(of(db, report(1))[0].card_token, of(db, report(2))[0].card_token);
    });
}

#[test]
fn forgetting_leaves_nothing_of_the_report_and_all_of_the_others() {
    testkit::on_each_engine(SLICES, |db| {
        record(db, report(1), story("тел 8 701 555 01 23, ИИН 910101397223"), 1);
        record(db, report(2), story("тел 8 701 555 01 23"), 2);
        db.write_blocking(|tx| identifier::forget(tx, report(1))).unwrap();
        assert!(of(db, report(1)).is_empty());
        assert_eq!(of(db, report(2)).len(), 1);
        let left = |db: &Db| {
            const COUNT: db::Stmt = db::Stmt::both("test.count", "SELECT COUNT(*) FROM identifier");
            db.read_blocking(|tx| tx.query_one(&COUNT, params![], |r| r.get::<i64>(0))).unwrap()
        };
        assert_eq!(left(db), 1);
        db.write_blocking(|tx| identifier::forget(tx, report(2))).unwrap();
        db.write_blocking(|tx| identifier::forget(tx, report(2))).unwrap();
        assert_eq!(left(db), 0);
    });
}

#[test]
fn no_plain_number_is_kept() {
    testkit::on_each_engine(SLICES, |db| {
        let text = "карта 4400 4301 1234 5670, ИИН 910101397223, тел +77015550123, ivan.petrov@mail.ru, KZ86125KZT5004100100";
        record(db, report(1), story(text), 1);
        const ALL: db::Stmt = db::Stmt::both(
            "test.all",
            "SELECT i.masked, s.place, COALESCE(s.card_token, '') FROM sighting s JOIN identifier i ON i.id = s.identifier_id",
        );
        let rows = db
            .read_blocking(|tx| {
                tx.query(&ALL, params![], |r| {
                    Ok::<_, DbError>(format!(
                        "{} {} {}",
                        r.get::<String>(0)?,
                        r.get::<String>(1)?,
                        r.get::<String>(2)?
                    ))
                })
            })
            .unwrap();
        assert_eq!(rows.len(), 5);
        for plain in
            ["44004301", "0112345670", "910101397223", "77015550123", "ivan.petrov", "KZ86125KZT5004100100"]
        {
            assert!(rows.iter().all(|row| !row.contains(plain)), "{plain} in {rows:?}");
        }
    });
}

#[test]
fn first_and_last_are_the_ends_whatever_the_order() {
    testkit::on_each_engine(SLICES, |db| {
        for secs in [50, 10, 90] {
            record(
                db,
                report(u128::try_from(secs).unwrap()),
                vec![field(Kind::Domain, "kaspi-bonus.top")],
                secs,
            );
        }
        const ENDS: db::Stmt = db::Stmt::both("test.ends", "SELECT first_seen, last_seen FROM identifier");
        let ends = db
            .read_blocking(|tx| {
                tx.query_one(&ENDS, params![], |r| Ok((r.get::<Timestamp>(0)?, r.get::<Timestamp>(1)?)))
            })
            .unwrap();
        assert_eq!(ends, (at(10), at(90)));
    });
}

#[test]
fn statements_are_right_on_each_engine() {
    testkit::on_each_engine(SLICES, |db| {
        assert!(db::check::prepare_all(db, SLICES).unwrap() >= 7);
    });
}

#[test]
fn places_hold_in_the_story_as_it_is_kept() {
    let told = "Карта ４４００ ４３０１ 1234 5670, потом 8 701 555 01 23.";
    let kept = mask_cards(told);
    assert_eq!(told.len(), kept.len());
    assert!(!kept.contains("1234"));
    let (before, after) = (story(told), story(&kept));
    assert_eq!(before.len(), 2);
    assert_eq!(
        before.iter().map(|s| &s.place).collect::<Vec<_>>(),
        after.iter().map(|s| &s.place).collect::<Vec<_>>()
    );
}
