//! The panel that explains a past act, in three languages.

use app::App;
use kernel::{Role, Timestamp};
use legal_basis::change::{self, LawDraftId, NewChange};
use legal_basis::{
    Explanation, LegalBasisError, Proposal, basis_id, explain, explanation_panel, import, store,
};
use profile::{AddresseeKind, BasisRecord, Measure, Scope, Term};
use testkit::World;
use uuid::Uuid;
use web::{Ctx, Lang};

use crate::support::{DAY, enrol, kzt, person};

const HOLD: &str = "payments-25-1-hold";

/// A world with the law of Kazakhstan.
async fn world(seed: u64) -> World {
    let world = World::new(seed).with(&[&legal_basis::SLICE]);
    enrol(&world.app.db, "duty_officer,approver").await;
    bring_in(&world.app).await;
    world
}

async fn bring_in(app: &App) {
    let me = app.clone();
    let done: Result<usize, LegalBasisError> = app.db.write(move |tx| import(tx, &me)).await;
    done.unwrap();
}

/// Two persons change a basis, from now on.
async fn amend(app: &App, key: &str, change_text: impl FnOnce(&mut BasisRecord)) {
    let id = basis_id("kz", key);
    let all = app.db.read(move |tx| store::versions(tx, id)).await.unwrap();
    let last = all.last().unwrap();
    let from = app.profile.civil_date(app.office.now());
    let mut record = BasisRecord { from, ..last.record.clone() };
    change_text(&mut record);
    let (basis, base) = last.pair();
    let new = NewChange {
        id: LawDraftId::from_uuid(app.uuid()),
        basis,
        base,
        newest: base,
        record,
        reason: "amended".into(),
    };
    let draft = change::draft(app, &person(1, &[Role::Approver]), new).await.unwrap();
    change::enact(app, &person(2, &[Role::Approver]), draft.id).await.unwrap();
}

fn hold() -> Proposal {
    Proposal::of_amount(Measure::Hold, AddresseeKind::Bank, kzt(100))
}

async fn explained(app: &App, version: i64, act: Proposal, at: Timestamp) -> Explanation {
    let now = app.office.now();
    let id = basis_id("kz", HOLD);
    app.db.read(move |tx| explain(tx, (id, version), &act, at, now)).await.unwrap()
}

/// The panel in each language; no key stands in the place of words.
fn panels(app: &App, e: &Explanation) -> [String; 3] {
    let texts: Vec<web::Locale> =
        access::LOCALES.into_iter().chain(legal_basis::LOCALES.iter().cloned()).collect();
    let site = web::Site::for_tests(&texts, app.office.now()).unwrap();
    [Lang::KK, Lang::RU, Lang::EN].map(|lang| {
        let html = explanation_panel(&Ctx::of(&site, lang), e).to_string();
        assert!(!html.contains("[legal-basis") && !html.contains("[error"), "{html}");
        html
    })
}

fn holds_all(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(html.contains(part), "no `{part}` in {html}");
    }
}

#[tokio::test]
async fn allowed_then_and_now() {
    let world = world(21).await;
    let at = world.app.office.now();
    world.advance_secs(3 * DAY);
    let e = explained(&world.app, 2, hold(), at).await;
    assert!(e.was_allowed() && e.would_be_allowed_today() && !e.has_changed());
    assert_eq!((e.then_in_force, e.other_today.as_ref()), (Some(2), None));
    let [kk, ru, en] = panels(&world.app, &e);
    holds_all(
        &ru,
        &[
            "tag-green\">разрешалось<",
            "tag-green\">разрешается<",
            "По той же редакции.",
            "С тех пор не изменилось.",
            "/law/payments-25-1-hold#v2",
            "на срок не более пяти рабочих дней",
            "С 31\u{a0}августа 2025\u{a0}г., последний день не установлен",
        ],
    );
    holds_all(&kk, &["рұқсат етілген", "рұқсат етіледі", "Содан бері өзгерген жоқ."]);
    holds_all(&en, &["allowed", "By the same version.", "Unchanged since."]);
    assert!(!ru.contains("<table>") && !ru.contains("tag-red"));
}

#[tokio::test]
async fn allowed_then_and_not_now() {
    let world = world(22).await;
    let at = world.app.office.now();
    world.advance_secs(DAY);
    amend(&world.app, HOLD, |r| {
        r.measures = vec![Measure::IncomingStop];
        r.max_term = Some(Term::WorkingDays(3));
    })
    .await;
    world.advance_secs(DAY);
    let e = explained(&world.app, 2, hold(), at).await;
    // The other basis of the article still allows a hold.
    assert_eq!(e.other_today.as_ref().map(|b| b.key()), Some("payments-25-1-full"));
    let [_, ru, _] = panels(&world.app, &e);
    holds_all(&ru, &["По другому основанию:", "/law/payments-25-1-full#v1"]);
    // Nothing allows it to an exchange, then or now.
    let nowhere = Proposal { addressee: AddresseeKind::Exchange, ..hold() };
    let e = explained(&world.app, 2, nowhere, at).await;
    assert!(!e.was_allowed() && !e.would_be_allowed_today());
    // Once the other basis has no holds either, nothing allows it today.
    amend(&world.app, "payments-25-1-full", |r| r.measures = vec![Measure::IncomingStop]).await;
    let e = explained(&world.app, 2, hold(), at).await;
    assert!(e.was_allowed() && !e.would_be_allowed_today());
    let [kk, ru, en] = panels(&world.app, &e);
    holds_all(
        &ru,
        &[
            "tag-green\">разрешалось<",
            "tag-red\">не разрешается<",
            "Это правовое основание не допускает такой меры.",
            "<del><span class=\"unseen\">удалено: </span>блокировка денег</del>",
            "<ins><span class=\"unseen\">добавлено: </span>остановка поступлений</ins>",
            "5 рабочих дней",
            "3 рабочих дня",
        ],
    );
    holds_all(&kk, &["рұқсат етілмейді", "Өзгеріс саны: 3"]);
    holds_all(&en, &["not allowed", "Version 3", "Changes: 3"]);
}

#[tokio::test]
async fn a_version_superseded_since() {
    let world = world(23).await;
    let at = world.app.office.now();
    world.advance_secs(DAY);
    amend(&world.app, HOLD, |r| r.max_term = Some(Term::WorkingDays(10))).await;
    world.advance_secs(DAY);
    let e = explained(&world.app, 2, hold(), at).await;
    assert!(e.was_allowed() && e.would_be_allowed_today() && e.has_changed());
    let [kk, ru, en] = panels(&world.app, &e);
    holds_all(&ru, &["По редакции № 3.", "Редакция № 2", "#v3", "10 рабочих дней", "Предельный срок меры"]);
    holds_all(&kk, &["Мына редакция бойынша: № 3.", "10 жұмыс күні"]);
    holds_all(&en, &["By version 3.", "10 working days"]);
}

#[tokio::test]
async fn not_in_force_then() {
    let world = world(24).await;
    let at = world.app.office.now();
    // The act cites the version that ended a year before.
    let e = explained(&world.app, 1, hold(), at).await;
    assert!(!e.was_allowed() && e.then_in_force == Some(2));
    let [kk, ru, en] = panels(&world.app, &e);
    holds_all(
        &ru,
        &[
            "tag-red\">не разрешалось<",
            "Указанная редакция тогда не действовала. Действовала редакция № 2.",
            "Правовое основание утратило силу.",
            "С 22\u{a0}июля 2024\u{a0}г. по 30\u{a0}августа 2025\u{a0}г.",
        ],
    );
    holds_all(&kk, &["Көрсетілген редакция ол кезде күшінде болмаған"]);
    holds_all(&en, &["The version named was not in force then. Version 2 was."]);
    // Before anything was stored nothing was in force, and a scope that needs reasons says so.
    let wide = Proposal { scope: Scope::Full, ..hold() };
    let e = explained(&world.app, 2, wide, at.plus_secs(-30 * DAY)).await;
    assert_eq!((e.in_force_then, e.then_in_force), (false, None));
    let [_, ru, _] = panels(&world.app, &e);
    holds_all(
        &ru,
        &["Основание тогда не действовало.", "Это правовое основание не допускает столь широкой меры"],
    );
    assert!(!e.would_be_allowed_today());
    let absent = world.app.db.read(move |tx| explain(tx, (Uuid::nil(), 1), &hold(), at, at).map(|_| ()));
    assert!(matches!(absent.await, Err(LegalBasisError::NotFound)));
}
