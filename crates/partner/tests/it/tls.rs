//! Mutual TLS beside the signature: who is believed to hand a certificate over, rotation, revocation.

use app::App;
use http::StatusCode;
use kernel::{Actor, Coded as _};
use partner::agreement::Terms;
use partner::tls::{rules::written, service};
use partner::{Institution, PartnerError};
use sha2::{Digest as _, Sha256};
use testkit::World;

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
        service::revoke(app, &manager, "ZALT", &print_of("one")).await.unwrap();
        assert_eq!(status(&world, "c", Some((PROXY, "one"))).await, StatusCode::UNAUTHORIZED);
        assert_eq!(status(&world, "d", Some((PROXY, "two"))).await, StatusCode::OK);
        let back = service::add(app, &manager, "ZALT", &print_of("one")).await.unwrap_err();
        assert!(matches!(back, PartnerError::FingerprintKnown), "{back}");
        // With none left nothing is taken: revoking the last one opens no door.
        service::revoke(app, &manager, "ZALT", &print_of("two")).await.unwrap();
        assert_eq!(status(&world, "e", Some((PROXY, "two"))).await, StatusCode::UNAUTHORIZED);
        assert_eq!(
            service::add(app, &manager, "ZBEK", &print_of("x")).await.unwrap_err().class(),
            kernel::Class::NotFound
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
