//! Agreements at the desk: taken in by a form or a file, confirmed by a second administrator, changed without losing what was.

use access::AccessError;
use app::App;
use http::StatusCode;
use kernel::{Actor, Class, Coded as _, Role};
use partner::agreement::service::{confirm, propose, refuse};
use partner::agreement::views::{history, view, waiting};
use partner::agreement::{AgreementId, AgreementStatus, ContactPoint, DecideError, Over, Proposal, Terms};
use partner::{Institution, PartnerError, manage, service};
use testkit::World;

use crate::manage::believed;
use crate::pages::{get, post, post_file, settled, sign_in};
use crate::support::{each, import, institution, records, staff};

/// An agreement as the form wants it.
pub fn full(code: &str, key: u8) -> Institution {
    let names = [("kk", "Үлгі"), ("ru", "Образец"), ("en", "Sample")];
    let names = names.map(|(lang, name)| (kernel::Lang::new(lang).unwrap(), format!("{name} {code}")));
    Institution {
        names: kernel::Localised::from_pairs(names),
        agreement: Terms {
            number: "17/2026".into(),
            signed: "2026-08-15".into(),
            until: "2027-08-14".into(),
            contacts: vec![ContactPoint {
                name: "Кезекші инженер".into(),
                phone: "+77000000177".into(),
                email: "duty@zalt.example".into(),
                hours: String::new(),
            }],
            ..Terms::default()
        },
        ..institution(code, key)
    }
}

fn proposal(app: &App, over: Over, entry: Institution) -> Proposal {
    Proposal { id: AgreementId::from_uuid(app.uuid()), over, entry }
}

/// Two administrators and an officer with accounts.
async fn people(world: &World) -> (App, Actor, Actor, Actor) {
    let app = App { demo: true, ..world.app.clone() };
    let all = access::demo_accounts(&app).await.unwrap();
    let actor = |login: &str| all.iter().find(|a| a.login == login).unwrap().actor(&app);
    (app.clone(), actor("erzhan"), actor("botagoz"), actor("aliya"))
}

#[tokio::test]
async fn nothing_rests_on_an_agreement_before_a_second_person_has_confirmed_it() {
    each(async |world| {
        let (app, first, second, officer) = people(&world).await;
        let new = proposal(&app, Over::Nothing, full("ZNEW", 4));
        let made = propose(&app, &first, vec![new.clone()], true).await.unwrap();
        let again = propose(&app, &first, vec![new], true).await.unwrap();
        assert_eq!((made.len(), again[0].id), (1, made[0].id), "the same form twice is one version");
        assert_eq!(service::all(&app).await.unwrap(), [], "no institution yet");
        assert!(!believed(&world, "ZNEW/1", 4, "a").await);

        // Neither its author nor whoever does not administer.
        let own = confirm(&app, &first, made[0].id).await.unwrap_err();
        assert!(matches!(own, PartnerError::Decide(DecideError::Author)), "{own}");
        let other = confirm(&app, &officer, made[0].id).await.unwrap_err();
        assert!(matches!(other, PartnerError::Access(AccessError::Forbidden(_))), "{other}");
        let none = confirm(&app, &second, AgreementId::from_uuid(app.uuid())).await.unwrap_err();
        assert_eq!(none.class(), Class::NotFound);

        let seen = view(&app, &second, made[0].id).await.unwrap();
        assert!(seen.confirms && seen.against.is_none() && seen.before.is_none() && !seen.own);
        let done = confirm(&app, &second, made[0].id).await.unwrap();
        assert_eq!((done.status, done.version), (AgreementStatus::Kept, Some(1)));
        let partner = &service::all(&app).await.unwrap()[0];
        assert_eq!((partner.code.as_str(), partner.until_day.as_str()), ("ZNEW", "2027-08-14"));
        assert_eq!(partner.contact, "Кезекші инженер, +77000000177, duty@zalt.example");
        assert!(believed(&world, "ZNEW/1", 4, "b").await);
        let twice = confirm(&app, &second, made[0].id).await.unwrap_err();
        assert!(matches!(twice, PartnerError::Decide(DecideError::Settled)), "{twice}");
        let mut acts: Vec<String> = records(&app, "ZNEW").await.into_iter().map(|(act, _)| act).collect();
        acts.sort_unstable();
        assert_eq!(acts, ["partner.agreement_confirmed", "partner.agreement_proposed"]);
    })
    .await;
}

#[tokio::test]
async fn a_change_is_kept_beside_what_was_and_nothing_is_overwritten() {
    each(async |world| {
        let (app, first, second, _) = people(&world).await;
        import(&app, vec![full("ZALT", 1)]).await.unwrap();
        let gateway = |url: &str| Institution {
            gateway: url.into(),
            public_key: String::new(),
            keyid: String::new(),
            ..full("ZALT", 1)
        };
        let a = proposal(&app, Over::Version(1), gateway("https://new.example"));
        let b = proposal(&app, Over::Version(1), gateway("https://other.example"));
        let unchanged = proposal(&app, Over::Version(1), full("ZALT", 1));
        let refused = propose(&app, &first, vec![unchanged], true).await.unwrap_err();
        assert!(refused.to_string().contains("unchanged"), "{refused}");
        let stale = proposal(&app, Over::Version(0), gateway("https://stale.example"));
        let moved = propose(&app, &first, vec![stale], true).await.unwrap_err();
        assert!(matches!(moved, PartnerError::Decide(DecideError::Moved)), "{moved}");
        let made = propose(&app, &first, vec![a, b], true).await.unwrap();
        let url = async || service::all(&app).await.unwrap()[0].gateway_url.clone();
        assert_eq!(url().await, institution("ZALT", 1).gateway);
        confirm(&app, &second, made[0].id).await.unwrap();
        assert_eq!(url().await, "https://new.example");
        // The other was written over what is no longer there.
        let moved = confirm(&app, &second, made[1].id).await.unwrap_err();
        assert!(matches!(moved, PartnerError::Decide(DecideError::Moved)), "{moved}");
        refuse(&app, &first, made[1].id, "Басқасы қабылданды").await.unwrap();
        assert_eq!(url().await, "https://new.example");

        let all = history(&app, &second, "ZALT").await.unwrap();
        let mut kept: Vec<_> = all
            .versions
            .iter()
            .map(|v| (v.version, v.status, v.entry.clone().unwrap().gateway, v.decision.is_some()))
            .collect();
        kept.sort_by_key(|v| v.0);
        assert_eq!(kept.len(), 3);
        assert_eq!(kept[0], (None, AgreementStatus::Refused, "https://other.example".into(), true));
        assert_eq!(kept[1], (Some(1), AgreementStatus::Kept, institution("ZALT", 1).gateway, false));
        assert_eq!(kept[2], (Some(2), AgreementStatus::Kept, "https://new.example".into(), true));
        assert_eq!(all.newest, 2);
        let mine = records(&app, "ZALT").await;
        assert!(
            !mine.iter().any(|(_, facts)| facts.contains("Кезекші") || facts.contains("Басқасы")),
            "{mine:?}"
        );
        // The institution itself sees what was taken in, and nothing that was only proposed.
        let id = service::all(&app).await.unwrap()[0].id.uuid();
        let clerk = kernel::Clerk { user: app.uuid(), name: "К".into(), manages: true };
        let own = Actor::Partner { partner: id, code: "ZALT".into(), person: Some(clerk) };
        assert_eq!(history(&app, &own, "ZALT").await.unwrap().versions.len(), 2);
        assert_eq!(view(&app, &own, made[0].id).await.unwrap_err().class(), Class::NotFound);
        // The same file again at the command line adds no version.
        import(&app, vec![Institution { gateway: "https://new.example".into(), ..full("ZALT", 1) }])
            .await
            .unwrap();
        assert_eq!(history(&app, &second, "ZALT").await.unwrap().newest, 2);
    })
    .await;
}

/// Bug: the same file sent twice made two versions of each institution, which both waited.
#[tokio::test]
async fn the_same_file_twice_is_one_version() {
    each(async |world| {
        let (app, first, second, _) = people(&world).await;
        let file = async |who: &Actor, entry: Institution| {
            propose(&app, who, vec![proposal(&app, Over::WhateverIs, entry)], false).await.unwrap()
        };
        let made = file(&first, full("ZNEW", 4)).await;
        assert_eq!(file(&first, full("ZNEW", 4)).await[0].id, made[0].id);
        assert_eq!(waiting(&app, &second).await.unwrap().len(), 1);
        // Another author, another content, and what was refused before are versions of their own.
        assert_ne!(file(&second, full("ZNEW", 4)).await[0].id, made[0].id);
        let other = Institution { duty_phone: "+77000000999".into(), ..full("ZNEW", 4) };
        assert_ne!(file(&first, other).await[0].id, made[0].id);
        refuse(&app, &second, made[0].id, "Кейінірек").await.unwrap();
        assert_ne!(file(&first, full("ZNEW", 4)).await[0].id, made[0].id);
        assert_eq!(waiting(&app, &second).await.unwrap().len(), 3);
    })
    .await;
}

/// Bug: on PostgreSQL a file that was taken in at the same moment wrote back that an institution takes part.
#[tokio::test]
async fn what_is_written_from_an_older_look_does_not_bring_back_who_was_taken_out() {
    each(async |world| {
        let (app, first, ..) = people(&world).await;
        import(&app, vec![full("ZALT", 1)]).await.unwrap();
        let seen = service::all(&app).await.unwrap().remove(0);
        manage::set_active(&app, &first, "ZALT", false, "Тексеру").await.unwrap();
        let written = app.db.write(move |tx| partner::store::update(tx, &seen)).await;
        written.unwrap_or_else(|e: db::DbError| panic!("{e}"));
        assert!(!service::all(&app).await.unwrap()[0].active);
    })
    .await;
}

fn keeper(code: &str, key: u8) -> Institution {
    let mut entry = full(code, key);
    entry.keeps.registers = vec!["kui".into()];
    entry
}

/// The fields and faults for which an agreement was refused.
fn faults<T: std::fmt::Debug>(refused: Result<T, PartnerError>) -> Vec<(String, &'static str)> {
    match refused.unwrap_err() {
        PartnerError::Terms(faults) => faults.0.into_iter().map(|f| (f.field, f.what)).collect(),
        other => vec![(other.to_string(), "another error")],
    }
}

#[tokio::test]
async fn a_register_has_one_keeper_and_nobody_becomes_a_centre() {
    each(async |world| {
        let (app, first, second, _) = people(&world).await;
        import(&app, vec![full("ZALT", 1)]).await.unwrap();
        let over = |entry: Institution| proposal(&app, Over::WhateverIs, entry);
        let centre = Institution { role: partner::PartnerRole::AntifraudCentre, ..full("ZALT", 1) };
        let role = faults(propose(&app, &first, vec![over(centre)], false).await);
        assert_eq!(role, [("role".to_owned(), "wrong")]);
        let mut nowhere = full("ZALT", 1);
        nowhere.keeps.registers = vec!["sand".into()];
        let unknown = faults(propose(&app, &first, vec![over(nowhere)], false).await);
        assert_eq!(unknown, [("registers".to_owned(), "wrong")]);

        // Two wait side by side; whoever is confirmed first keeps the register.
        let made = propose(&app, &first, vec![over(keeper("ZONE", 2)), over(keeper("ZTWO", 3))], true)
            .await
            .unwrap();
        confirm(&app, &second, made[0].id).await.unwrap();
        let kept = [("registers".to_owned(), "kept")];
        assert_eq!(faults(confirm(&app, &second, made[1].id).await), kept);
        assert_eq!(faults(propose(&app, &first, vec![over(keeper("ZALT", 1))], false).await), kept);
        assert_eq!(faults(import(&app, vec![keeper("ZALT", 1)]).await), kept);
        let botagoz = sign_in(&app, "botagoz").await;
        let page = format!("/admin/agreements/{}", made[1].id);
        let (status, body) = get(&app, &page, &botagoz).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("Книга учёта информации") && body.contains("Исполняет требования"), "{body}");
        let (status, body) = post(&app, &format!("{page}/confirm"), &botagoz, "").await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(body.contains("уже ведёт другая подключённая организация: kui"), "{body}");

        // One that is out leaves the register to another one, and does not come back beside it.
        manage::set_active(&app, &first, "ZONE", false, "Соглашение окончено").await.unwrap();
        confirm(&app, &second, made[1].id).await.unwrap();
        let back = manage::set_active(&app, &first, "ZONE", true, "Снова").await.unwrap_err();
        assert!(matches!(back, PartnerError::RegisterKept(_)), "{back}");
        let erzhan = sign_in(&app, "erzhan").await;
        let act = "/admin/institutions/ZONE/activate";
        let (status, body) = post(&app, act, &erzhan, "reason=%D0%A1").await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(body.contains("Ту же учётную систему ведёт другая"), "{body}");
    })
    .await;
}

#[tokio::test]
async fn both_persons_stand_when_it_is_confirmed() {
    each(async |world| {
        let (app, first, second, _) = people(&world).await;
        let made =
            propose(&app, &first, vec![proposal(&app, Over::Nothing, full("ZNEW", 4))], true).await.unwrap();
        access::set_active(&app, &second, "erzhan", false, "left").await.unwrap();
        let out = confirm(&app, &second, made[0].id).await.unwrap_err();
        assert!(matches!(out, PartnerError::Decide(DecideError::AuthorOut)), "{out}");
        assert_eq!(waiting(&app, &second).await.unwrap().len(), 1);
        // A request that came in before the account was closed confirms nothing.
        let made =
            propose(&app, &second, vec![proposal(&app, Over::Nothing, full("ZTWO", 5))], true).await.unwrap();
        let late = confirm(&app, &first, made[0].id).await.unwrap_err();
        assert!(matches!(late, PartnerError::Access(AccessError::Forbidden(_))), "{late}");
        assert_eq!(service::all(&app).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn two_versions_of_one_new_code_come_to_one_institution() {
    each(async |world| {
        let (app, first, second, _) = people(&world).await;
        let two = vec![
            proposal(&app, Over::Nothing, full("ZNEW", 4)),
            proposal(
                &app,
                Over::Nothing,
                Institution { gateway: "https://evil.example".into(), ..full("ZNEW", 5) },
            ),
        ];
        let made = propose(&app, &first, two, true).await.unwrap();
        confirm(&app, &second, made[0].id).await.unwrap();
        let late = confirm(&app, &second, made[1].id).await.unwrap_err();
        assert!(matches!(late, PartnerError::Decide(DecideError::Moved)), "{late}");
        let all = service::all(&app).await.unwrap();
        assert_eq!((all.len(), all[0].gateway_url.as_str()), (1, institution("ZNEW", 4).gateway.as_str()));
        assert!(!believed(&world, "ZNEW/1", 5, "a").await);
        // A key that another institution has is no new one.
        let stolen = proposal(&app, Over::Nothing, full("ZTWO", 4));
        let known = propose(&app, &first, vec![stolen], true).await.unwrap_err();
        assert!(matches!(known, PartnerError::KeyKnown), "{known}");
    })
    .await;
}

#[tokio::test]
async fn a_key_that_an_administrator_adds_waits_for_a_second_one() {
    each(async |world| {
        let (app, first, second, officer) = people(&world).await;
        import(&app, vec![full("ZALT", 1)]).await.unwrap();
        let key = |no| institution("ZALT", no).public_key;
        manage::add_key(&app, &first, "ZALT", "2", &key(2)).await.unwrap();
        assert!(!believed(&world, "ZALT/2", 2, "a").await, "it is not believed yet");
        let own = manage::confirm_key(&app, &first, "ZALT/2").await.unwrap_err();
        assert!(matches!(own, PartnerError::Decide(DecideError::Author)), "{own}");
        assert!(manage::confirm_key(&app, &officer, "ZALT/2").await.is_err());
        assert!(manage::confirm_key(&app, &second, "ZALT/1").await.is_err(), "it does not wait");
        manage::confirm_key(&app, &second, "ZALT/2").await.unwrap();
        assert!(believed(&world, "ZALT/2", 2, "b").await && believed(&world, "ZALT/1", 1, "c").await);
        // One that waits is refused by revoking it, and cannot be confirmed afterwards.
        manage::add_key(&app, &first, "ZALT", "3", &key(3)).await.unwrap();
        manage::revoke_key(&app, &second, "ZALT/3", "not theirs").await.unwrap();
        assert!(manage::confirm_key(&app, &second, "ZALT/3").await.is_err());
        assert!(!believed(&world, "ZALT/3", 3, "d").await);
        // The institution's own manager needs nobody of ours.
        let id = service::all(&app).await.unwrap()[0].id.uuid();
        let clerk = kernel::Clerk { user: app.uuid(), name: "К".into(), manages: true };
        let manager = Actor::Partner { partner: id, code: "ZALT".into(), person: Some(clerk) };
        manage::add_key(&app, &manager, "ZALT", "4", &key(4)).await.unwrap();
        assert!(believed(&world, "ZALT/4", 4, "e").await);
    })
    .await;
}

/// Somebody whom an administrator has made at the desk: the administrator was handed all that they sign in with.
async fn made_by(app: &App, by: &Actor, login: &str, seat: Option<access::Seat>) -> Actor {
    let id = access::AccountId::from_uuid(app.uuid());
    let new = access::NewAccount {
        login: login.to_owned(),
        name: "Сынақ (ойдан шығарылған)".to_owned(),
        password: kernel::Secret::new(String::new()),
        roles: if seat.is_some() { vec![] } else { vec![Role::Administrator] },
        unit: "duty".to_owned(),
        seat,
    };
    access::enrol_account(app, by, id, new).await.unwrap();
    access::account(app, &Actor::system("setup"), id).await.unwrap().0.actor()
}

fn one_person<T: std::fmt::Debug>(refused: Result<T, PartnerError>) -> bool {
    matches!(refused.unwrap_err(), PartnerError::Decide(DecideError::OnePerson))
}

/// Bug: who had said to be away went on confirming.
#[tokio::test]
async fn an_administrator_who_is_away_confirms_nothing() {
    each(async |world| {
        let (app, first, second, _) = people(&world).await;
        let made =
            propose(&app, &first, vec![proposal(&app, Over::Nothing, full("ZNEW", 4))], true).await.unwrap();
        let away = access::NewAbsence {
            id: access::AbsenceId::from_uuid(app.uuid()),
            account: second.user().unwrap(),
            from: app.office.now().plus_secs(-60),
            till: app.office.now().plus_secs(3_600),
            why: access::Why::Leave,
        };
        access::say_absence(&app, &second, away).await.unwrap();
        let refused = confirm(&app, &second, made[0].id).await.unwrap_err();
        assert!(matches!(refused, PartnerError::Access(AccessError::Away)), "{refused}");
        access::come_back(&app, &second).await.unwrap();
        confirm(&app, &second, made[0].id).await.unwrap();
    })
    .await;
}

/// Bug: one administrator made another account, and confirmed with it what nobody else had read.
#[tokio::test]
async fn an_administrator_made_at_the_desk_is_no_second_person_to_whoever_made_it() {
    each(async |world| {
        let (app, first, second, _) = people(&world).await;
        import(&app, vec![full("ZALT", 1)]).await.unwrap();
        let puppet = made_by(&app, &first, "dana", None).await;
        let gateway = Institution { gateway: "https://new.example".into(), ..full("ZALT", 1) };
        let change = proposal(&app, Over::Version(1), gateway.clone());
        let by_first = propose(&app, &first, vec![change], true).await.unwrap();
        let seen = view(&app, &puppet, by_first[0].id).await.unwrap();
        assert_eq!(seen.against, Some(DecideError::OnePerson), "and the page says so");
        assert!(one_person(confirm(&app, &puppet, by_first[0].id).await));
        let by_puppet = proposal(&app, Over::Version(1), gateway);
        let by_puppet = propose(&app, &puppet, vec![by_puppet], true).await.unwrap();
        assert!(one_person(confirm(&app, &first, by_puppet[0].id).await));

        manage::add_key(&app, &puppet, "ZALT", "2", &institution("ZALT", 2).public_key).await.unwrap();
        assert!(one_person(manage::confirm_key(&app, &first, "ZALT/2").await));
        let print = "ab".repeat(32);
        partner::tls::service::add(&app, &first, "ZALT", &print).await.unwrap();
        assert!(one_person(partner::tls::service::confirm(&app, &puppet, "ZALT", &print).await));
        partner::mode::back_to_test(&app, &first, "ZALT", "Сынақ").await.unwrap();
        partner::mode::ask_live(&app, &first, "ZALT").await.unwrap();
        assert!(one_person(partner::mode::confirm_live(&app, &puppet, "ZALT").await));

        // Another administrator confirms what either has written.
        confirm(&app, &second, by_puppet[0].id).await.unwrap();
        manage::confirm_key(&app, &second, "ZALT/2").await.unwrap();
        partner::tls::service::confirm(&app, &second, "ZALT", &print).await.unwrap();
        partner::mode::confirm_live(&app, &second, "ZALT").await.unwrap();
    })
    .await;
}

/// Bug: an administrator made a manager of an institution, and added a key as that manager, which counted at once.
#[tokio::test]
async fn what_a_manager_adds_waits_while_the_staff_may_hold_what_the_manager_signs_in_with() {
    each(async |world| {
        let (app, first, second, _) = people(&world).await;
        import(&app, vec![full("ZALT", 1)]).await.unwrap();
        let partner = service::all(&app).await.unwrap()[0].id.uuid();
        let seat = access::Seat { partner, code: "ZALT".into(), manages: true };
        let manager = made_by(&app, &first, "berik", Some(seat.clone())).await;
        // Also whoever that manager makes.
        let colleague = made_by(&app, &manager, "samal", Some(seat)).await;
        let key = |no| institution("ZALT", no).public_key;
        for (no, who) in [(2, &manager), (3, &colleague)] {
            manage::add_key(&app, who, "ZALT", &no.to_string(), &key(no)).await.unwrap();
            let id = format!("ZALT/{no}");
            assert!(!believed(&world, &id, no, "a").await, "{id} waits");
            assert!(one_person(manage::confirm_key(&app, &first, &id).await));
            manage::confirm_key(&app, &second, &id).await.unwrap();
            assert!(believed(&world, &id, no, "b").await, "{id}");
        }
        let print = "cd".repeat(32);
        partner::tls::service::add(&app, &manager, "ZALT", &print).await.unwrap();
        assert!(one_person(partner::tls::service::confirm(&app, &first, "ZALT", &print).await));
        partner::tls::service::confirm(&app, &second, "ZALT", &print).await.unwrap();
        // Once the command line has renewed the account, nobody of ours was handed anything.
        access::renew_account(&app, &Actor::system("setup"), "berik").await.unwrap();
        manage::add_key(&app, &manager, "ZALT", "4", &key(4)).await.unwrap();
        assert!(believed(&world, "ZALT/4", 4, "c").await);
    })
    .await;
}

#[tokio::test]
async fn who_may_not_manage_proposes_nothing() {
    each(async |world| {
        let (app, _, _, officer) = people(&world).await;
        for actor in [officer, staff(&app, Role::Approver), Actor::Public] {
            let new = vec![proposal(&app, Over::Nothing, full("ZNEW", 4))];
            assert!(
                matches!(propose(&app, &actor, new, true).await, Err(PartnerError::Access(_))),
                "{actor:?}"
            );
        }
    })
    .await;
}

const FORM: &str = "code=ZNEW&kind=ministry_unit&name_kk=%D2%AE%D0%BB%D0%B3%D1%96&name_ru=%D0%9E%D0%B1%D1%80%D0%B0%D0%B7%D0%B5%D1%86&name_en=Sample\
     &number=17&signed=15.08.2026&until=30.09.2026&marking=amber&contact_1_name=Duty&contact_1_phone=%2B77000000177\
     &delivery=pull&key_name=1";

#[tokio::test]
async fn the_form_keeps_what_was_typed_and_a_second_administrator_confirms() {
    each(async |world| {
        let (app, boss, officer) = settled(&world).await;
        let second = sign_in(&app, "botagoz").await;
        let at = "/admin/institutions/new";
        let (status, form) = get(&app, at, &boss).await;
        assert_eq!(status, StatusCode::OK);
        for word in
            ["подразделение министерства", "полиция иностранного государства", "общественное объединение"]
        {
            assert!(form.contains(word), "{word}");
        }
        assert_eq!(get(&app, at, &officer).await.0, StatusCode::FORBIDDEN);
        let (status, back) =
            post(&app, at, &boss, "code=znew&gateway=ftp&delivery=push&until=soon&contact_1_name=Duty").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in [
            "value=\"znew\"",
            "value=\"ftp\"",
            "value=\"soon\"",
            "value=\"Duty\"",
            "href=\"#f-contact_1_name\"",
            "Напишите код",
            "Выберите вид",
            "Напишите номер соглашения",
            "Адрес должен начинаться",
        ] {
            assert!(back.contains(word), "{word} in {back}");
        }
        let (status, _) = post(&app, at, &boss, FORM).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, list) = get(&app, "/admin/institutions", &second).await;
        assert!(
            list.contains("Ждут подтверждения второго администратора") && list.contains("Ержан"),
            "{list}"
        );
        let page = list.split("href=\"/admin/agreements/").nth(1).unwrap().split('"').next().unwrap();
        let page = format!("/admin/agreements/{page}");
        let (_, own) = get(&app, &page, &boss).await;
        assert!(
            own.contains("Подтвердить должен другой администратор") && !own.contains("/confirm"),
            "{own}"
        );
        let (_, seen) = get(&app, &page, &officer).await;
        assert!(!seen.contains("/confirm") && !seen.contains("/refuse"));
        let (_, seen) = get(&app, &page, &second).await;
        assert!(
            seen.contains(&format!("{page}/confirm"))
                && seen.contains("+7\u{a0}700\u{a0}000\u{a0}01\u{a0}77"),
            "{seen}"
        );
        assert_eq!(post(&app, &format!("{page}/confirm"), &officer, "").await.0, StatusCode::FORBIDDEN);
        assert_eq!(post(&app, &format!("{page}/confirm"), &boss, "").await.0, StatusCode::FORBIDDEN);
        assert_eq!(post(&app, &format!("{page}/confirm"), &second, "").await.0, StatusCode::SEE_OTHER);
        let (_, list) = get(&app, "/admin/institutions?q=is:ending", &boss).await;
        assert!(list.contains(">ZNEW<") && list.contains("соглашение скоро закончится"), "{list}");
        let (_, shown) = get(&app, "/admin/institutions/ZNEW", &boss).await;
        for word in ["подразделение министерства", "сентября", "Ботагөз", "вся страна", "TLP:AMBER"]
        {
            assert!(shown.contains(word), "{word} in {shown}");
        }
        let (_, form) = get(&app, "/admin/institutions/ZNEW/agreement", &boss).await;
        assert!(
            form.contains("value=\"30.09.2026\"") && form.contains("name=\"base\" value=\"1\""),
            "{form}"
        );
        assert_eq!(get(&app, "/admin/institutions/ZZZZ/agreement", &boss).await.0, StatusCode::NOT_FOUND);
        assert_eq!(get(&app, "/admin/agreements/agr_1", &boss).await.0, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_taken_whole_or_its_errors_are_shown_by_line() {
    each(async |world| {
        let (app, boss, officer) = settled(&world).await;
        let at = "/admin/institutions/file";
        let file = |entries: &[Institution]| {
            serde_json::to_string_pretty(&serde_json::json!({ "institutions": entries })).unwrap()
        };
        let good = file(&[full("ZNEW", 4), full("ZTWO", 5)]);
        let line = good.lines().position(|l| l.contains("ztwo.example")).unwrap() + 1;
        let bad = good.replace("https://ztwo.example", "ztwo.example");
        let (status, page) = post_file(&app, at, &boss, &bad).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains(&format!(">{line}</th>")) && page.contains("ZTWO"), "{page}");
        assert_eq!(waiting(&app, &Actor::system("setup")).await.unwrap(), [], "nothing of it was taken");
        let (status, page) = post_file(&app, at, &boss, "{\n \"institutions\": [\n  {,\n]}").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains(">3</th>"), "{page}");
        for (text, word) in [("", "Выберите файл"), ("{\"institutions\": []}", "нет ни одной")]
        {
            let (status, page) = post_file(&app, at, &boss, text).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.contains(word), "{word} in {page}");
        }
        assert_eq!(post_file(&app, at, &officer, &good).await.0, StatusCode::FORBIDDEN);
        assert_eq!(post_file(&app, at, &boss, &good).await.0, StatusCode::SEE_OTHER);
        assert_eq!(waiting(&app, &Actor::system("setup")).await.unwrap().len(), 2);
        // Of what is known already nothing waits.
        let (status, page) = post_file(&app, at, &boss, &file(&[institution("ZALT", 1)])).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("нет ничего нового"), "{page}");
    })
    .await;
}
