//! The registry of identifiers over both engines: what reports name is heard, confirmed, listed, asked about, cleared;
//! and whom one report cannot harm.

use app::App;
use identifier::Kind;
use kernel::{Actor, Class as ErrorClass, Coded as _, Purpose, Role};
use qorgan::slices::subscribers;
use registry::model::{Advice, Class, Reason};
use registry::rules::{Band, PublicAnswer, Verdict};
use registry::service::{self, Question};
use registry::{EntryId, RegistryError, Status};
use report::{NewReport, ReportId};
use testkit::World;

use crate::browser::browser;
use crate::country::{file, iban, key_of, partner_actor, report, staff};
use crate::talk::each;

const PHONE: &str = "+77000000577";

/// A report of a payment, by a reporter of their own.
pub(crate) fn told(app: &App, key: u128, channel: &str) -> NewReport {
    let mut new = report(app, key, &iban("ZBEK", 7), 10_000, app.office.now());
    new.channel = channel.to_owned();
    new.reporter.phone = format!("+7700000{key:04}");
    new.payments.iter_mut().for_each(|p| p.own_account = iban("ZALT", u32::try_from(key).unwrap()));
    new
}

pub(crate) fn mule(app: &App) -> EntryId {
    service::entry_id(app, Kind::Iban, &iban("ZBEK", 7))
}

pub(crate) async fn asked(world: &World, kind: Option<Kind>, value: &str) -> Verdict {
    let bank = partner_actor(&world.app, "ZALT").await;
    let all = vec![Question { kind, value: value.to_owned() }];
    service::check(&world.app, &bank, all, "payment").await.unwrap().remove(0).unwrap().verdict
}

async fn shown(world: &World, text: &str) -> Vec<PublicAnswer> {
    let all = service::check_public(&world.app, text).await.unwrap();
    all.into_iter().map(|s| s.answer).collect()
}

async fn stands(world: &World, id: EntryId) -> Option<Status> {
    let officer = staff(&world.app, 1, Role::DutyOfficer).await;
    match service::entry(&world.app, &officer, id).await {
        Err(RegistryError::NotFound) => None,
        opened => Some(opened.unwrap().status),
    }
}

async fn withdraw(world: &World, report: ReportId) {
    let citizen = Actor::Citizen { report: report.uuid() };
    report::service::withdraw(&world.app, &citizen, report).await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
}

/// Confirms and signs until the law has enough; gives how many have signed.
pub(crate) async fn listed(world: &World, id: EntryId) -> usize {
    let app = &world.app;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    service::confirm(app, &officer, id, "two victims paid here").await.unwrap();
    let mut signed = 0;
    loop {
        signed += 1;
        let approver = staff(app, 10 + u32::try_from(signed).unwrap(), Role::Approver).await;
        if service::list(app, &approver, id).await.unwrap().missing == 0 {
            return signed;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_report_names_is_heard_and_taken_back_with_it() {
    each("kz", async |world| {
        let app = &world.app;
        let id = mule(app);
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await, Verdict::NOTHING);
        let mut new = told(app, 501, "portal");
        new.story = format!("Звонили с {PHONE}, ссылка https://bank-safe.example/login, верните");
        let filed = file(&world, new).await;
        let verdict = asked(&world, Some(Kind::Iban), &iban("ZBEK", 7)).await;
        assert_eq!((verdict.class, verdict.advice), (Class::Reported, Advice::AskPayer));
        assert_eq!(verdict.reasons, [Reason::PaidTo]);
        assert_eq!(stands(&world, id).await, Some(Status::Reported));
        // What merely stands in a story may be a friend's number, the site of a real bank.
        assert_eq!(asked(&world, None, "bank-safe.example/login").await, Verdict::NOTHING);
        assert_eq!(asked(&world, None, PHONE).await, Verdict::NOTHING);
        assert_eq!(stands(&world, service::entry_id(app, Kind::Phone, PHONE)).await, Some(Status::Seen));
        // The reporter's own telephone and account are told to nobody.
        assert_eq!(asked(&world, None, "+77000000501").await, Verdict::NOTHING);
        assert_eq!(asked(&world, None, &iban("ZALT", 501)).await, Verdict::NOTHING);
        // One report says nothing to the public, however it is asked.
        assert_eq!(shown(&world, &iban("ZBEK", 7)).await, [PublicAnswer::Nothing]);

        withdraw(&world, filed.id).await;
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await, Verdict::NOTHING);
        assert_eq!(stands(&world, id).await, None, "nobody says so any more");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_hears_of_two_verified_reporters_and_not_of_a_hundred_names() {
    each("kz", async |world| {
        let app = &world.app;
        for key in 511..514 {
            file(&world, told(app, key, "portal")).await;
        }
        assert_eq!(shown(&world, &iban("ZBEK", 7)).await, [PublicAnswer::Nothing]);
        // The same person twice is one person.
        for key in [521, 522] {
            let mut new = told(app, key, "desk:walk_in");
            new.reporter.phone = "+77000000521".to_owned();
            file(&world, new).await;
        }
        assert_eq!(shown(&world, &iban("ZBEK", 7)).await, [PublicAnswer::Nothing]);
        file(&world, told(app, 523, "desk:phone")).await;
        let answers = shown(&world, &format!("Переведите на {} срочно", iban("ZBEK", 7))).await;
        assert!(matches!(answers[..], [PublicAnswer::Reported(Band::Few, _)]), "{answers:?}");
        let verdict = asked(&world, None, &iban("ZBEK", 7)).await;
        assert_eq!(verdict.reasons, [Reason::PaidTo, Reason::Reporters]);
        assert_eq!(verdict.advice, Advice::AskPayer, "reports alone stop no payment");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_confirms_others_list_and_an_approver_clears() {
    each("kz", async |world| {
        let app = &world.app;
        let id = mule(app);
        file(&world, told(app, 531, "portal")).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let approver = staff(app, 11, Role::Approver).await;
        let early = service::list(app, &approver, id).await.unwrap_err();
        assert_eq!(early.code(), "registry.stands", "nobody has confirmed it");
        assert_eq!(service::confirm(app, &officer, id, " - ").await.unwrap_err().code(), "registry.reasons");
        let other = service::confirm(app, &approver, id, "because").await.unwrap_err();
        assert_eq!(other.class(), ErrorClass::Forbidden, "an approver confirms nothing");
        service::confirm(app, &officer, id, "a victim paid here").await.unwrap();
        let verdict = asked(&world, None, &iban("ZBEK", 7)).await;
        assert_eq!((verdict.class, verdict.advice), (Class::Suspect, Advice::AskAndWait));
        assert!(matches!(shown(&world, &iban("ZBEK", 7)).await[..], [PublicAnswer::Warned(..)]));
        let by_officer = service::list(app, &officer, id).await.unwrap_err();
        assert_eq!(by_officer.class(), ErrorClass::Forbidden, "whoever confirmed does not sign");

        // The law of this country asks for two approvers; nobody signs twice.
        assert_eq!(service::list(app, &approver, id).await.unwrap().missing, 1);
        // A second click counts nothing.
        assert_eq!(service::list(app, &approver, id).await.unwrap().missing, 1);
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::AskAndWait);
        let second = staff(app, 12, Role::Approver).await;
        let signed = service::list(app, &second, id).await.unwrap();
        assert_eq!((signed.missing, signed.entry.basis.is_some()), (0, true));
        let verdict = asked(&world, None, &iban("ZBEK", 7)).await;
        assert_eq!((verdict.class, verdict.advice), (Class::Listed, Advice::Decline));

        let denied = service::clear(app, &officer, id, "a mistake").await.unwrap_err();
        assert_eq!(denied.class(), ErrorClass::Forbidden);
        service::clear(app, &approver, id, "it was the seller of a phone").await.unwrap();
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await, Verdict::NOTHING);
        // What was cleared stays so, whatever is reported.
        for key in [532, 533] {
            file(&world, told(app, key, "desk:walk_in")).await;
        }
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await, Verdict::NOTHING);
        assert_eq!(shown(&world, &iban("ZBEK", 7)).await, [PublicAnswer::Nothing]);
        let opened = service::entry(app, &officer, id).await.unwrap();
        assert_eq!(opened.reason.as_deref(), Some("it was the seller of a phone"));
        // Who was told something of it is known: they will hear of the correction.
        let told: Vec<&str> = opened.told.iter().map(|t| t.partner.as_str()).collect();
        assert_eq!(told, ["ZALT"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_declined_while_an_objection_waits_and_a_listing_ends_by_its_law() {
    each("kz", async |world| {
        let app = &world.app;
        let id = mule(app);
        file(&world, told(app, 541, "portal")).await;
        assert_eq!(listed(&world, id).await, 2);
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let object =
            async || service::object(app, &officer, id, "the seller of a telephone, by letter").await;
        assert_eq!(service::object(app, &officer, id, " ").await.unwrap_err().code(), "registry.reasons");
        object().await.unwrap();
        assert_eq!(object().await.unwrap_err().code(), "registry.stands");
        let opened = service::entry(app, &officer, id).await.unwrap();
        assert_eq!(opened.objection.as_deref(), Some("the seller of a telephone, by letter"));
        let verdict = asked(&world, None, &iban("ZBEK", 7)).await;
        assert_eq!((verdict.class, verdict.advice), (Class::Listed, Advice::AskPayer));
        assert_eq!(shown(&world, &iban("ZBEK", 7)).await, [PublicAnswer::Nothing]);
        // Whoever signed it decides on no objection to it.
        let signer = staff(app, 11, Role::Approver).await;
        assert_eq!(service::stand(app, &signer, id, "no").await.unwrap_err().class(), ErrorClass::Forbidden);
        let other = staff(app, 13, Role::Approver).await;
        service::stand(app, &other, id, "nothing was shown").await.unwrap();
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::Decline);
        // 180 days, by the basis; new reports make no listing longer.
        world.advance_secs(100 * 86_400);
        file(&world, told(app, 542, "portal")).await;
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::Decline);
        world.advance_secs(81 * 86_400);
        assert_eq!(stands(&world, id).await, Some(Status::Reported), "what was reported since is still told");
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::AskPayer);
    })
    .await;
}

/// Bug: an account that anybody said to be theirs could not be listed, and one whose decision was over came back with the
/// next report.
#[tokio::test(flavor = "multi_thread")]
async fn a_bare_word_shields_nothing_and_an_old_decision_does_not_come_back() {
    each("kz", async |world| {
        let app = &world.app;
        let id = mule(app);
        file(&world, told(app, 591, "portal")).await;
        // The mule tells it as his own: at the counter, and at another bank.
        for (key, channel) in [(592, "desk:walk_in"), (593, "partner:ZALT")] {
            let mut own = told(app, key, channel);
            own.payments.iter_mut().for_each(|p| p.own_account = iban("ZBEK", 7));
            own.payments.iter_mut().for_each(|p| {
                if let Some(to) = &mut p.to {
                    to.value = iban("ZCAR", 1);
                }
            });
            file(&world, own).await;
        }
        assert_eq!(listed(&world, id).await, 2);
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::Decline);
        world.advance_secs(800 * 86_400);
        file(&world, told(app, 594, "portal")).await;
        let verdict = asked(&world, None, &iban("ZBEK", 7)).await;
        assert_eq!((verdict.class, verdict.advice), (Class::Reported, Advice::AskPayer));
    })
    .await;
}

/// Bug: one link a victim was enough to be unknown.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_asked_about_by_its_site_too() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let mut new = told(app, 595, "portal");
        new.story = "ссылка https://bank-safe.example/login?id=1".to_owned();
        file(&world, new).await;
        let site = service::entry_id(app, Kind::Domain, "bank-safe.example");
        service::confirm(app, &officer, site, "a copy of a bank's page").await.unwrap();
        for link in ["https://bank-safe.example/login?id=2", "http://www.bank-safe.example/x"] {
            assert_eq!(asked(&world, None, link).await.class, Class::Suspect, "{link}");
            assert!(matches!(shown(&world, link).await[..], [PublicAnswer::Warned(..)]), "{link}");
        }
    })
    .await;
}

/// What is listed is found in every writing that leads to it, and what many share stays out of it.
#[tokio::test(flavor = "multi_thread")]
async fn other_writings_of_a_listed_thing_are_told_too() {
    each("kz", async |world| {
        let app = &world.app;
        let listed_as = async |no: u128, kind: Kind, value: &str| {
            let mut report = told(app, no, "desk:phone");
            report.payments.clear();
            report.story = format!("they wrote from {value}");
            file(&world, report).await;
            let id = service::entry_id(app, kind, value);
            listed(&world, id).await;
        };
        listed_as(581, Kind::Phone, "+77000001708").await;
        listed_as(582, Kind::Ip, "203.0.113.77").await;
        listed_as(583, Kind::Domain, "listed2.example").await;
        listed_as(584, Kind::Url, "https://listed3.example/pay").await;
        for writing in [
            "https://wa.me/77000001708",
            "https://api.whatsapp.com/send?phone=77000001708",
            "http://203.0.113.77/",
            "https://3405803853/login",
            "https://sub.listed2.example/x",
            "shop.listed2.example",
            "http://listed3.example/pay",
            "https://listed3.example/%70ay",
            "https://listed3.example/pay/",
        ] {
            let answer = asked(&world, None, writing).await;
            assert_eq!((answer.class, answer.advice), (Class::Listed, Advice::Decline), "{writing}");
            assert!(matches!(shown(&world, writing).await[..], [PublicAnswer::Warned(..)]), "{writing}");
        }
        for other in ["https://wa.me/77000001709", "https://listed3.example/other", "listed22.example"] {
            assert_eq!(asked(&world, None, other).await, Verdict::NOTHING, "{other}");
        }
        // What people have cleared stays so, whatever stands above it.
        let (officer, approver) =
            (staff(app, 1, Role::DutyOfficer).await, staff(app, 31, Role::Approver).await);
        let mut report = told(app, 585, "desk:phone");
        report.payments.clear();
        report.story = "the address was cs.listed2.example".to_owned();
        file(&world, report).await;
        let own = service::entry_id(app, Kind::Domain, "cs.listed2.example");
        service::confirm(app, &officer, own, "named in a report").await.unwrap();
        service::clear(app, &approver, own, "the faculty's own").await.unwrap();
        assert_eq!(asked(&world, None, "cs.listed2.example").await, Verdict::NOTHING);
        assert_eq!(asked(&world, None, "https://cs.listed2.example/a").await, Verdict::NOTHING);
        // An officer who looks a part up is shown what it leads to; one report about a page says nothing of its neighbours.
        let found = service::find(app, &officer, "https://sub.listed2.example/x", Purpose::Investigate)
            .await
            .unwrap();
        assert!(found.iter().any(|f| f.seen.canonical == "listed2.example" && f.entry.is_some()));
        let mut report = told(app, 586, "desk:phone");
        report.payments.clear();
        report.story = "https://market.example/x".to_owned();
        file(&world, report).await;
        assert_eq!(asked(&world, None, "https://shop.market.example/y").await, Verdict::NOTHING);
        // Signs that turn the order of others show somebody another number than is read.
        let turned = service::check_public(app, "+7700000\u{202e}8071").await.unwrap_err();
        assert_eq!(turned.code(), "registry.unread");
    })
    .await;
}

/// What is warned of stands before that of which nothing is known, and no message is so long that it hides it.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_message_hides_nothing() {
    each("kz", async |world| {
        let sites: Vec<String> = (0..30).map(|no| format!("https://site{no}.example/a")).collect();
        let message = format!("{} https://egov-kz.example/login", sites.join(" "));
        let answers = shown(&world, &message).await;
        assert_eq!((answers.len(), answers[0]), (31, PublicAnswer::LooksLike));
        assert!(!service::is_cut(&world.app, &message));
        let numbers: Vec<String> = (0..11).map(|no| format!("+7700000{no:04}")).collect();
        assert!(service::is_cut(&world.app, &numbers.join(" и ")));
        assert_eq!(shown(&world, &numbers.join(" и ")).await.len(), 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_shared_services_and_victims_are_not_confirmed() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let mut new = told(app, 551, "portal");
        new.story = "Сайты https://egov.kz/login, t.me, https://t.me/invented_channel".to_owned();
        file(&world, new).await;
        let confirm = async |kind, value: &str| {
            service::confirm(app, &officer, service::entry_id(app, kind, value), "why")
                .await
                .map_err(|e| e.code())
        };
        assert_eq!(asked(&world, None, "egov.kz").await.class, Class::Verified);
        assert_eq!(shown(&world, "https://egov.kz/login").await, [PublicAnswer::Verified]);
        assert_eq!(
            shown(&world, "1414").await,
            [PublicAnswer::Verified],
            "a short line that everybody should know"
        );
        assert_eq!(confirm(Kind::Url, "https://egov.kz/login").await.unwrap_err(), "registry.verified");
        confirm(Kind::Url, "https://t.me/invented_channel").await.unwrap();
        confirm(Kind::Domain, "t.me").await.unwrap();
        let approver = staff(app, 11, Role::Approver).await;
        let shared = service::list(app, &approver, service::entry_id(app, Kind::Domain, "t.me")).await;
        assert_eq!(shared.unwrap_err().code(), "registry.shared");
        assert_eq!(asked(&world, None, "t.me").await.advice, Advice::AskPayer);
        // A confirmed service says nothing of the channels of others on it.
        assert_eq!(asked(&world, None, "https://t.me/somebody_else").await, Verdict::NOTHING);

        // What a victim's own bank tells is the victim's is never listed, whoever else reports the same account.
        let mut victim = told(app, 552, "partner:ZBEK");
        victim.payments.iter_mut().for_each(|p| p.own_account = iban("ZBEK", 9));
        file(&world, victim).await;
        assert_eq!(confirm(Kind::Iban, &iban("ZBEK", 9)).await.unwrap_err(), "registry.victim");
        let mut against = told(app, 553, "portal");
        against.payments.iter_mut().for_each(|p| {
            if let Some(to) = &mut p.to {
                to.value = iban("ZBEK", 9);
            }
        });
        file(&world, against).await;
        let id = service::entry_id(app, Kind::Iban, &iban("ZBEK", 9));
        service::confirm(app, &officer, id, "people decide").await.unwrap();
        assert_eq!(service::list(app, &approver, id).await.unwrap_err().code(), "registry.victim");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_in_the_record_and_an_erased_report_leaves_nothing() {
    each("kz", async |world| {
        let app = &world.app;
        let filed = file(&world, told(app, 561, "portal")).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let found = service::find(app, &officer, &iban("ZBEK", 7), Purpose::Investigate).await.unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].entry.is_some());
        let wrong =
            service::find(app, &officer, "KZ87125KZT5004100100", Purpose::Investigate).await.unwrap_err();
        assert_eq!(wrong.code(), "registry.value");
        asked(&world, None, &iban("ZBEK", 7)).await;
        let id = mule(app);
        let records = app.db.read(move |tx| audit::records_for(tx, id.uuid())).await.unwrap();
        assert!(
            records
                .iter()
                .any(|r| r.record.act == "registry.looked_up" && r.record.actor.starts_with("staff:"))
        );
        let bank = partner_actor(app, "ZALT").await;
        let Actor::Partner { partner, .. } = bank else { unreachable!() };
        let told = app.db.read(move |tx| audit::records_for(tx, partner)).await.unwrap();
        let told = told.iter().find(|r| r.record.act == "registry.told").unwrap();
        assert_eq!(told.facts["entry"], id.to_string());
        let admin = staff(app, 14, Role::Administrator).await;
        assert!(
            service::find(app, &admin, PHONE, Purpose::Audit).await.is_err(),
            "administrators look nothing up"
        );

        let approver = staff(app, 11, Role::Approver).await;
        report::service::expunge(app, &approver, filed.id).await.unwrap();
        world.deliver(&subscribers(app)).await;
        assert_eq!(stands(&world, mule(app)).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_who_asked_for_which_report_and_nobody_else_does() {
    each("kz", async |world| {
        let app = &world.app;
        let filed = file(&world, told(app, 571, "portal")).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let ground =
            |report: &str| service::Ground { purpose: Purpose::Investigate, report: Some(report.to_owned()) };
        let unknown = service::find(app, &officer, &iban("ZBEK", 7), ground("R-2026-00000000")).await;
        assert_eq!(unknown.unwrap_err().code(), "registry.report_number");
        service::find(app, &officer, &iban("ZBEK", 7), ground(&filed.number)).await.unwrap();
        asked(&world, None, &iban("ZBEK", 7)).await;
        // Also of what the registry has no entry of.
        service::find(app, &officer, &iban("ZBEK", 8), Purpose::HandleReport).await.unwrap();

        let auditor = staff(app, 21, Role::Auditor).await;
        let seen = service::who_asked(app, &auditor, &iban("ZBEK", 7)).await.unwrap();
        let act = seen[0].acts.iter().find(|a| a.record.act == "registry.looked_up").unwrap();
        assert_eq!(act.record.purpose.as_deref(), Some("investigate"));
        assert!(seen[0].names.contains_key(&act.record.actor), "by name");
        let report = service::report_of(act).unwrap();
        assert_eq!(seen[0].reports.get(&report), Some(&filed.number));
        assert_eq!(seen[0].told.iter().map(|t| t.partner.as_str()).collect::<Vec<_>>(), ["ZALT"]);
        let absent = service::who_asked(app, &auditor, &iban("ZBEK", 8)).await.unwrap();
        assert_eq!(absent[0].acts.len(), 1);
        // Whoever controls is controlled: the second time the first stands there.
        let again = service::who_asked(app, &auditor, &iban("ZBEK", 8)).await.unwrap();
        let acts: Vec<&str> = again[0].acts.iter().map(|a| a.record.act.as_str()).collect();
        assert_eq!(acts.len(), 2);
        assert!(acts.contains(&"registry.audited"));

        // An auditor opens no entry and no report; nobody else sees who asked.
        assert!(service::entry(app, &auditor, mule(app)).await.is_err());
        assert!(report::service::by_number(app, &auditor, &filed.number).await.is_err());
        for role in [Role::DutyOfficer, Role::Approver, Role::Administrator, Role::Prosecutor] {
            let other = staff(app, 30, role).await;
            assert!(service::who_asked(app, &other, &iban("ZBEK", 7)).await.is_err(), "{role:?}");
        }
    })
    .await;
}

/// Sends a question as an institution would, signed.
async fn post(world: &World, no: u32, body: &str) -> (u16, serde_json::Value) {
    use axum::body::Body;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;
    let app = &world.app;
    let target = format!("{}/api/v1/checks", app.node.public_url);
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("content-type", axum::http::HeaderValue::from_static("application/json"));
    let created = app.wall.now().as_secs();
    let nonce = format!("check-{no}");
    let params = httpsig::Params { keyid: "ZALT/1", nonce: &nonce, created, expires: created + 60 };
    let request =
        httpsig::Request { method: "POST", target_uri: &target, headers: &headers, body: body.as_bytes() };
    headers.extend(httpsig::sign_request(&key_of("ZALT"), &request, &params).unwrap());
    let silent = partner::web::Silent(std::sync::Arc::new(Vec::new));
    let router = qorgan::http::router(app, silent).unwrap();
    let mut request = axum::http::Request::post("/api/v1/checks").body(Body::from(body.to_owned())).unwrap();
    request.headers_mut().extend(headers);
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_asks_over_the_api() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, told(app, 571, "portal")).await;
        let mut spaced = iban("ZBEK", 7);
        spaced.insert(8, ' ');
        let body = serde_json::json!({"type": "check.v1", "why": "payment", "items": [
            {"kind": "iban", "value": spaced.to_lowercase()}, {"value": "+7 701 000 00 09"}, {"kind": "iban", "value": "KZ001"}, {"value": "просто слова"}]});
        let (status, answer) = post(&world, 1, &body.to_string()).await;
        assert_eq!(status, 200, "{answer}");
        let items = answer["items"].as_array().unwrap();
        assert_eq!(items[0]["class"], "reported");
        assert_eq!(items[0]["advice"], "ask_payer");
        assert_eq!(items[0]["reasons"], serde_json::json!(["paid_to"]));
        assert_eq!(items[0]["ttl"], 30);
        assert_eq!(items[1]["class"], "nothing");
        assert_eq!(items[2]["error"], "identifier.too_short");
        assert_eq!(items[3]["error"], "registry.unread");
        let no_story = answer.to_string();
        assert!(!no_story.contains("R-") && !no_story.contains("Үлгі"), "{no_story}");
        for (no, body, code) in [
            (2, r#"{"type":"check.v1","why":"payment","items":[]}"#, "registry.items"),
            (3, r#"{"type":"check.v1","why":"curiosity","items":[{"value":"1"}]}"#, "registry.why"),
            (4, r#"{"type":"check.v1","why":"payment","items":[{"kind":"soul","value":"1"}]}"#, "registry.why"),
            (5, r#"{"type":"check.v2","why":"payment","items":[{"value":"1"}]}"#, "registry.why"),
        ] {
            let (status, problem) = post(&world, no, body).await;
            assert_eq!((status, problem["code"].as_str()), (422, Some(code)), "{problem}");
        }
        for (no, item) in [(6, "{}"), (7, r#"{"kind":null,"value":"1"}"#), (8, r#"{"value":"1","name":"x"}"#)] {
            let body = format!(r#"{{"type":"check.v1","why":"payment","items":[{item}]}}"#);
            let (status, problem) = post(&world, no, &body).await;
            assert_eq!(status, 400, "{item}: {problem}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_the_portal_and_of_the_office() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = world.app.clone();
        for key in [581, 582] {
            file(&world, told(&app, key, "desk:walk_in")).await;
        }
        let account = iban("ZBEK", 7);
        let words = [("kk", "Бұл туралы хабарланған"), ("ru", "Об этом сообщали"), ("en", "It was reported")];
        for (lang, reported) in words {
            let anybody = browser(&world, lang, None).await;
            assert_eq!(anybody.send("GET", "/check", "").await.0, 200);
            let (status, headers, body) = anybody.send("POST", "/check", &format!("value={account}")).await;
            assert!(status == 200 && body.contains(reported), "{lang}: {body}");
            assert_eq!(headers["cache-control"], "no-store");
            assert!(!body.contains("R-2"), "no report is named: {body}");
            for (typed, status) in [("", 422), ("KZ001", 422), ("%3Cscript%3E", 422), ("1414", 200)] {
                let (found, _, body) = anybody.send("POST", "/check", &format!("value={typed}")).await;
                assert_eq!(found, status, "{typed}: {body}");
                assert!(!body.contains("<script>"), "{body}");
            }
        }
        let id = mule(&app);
        for lang in ["kk", "ru", "en"] {
            let desk = browser(&world, lang, Some("aliya")).await;
            let (status, _, body) = desk.send("GET", "/desk/registry", "").await;
            assert!(status == 200 && body.contains(&format!("/desk/registry/{id}")), "{body}");
            let look = format!("value={account}&purpose=investigate");
            let (status, _, body) = desk.send("POST", "/desk/registry", &look).await;
            assert!(
                status == 200 && body.matches(&account[..16]).count() == 1,
                "only the box holds what was typed: {body}"
            );
            let (status, _, _) =
                desk.send("POST", "/desk/registry", &format!("value={account}&purpose=")).await;
            assert_eq!(status, 422, "nothing is looked up without a purpose");
            let (status, _, body) = desk.send("GET", &format!("/desk/registry/{id}"), "").await;
            assert!(status == 200 && body.contains("/confirm") && !body.contains("/clear"), "{body}");
        }
        let officer = browser(&world, "ru", Some("aliya")).await;
        let (status, _, body) =
            officer.send("POST", &format!("/desk/registry/{id}/confirm"), "reason=").await;
        assert!(status == 422 && body.contains("href=\"#f-confirm_reason\""), "{body}");
        let confirm = format!("/desk/registry/{id}/confirm");
        let (status, _, body) = officer.send("POST", &confirm, "reason=двое+заплатили+сюда").await;
        assert_eq!(status, 303, "{body}");
        for (n, login) in ["daur", "saule"].into_iter().enumerate() {
            let approver = browser(&world, "kk", Some(login)).await;
            let (status, _, body) = approver.send("GET", &format!("/desk/registry/{id}"), "").await;
            assert!(
                status == 200 && body.contains("двое заплатили сюда") && body.contains("/list"),
                "{body}"
            );
            let (status, _, body) = approver.send("POST", &format!("/desk/registry/{id}/list"), "").await;
            assert_eq!(status, 303, "{n}: {body}");
        }
        assert_eq!(stands(&world, id).await, Some(Status::Listed));
        let approver = browser(&world, "en", Some("daur")).await;
        let clear = format!("/desk/registry/{id}/clear");
        let (status, _, body) = approver.send("POST", &clear, "reason=a+seller").await;
        assert_eq!(status, 303, "{body}");
        let (_, _, body) = approver.send("GET", &format!("/desk/registry/{id}"), "").await;
        assert!(
            body.contains("a seller") && !body.contains("Told until"),
            "of what was cleared nothing is told: {body}"
        );
        // Whoever is not of the desk learns nothing.
        for login in [None, Some("erzhan")] {
            let other = browser(&world, "en", login).await;
            assert_ne!(other.send("GET", &format!("/desk/registry/{id}"), "").await.0, 200, "{login:?}");
        }
    })
    .await;
}
