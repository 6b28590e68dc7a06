//! The section "Notifications" on the page of an institution, and its forms, over the router.

use app::App;
use http::StatusCode;
use kernel::{Coded as _, Role};
use partner::notify::address::AddressError;
use partner::notify::service::{self, EndpointView};
use partner::notify::{EndpointState, NotifyError, Topic};

use crate::notify_support::{Scripted, post_all, status, waiting};
use crate::pages::{get, post, settled};
use crate::support::{each, records, staff};

const AT: &str = "/admin/institutions/ZALT";

async fn endpoints(app: &App) -> Vec<EndpointView> {
    service::list(app, &staff(app, Role::Administrator), "ZALT").await.unwrap()
}

/// What stands between these two on a page.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split_once(from).unwrap().1;
    rest.split_once(to).unwrap().0
}

async fn added(app: &App, boss: &str) -> (String, String) {
    let form =
        "url=https%3A%2F%2Fhooks.zalt.example%2Fqorgan%3Fkey%3D1&topics=order&topics=release&mode=live";
    let (status, page) = post(app, &format!("{AT}/endpoints/new"), boss, form).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let secret = between(&page, "id=\"handed-secret\">", "</code>").to_owned();
    (endpoints(app).await[0].endpoint.id.to_string(), secret)
}

#[tokio::test]
async fn an_address_is_added_and_its_secret_is_shown_once() {
    each(async |world| {
        let (app, boss, officer) = settled(&world).await;
        let (_, empty) = get(&app, AT, &boss).await;
        assert!(empty.contains("Адресов нет") && empty.contains(&format!("{AT}/endpoints/new")));
        let (_, form) = get(&app, &format!("{AT}/endpoints/new"), &boss).await;
        assert_eq!(
            form.matches("checked").count(),
            Topic::SUBSCRIBABLE.len() + 1,
            "all topics, and work: {form}"
        );
        for (typed, topics, said) in [
            ("http%3A%2F%2Fhooks.zalt.example", "topics=order", "Адрес должен начинаться с https://"),
            ("https%3A%2F%2F192.168.0.7", "topics=order", "ведёт в закрытую сеть"),
            ("hooks", "topics=order", "Напишите адрес целиком"),
            ("https%3A%2F%2Fhooks.zalt.example", "topics=secrets", "Выберите хотя бы одно"),
        ] {
            let sent = format!("url={typed}&{topics}&mode=live");
            let (status, page) = post(&app, &format!("{AT}/endpoints/new"), &boss, &sent).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.contains(said), "{said} in {page}");
        }
        assert!(endpoints(&app).await.is_empty());
        let (id, secret) = added(&app, &boss).await;
        assert!(secret.starts_with("whsec_") && secret.len() == 6 + 44, "{secret}");
        let (status, again) = post(
            &app,
            &format!("{AT}/endpoints/new"),
            &boss,
            "url=https%3A%2F%2Fhooks.zalt.example%2Fqorgan%3Fkey%3D1&topics=order&mode=test",
        )
        .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.contains("уже есть") && !again.contains("whsec_"));
        // Of the address the host alone, of the secret nothing; officers see it and can do nothing.
        for (cookie, may) in [(&boss, true), (&officer, false)] {
            let (status, page) = get(&app, AT, cookie).await;
            assert_eq!(status, StatusCode::OK);
            assert!(page.contains("hooks.zalt.example") && page.contains("требования, снятие ограничений"));
            assert!(!page.contains("qorgan?key") && !page.contains("whsec_"));
            assert_eq!(page.contains(&format!("{id}/pause")), may);
            assert_eq!(page.contains("/endpoints/new"), may);
        }
        for act in ["pause", "resume", "test", "replay", "remove", "rotate"] {
            let (status, _) = post(&app, &format!("{AT}/endpoints/{id}/{act}"), &officer, "hours=1").await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{act}");
        }
        for act in ["rotate", "remove"] {
            assert_eq!(
                get(&app, &format!("{AT}/endpoints/{id}/{act}"), &officer).await.0,
                StatusCode::FORBIDDEN
            );
        }
        assert_eq!(get(&app, &format!("{AT}/endpoints/new"), &officer).await.0, StatusCode::FORBIDDEN);
        assert_eq!(endpoints(&app).await[0].endpoint.state, EndpointState::Active);
    })
    .await;
}

#[tokio::test]
async fn history_test_replay_pause_and_removal() {
    each(async |world| {
        let (app, boss, _) = settled(&world).await;
        let (id, _) = added(&app, &boss).await;
        let at = format!("{AT}/endpoints/{id}");
        let receiver = Scripted::always(status(204));
        let sender = partner::notify::Sender::new(&app, std::sync::Arc::new(receiver.clone()));
        receiver.first([status(503)]);
        waiting(&app, "ZALT", Topic::Order).await;
        world.advance_secs(1);
        post_all(&sender).await;
        let (_, page) = get(&app, AT, &boss).await;
        for part in ["503, отказ", "отправляется", "Последние уведомления: 1", "ещё не было"]
        {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert_eq!(post(&app, &format!("{at}/test"), &boss, "").await.0, StatusCode::SEE_OTHER);
        post_all(&sender).await;
        let (_, page) = get(&app, AT, &boss).await;
        assert!(page.contains("проверка") && page.contains(">принято<"), "{page}");
        // The test was taken, so what waited was due at once.
        let all = endpoints(&app).await.remove(0).history;
        assert!(all.iter().all(|n| n.last_status == Some(204)), "{all:?}");
        assert_eq!(
            post(&app, &format!("{at}/replay"), &boss, &format!("id={}", all[0].id)).await.0,
            StatusCode::SEE_OTHER
        );
        assert_eq!(post(&app, &format!("{at}/replay"), &boss, "hours=24").await.0, StatusCode::SEE_OTHER);
        receiver.seen();
        assert_eq!(post_all(&sender).await, 2);
        for wrong in ["hours=5", "hours=x", "id=ntf_1", "", &format!("id={id}")] {
            let (status, _) = post(&app, &format!("{at}/replay"), &boss, wrong).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{wrong}");
        }
        assert_eq!(post(&app, &format!("{at}/pause"), &boss, "").await.0, StatusCode::SEE_OTHER);
        let (_, paused) = get(&app, AT, &boss).await;
        assert!(paused.contains("на паузе") && paused.contains(&format!("{id}/resume")));
        assert!(!paused.contains(&format!("{id}/test")));
        let (status, said) = post(&app, &format!("{at}/test"), &boss, "").await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(said.contains("Сначала возобновите отправку"), "{said}");
        assert_eq!(post(&app, &format!("{at}/resume"), &boss, "").await.0, StatusCode::SEE_OTHER);
        let (_, asked) = get(&app, &format!("{at}/rotate"), &boss).await;
        assert!(asked.contains("Ещё 24 часа") && !asked.contains("whsec_"));
        let (_, shown) = post(&app, &format!("{at}/rotate"), &boss, "").await;
        assert!(shown.contains(">whsec_"));
        let (_, page) = get(&app, AT, &boss).await;
        assert!(page.contains("Прежний секретный ключ действует до") && !page.contains("whsec_"));
        let (_, asked) = get(&app, &format!("{at}/remove"), &boss).await;
        assert!(asked.contains("Удалить адрес"));
        assert_eq!(post(&app, &format!("{at}/remove"), &boss, "").await.0, StatusCode::SEE_OTHER);
        assert!(endpoints(&app).await.is_empty());
        for act in ["pause", "resume", "test", "remove", "rotate"] {
            assert_eq!(post(&app, &format!("{at}/{act}"), &boss, "").await.0, StatusCode::NOT_FOUND, "{act}");
        }
        let acts: Vec<String> = records(&app, "ZALT").await.into_iter().map(|(act, _)| act).collect();
        for act in ["added", "tested", "paused", "resumed", "secret_rotated", "removed"] {
            assert_eq!(acts.iter().filter(|a| **a == format!("partner.endpoint_{act}")).count(), 1, "{act}");
        }
    })
    .await;
}

#[test]
fn every_refusal_has_its_words() {
    let site = web::Site::for_tests(&partner::LOCALES, kernel::Timestamp::from_secs(0)).unwrap();
    let addresses = [AddressError::Unreadable, AddressError::Scheme, AddressError::Inside];
    let mut all: Vec<NotifyError> = addresses.into_iter().map(NotifyError::Address).collect();
    all.extend([NotifyError::Topics, NotifyError::Known, NotifyError::Limit, NotifyError::Rotations]);
    all.extend([NotifyError::NotActive, NotifyError::NoKey, NotifyError::NotFound]);
    for error in all {
        let key = web::Problem::key(error.code());
        for lang in [web::Lang::KK, web::Lang::RU, web::Lang::EN] {
            assert!(web::Ctx::of(&site, lang.clone()).has_text(&key), "{key} in {lang}");
        }
    }
}

#[tokio::test]
async fn handing_a_secret_out_wants_a_fresh_code() {
    each(async |world| {
        let (app, boss, _) = settled(&world).await;
        let (id, _) = added(&app, &boss).await;
        world.advance_secs(600);
        for path in [format!("{AT}/endpoints/new"), format!("{AT}/endpoints/{id}/rotate")] {
            assert_eq!(get(&app, &path, &boss).await.0, StatusCode::SEE_OTHER, "led to the code");
            assert_eq!(post(&app, &path, &boss, "").await.0, StatusCode::FORBIDDEN);
        }
        // What takes away does not.
        assert_eq!(
            post(&app, &format!("{AT}/endpoints/{id}/pause"), &boss, "").await.0,
            StatusCode::SEE_OTHER
        );
    })
    .await;
}
