//! Whose rights hang on the book of persons: what is hidden is hidden to the count, what was told is never overwritten, nothing goes
//! without a record, and nobody alone lays somebody's doings to somebody else. Everybody here is invented.

use std::collections::BTreeSet;

use app::App;
use kernel::{Actor, Class, Coded as _, Role, Timestamp};
use order::details::Knowledge;
use person::model::{
    Doubt, DropperStatus, DropperTold, Heard, Instrument, PairState, Role as Is, SeenBy, Source, Told,
    Verdict,
};
use person::rules::dropper::Interview;
use person::service::{self, DropperNarrow, Ground, Narrow, Query, Step};
use person::{PersonError, PersonId, RecordId};
use qorgan::slices::subscribers;
use report::Filed;
use testkit::World;
use uuid::Uuid;

use crate::country::{file, iban, report, staff};
use crate::talk::each;

/// The number with the last digit that fits.
pub fn iin(body: &str) -> String {
    (0..10)
        .map(|d| format!("{body}{d}"))
        .find(|n| identifier::normalise(identifier::Kind::Iin, n, identifier::Region::default()).is_ok())
        .unwrap()
}

pub async fn filed(world: &World, key: u128, name: &str, phone: &str) -> Filed {
    world.advance_secs(60);
    let mut new = report(&world.app, key, &iban("ZBEK", 7), 10_000, world.app.office.now());
    new.reporter = report::Reporter { name: name.into(), phone: phone.into(), iin: String::new() };
    file(world, new).await
}

pub async fn officer(world: &World) -> Actor {
    staff(&world.app, 1, Role::DutyOfficer).await
}

pub async fn redden(app: &App, filed: &Filed) {
    const RED: db::Stmt = db::Stmt::both("test.red", "UPDATE report SET marking = 'red/red' WHERE id = ?1");
    let id = filed.id.uuid();
    app.db.write(move |tx| tx.execute(&RED, db::params![id])).await.unwrap();
}

pub async fn of(world: &World, filed: &Filed) -> PersonId {
    let id = filed.id;
    world.app.db.read(move |tx| person::store::of_report(tx, id)).await.unwrap()[0].person
}

pub async fn opened(world: &World, reader: &Actor, id: PersonId, filed: &Filed) -> service::Opened {
    service::open(&world.app, reader, id, (&Ground(filed.number.clone()), None)).await.unwrap()
}

pub fn lent() -> DropperTold {
    DropperTold {
        instruments: vec![Instrument { what: "KZ…4417".into(), ..Default::default() }],
        recruitment: "an advertisement".into(),
        evidence: "the bank's answer".into(),
        ..Default::default()
    }
}

pub fn heard(knowledge: Knowledge) -> Interview {
    Interview { knowledge, voluntary: false, talked: true, guardian_told: false }
}

pub fn told(last: &str, first: &str, number: &str) -> Told {
    Told { last: last.into(), first: first.into(), iin: number.into(), ..Told::default() }
}

/// Somebody written down for a report, listed by two.
pub async fn listed(world: &World, filed: &Filed, told: Told) -> (PersonId, person::model::DropperId) {
    let app = &world.app;
    let (one, approver) = (officer(world).await, staff(app, 11, Role::Approver).await);
    let person = service::by_hand(app, &one, &filed.number, Is::Dropper, told).await.unwrap();
    let id = service::signal(app, &one, person, &Ground(filed.number.clone()), &lent()).await.unwrap();
    for step in [Step::Verify, Step::Interview(heard(Knowledge::Witting), lent()), Step::Propose] {
        service::take(app, &one, id, step).await.unwrap();
    }
    service::take(app, &approver, id, Step::List).await.unwrap();
    (person, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_is_hidden_to_the_count() {
    each("kz", async |world| {
        let app = &world.app;
        let (one, approver) = (officer(&world).await, staff(app, 11, Role::Approver).await);
        let (open, red) = (
            filed(&world, 901, "Ашық Адам Үлгіұлы", "+77000006001").await,
            filed(&world, 902, "Бөтен Біреу", "+77000006002").await,
        );
        let person = of(&world, &open).await;
        redden(app, &red).await;
        world.advance_secs(60);
        let number = iin("85041230012");
        let same =
            Told {
                phone: "+77000006001".into(), middle: "Үлгіұлы".into(), ..told("Ашық", "Адам", &number)
            };
        let joined = service::by_hand(app, &one, &red.number, Is::Suspect, same).await.unwrap();
        assert_eq!(joined, person, "the machine joins them, whoever may see it");
        // What officers said of a hidden record, too.
        let mine = opened(&world, &one, person, &open).await;
        let pair = mine.joints[0].pair.clone();
        let apart = service::part_again(app, &one, pair.id, "a hidden reason").await.unwrap();
        service::undo(app, &one, apart.id).await.unwrap();
        let mine = opened(&world, &one, person, &open).await;
        assert_eq!((mine.person.records, mine.records.len(), mine.judgements.len()), (2, 2, 1));
        assert!(mine.history.iter().any(|r| r.record.act == "person.joined"));

        let theirs = opened(&world, &approver, person, &open).await;
        assert_eq!((theirs.person.records, theirs.records.len(), theirs.joints.len()), (1, 1, 0));
        assert!(theirs.judgements.is_empty() && theirs.waiting == 0 && theirs.formerly.is_empty());
        assert!(
            theirs.history.iter().all(|r| r.record.act != "person.joined" && r.record.act != "person.judged")
        );
        let rows = service::list(app, &approver, Narrow::default()).await.unwrap().rows;
        assert_eq!(rows.iter().map(|r| r.records).collect::<Vec<_>>(), [1, 1], "nothing red is counted");
        let several = Narrow { several: true, ..Narrow::default() };
        assert!(service::list(app, &approver, several).await.unwrap().rows.is_empty());
        assert_eq!(service::list(app, &one, several).await.unwrap().rows[0].records, 2);
        let query = Query { name: "Ашық".into(), ..Query::default() };
        let found = service::find(app, &approver, &query, &Ground(open.number.clone())).await.unwrap().found;
        assert_eq!(found.iter().map(|f| f.records).collect::<Vec<_>>(), [1]);

        // A pair with a hidden record waits for whoever may see both, and is counted for nobody else.
        let far = Told { middle: "Серікұлы".into(), ..told("Ахметов", "Болат", "") };
        service::by_hand(app, &one, &open.number, Is::Witness, far.clone()).await.unwrap();
        service::by_hand(app, &one, &red.number, Is::Witness, Told { last: "Akhmetov".into(), ..far })
            .await
            .unwrap();
        assert_eq!(service::waiting(app, &one).await.unwrap(), 1);
        assert_eq!(service::waiting(app, &approver).await.unwrap(), 0);
        assert!(service::next(app, &approver).await.unwrap().is_none());
        assert!(service::next(app, &one).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_is_never_overwritten() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 911, "Сынақ Адам", "+77000006011").await;
        let ground = Ground(report.number.clone());
        let (person, id) = {
            let person = service::by_hand(
                app,
                &one,
                &report.number,
                Is::Dropper,
                told("Ересек", "Үлгі", &iin("85041230077")),
            );
            let person = person.await.unwrap();
            (person, service::signal(app, &one, person, &ground, &lent()).await.unwrap())
        };
        service::take(app, &one, id, Step::Verify).await.unwrap();
        let first =
            DropperTold { evidence: "she was forced".into(), flows_in: "3 x 500 000".into(), ..lent() };
        service::take(app, &one, id, Step::Interview(heard(Knowledge::Coerced), first)).await.unwrap();
        world.advance_secs(60);
        let second = DropperTold { evidence: "she knew".into(), ..lent() };
        service::take(app, &one, id, Step::Interview(heard(Knowledge::Witting), second)).await.unwrap();
        let m = service::droppers_of(app, &one, person, &ground).await.unwrap();
        let earlier = &m.all[0].earlier;
        assert_eq!(earlier.len(), 2, "the signal, and the first interview");
        assert_eq!(earlier[0].knowledge, Some(Knowledge::Coerced));
        let before = earlier[0].told.as_ref().unwrap().open(kernel::Purpose::HandleReport);
        assert_eq!((before.evidence.as_str(), before.flows_in.as_str()), ("she was forced", "3 x 500 000"));

        // The same of a record that is heard again, and of one that is corrected.
        let heard_again = |name: &str| Heard {
            source: Source::Account,
            source_id: Uuid::from_u128(7),
            report: Some(report.id),
            role: Is::AccountHolder,
            told: told(name, "Үлгі", ""),
        };
        let mut record = None;
        for name in ["Бірінші", "Екінші"] {
            let (me, heard) = (app.clone(), heard_again(name));
            record = app.db.write(move |tx| service::hear(tx, &me, &service::part(), &heard)).await.unwrap();
        }
        let page = service::record_page(app, &one, record.unwrap(), &ground).await.unwrap();
        assert_eq!(page.versions.len(), 1);
        let before = page.versions[0].told.as_ref().unwrap().open(kernel::Purpose::HandleReport);
        assert_eq!(before.last, "Бірінші");
        assert!(!page.may_change, "a bank's answer is corrected by the bank");
        let other = (Is::Witness, told("Басқа", "Үлгі", ""));
        let refused = service::correct(app, &one, record.unwrap(), other, "a slip").await.unwrap_err();
        assert_eq!(refused.code(), "person.foreign");
    })
    .await;
}

pub async fn hand_record(world: &World, filed: &Filed, told: Told) -> RecordId {
    let (app, one) = (&world.app, officer(world).await);
    let person = service::by_hand(app, &one, &filed.number, Is::Suspect, told).await.unwrap();
    let all = app.db.read(move |tx| person::store::of_person(tx, person, 10)).await.unwrap();
    all.iter().find(|r| r.source == Source::Hand).unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_officers_wrote_is_corrected_taken_back_and_put_back() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 921, "Серікова Айгүл Болатқызы", "+77000006021").await;
        let ground = Ground(report.number.clone());
        let reporter = of(&world, &report).await;
        let wrong = Told {
            phone: "+77000006021".into(),
            middle: "Болатқызы".into(),
            ..told("Серікова", "Айгүл", "")
        };
        world.advance_secs(60);
        let id = hand_record(&world, &report, wrong.clone()).await;
        let whose =
            async || app.db.read(move |tx| person::store::record(tx, id)).await.unwrap().unwrap().person;
        assert_eq!(whose().await, reporter, "written so, it is hers");
        let right = (Is::Suspect, Told { phone: "+77000006029".into(), ..told("Сейітова", "Әлия", "") });
        assert_eq!(
            service::correct(app, &one, id, right.clone(), " ").await.unwrap_err().code(),
            "person.reasons"
        );
        // Two officers have read the same: the second is told that it is another one by now.
        let read = app.db.read(move |tx| person::store::record(tx, id)).await.unwrap().unwrap();
        let read = service::stands(&read);
        let over = Some(read.as_str());
        service::correct_over(app, &one, (id, over), right.clone(), "it was read wrongly").await.unwrap();
        let late = service::correct_over(app, &one, (id, over), (Is::Suspect, wrong.clone()), "late").await;
        assert_eq!(late.unwrap_err().code(), "person.changed");
        assert_ne!(whose().await, reporter, "compared anew, it is nobody's who is known");
        let page = service::record_page(app, &one, id, &ground).await.unwrap();
        assert_eq!(page.versions[0].reason.as_deref(), Some("it was read wrongly"));
        service::correct(app, &one, id, (Is::Suspect, wrong), "it was right").await.unwrap();
        assert_eq!(whose().await, reporter);

        service::take_record_back(app, &one, id, "nobody said so").await.unwrap();
        let all = opened(&world, &one, reporter, &report).await;
        assert_eq!(
            (all.person.records, all.records.len(), all.joints.len()),
            (1, 2, 0),
            "shown, and not counted"
        );
        let twice = service::take_record_back(app, &one, id, "again").await.unwrap_err();
        assert_eq!(twice.code(), "person.taken_back");
        let query = Query { name: "Серікова".into(), ..Query::default() };
        assert_eq!(service::find(app, &one, &query, &ground).await.unwrap().found[0].records, 1);
        service::put_record_back(app, &one, id).await.unwrap();
        assert_eq!(service::put_record_back(app, &one, id).await.unwrap_err().code(), "person.counts");
        assert_eq!(opened(&world, &one, reporter, &report).await.person.records, 2, "joined again");

        // Alone with a person, too; and where a matter hangs on it it is cleared first.
        let alone = hand_record(&world, &report, told("Жалғыз", "Үлгі", &iin("85041230055"))).await;
        let lonely = app.db.read(move |tx| person::store::record(tx, alone)).await.unwrap().unwrap().person;
        service::take_record_back(app, &one, alone, "a slip").await.unwrap();
        service::put_record_back(app, &one, alone).await.unwrap();
        assert_eq!(opened(&world, &one, lonely, &report).await.person.records, 1);
        service::signal(app, &one, lonely, &ground, &lent()).await.unwrap();
        let refused = service::take_record_back(app, &one, alone, "a slip").await.unwrap_err();
        assert_eq!(refused.code(), "person.carries");
        let approver = staff(app, 11, Role::Approver).await;
        let denied = service::take_record_back(app, &approver, id, "x").await.unwrap_err();
        assert_eq!(denied.class(), Class::Forbidden);
    })
    .await;
}

pub async fn acts(world: &World, person: PersonId) -> Vec<String> {
    let all = world.app.db.read(move |tx| audit::records_for(tx, person.uuid())).await.unwrap();
    all.into_iter().map(|r| r.record.act).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_whose_ground_is_gone_comes_before_somebody() {
    each("kz", async |world| {
        let app = &world.app;
        let (one, approver) = (officer(&world).await, staff(app, 11, Role::Approver).await);
        let report = filed(&world, 931, "Сынақ Адам", "+77000006031").await;
        let other = filed(&world, 932, "Бөтен Адам", "+77000006032").await;
        let (person, id) = listed(&world, &report, told("Ересек", "Үлгі", &iin("85041230077"))).await;
        let victim = Told { phone: "+77000006039".into(), ..told("Жәбір", "Көрген", "") };
        let victim = service::by_hand(app, &one, &report.number, Is::Victim, victim).await.unwrap();
        let due = DropperNarrow { due: true, ..Default::default() };
        assert_eq!(service::droppers(app, &one, due).await.unwrap().due, 0);

        let citizen = Actor::Citizen { report: report.id.uuid() };
        report::service::withdraw(app, &citizen, report.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let all = service::droppers(app, &one, due).await.unwrap();
        assert_eq!(all.due, 1);
        assert_eq!(
            (all.rows[0].dropper.doubt, all.rows[0].dropper.status),
            (Some(Doubt::Withdrawn), DropperStatus::Listed)
        );
        assert!(acts(&world, person).await.contains(&"person.doubted".to_owned()));
        // Somebody has looked: it stays.
        let third = staff(app, 12, Role::Approver).await;
        service::take(app, &third, id, Step::Keep("the bank says so".into())).await.unwrap();
        assert_eq!(service::droppers(app, &one, due).await.unwrap().due, 0);

        report::service::expunge(app, &Actor::system("retention"), report.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let all = service::droppers(app, &one, due).await.unwrap();
        assert_eq!(all.rows[0].dropper.doubt, Some(Doubt::Erased));
        let left = opened(&world, &one, person, &other).await;
        assert!(left.records[0].told.is_some(), "what officers found out of others stays");
        let gone = service::open(app, &one, victim, (&Ground(other.number.clone()), None)).await.unwrap_err();
        assert_eq!(gone.class(), Class::NotFound, "what was written of the victim goes");
        assert!(
            acts(&world, victim).await.contains(&"person.record_gone".to_owned()),
            "and not without a record"
        );
        service::take(app, &approver, id, Step::Clear("nothing is left of it".into())).await.unwrap();

        // What is only proposed is not listed while its ground is in doubt.
        let report = filed(&world, 933, "Сынақ Үшінші", "+77000006033").await;
        let role = Is::Dropper;
        let person =
            service::by_hand(app, &one, &report.number, role, told("Үшінші", "Үлгі", &iin("85041230099")));
        let person = person.await.unwrap();
        let id = service::signal(app, &one, person, &Ground(report.number.clone()), &lent()).await.unwrap();
        for step in [Step::Verify, Step::Interview(heard(Knowledge::Witting), lent()), Step::Propose] {
            service::take(app, &one, id, step).await.unwrap();
        }
        let citizen = Actor::Citizen { report: report.id.uuid() };
        report::service::withdraw(app, &citizen, report.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let refused = service::take(app, &approver, id, Step::List).await.unwrap_err();
        assert_eq!(refused.code(), "person.dropper_doubt");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_of_review_comes_by_itself() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 941, "Сынақ Адам", "+77000006041").await;
        let (person, id) = listed(&world, &report, told("Ересек", "Үлгі", &iin("85041230077"))).await;
        assert_eq!(service::tell_due(app).await.unwrap(), 0);
        world.advance_secs(400 * 86_400);
        assert_eq!(service::tell_due(app).await.unwrap(), 1);
        assert_eq!(service::tell_due(app).await.unwrap(), 0, "once for each day of review");
        assert!(acts(&world, person).await.contains(&"person.review_due".to_owned()));
        let due = DropperNarrow { due: true, ..Default::default() };
        assert_eq!(service::droppers(app, &one, due).await.unwrap().rows[0].dropper.id, id);
        // A criminal case is a step of its own, and comes before somebody's eyes as well.
        let number = Step::Case("2026-1".into());
        service::take(app, &one, id, number).await.unwrap();
        let m = service::droppers_of(app, &one, person, &Ground(report.number.clone())).await.unwrap();
        assert_eq!(m.all[0].dropper.status, DropperStatus::Case);
        assert_eq!(m.all[0].told.as_ref().unwrap().open(kernel::Purpose::HandleReport).case, "2026-1");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_alone_widens_a_listing() {
    each("kz", async |world| {
        let app = &world.app;
        let (one, two) = (officer(&world).await, staff(app, 5, Role::DutyOfficer).await);
        let report = filed(&world, 951, "Сынақ Адам", "+77000006051").await;
        let number = iin("85041230077");
        let (person, _) = listed(&world, &report, told("Ересек", "Үлгі", &number)).await;
        // The machine is as sure as can be, and asks all the same.
        let again = service::by_hand(app, &one, &report.number, Is::Suspect, told("Ересек", "Үлгі", &number))
            .await
            .unwrap();
        assert_ne!(again, person, "the machine lays nothing to somebody who is listed");
        let look = service::next(app, &one).await.unwrap().unwrap();
        assert!(look.grave && look.pair.state == PairState::Waiting && look.standing.is_none());
        let first = service::judge(app, &one, look.pair.id, Verdict::Same, "the same number").await.unwrap();
        assert!(!first.stands);
        let whose = async |id: RecordId| {
            app.db.read(move |tx| person::store::record(tx, id)).await.unwrap().unwrap().person
        };
        assert_ne!(whose(look.pair.first).await, whose(look.pair.second).await, "one is not enough");
        assert_eq!(
            service::judge(app, &one, look.pair.id, Verdict::Same, "").await.unwrap_err().code(),
            "person.decided"
        );
        assert!(service::next(app, &one).await.unwrap().is_none(), "whoever has said is not asked again");
        assert_eq!(
            (service::waiting(app, &one).await.unwrap(), service::waiting(app, &two).await.unwrap()),
            (0, 1)
        );

        // The second is told nothing of the first: not on the pair, not on the person, not in the history.
        let blind = service::next(app, &two).await.unwrap().unwrap();
        assert!(blind.pair.id == look.pair.id && blind.standing.is_none() && blind.may_judge);
        let theirs = opened(&world, &two, person, &report).await;
        assert!(theirs.judgements.is_empty());
        assert_eq!(service::undo(app, &two, first.id).await.unwrap_err().class(), Class::NotFound);
        let other = service::judge(app, &two, look.pair.id, Verdict::Different, "another day").await.unwrap();
        assert!(!other.stands);
        assert_ne!(whose(look.pair.first).await, whose(look.pair.second).await, "they do not agree");
        // A third says the same as one of them.
        let three = staff(app, 6, Role::DutyOfficer).await;
        let third = service::judge(app, &three, look.pair.id, Verdict::Same, "").await.unwrap();
        assert!(third.stands);
        assert_eq!(whose(look.pair.first).await, whose(look.pair.second).await);
        let all = opened(&world, &one, whose(look.pair.first).await, &report).await;
        assert_eq!(all.judgements.len(), 2, "what stands, and one's own word");
        service::undo(app, &three, third.id).await.unwrap();
        let now = app
            .db
            .read({
                let id = look.pair.id;
                move |tx| person::store::pair(tx, id)
            })
            .await
            .unwrap()
            .unwrap();
        assert_eq!(now.state, PairState::Second);
        assert_ne!(
            whose(look.pair.first).await,
            whose(look.pair.second).await,
            "what people took back the machine does not hold in a listing"
        );
    })
    .await;
}

/// Records without a report, joined one to the next, as thousands of answers about one person would be.
pub async fn many(app: &App, count: u32) -> (PersonId, Vec<RecordId>) {
    let me = app.clone();
    app.db
        .write(move |tx| {
            let told = told("Көп", "Жазба", &iin("85041230033"));
            let heard = Heard {
                source: Source::List,
                source_id: Uuid::from_u128(1),
                report: None,
                role: Is::Suspect,
                told,
            };
            let first = service::hear(tx, &me, &service::part(), &heard)?.unwrap();
            let model = person::store::record(tx, first)?.unwrap();
            let sealed = person::store::told(tx, first)?.unwrap();
            let mut all = vec![first];
            for n in 1..count {
                let mut record = model.clone();
                record.id = RecordId::from_uuid(Uuid::from_u128(
                    0xa000_0000_0000_4000_8000_0000_0000_0000 + u128::from(n),
                ));
                person::store::insert_record(tx, &record, &sealed)?;
                let before = all[all.len() - 1];
                let (low, high) = if before < record.id { (before, record.id) } else { (record.id, before) };
                let id = report::rules::derived_id("person_pair", &low.to_string(), &high.to_string());
                let pair = person::model::Pair {
                    id: person::PairId::from_uuid(id.uuid()),
                    first: low,
                    second: high,
                    bits: 20_000,
                    levels: [1, 1, 1, 0, 0, 0, 0],
                    fields: [20_000, 0, 0, 0, 0, 0, 0],
                    prior: 0,
                    model: 0,
                    state: PairState::Joined,
                    seen_by: SeenBy::both(&record.header, &record.header),
                    clash: false,
                };
                person::store::put_pair(tx, &pair, Timestamp::from_secs(1))?;
                all.push(record.id);
            }
            person::store::set_records(tx, model.person, i64::from(count))?;
            Ok::<_, PersonError>((model.person, all))
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judgement_stands_among_thousands_of_records() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 961, "Сынақ Адам", "+77000006061").await;
        let (person, all) = many(app, 5_000).await;
        // One more is found and joined, however many share the number.
        let more = told("Көп", "Жазба", &iin("85041230033"));
        let joined = service::by_hand(app, &one, &report.number, Is::Suspect, more).await.unwrap();
        assert_eq!(joined, person);
        let page = opened(&world, &one, person, &report).await;
        assert_eq!((page.person.records, page.records.len()), (5_001, 50));
        assert!(page.more.is_some());
        let next =
            service::open(app, &one, person, (&Ground(report.number.clone()), page.more)).await.unwrap();
        assert!(next.records[0].record.id != page.records[0].record.id && next.records.len() == 50);

        // In the middle people part two; it stands at once, and against whatever comes.
        let (a, b) = (all[2_500], all[2_501]);
        let pair = {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            let id = report::rules::derived_id("person_pair", &low.to_string(), &high.to_string());
            person::PairId::from_uuid(id.uuid())
        };
        let said = service::part_again(app, &one, pair, "two documents").await.unwrap();
        let whose = async |id: RecordId| {
            app.db.read(move |tx| person::store::record(tx, id)).await.unwrap().unwrap().person
        };
        assert_ne!(whose(a).await, whose(b).await);
        assert_eq!(whose(all[0]).await, whose(a).await);
        assert_eq!(whose(all[4_999]).await, whose(b).await);
        service::undo(app, &one, said.id).await.unwrap();
        assert_eq!(whose(a).await, whose(b).await);
        let persons: BTreeSet<PersonId> = BTreeSet::from([whose(all[0]).await, whose(all[4_999]).await]);
        assert_eq!(persons.len(), 1);
        // What goes of so many is sorted beside the writer.
        assert_eq!(service::sort_marked(app).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_the_same_moment() {
    each("kz", async |world| {
        let app = &world.app;
        let officers = [officer(&world).await, staff(app, 5, Role::DutyOfficer).await];
        filed(&world, 971, "Ахметов Болат Серікұлы", "+77000006071").await;
        filed(&world, 972, "Akhmetov Bolat Serikuly", "+77470812364").await;
        filed(&world, 973, "Ахметов Болат Серикович", "+77470812365").await;
        let look = service::next(app, &officers[0]).await.unwrap().unwrap();
        // Two officers say contrary things of one pair: one is told that it is decided.
        let said = tokio::join!(
            service::judge(app, &officers[0], look.pair.id, Verdict::Same, ""),
            service::judge(app, &officers[1], look.pair.id, Verdict::Different, ""),
        );
        let (won, lost) = match said {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => unreachable!("{other:?}"),
        };
        assert_eq!(lost.code(), "person.decided");
        service::undo(app, &officers[0], won.id).await.unwrap();
        // Overlapping pairs: whatever order they come in, nothing contradicts what stands.
        let record = look.pair.first;
        let pairs = app.db.read(move |tx| person::store::pairs_of(tx, record)).await.unwrap();
        assert_eq!(pairs.len(), 2);
        let said = tokio::join!(
            service::judge(app, &officers[0], pairs[0].id, Verdict::Same, ""),
            service::judge(app, &officers[1], pairs[1].id, Verdict::Same, ""),
        );
        assert!(said.0.is_ok() && said.1.is_ok(), "{said:?}");
        let ids: BTreeSet<RecordId> = pairs.iter().flat_map(|p| [p.first, p.second]).collect();
        let mut persons = BTreeSet::new();
        for id in ids {
            persons
                .insert(app.db.read(move |tx| person::store::record(tx, id)).await.unwrap().unwrap().person);
        }
        assert_eq!(persons.len(), 1, "three records, two pairs the same: one person");

        // Two nodes hear of one person at once: neither misses the other.
        let hear = |n: u128| {
            let (me, db) = (app.clone(), app.db.clone());
            let told = told("Қатар", "Естілген", &iin("85041230044"));
            let heard = Heard {
                source: Source::List,
                source_id: Uuid::from_u128(n),
                report: None,
                role: Is::Witness,
                told,
            };
            async move {
                db.write(move |tx| service::hear(tx, &me, &service::part(), &heard)).await.unwrap().unwrap()
            }
        };
        let (a, b, c, d) = tokio::join!(hear(11), hear(12), hear(13), hear(14));
        let mut persons = BTreeSet::new();
        for id in [a, b, c, d] {
            persons
                .insert(app.db.read(move |tx| person::store::record(tx, id)).await.unwrap().unwrap().person);
        }
        assert_eq!(persons.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_in_and_back() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 981, "Сынақ Адам", "+77000006081").await;
        let number = iin("85041230088");
        let mut table = "ФИО;ИИН;Телефон;Роль\n".to_owned();
        for n in 0..30 {
            table.push_str(&format!("Тізім Адамы{n};;+7700777{n:04};куә\n"));
        }
        table.push_str(&format!("Тізім Дроппер;{number};;дроппер\nҚате;12;;\n"));
        let new = || service::NewList {
            name: "Сынақ тізімі".into(),
            origin: "Ойдан шығарылған мекеме".into(),
            basis: "№ 7 хат".into(),
            role: Some(Is::Witness),
            bytes: table.clone().into_bytes(),
        };
        let nameless = service::NewList { basis: " ".into(), ..new() };
        assert_eq!(service::bring(app, &one, nameless).await.unwrap_err().code(), "person.missing");
        let id = service::bring(app, &one, new()).await.unwrap();
        let page = service::open_list(app, &one, id).await.unwrap();
        assert_eq!((page.list.good, page.list.faulty, page.preview.len()), (31, 1, 31));
        assert_eq!(page.list.faults, [(33, "number".to_owned())]);
        assert_eq!(
            service::list(app, &one, Narrow::default()).await.unwrap().rows.len(),
            1,
            "nobody is heard of yet"
        );
        service::start_list(app, &one, id).await.unwrap();
        assert_eq!(service::start_list(app, &one, id).await.unwrap_err().code(), "person.list_moved");
        while service::work(app).await.unwrap() {}
        let query = Query { iin: number.clone(), ..Query::default() };
        let ground = Ground(report.number.clone());
        let found = service::find(app, &one, &query, &ground).await.unwrap().found;
        assert_eq!((found.len(), found[0].role), (1, Is::Dropper));
        let narrow = Narrow::default();
        assert_eq!(service::list(app, &one, narrow).await.unwrap().rows.len(), 32);
        service::signal(app, &one, found[0].person, &ground, &lent()).await.unwrap();
        service::undo_list(app, &one, id).await.unwrap();
        while service::work(app).await.unwrap() {}
        assert_eq!(
            service::list(app, &one, narrow).await.unwrap().rows.len(),
            2,
            "what a matter hangs on stays"
        );
        let rows = service::droppers(app, &one, DropperNarrow::default()).await.unwrap().rows;
        assert_eq!(rows[0].dropper.doubt, Some(Doubt::TakenBack));
        let approver = staff(app, 11, Role::Approver).await;
        assert_eq!(service::bring(app, &approver, new()).await.unwrap_err().class(), Class::Forbidden);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_go_on_by_parts() {
    each("kz", async |world| {
        let app = &world.app;
        let one = officer(&world).await;
        let me = app.clone();
        app.db
            .write(move |tx| {
                for n in 0..120_u128 {
                    let told = told(&format!("Бөлек{n}"), &format!("Адам{n}"), "");
                    let heard = Heard {
                        source: Source::List,
                        source_id: Uuid::from_u128(n),
                        report: None,
                        role: Is::Witness,
                        told,
                    };
                    service::hear(tx, &me, &service::part(), &heard)?;
                }
                Ok::<_, PersonError>(())
            })
            .await
            .unwrap();
        for role in [None, Some(Is::Witness)] {
            let (mut seen, mut after, mut parts) = (BTreeSet::new(), None, 0);
            loop {
                let page = service::list(app, &one, Narrow { role, several: false, after }).await.unwrap();
                seen.extend(page.rows.iter().map(|r| r.person));
                parts += 1;
                after = page.more;
                if after.is_none() {
                    break;
                }
                let text = after.unwrap().to_text();
                assert_eq!(service::Place::parse(&text), after);
            }
            assert_eq!((seen.len(), parts), (120, 3));
        }
        let none = Narrow { role: Some(Is::Organiser), ..Narrow::default() };
        assert!(service::list(app, &one, none).await.unwrap().rows.is_empty());
    })
    .await;
}
