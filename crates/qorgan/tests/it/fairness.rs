//! Nobody is held again after being put right, nobody is paid out of what is not held, and no dead claim takes a share;
//! on each engine.

use appeal::Ground;
use appeal::model::{Decision, NewAppeal, Told as Objects};
use kernel::{Actor, Class, Coded as _, Money, Role};
use order::answer::Code;
use order::message::Line;
use order::service::{self, Drafted, OrderView, Told, Words};
use order::{ObjectState, OrderId, Status};
use profile::Measure;
use qorgan::slices::subscribers;
use report::{NewReport, ReportId};
use testkit::World;

use crate::country::{file, iban, report, staff};
use crate::talk::{answer, each, line, moved, orders};

fn told(app: &app::App, key: u128, minor: i64) -> NewReport {
    let mut new = report(app, key, &iban("ZBEK", 7), minor, app.office.now());
    let own = iban("ZALT", 700 + u32::try_from(key % 100).unwrap());
    new.payments.iter_mut().for_each(|p| p.own_account.clone_from(&own));
    new.story = "Нөмірі +7 700 000 05 77.".to_owned();
    new
}

async fn filed(world: &World, key: u128, minor: i64) -> (ReportId, OrderView) {
    let filed = file(world, told(&world.app, key, minor)).await;
    (filed.id, orders(world, filed.id).await.remove(0))
}

async fn open(world: &World, id: OrderId) -> OrderView {
    service::open(&world.app, &staff(&world.app, 1, Role::DutyOfficer).await, id).await.unwrap()
}

async fn return_of(world: &World, hold: &OrderView) -> OrderId {
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    let (drafted, _) = service::draft_returns(&world.app, &officer, hold.objects[0].id).await.unwrap();
    assert_eq!(drafted.len(), 1, "{drafted:?}");
    let waiting = |d: &Drafted| match d {
        Drafted::Waiting(id) => Some(*id),
        _ => None,
    };
    drafted.iter().find_map(waiting).unwrap()
}

async fn signed(world: &World, id: OrderId) {
    let approver = staff(&world.app, 2, Role::Approver).await;
    service::approve_and_send(&world.app, &approver, id).await.unwrap();
}

async fn uphold(world: &World, view: &OrderView) -> usize {
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    let words = Objects { name: "Үлгі".into(), contact: "77".into(), text: "Менікі".into() };
    let new = NewAppeal { channel: "paper", ground: Ground::Own, told: words };
    let filed = appeal::service::file_on_paper(&world.app, &officer, view.objects[0].id, new).await.unwrap();
    let other = staff(&world.app, 9, Role::Approver).await;
    let done =
        appeal::service::decide(&world.app, &other, &filed.number, Decision::Uphold, "иә").await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
    usize::try_from(done.restored).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_held_any_more_is_not_paid_out() {
    each("kz", async |world| {
        let app = &world.app;
        let (_, hold) = filed(&world, 81, 10_000).await;
        answer(&world, &hold, "h", vec![line("H10", 10_000)]).await.unwrap();
        let id = return_of(&world, &hold).await;
        signed(&world, id).await;
        assert!(open(&world, id).await.order.expires_at <= hold.order.expires_at);
        // The objection is upheld before the prosecutor has decided: nothing of it may leave.
        uphold(&world, &hold).await;
        assert_eq!(open(&world, id).await.order.status, Status::Cancelled);
        let prosecutor = staff(app, 19, Role::Prosecutor).await;
        assert!(service::decide_sanction(app, &prosecutor, id, true, "theirs").await.is_err());
        assert_ne!(open(&world, id).await.order.status, Status::Sent);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_fails_can_be_tried_again_and_a_lowered_hold_stays_what_is_left() {
    each("kz", async |world| {
        let app = &world.app;
        let (_, hold) = filed(&world, 82, 10_000).await;
        answer(&world, &hold, "h", vec![line("H10", 10_000)]).await.unwrap();
        let prosecutor = staff(app, 19, Role::Prosecutor).await;
        let first = return_of(&world, &hold).await;
        signed(&world, first).await;
        assert!(service::decide_sanction(app, &prosecutor, first, true, "theirs").await.unwrap().sent);
        let view = open(&world, first).await;
        let refused = Line { text: Some("no such account any more".into()), ..line("R41", 0) };
        let refused = Line { amount: None, ..refused };
        answer(&world, &view, "r", vec![refused]).await.unwrap();
        let second = return_of(&world, &hold).await;
        assert_ne!(first, second, "refused, the claim leads to another order");
        signed(&world, second).await;
        assert!(service::decide_sanction(app, &prosecutor, second, true, "theirs").await.unwrap().sent);
        let view = open(&world, second).await;
        let paid = Line { reference: Some("T".into()), ..line("P70", 4_000) };
        answer(&world, &view, "p", vec![paid]).await.unwrap();
        assert_eq!(open(&world, hold.order.id).await.objects[0].held.minor(), 6_000);
        // 6,000 are left; the holder proves that 1,000 are theirs. Whatever is said later, 5,000 stay held.
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let keep = Money::from_minor(5_000, app.profile.currency());
        service::correct(app, &officer, hold.objects[0].id, keep, "theirs").await.unwrap();
        world.advance_secs(60);
        let at = Some(app.office.now().rfc3339());
        answer(&world, &hold, "s", vec![Line { code: "S10".into(), at, ..Line::default() }]).await.unwrap();
        let now = open(&world, hold.order.id).await;
        assert_eq!((now.objects[0].held.minor(), now.objects[0].state), (5_000, ObjectState::PartlyHeld));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_was_taken_back_takes_no_share_and_what_is_ordered_out_is_spoken_for() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let (_, first) = filed(&world, 83, 100_000).await;
        let (false_report, second) = filed(&world, 84, 100_000).await;
        answer(&world, &first, "h", vec![line("H11", 50_000)]).await.unwrap();
        let elsewhere = Line { reference: Some(first.order.id.to_string()), ..line("H12", 100_000) };
        answer(&world, &second, "e", vec![elsewhere]).await.unwrap();
        let claims = async || service::claims(app, &officer, first.objects[0].id).await.unwrap();
        assert_eq!(claims().await.all.len(), 2);
        let citizen = Actor::Citizen { report: false_report.uuid() };
        report::service::withdraw(app, &citizen, false_report).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let all = claims().await.all;
        assert_eq!((all.len(), all[0].share.minor()), (1, 50_000), "{all:?}");
        return_of(&world, &first).await;
        // Somebody else comes while that order waits: the money is spoken for.
        let (_, third) = filed(&world, 85, 100_000).await;
        let elsewhere = Line { reference: Some(first.order.id.to_string()), ..line("H12", 100_000) };
        answer(&world, &third, "e-3", vec![elsewhere]).await.unwrap();
        let (more, _) = service::draft_returns(app, &officer, first.objects[0].id).await.unwrap();
        assert!(more.is_empty(), "{more:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upheld_objection_takes_drafts_back_and_an_erased_matter_reaches_nobody() {
    each("kz", async |world| {
        let app = &world.app;
        // Erased matters have nothing in common.
        let (one, gone) = filed(&world, 88, 10_000).await;
        let (two, _) = filed(&world, 89, 10_000).await;
        answer(&world, &gone, "h-4", vec![line("H10", 10_000)]).await.unwrap();
        for id in [one, two] {
            report::service::expunge(app, &Actor::system("retention"), id).await.unwrap();
        }
        world.deliver(&subscribers(app)).await;
        let object = gone.objects[0].id;
        let reach = app.db.read(move |tx| service::reach(tx, object)).await.unwrap();
        assert_eq!(reach, service::Reach::default());
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let words = Objects { name: "Үлгі".into(), contact: "77".into(), text: "Менікі".into() };
        let late = NewAppeal { channel: "paper", ground: Ground::Own, told: words };
        let late = appeal::service::file_on_paper(app, &officer, object, late).await.unwrap_err();
        assert_eq!(late.code(), "appeal.nothing");

        let (_, sent) = filed(&world, 86, 10_000).await;
        answer(&world, &sent, "h", vec![line("H10", 10_000)]).await.unwrap();
        // Above the standing approval: it waits for a person, about the very same account.
        let (_, draft) = filed(&world, 87, 99_000_000_000).await;
        assert_eq!(draft.order.status, Status::Drafted);
        assert_eq!(uphold(&world, &sent).await, 1);
        assert_eq!(open(&world, draft.order.id).await.order.status, Status::Cancelled);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_told_by_the_operator_still_gets_the_notice_and_no_victim_is_blocked_late() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let (id, _) = filed(&world, 90, 10_000).await;
        let all = service::offers(app, &officer, id).await.unwrap();
        let key = all.offers.iter().find(|o| o.measure == Measure::NumberBlock).unwrap().key.clone();
        let words = Words {
            harm: "x".into(),
            narrower: "x".into(),
            reason: "x".into(),
            class: Some(order::details::ContentClass::Phishing),
            ..Words::default()
        };
        let done = service::suppress(app, &officer, id, &[key], &words).await.unwrap();
        let view = open(&world, done.sent[0]).await;
        let now = Some(app.office.now().rfc3339());
        let blocked = Line { code: "B10".into(), at: now.clone(), told_at: now, ..Line::default() };
        answer(&world, &view, "b", vec![blocked]).await.unwrap();
        let object = view.objects[0].id;
        let notices = app.db.read(move |tx| service::notices_of(tx, &[object])).await.unwrap();
        assert!(notices[0].told_at.is_none(), "told of the block is not told how to object");

        // A number that its owner reports as a victim after the draft: the signature does not send it.
        let mut other = told(app, 91, 10_000);
        other.story = "Нөмірі +7 747 000 05 78.".to_owned();
        let other = file(&world, other).await.id;
        let all = service::offers(app, &officer, other).await.unwrap();
        let data = all.offers.iter().find(|o| o.measure == Measure::NumberBlock).unwrap().key.clone();
        let mut victim = told(app, 92, 5_000);
        victim.reporter.phone = "+77470000578".to_owned();
        victim.story = String::new();
        file(&world, victim).await;
        let late = service::suppress(app, &officer, other, &[data], &words).await;
        assert!(late.is_err() || late.unwrap().sent.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_by_telephone_counts_as_the_institutions_and_is_marked() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let (_, view) = filed(&world, 93, 10_000).await;
        let told = |key: &str, code: Code, minor: Option<i64>| Told {
            key: key.into(),
            object: view.objects[0].id,
            code,
            by: "phone",
            who: "Кезекші Үлгі (ойдан шығарылған)".into(),
            at: None,
            amount: minor.map(|m| Money::from_minor(m, app.profile.currency())),
            until: None,
            institution: String::new(),
            reference: String::new(),
            text: String::new(),
            holder: None,
        };
        let id = view.order.id;
        let approver = staff(app, 2, Role::Approver).await;
        let barred = service::record_answer(app, &approver, id, told("k", Code::H10, Some(10_000))).await;
        assert!(matches!(barred.unwrap_err().class(), Class::Forbidden | Class::NotFound));
        let wrong = service::record_answer(app, &officer, id, told("k", Code::H10, None)).await;
        assert_eq!(wrong.unwrap_err().code(), "answer.field_missing");
        let wrong = service::record_answer(app, &officer, id, told("k", Code::H11, Some(20_000))).await;
        assert_eq!(wrong.unwrap_err().code(), "answer.too_much_held");
        let paid = service::record_answer(app, &officer, id, told("k", Code::P70, Some(10_000))).await;
        assert_eq!(paid.unwrap_err().code(), "answer.unfit", "what was paid is signed by whoever paid");
        let nobody = Told { who: " ".into(), ..told("k", Code::H10, Some(10_000)) };
        let wrong = service::record_answer(app, &officer, id, nobody).await;
        assert_eq!(wrong.unwrap_err().code(), "answer.field_missing");
        // A sum, a day or an institution beside words that take none is a slip; too long a text is not cut off.
        let slips = [
            (told("k", Code::N30, Some(10_000)), "answer.stray_field"),
            (Told { until: Some(app.office.now()), ..told("k", Code::N30, None) }, "answer.stray_field"),
            (Told { institution: "ZBEK".into(), ..told("k", Code::N30, None) }, "answer.stray_field"),
            (Told { text: "ә".repeat(2_001), ..told("k", Code::N30, None) }, "answer.too_long"),
            (Told { reference: "1".repeat(141), ..told("k", Code::N30, None) }, "answer.too_long"),
        ];
        for (slip, code) in slips {
            assert_eq!(service::record_answer(app, &officer, id, slip).await.unwrap_err().code(), code);
        }
        let done = service::record_answer(app, &officer, id, told("k", Code::H10, Some(10_000))).await;
        let done = done.unwrap();
        assert_eq!((done.status, done.changed), (Status::Answered, true));
        let again = service::record_answer(app, &officer, id, told("k", Code::H10, Some(10_000))).await;
        assert!(again.unwrap().already);
        assert_eq!(open(&world, id).await.objects[0].held.minor(), 10_000);
        // What contradicts what is held is kept, and whoever writes it down is told that it changes nothing.
        let against = service::record_answer(app, &officer, id, told("l", Code::N30, None)).await.unwrap();
        assert!(!against.changed && !against.already, "{against:?}");
        assert_eq!(open(&world, id).await.objects[0].held.minor(), 10_000);
        let records = app.db.read(move |tx| audit::records_for(tx, id.uuid())).await.unwrap();
        assert_eq!(records.iter().filter(|r| r.record.act == "order.answer_recorded").count(), 2);
    })
    .await;
}

/// Bug: money that was said to have left years before it came was followed, and a stranger's was held.
#[tokio::test(flavor = "multi_thread")]
async fn what_left_before_the_money_came_is_followed_by_a_person() {
    each("kz", async |world| {
        let (_, view) = filed(&world, 95, 10_000).await;
        let long_ago = world.app.office.now().plus_secs(-400 * 86_400).rfc3339();
        let away = Line { at: Some(long_ago), ..moved(&world, 10_000, "ZCAR", &iban("ZCAR", 8)) };
        answer(&world, &view, "m", vec![away]).await.unwrap();
        let next = orders(&world, view.order.report).await.into_iter().find(|v| v.order.hop > 1).unwrap();
        assert_eq!(state(&next), (Status::Drafted, "before_money"));
    })
    .await;
}

/// Bug: a bank that let go a week before the term, and one that refused beside a hold, left the queue quiet.
#[tokio::test(flavor = "multi_thread")]
async fn what_goes_against_what_was_said_comes_before_an_officer() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let refusal = Line { text: Some("no basis".into()), ..line("R40", 0) };
        let refusal = Line { amount: None, ..refusal };
        let ended = Line { at: Some(app.office.now().rfc3339()), amount: None, ..line("L60", 0) };
        for (key, contrary) in [(96, refusal), (97, ended)] {
            let (_, view) = filed(&world, key, 10_000).await;
            answer(&world, &view, &format!("h-{key}"), vec![line("H11", 6_000)]).await.unwrap();
            let number = view.order.report_number.clone();
            let before = desk::service::row_of(app, &officer, &number).await.unwrap().unwrap();
            assert!(!before.why.needs_person(), "{:?}", before.why);
            answer(&world, &view, &format!("c-{key}"), vec![contrary]).await.unwrap();
            let after = desk::service::row_of(app, &officer, &number).await.unwrap().unwrap();
            assert_eq!(after.why, desk::Why::Question);
        }
    })
    .await;
}

/// Somebody tells of `own`, kept by ZALT, as the account that they paid ZBEK from.
async fn tells_of(world: &World, key: u128, own: &str) -> (ReportId, OrderView) {
    let mut new = told(&world.app, key, 10_000);
    new.payments[0].own_account = own.to_owned();
    let filed = file(world, new).await;
    (filed.id, orders(world, filed.id).await.remove(0))
}

/// A report that names `to` as the account it was paid into.
async fn against(world: &World, key: u128, to: &str) -> (ReportId, OrderView) {
    let mut new = report(&world.app, key, to, 900_000, world.app.office.now());
    new.reporter.phone = "+77000009999".into();
    new.payments[0].own_institution = "ZBEK".into();
    new.payments[0].own_account = iban("ZBEK", 800 + u32::try_from(key % 100).unwrap());
    let filed = file(world, new).await;
    (filed.id, orders(world, filed.id).await.remove(0))
}

fn state(view: &OrderView) -> (Status, &str) {
    (view.order.status, view.order.why_waiting.as_str())
}

/// Bug: fifty false reports that told of the account as their own, too, hid the one that its bank had confirmed.
#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_word_is_not_hidden_behind_others() {
    each("kz", async |world| {
        let own = iban("ZALT", 792);
        let (_, first) = tells_of(&world, 1_091, &own).await;
        answer(&world, &first, "c-1", vec![line("H10", 10_000)]).await.unwrap();
        for key in 0..60 {
            world.advance_secs(60);
            let mut decoy = told(&world.app, 1_100 + key, 10_000);
            decoy.payments[0].own_account.clone_from(&own);
            file(&world, decoy).await;
        }
        let (_, draft) = against(&world, 1_092, &own).await;
        assert_eq!(state(&draft), (Status::Drafted, "own_account_confirmed"));
    })
    .await;
}

/// Bug to be feared: whoever files a false report gets a victim's account held, by a machine, within the minute.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_a_bank_knows_as_a_victims_is_not_held_by_itself() {
    each("kz", async |world| {
        let app = &world.app;
        let own = iban("ZALT", 791);
        let (_, first) = tells_of(&world, 91, &own).await;
        answer(&world, &first, "c-1", vec![line("H10", 10_000)]).await.unwrap();
        // The false report names the first reporter's own account as the receiver's.
        let (_, draft) = against(&world, 92, &own).await;
        assert_eq!(state(&draft), (Status::Drafted, "own_account_confirmed"));
        world.advance_secs(3_600);
        service::tick(app).await.unwrap();
        assert_eq!(
            open(&world, draft.order.id).await.order.status,
            Status::Drafted,
            "until a person has looked"
        );
        // Nothing is out of reach: an officer who has looked sends it.
        let officer = staff(app, 1, Role::DutyOfficer).await;
        service::approve_and_send(app, &officer, draft.order.id).await.unwrap();
        assert_eq!(open(&world, draft.order.id).await.order.status, Status::Sent);
        // The payer's own bank is asked about the payer's own account as before.
        let mut out = report(app, 93, &iban("ZBEK", 9), 10_000, app.office.now());
        out.payments[0].own_account = own;
        out.payments[0].to_institution = String::new();
        out.payments[0].to = None;
        let id = file(&world, out).await.id;
        let out = orders(&world, id).await.remove(0);
        assert_eq!((out.order.executor.as_str(), out.order.status), ("ZALT", Status::Sent));
    })
    .await;
}

/// Bug: a report that told of a mule's account as the reporter's own was a shield for good: every hold on it waited for a
/// person. A bare word delays some minutes, and then the order goes.
#[tokio::test(flavor = "multi_thread")]
async fn a_bare_word_that_an_account_is_ones_own_only_delays() {
    each("kz", async |world| {
        let app = &world.app;
        let mule = iban("ZALT", 792);
        tells_of(&world, 94, &mule).await;
        let (_, draft) = against(&world, 95, &mule).await;
        assert_eq!(state(&draft), (Status::Drafted, "own_account"));
        let minutes = app.profile.limits(app.office.now()).unwrap().own_account_minutes;
        world.advance_secs(i64::from(minutes) * 60 - 1);
        assert_eq!(service::tick(app).await.unwrap().let_out, 0, "not before its time");
        world.advance_secs(1);
        assert_eq!(service::tick(app).await.unwrap().let_out, 1);
        let sent = open(&world, draft.order.id).await.order;
        assert_eq!((sent.status, sent.why_waiting.as_str()), (Status::Sent, ""));
        assert!(sent.approval.is_some(), "under the standing approval, not under nobody's name");
        assert_eq!(service::tick(app).await.unwrap().let_out, 0, "once");
    })
    .await;
}

/// What a bank confirms while the order waits counts; what a bank did not find does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_word_is_judged_by_what_banks_have_said_when_the_minutes_are_over() {
    each("kz", async |world| {
        let app = &world.app;
        let (one, other) = (iban("ZALT", 793), iban("ZALT", 794));
        let (_, true_one) = tells_of(&world, 96, &one).await;
        let (_, false_one) = tells_of(&world, 97, &other).await;
        let (_, waits) = against(&world, 98, &one).await;
        let (_, goes) = against(&world, 99, &other).await;
        answer(&world, &true_one, "c-1", vec![line("H10", 10_000)]).await.unwrap();
        let nothing = Line { code: "N31".into(), ..Line::default() };
        answer(&world, &false_one, "c-2", vec![nothing]).await.unwrap();
        world.advance_secs(3_600);
        assert_eq!(service::tick(app).await.unwrap().let_out, 1);
        assert_eq!(state(&open(&world, waits.order.id).await), (Status::Drafted, "own_account_confirmed"));
        assert_eq!(open(&world, goes.order.id).await.order.status, Status::Sent);
    })
    .await;
}

/// A word is about an account at an institution, and lasts as long as its report stands.
#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_word_and_a_word_about_another_bank_shield_nothing() {
    each("kz", async |world| {
        let app = &world.app;
        let mule = iban("ZALT", 795);
        let (id, first) = tells_of(&world, 71, &mule).await;
        answer(&world, &first, "c-1", vec![line("H10", 10_000)]).await.unwrap();
        let citizen = Actor::Citizen { report: id.uuid() };
        report::service::withdraw(app, &citizen, id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(against(&world, 72, &mule).await.1.order.status, Status::Sent, "withdrawn");
        // A number that is no IBAN may be somebody's at one bank and somebody else's at another.
        let mut new = told(app, 73, 10_000);
        new.payments[0].own_account = "40817810538091310419".into();
        file(&world, new).await;
        let at = |bank: &str, key: u128| {
            let mut new = report(app, key, &iban("ZBEK", 7), 900_000, app.office.now());
            new.reporter.phone = "+77000009999".into();
            new.payments[0].own_account = iban("ZALT", 796);
            new.payments[0].to = Some(report::Target {
                kind: "account".into(),
                value: "40817810538091310419".into(),
                masked: "4081…0419".into(),
            });
            new.payments[0].to_institution = bank.into();
            new
        };
        let (there, here) = (at("ZBEK", 74), at("ZALT", 75));
        let there = file(&world, there).await.id;
        assert_eq!(orders(&world, there).await.remove(0).order.status, Status::Sent, "another bank's");
        let here = file(&world, here).await.id;
        assert_eq!(state(&orders(&world, here).await.remove(0)), (Status::Drafted, "own_account"));
    })
    .await;
}
