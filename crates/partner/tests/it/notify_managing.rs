//! What a partner and the administrator do with endpoints.

use kernel::Actor;
use partner::notify::service::{self, Replay};
use partner::notify::{Fault, Mode, NotifyError, Topic};

use crate::notify_support::*;
use crate::support::{each, records};

#[tokio::test]
async fn a_changed_secret_signs_beside_the_earlier_one_for_a_day() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, first) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        let told = async || {
            service::send_test(&app, &boss(&app), "ZALT", id_).await.unwrap();
            post_all(&sender).await;
            post.seen().pop().unwrap()
        };
        let before = told().await;
        assert!(believes(&first, &before) && !header(&before, "webhook-signature").contains(' '));
        let changed = service::rotate_secret(&app, &boss(&app), "ZALT", id_).await.unwrap();
        let second = changed.secret.expose().clone();
        let both = told().await;
        assert!(believes(&first, &both) && believes(&second, &both));
        assert_eq!(header(&both, "webhook-signature").split(' ').count(), 2);
        assert_eq!(view(&app, "ZALT", id_).await.previous_until, Some(app.wall.now().plus_secs(86_400)));
        world.advance_secs(86_399);
        let third = service::rotate_secret(&app, &boss(&app), "ZALT", id_).await.unwrap();
        let all = told().await;
        assert!(believes(&first, &all) && believes(&second, &all) && believes(third.secret.expose(), &all));
        world.advance_secs(1);
        let later = told().await;
        assert!(!believes(&first, &later) && believes(&second, &later));
        world.advance_secs(86_400);
        let last = told().await;
        assert!(!believes(&second, &last) && believes(third.secret.expose(), &last));
        for _ in 0..3 {
            service::rotate_secret(&app, &boss(&app), "ZALT", id_).await.unwrap();
        }
        let refused = service::rotate_secret(&app, &boss(&app), "ZALT", id_).await;
        assert!(matches!(refused, Err(NotifyError::Rotations)));
        let all = records(&app, "ZALT").await;
        assert_eq!(all.iter().filter(|(act, _)| act == "partner.endpoint_secret_rotated").count(), 5);
        assert!(!all.iter().any(|(_, facts)| facts.contains("whsec")), "{all:?}");
    })
    .await;
}

#[tokio::test]
async fn paused_and_removed_endpoints_take_nothing() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, _) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        waiting(&app, "ZALT", Topic::Order).await;
        service::pause(&app, &boss(&app), "ZALT", id_).await.unwrap();
        service::pause(&app, &boss(&app), "ZALT", id_).await.unwrap();
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 0);
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 0);
        assert_eq!(history(&app, "ZALT", id_).await[0].last_error, Some(Fault::Paused));
        service::resume(&app, &boss(&app), "ZALT", id_).await.unwrap();
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 1);
        assert_eq!(history(&app, "ZALT", id_).await[0].topic, Topic::Resumed);
        waiting(&app, "ZALT", Topic::Order).await;
        service::remove(&app, &boss(&app), "ZALT", id_).await.unwrap();
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 0);
        assert!(service::list(&app, &boss(&app), "ZALT").await.unwrap().is_empty());
        let gone = service::remove(&app, &boss(&app), "ZALT", id_).await;
        assert!(matches!(gone, Err(NotifyError::NotFound)));
        assert_eq!(post.seen().len(), 1);
        let acts: Vec<String> = records(&app, "ZALT").await.into_iter().map(|(act, _)| act).collect();
        assert_eq!(acts.iter().filter(|a| *a == "partner.endpoint_paused").count(), 1, "{acts:?}");
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_goes_out_again_under_its_id() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, secret) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        let mut ids = Vec::new();
        for _ in 0..4 {
            waiting(&app, "ZALT", Topic::Order).await;
            world.advance_secs(60);
            post_all(&sender).await;
            ids.extend(post.seen().iter().map(|o| id(o).to_owned()));
        }
        let again = async |what| service::replay(&app, &boss(&app), "ZALT", id_, what).await.unwrap();
        let all = history(&app, "ZALT", id_).await;
        assert_eq!(again(Replay::One(all[3].id)).await, 1);
        world.advance_secs(300);
        assert_eq!(post_all(&sender).await, 1);
        let one = post.seen().remove(0);
        assert_eq!(id(&one), ids[0]);
        assert!(believes(&secret, &one), "signed at the time of the try");
        assert_eq!(header(&one, "webhook-timestamp"), app.wall.now().as_secs().to_string());
        assert_eq!(history(&app, "ZALT", id_).await[3].tries, 2);
        assert_eq!(again(Replay::Since(all[1].created)).await, 2);
        assert_eq!(post_all(&sender).await, 2);
        let mut since: Vec<String> = post.seen().iter().map(|o| id(o).to_owned()).collect();
        since.sort_unstable();
        assert_eq!(since, ids[2..]);
        assert_eq!(again(Replay::Since(app.wall.now().plus_secs(1))).await, 0);
        let foreign = partner::notify::NotificationId::from_uuid(uuid::Uuid::nil());
        assert_eq!(again(Replay::One(foreign)).await, 0);
        let acts: Vec<String> = records(&app, "ZALT").await.into_iter().map(|(act, _)| act).collect();
        assert_eq!(acts.iter().filter(|a| *a == "partner.notifications_replayed").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn who_may_do_what_with_endpoints() {
    each(async |world| {
        let (app, _, _) = settled(&world).await;
        let own = clerk(&app, "ZALT", true).await;
        let other = clerk(&app, "ZBEK", true).await;
        // Who answers only, and a key, see the addresses and change none.
        for reads in [clerk(&app, "ZALT", false).await, itself(&app, "ZALT").await] {
            let refused = service::add_endpoint(
                &app,
                &reads,
                "ZALT",
                new("https://x.example/", &[Topic::Order], Mode::Live),
            );
            assert!(matches!(refused.await, Err(NotifyError::Access(access::AccessError::Forbidden(_)))));
            assert!(service::list(&app, &reads, "ZALT").await.unwrap().is_empty());
        }
        let url = "https://hooks.zalt.example/1";
        let wanted = || new(url, &[Topic::Order], Mode::Live);
        let id_ = service::add_endpoint(&app, &own, "ZALT", wanted()).await.unwrap().endpoint;
        let known = service::add_endpoint(&app, &boss(&app), "ZALT", wanted()).await;
        assert!(matches!(known, Err(NotifyError::Known)));
        let strangers = [
            other,
            crate::support::staff(&app, kernel::Role::DutyOfficer),
            Actor::Public,
            Actor::system("delivery"),
        ];
        for actor in &strangers {
            let code = "ZALT";
            let refused = [
                service::add_endpoint(
                    &app,
                    actor,
                    code,
                    new("https://x.example/", &[Topic::Order], Mode::Live),
                )
                .await
                .err(),
                service::rotate_secret(&app, actor, code, id_).await.err(),
                service::pause(&app, actor, code, id_).await.err(),
                service::resume(&app, actor, code, id_).await.err(),
                service::remove(&app, actor, code, id_).await.err(),
                service::send_test(&app, actor, code, id_).await.err(),
                service::replay(&app, actor, code, id_, Replay::Since(app.wall.now())).await.err(),
            ];
            for error in refused {
                let error = error.unwrap();
                assert!(matches!(error, NotifyError::Access(_) | NotifyError::NotFound), "{error}");
            }
        }
        assert!(matches!(service::list(&app, &strangers[0], "ZALT").await, Err(NotifyError::NotFound)));
        assert!(matches!(service::list(&app, &own, "ZZZZ").await, Err(NotifyError::NotFound)));
        assert_eq!(service::list(&app, &strangers[1], "ZALT").await.unwrap().len(), 1);
        assert!(service::list(&app, &Actor::Public, "ZALT").await.is_err());
        // Another institution's endpoint is none of one's own, whatever its id.
        let beks = endpoint(&app, "ZBEK", "hooks.zbek.example").await.0;
        assert!(matches!(service::pause(&app, &own, "ZALT", beks).await, Err(NotifyError::NotFound)));
        for (typed, code) in [
            ("http://hooks.zalt.example/", "partner.endpoint_https"),
            ("https://127.0.0.1/", "partner.endpoint_inside"),
            ("https://169.254.169.254/latest", "partner.endpoint_inside"),
            ("hooks", "partner.endpoint_url"),
        ] {
            let refused =
                service::add_endpoint(&app, &own, "ZALT", new(typed, &[Topic::Order], Mode::Live)).await;
            assert_eq!(kernel::Coded::code(&refused.unwrap_err()), code);
        }
        let no_topic =
            service::add_endpoint(&app, &own, "ZALT", new("https://y.example/", &[], Mode::Live)).await;
        assert!(matches!(no_topic, Err(NotifyError::Topics)));
        for n in 2..=8 {
            let new = new(&format!("https://hooks.zalt.example/{n}"), &[Topic::Order], Mode::Live);
            service::add_endpoint(&app, &own, "ZALT", new).await.unwrap();
        }
        let ninth = new("https://hooks.zalt.example/9", &[Topic::Order], Mode::Live);
        assert!(matches!(service::add_endpoint(&app, &own, "ZALT", ninth).await, Err(NotifyError::Limit)));
        let all = records(&app, "ZALT").await;
        assert_eq!(all.iter().filter(|(act, _)| act == "partner.endpoint_added").count(), 8);
        assert!(
            !all.iter().any(|(_, facts)| facts.contains("whsec") || facts.contains("example/")),
            "{all:?}"
        );
    })
    .await;
}

/// Secrets lie sealed for their one endpoint; with the institution's key destroyed nothing is posted any more.
#[tokio::test]
async fn secrets_lie_sealed_and_end_with_the_institutions_key() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, secret) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        let partner = view(&app, "ZALT", id_).await.partner;
        let row = app
            .db
            .read(move |tx| partner::notify::store::endpoint::find(tx, id_, partner))
            .await
            .unwrap()
            .unwrap();
        let plain = secret.trim_start_matches("whsec_").as_bytes();
        assert!(!row.sealed.secret.windows(8).any(|w| w == &plain[..8]));
        assert!(!format!("{:?}", row.endpoint).contains(&secret));
        waiting(&app, "ZALT", Topic::Order).await;
        let me = app.clone();
        let forget = move |tx: &mut db::Tx<'_>| me.vault.forget(tx, partner.uuid());
        app.db.write(forget).await.unwrap();
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 0);
        assert_eq!(history(&app, "ZALT", id_).await[0].last_error, Some(Fault::Key));
        assert!(post.seen().is_empty());
        let refused = service::rotate_secret(&app, &boss(&app), "ZALT", id_).await;
        assert!(matches!(refused, Err(NotifyError::NoKey)));
    })
    .await;
}

/// Bug to be feared: whoever can write rows gives one endpoint the secret of another, or one row that does not open
/// stops them all.
#[tokio::test]
async fn a_secret_opens_for_its_own_endpoint_only_and_one_that_does_not_holds_up_no_other() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (a, _) = endpoint(&app, "ZALT", "a.example").await;
        let (b, secret) = endpoint(&app, "ZALT", "b.example").await;
        let partner = view(&app, "ZALT", a).await.partner;
        let swap = move |tx: &mut db::Tx<'_>| {
            let rows = partner::notify::store::endpoint::of_partner(tx, partner)?;
            let sealed = |id| rows.iter().find(|r| r.endpoint.id == id).unwrap().sealed.clone();
            let now = kernel::Timestamp::from_secs(1);
            partner::notify::store::endpoint::set_secrets(tx, a, &sealed(a), &sealed(b), now, now)
        };
        let swapped: Result<(), db::DbError> = app.db.write(swap).await;
        swapped.unwrap();
        waiting(&app, "ZALT", Topic::Order).await;
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 1);
        let posts = post.seen();
        assert_eq!(posts[0].url.host_str(), Some("b.example"));
        assert!(believes(&secret, &posts[0]));
        assert_eq!(history(&app, "ZALT", a).await[0].last_error, Some(Fault::Key));
    })
    .await;
}
