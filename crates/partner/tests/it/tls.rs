//! Mutual TLS beside the signature: who is believed to hand a certificate over, rotation, revocation.

use app::App;
use http::StatusCode;
use kernel::{Actor, Coded as _};
use partner::agreement::Terms;
use partner::tls::{rules::written, service};
use partner::{Institution, PartnerError};
use sha2::{Digest as _, Sha256};
use testkit::World;

use crate::pages::{get, post, sign_in};
use crate::quota::send_from;
use crate::support::{each, import, institution};

const PROXY: &str = "192.0.2.1:4000";
const STRANGER: &str = "192.0.2.66:4000";

fn print_of(certificate: &str) -> String {
    written(&Sha256::digest(certificate.as_bytes()))
}

/// An institution with mutual TLS, one without, and the first one's own manager.
async fn settled(world: &World) -> Actor {
    let agreement = Terms { mutual_tls: true, ..Terms::default() };
    let strict = Institution { agreement, ..institution("ZALT", 1) };
    import(&world.app, vec![strict, institution("ZBEK", 2)]).await.unwrap();
    let all = partner::service::all(&world.app).await.unwrap();
    let clerk = kernel::Clerk { user: world.app.uuid(), name: "К".into(), manages: true };
    Actor::Partner { partner: all[0].id.uuid(), code: "ZALT".into(), person: Some(clerk) }
}

async fn status(world: &World, nonce: &str, from: Option<(&str, &str)>) -> StatusCode {
    send_from(world, ("ZALT", 1), ("/api/v1/other", nonce), from).await.0
}

#[tokio::test]
async fn only_a_trusted_proxy_hands_a_certificate_over() {
    each(async |world| {
        let manager = settled(&world).await;
        service::add(&world.app, &manager, "ZALT", &print_of("one")).await.unwrap();
        assert_eq!(status(&world, "a", Some((PROXY, "one"))).await, StatusCode::OK);
        // A forged header from an untrusted address, none at all, another certificate.
        for (nonce, from) in [
            ("b", Some((STRANGER, "one"))),
            ("c", None),
            ("d", Some((PROXY, "two"))),
            ("e", Some((STRANGER, "two"))),
        ] {
            assert_eq!(status(&world, nonce, from).await, StatusCode::UNAUTHORIZED, "{nonce} {from:?}");
        }
        let (_, _, body) = send_from(&world, ("ZALT", 1), ("/api/v1/other", "f"), None).await;
        assert!(body.contains("partner.certificate"), "{body}");
        // Never instead of the signature.
        let (unsigned, ..) =
            send_from(&world, ("ZALT", 9), ("/api/v1/other", "g"), Some((PROXY, "one"))).await;
        assert_eq!(unsigned, StatusCode::UNAUTHORIZED);
        // Whose agreement does not ask for it needs none, and a strange one does no harm.
        for (nonce, from) in [("h", None), ("i", Some((PROXY, "two"))), ("j", Some((STRANGER, "x")))] {
            let (status, ..) = send_from(&world, ("ZBEK", 2), ("/api/v1/other", nonce), from).await;
            assert_eq!(status, StatusCode::OK, "{nonce}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_at_once_while_it_changes_over_and_revoked_at_once() {
    each(async |world| {
        let (app, manager) = (&world.app, settled(&world).await);
        service::add(app, &manager, "ZALT", &print_of("one")).await.unwrap();
        service::add(app, &manager, "ZALT", &print_of("two")).await.unwrap();
        let third = service::add(app, &manager, "ZALT", &print_of("three")).await.unwrap_err();
        assert!(matches!(third, PartnerError::Certificates), "{third}");
        assert_eq!(status(&world, "a", Some((PROXY, "one"))).await, StatusCode::OK);
        assert_eq!(status(&world, "b", Some((PROXY, "two"))).await, StatusCode::OK);
        service::revoke(app, &manager, "ZALT", &print_of("one"), "ауысты").await.unwrap();
        assert_eq!(status(&world, "c", Some((PROXY, "one"))).await, StatusCode::UNAUTHORIZED);
        assert_eq!(status(&world, "d", Some((PROXY, "two"))).await, StatusCode::OK);
        let back = service::add(app, &manager, "ZALT", &print_of("one")).await.unwrap_err();
        assert!(matches!(back, PartnerError::FingerprintKnown), "{back}");
        // With none left nothing is taken: revoking the last one opens no door.
        service::revoke(app, &manager, "ZALT", &print_of("two"), "ауысты").await.unwrap();
        assert_eq!(status(&world, "e", Some((PROXY, "two"))).await, StatusCode::UNAUTHORIZED);
        assert_eq!(
            service::add(app, &manager, "ZBEK", &print_of("x")).await.unwrap_err().class(),
            kernel::Class::NotFound
        );
    })
    .await;
}

/// Bug: the oldest 200 were looked through, revoked ones too: the newest were not found, and not counted.
#[tokio::test]
async fn however_many_were_revoked_the_newest_is_taken_and_counted() {
    each(async |world| {
        let (app, manager) = (&world.app, settled(&world).await);
        for no in 0..201 {
            let print = print_of(&format!("old {no}"));
            service::add(app, &manager, "ZALT", &print).await.unwrap();
            service::revoke(app, &manager, "ZALT", &print, "ауысты").await.unwrap();
        }
        for name in ["one", "two"] {
            service::add(app, &manager, "ZALT", &print_of(name)).await.unwrap();
        }
        assert_eq!(status(&world, "a", Some((PROXY, "two"))).await, StatusCode::OK);
        let third = service::add(app, &manager, "ZALT", &print_of("three")).await.unwrap_err();
        assert!(matches!(third, PartnerError::Certificates), "{third}");
        let back = service::add(app, &manager, "ZALT", &print_of("old 200")).await.unwrap_err();
        assert!(matches!(back, PartnerError::FingerprintKnown), "{back}");
        let shown = service::list(app, &manager, "ZALT").await.unwrap();
        assert_eq!(shown.iter().filter(|c| c.revoked_at.is_none()).count(), 2);
        assert_eq!(shown[2].reason, "ауысты");
    })
    .await;
}

/// Bug: confirming without a fresh code was a dead end, revoking one irrevocable click without a reason.
#[tokio::test]
async fn certificates_are_confirmed_and_revoked_on_pages_of_their_own() {
    each(async |world| {
        settled(&world).await;
        let app = App { demo: true, ..world.app.clone() };
        let all = access::demo_accounts(&app).await.unwrap();
        let first = all.iter().find(|a| a.login == "erzhan").unwrap().actor(&app);
        let print = print_of("one");
        service::add(&app, &first, "ZALT", &print).await.unwrap();
        let (home, botagoz) = ("/admin/institutions/ZALT", sign_in(&app, "botagoz").await);
        let (_, body) = get(&app, home, &botagoz).await;
        let confirm = format!("{home}/certificates/confirm");
        let address = format!("{confirm}?fingerprint={}", web::encode(&print));
        assert!(body.contains(&address.replace('&', "&amp;")), "{body}");
        assert!(body.contains(&format!("<span class=\"unseen\">: {print}</span>")), "{body}");
        let (status_now, body) = get(&app, &address, &botagoz).await;
        assert!(status_now == StatusCode::OK && body.contains(&print), "{body}");
        let form = format!("fingerprint={}", web::encode(&print));
        world.advance_secs(301);
        let (late, body) = post(&app, &confirm, &botagoz, &form).await;
        assert_eq!(late, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("name=\"code\"") && body.contains(&print), "{body}");
        let own = sign_in(&app, "erzhan").await;
        let (status_now, body) = post(&app, &confirm, &own, &form).await;
        assert!(status_now == StatusCode::CONFLICT && body.contains("эту запись составили вы"), "{body}");
        let botagoz = sign_in(&app, "botagoz").await;
        assert_eq!(post(&app, &confirm, &botagoz, &form).await.0, StatusCode::SEE_OTHER);
        assert_eq!(status(&world, "a", Some((PROXY, "one"))).await, StatusCode::OK);

        let revoke = format!("{home}/certificates/revoke");
        let (status_now, body) = get(&app, &format!("{revoke}?{form}"), &botagoz).await;
        assert!(status_now == StatusCode::OK && body.contains("name=\"reason\""), "{body}");
        let (blank, body) = post(&app, &revoke, &botagoz, &form).await;
        assert!(blank == StatusCode::UNPROCESSABLE_ENTITY && body.contains("href=\"#f-reason\""), "{body}");
        let (status_now, _) = post(&app, &revoke, &botagoz, &format!("{form}&reason=Utrachen")).await;
        assert_eq!(status_now, StatusCode::SEE_OTHER);
        let (_, body) = get(&app, home, &botagoz).await;
        assert!(body.contains("Utrachen"), "{body}");
        assert_eq!(get(&app, &format!("{revoke}?{form}"), &botagoz).await.0, StatusCode::NOT_FOUND);
        let (wrong, body) = post(&app, &format!("{home}/certificates"), &botagoz, "fingerprint=x").await;
        assert!(
            wrong == StatusCode::UNPROCESSABLE_ENTITY && body.contains("href=\"#f-fingerprint\""),
            "{body}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_an_administrator_adds_waits_for_a_second_one() {
    each(async |world| {
        settled(&world).await;
        let app = App { demo: true, ..world.app.clone() };
        let all = access::demo_accounts(&app).await.unwrap();
        let actor = |login: &str| all.iter().find(|a| a.login == login).unwrap().actor(&app);
        let (first, second) = (actor("erzhan"), actor("botagoz"));
        service::add(&app, &first, "ZALT", &print_of("one")).await.unwrap();
        assert_eq!(status(&world, "a", Some((PROXY, "one"))).await, StatusCode::UNAUTHORIZED);
        let own = service::confirm(&app, &first, "ZALT", &print_of("one")).await.unwrap_err();
        assert_eq!(own.code(), "partner.agreement_author");
        assert!(service::confirm(&app, &actor("aliya"), "ZALT", &print_of("one")).await.is_err());
        service::confirm(&app, &second, "ZALT", &print_of("one")).await.unwrap();
        assert_eq!(status(&world, "b", Some((PROXY, "one"))).await, StatusCode::OK);
        let shown = service::list(&app, &second, "ZALT").await.unwrap();
        assert_eq!((shown.len(), &shown[0].awaits), (1, &None));
    })
    .await;
}
