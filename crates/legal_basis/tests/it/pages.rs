//! The pages of the law over the router, in three languages, signed in as people of a demonstration.

use http::StatusCode;

use crate::browser::{Browser, Fields, each, fields_of, said, set};
use crate::support::changed;

const HOLD: &str = "/law/payments-25-1-hold";
const LANGS: [&str; 3] = ["kk", "ru", "en"];

/// Fills the form of a change and sends it; gives the address of the draft.
async fn drafted(who: &Browser, days: &str) -> String {
    let mut form = fields_of(&who.page(&format!("{HOLD}/change")).await, "f-form");
    set(&mut form, "max_term", &[days]);
    set(&mut form, "reason", &["Закон № 300 от 1 ноября 2026 года"]);
    // The site of a test draws the same key for every form.
    set(&mut form, "idempotency_key", &[&who.app.uuid().to_string()]);
    let answer = who.post(&format!("{HOLD}/change"), &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location().to_owned()
}

#[tokio::test]
async fn the_list_in_three_languages() {
    each(async |_, app| {
        let officer = Browser::of(&app, "aliya").await;
        for (lang, words) in [
            ("kk", ["Құқықтық негіздер", "ақшаны бұғаттау", "заңгер растауы керек", "Басталуы: 2025"]),
            (
                "ru",
                [
                    "Правовые основания",
                    "блокировка денег",
                    "должен подтвердить юрист",
                    "с 31\u{a0}августа 2025",
                ],
            ),
            ("en", ["Legal bases", "hold of money", "a lawyer must confirm it", "from 31\u{a0}August 2025"]),
        ] {
            let html = officer.speaking(lang).page("/law").await;
            for part in words {
                assert!(html.contains(part), "no `{part}` in {html}");
            }
        }
        let all = officer.page("/law").await;
        let rows = |html: &str| html.matches("<tr data-row>").count();
        let keys: std::collections::BTreeSet<&str> =
            app.profile.legal_bases().iter().map(|b| b.key.as_str()).collect();
        assert_eq!(rows(&all), keys.len());
        assert!(all.find("payments-25-1-hold<") < all.find("telecom-number-block<"), "the preferred first");
        let some = officer.page("/law?q=measure:number_block").await;
        assert!(some.contains("telecom-number-block") && !some.contains("payments-25-1-hold<"));
        let doubtful = officer.page("/law?q=mark:to_be_confirmed").await;
        assert!(rows(&doubtful) < keys.len() && !doubtful.contains("payments-25-1-hold<"));
        assert!(doubtful.contains("payments-25-1-full<"));
        let none = officer.page("/law?q=is:draft").await;
        assert!(none.contains("class=\"empty\""));
        assert!(officer.page("/law?q=measure:hold+mark:confirmed").await.contains("payments-25-1-hold<"));
        // Whoever is not signed in is led to the door; what is not there is not found.
        assert_eq!(Browser::of(&app, "").await.get("/law").await.status, StatusCode::SEE_OTHER);
        for path in ["/law/nothing", "/law/drafts/x", "/law/nothing/change"] {
            assert_eq!(officer.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_basis_says_all_that_it_allows() {
    each(async |_, app| {
        let officer = Browser::of(&app, "aliya").await;
        for (lang, words) in [
            (
                "kk",
                [
                    "5 жұмыс күні",
                    "зейнетақы",
                    "иесіне: 24 сағат",
                    "Қолтаңба саны: 1. Қол қояды: кезекші қызметкер, бекітуші",
                    "№ 2 редакция",
                ],
            ),
            (
                "ru",
                [
                    "5 рабочих дней",
                    "пенсии",
                    "владельца: 24 часа",
                    "Подписей: 1. Кто подписывает: дежурный сотрудник, утверждающий",
                    "Редакция № 2",
                ],
            ),
            (
                "en",
                [
                    "5 working days",
                    "pensions",
                    "the holder: 24 hours",
                    "Signatures: 1. Who may sign: duty officer, approver",
                    "Version 2",
                ],
            ),
        ] {
            let html = officer.speaking(lang).page(HOLD).await;
            for part in words {
                assert!(html.contains(part), "no `{part}` in {html}");
            }
        }
        let html = officer.page(HOLD).await;
        // What changed from the first version to the second, word by word, old beside new.
        for part in [
            "<del><span class=\"unseen\">удалено: </span>трёх</del>",
            "<ins><span class=\"unseen\">добавлено: </span>пяти</ins>",
            "<ins><span class=\"unseen\">добавлено: </span>стипендии</ins>",
            "id=\"v1\"",
            "id=\"v2\"",
            "Постоянное разрешение",
            "Сроки по закону",
            "Внесена из профиля страны.",
            "С 22\u{a0}июля 2024\u{a0}г. по 30\u{a0}августа 2025\u{a0}г.",
        ] {
            assert!(html.contains(part), "no `{part}` in {html}");
        }
        assert!(html.find("id=\"v2\"") < html.find("id=\"v1\""), "newest first");
        assert!(!html.contains("/change"), "an officer drafts no law");
        for basis in app.profile.legal_bases() {
            for lang in LANGS {
                officer.speaking(lang).page(&format!("/law/{}", basis.key)).await;
            }
        }
        let doubtful = officer.page("/law/payments-25-1-full").await;
        assert!(doubtful.contains("Юрист должен сверить эту запись"));
    })
    .await;
}

#[tokio::test]
async fn drafted_by_one_and_enacted_by_another() {
    each(async |world, app| {
        let (admin, approver) = (Browser::of(&app, "erzhan").await, Browser::of(&app, "daur").await);
        for lang in LANGS {
            let form = admin.speaking(lang).page(&format!("{HOLD}/change")).await;
            assert_eq!(said(&fields_of(&form, "f-form"), "max_term"), "5", "{lang}");
        }
        let draft = drafted(&admin, "10").await;
        assert!(admin.page(HOLD).await.contains(&draft));
        assert!(admin.page("/law?q=is:draft").await.contains("payments-25-1-hold<"));
        for lang in LANGS {
            approver.speaking(lang).page(&draft).await;
        }
        let own = admin.page(&draft).await;
        assert!(!own.contains("/enact\""), "no button for the author");
        let read = approver.page(&draft).await;
        for part in
            ["Ержан Тілеуов", "Закон № 300", "5 рабочих дней", "10 рабочих дней", "Предельный срок меры"]
        {
            assert!(read.contains(part), "no `{part}` in {read}");
        }
        assert!(!read.contains("method=\"post\" action=\"/law/drafts/") || read.contains("/refuse\""));
        let enact = format!("{draft}/enact");
        assert!(read.contains(&format!("href=\"{enact}\"")));
        // Neither the author nor an officer enacts it.
        let officer = Browser::of(&app, "aliya").await;
        for (who, status) in [(&admin, StatusCode::FORBIDDEN), (&officer, StatusCode::FORBIDDEN)] {
            assert_eq!(who.post(&enact, &Fields::new()).await.status, status);
        }
        let confirm = approver.page(&enact).await;
        assert!(confirm.contains(&format!("action=\"{enact}\"")));
        let shown = approver.follow(&approver.post(&enact, &Fields::new()).await).await;
        assert!(
            shown
                .contains("Введено в действие. Действует с: <bdi>1\u{a0}сентября 2026\u{a0}г., 09:00</bdi>."),
            "{shown}"
        );
        for part in
            ["10 рабочих дней", "id=\"v3\"", "Проект: Ержан Тілеуов. Введение в действие: Дәурен Жүнісов."]
        {
            assert!(shown.contains(part), "no `{part}` in {shown}");
        }
        assert!(shown.contains("Рассмотренные проекты: 1"));
        let again = approver.post(&enact, &Fields::new()).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.body.contains("По этому проекту решение уже принято."), "{}", again.body);
        // A grave act wants a fresh code.
        let next = drafted(&admin, "12").await;
        world.advance_secs(10 * 60);
        let led = approver.get(&format!("{next}/enact")).await;
        assert!(led.location().starts_with("/step-up"), "{}", led.location());
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost() {
    each(async |_, app| {
        let approver = Browser::of(&app, "daur").await;
        let path = format!("{HOLD}/change");
        let clean = fields_of(&approver.page(&path).await, "f-form");
        // Sent as it stands, nothing is changed and no reason is given.
        let answer = approver.post(&path, &clean).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("В тексте ничего не изменено."), "{}", answer.body);
        assert_eq!(fields_of(&answer.body, "f-form"), clean, "the form comes back as it was");
        let rows: [(&str, &[&str], &str, &str); 12] = [
            ("from", &["22.11.2025"], "from", "Изменение не может начаться раньше"),
            ("from", &["завтра"], "from", "Укажите день так: 30.11.2026"),
            ("to", &["01.01.2020"], "to", "Последний день не может быть раньше первого."),
            ("measures", &[], "measures", "Выберите хотя бы одну меру."),
            ("addressees", &[], "addressees", "Выберите, кому направляется требование."),
            ("title-kk", &[" "], "title-kk", "Заполните текст на этом языке."),
            ("approvers_count", &["12"], "approvers_count", "Укажите от 1 до 9 подписей"),
            ("approvers_roles", &[], "approvers_roles", "Выберите, кто подписывает."),
            ("max_term", &["x"], "max_term", "Укажите число больше нуля и единицу"),
            ("notify_holder", &["99999"], "notify_holder", "не длиннее 10 лет"),
            ("sanction", &["yes"], "standing", "Если нужна санкция прокурора"),
            ("reason", &[""], "reason", "Укажите, почему нужно изменение"),
        ];
        for (name, values, field, text) in rows {
            let mut form = clean.clone();
            set(&mut form, "max_term", &["7"]);
            set(&mut form, "reason", &["почему"]);
            set(&mut form, name, values);
            let answer = approver.post(&path, &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.body);
            assert!(answer.body.contains(text), "{name}: no `{text}` in {}", answer.body);
            assert!(answer.body.contains(&format!("href=\"#f-{field}\"")), "{name}: {}", answer.body);
            assert!(answer.body.contains(&format!("id=\"f-{field}\"")), "{name}");
            assert!(answer.body.contains("<title>Ошибка:"), "{name}");
        }
        // The text of a person is text.
        let mut form = clean.clone();
        set(&mut form, "reason", &["<script>alert(1)</script>"]);
        set(&mut form, "measures", &["hold", "seize", "incoming_stop", "hold"]);
        let answer = approver.post(&path, &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let shown = approver.page(answer.location()).await;
        assert!(!shown.contains("<script>alert") && shown.contains("остановка поступлений"));
        // The same form again is the same draft.
        assert_eq!(approver.post(&path, &form).await.location(), answer.location());
        let officer = Browser::of(&app, "aliya").await;
        assert_eq!(officer.get(&path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(officer.post(&path, &form).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn changed_meanwhile_refused_and_taken_back() {
    each(async |_, app| {
        let (admin, daur, saule) = (
            Browser::of(&app, "erzhan").await,
            Browser::of(&app, "daur").await,
            Browser::of(&app, "saule").await,
        );
        let path = format!("{HOLD}/change");
        let stale = fields_of(&admin.page(&path).await, "f-form");
        let (one, two) = (drafted(&admin, "10").await, drafted(&daur, "20").await);
        // An approver who drafted it has no button either.
        assert!(!daur.page(&two).await.contains(&format!("{two}/enact")));
        let own = daur.post(&format!("{two}/enact"), &Fields::new()).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN);
        assert!(own.body.contains("сам ввести его в действие не может"), "{}", own.body);
        assert_eq!(saule.post(&format!("{one}/enact"), &Fields::new()).await.status, StatusCode::SEE_OTHER);
        // The other was written over a text that moved.
        let moved = saule.page(&two).await;
        assert!(
            moved.contains("основание изменил кто-то другой") && !moved.contains(&format!("{two}/enact"))
        );
        let late = saule.post(&format!("{two}/enact"), &Fields::new()).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body.contains("подготовить заново по новому тексту"), "{}", late.body);
        let mut form = stale.clone();
        set(&mut form, "idempotency_key", &[&app.uuid().to_string()]);
        set(&mut form, "max_term", &["6"]);
        set(&mut form, "reason", &["почему"]);
        let told = admin.post(&path, &form).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.body.contains("Пока вы писали, основание изменил кто-то другой."), "{}", told.body);
        assert_eq!(said(&fields_of(&told.body, "f-form"), "max_term"), "6");
        // Pressed again it is still refused: nothing is written over unseen.
        let again = admin.post(&path, &fields_of(&told.body, "f-form")).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

        let refuse = format!("{two}/refuse");
        let silent = saule.post(&refuse, &vec![("reason".into(), " ".into())]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.body.contains("Укажите причину (до 1000 знаков)."));
        assert_eq!(
            admin.post(&refuse, &vec![("reason".into(), "x".into())]).await.status,
            StatusCode::FORBIDDEN
        );
        let done = daur.post(&refuse, &vec![("reason".into(), "опечатка".into())]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let closed = saule.page(&two).await;
        assert!(closed.contains("опечатка") && !closed.contains("/refuse\""), "{closed}");
    })
    .await;
}

#[tokio::test]
async fn a_change_from_a_later_day_and_a_profile_that_is_held_back() {
    each(async |world, app| {
        let (admin, approver) = (Browser::of(&app, "erzhan").await, Browser::of(&app, "daur").await);
        let path = format!("{HOLD}/change");
        let mut form = fields_of(&admin.page(&path).await, "f-form");
        set(&mut form, "from", &["1.10.2026"]);
        set(&mut form, "max_term", &["10"]);
        set(&mut form, "reason", &["почему"]);
        let draft = admin.post(&path, &form).await;
        assert!(admin.follow(&draft).await.contains("Проект передан на решение."));
        let done = approver.post(&format!("{}/enact", draft.location()), &Fields::new()).await;
        let shown = approver.follow(&done).await;
        for part in [
            "Решение принято. Вступит в силу: <bdi>1\u{a0}октября 2026\u{a0}г.</bdi>.",
            "Другая редакция вступит в силу: 1\u{a0}октября 2026\u{a0}г.",
            "С 31\u{a0}августа 2025\u{a0}г. по 30\u{a0}сентября 2026\u{a0}г. (Редакция № 2)",
            "вступит в силу позже",
            "5 рабочих дней",
        ] {
            assert!(shown.contains(part), "no `{part}` in {shown}");
        }
        assert!(approver.page("/law?q=is:in_force+hold").await.contains("по 30\u{a0}сентября 2026\u{a0}г."));
        let next = admin.page(&path).await;
        assert!(next.contains("С этого дня ваше изменение действовать не будет."), "{next}");
        let planned = fields_of(&admin.page(&format!("{path}?version=3")).await, "f-form");
        assert_eq!((said(&planned, "from"), said(&planned, "max_term")), ("01.10.2026", "10"));
        assert_eq!(admin.get(&format!("{path}?version=99")).await.status, StatusCode::NOT_FOUND);
        // The profile says something else under the number that the desk knew.
        let mut other = app.clone();
        other.profile = std::sync::Arc::new(changed(&[(
            "max_term = { working_days = 5 }\nscope = { widest = \"amount_only\"",
            "max_term = { working_days = 7 }\nscope = { widest = \"amount_only\"",
        )]));
        let at_other = Browser { app: other, ..admin.clone() };
        let told = at_other.page(HOLD).await;
        assert!(told.contains("В файлах профиля под тем же номером (2) стоит другой текст."), "{told}");
        // On its day the change holds; a session has ended by then.
        world.advance_secs(31 * 86_400);
        let later = Browser::of(&app, "aliya").await.page(HOLD).await;
        assert!(
            later.contains("С 1\u{a0}октября 2026\u{a0}г., последний день не установлен (Редакция № 3)"),
            "{later}"
        );
    })
    .await;
}
