//! What becomes of a notification that is not taken.

use std::sync::Arc;

use partner::notify::service::{self, Replay};
use partner::notify::{Answered, EndpointState, Fault, NotificationState, NotifyError, Sender, Topic};

use crate::notify_support::*;
use crate::support::{each, records};

#[tokio::test]
async fn it_is_tried_again_by_the_table_of_notices_and_given_up_where_it_ends() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, _) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        let table = app.profile.retry("notice").unwrap().clone();
        post.then_always(status(500));
        waiting(&app, "ZALT", Topic::Order).await;
        world.advance_secs(1);
        let mut ids = Vec::new();
        for (made, wait) in table.waits_seconds.iter().copied().map(i64::from).enumerate() {
            let tried = app.wall.now();
            post_all(&sender).await;
            ids.extend(post.seen().iter().map(|o| id(o).to_owned()));
            let n = history(&app, "ZALT", id_).await.remove(0);
            let tries = i64::try_from(made).unwrap() + 1;
            assert_eq!((n.state, n.tries), (NotificationState::Pending, tries), "{n:?}");
            assert_eq!((n.last_status, n.last_error), (Some(500), Some(Fault::Status)));
            let waits = secs(tried, n.due);
            assert!((wait..=wait * 12 / 10).contains(&waits), "{waits} seconds, not {wait} and a fifth");
            world.clock.set(n.due);
        }
        post_all(&sender).await;
        ids.extend(post.seen().iter().map(|o| id(o).to_owned()));
        let n = history(&app, "ZALT", id_).await.remove(0);
        let tries = i64::try_from(table.waits_seconds.len()).unwrap() + 1;
        assert_eq!((n.state, n.tries), (NotificationState::GivenUp, tries));
        assert_eq!(ids.len(), table.waits_seconds.len() + 1);
        assert!(ids.iter().all(|i| *i == n.id.to_string()), "the same id at every try");
        world.advance_secs(86_400);
        assert_eq!(post_all(&sender).await, 0);
        assert_eq!(view(&app, "ZALT", id_).await.failures, tries);
    })
    .await;
}

#[tokio::test]
async fn something_new_begins_the_table_anew_and_is_told_soon() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, _) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        post.first([500, 500, 500, 500, 500].map(status));
        waiting(&app, "ZALT", Topic::Order).await;
        world.advance_secs(1);
        for _ in 0..3 {
            post_all(&sender).await;
            world.clock.set(history(&app, "ZALT", id_).await[0].due);
        }
        post_all(&sender).await;
        let far = history(&app, "ZALT", id_).await.remove(0);
        assert!(secs(app.wall.now(), far.due) >= 7_200);
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 0);
        let near = history(&app, "ZALT", id_).await.remove(0);
        assert_eq!((near.id, secs(app.wall.now(), near.due)), (far.id, 1));
        world.advance_secs(1);
        post_all(&sender).await;
        let again = history(&app, "ZALT", id_).await.remove(0);
        assert_eq!(again.tries, 5);
        assert!((5..=6).contains(&secs(app.wall.now(), again.due)), "not hours: the first wait of the table");
        world.clock.set(app.wall.now().plus_secs(15));
        post_all(&sender).await;
        assert_eq!(history(&app, "ZALT", id_).await[0].state, NotificationState::Done);
    })
    .await;
}

#[tokio::test]
async fn an_answer_may_ask_for_a_pause() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, _) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        post.first([Ok(Answered { status: 429, retry_after_secs: Some(900) })]);
        service::send_test(&app, &boss(&app), "ZALT", id_).await.unwrap();
        post_all(&sender).await;
        let n = history(&app, "ZALT", id_).await.remove(0);
        assert_eq!((n.last_status, secs(app.wall.now(), n.due)), (Some(429), 900));
    })
    .await;
}

#[tokio::test]
async fn a_silent_endpoint_is_probed_only_and_gets_everything_when_it_is_back() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (dead, _) = endpoint(&app, "ZALT", "dead.example").await;
        let (alive, _) = endpoint(&app, "ZBEK", "alive.example").await;
        post.dead("dead.example");
        let topics = [Topic::Order, Topic::Release, Topic::Reminder];
        for topic in topics {
            waiting(&app, "ZALT", topic).await;
        }
        world.advance_secs(1);
        post_all(&sender).await;
        world.advance_secs(6);
        post_all(&sender).await;
        assert_eq!(post.seen().len(), 2 * topics.len());
        assert!(sender.is_silent(dead) && !sender.is_silent(alive));
        let before = history(&app, "ZALT", dead).await;
        // Nothing is due for minutes; every fifteen seconds one goes out all the same, and changes no table.
        for _ in 0..4 {
            assert_eq!(post_all(&sender).await, 0);
            world.advance_secs(15);
            assert_eq!(post_all(&sender).await, 1);
        }
        let probed = history(&app, "ZALT", dead).await;
        let fixed = |all: &[partner::notify::Notification]| -> Vec<_> {
            all.iter().map(|n| (n.id, n.due, n.tries)).collect()
        };
        assert_eq!(fixed(&before), fixed(&probed));
        // Something new is not tried before the next probe, and is not looked at until then.
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 0);
        let order = async || {
            let all = history(&app, "ZALT", dead).await;
            all.into_iter().find(|n| n.topic == Topic::Order).unwrap()
        };
        assert_eq!(secs(app.wall.now(), order().await.due), 15);
        // What is due all the same is put off to the probe.
        let again = Replay::One(order().await.id);
        assert_eq!(service::replay(&app, &boss(&app), "ZALT", dead, again).await.unwrap(), 1);
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 0);
        assert_eq!(secs(app.wall.now(), order().await.due), 14);
        // The others do not notice.
        waiting(&app, "ZBEK", Topic::Order).await;
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 1);
        assert_eq!(history(&app, "ZBEK", alive).await[0].state, NotificationState::Done);
        // Another process knows it from the table and probes at once.
        let back = Scripted::always(status(200));
        let other = Sender::new(&app, Arc::new(back.clone()));
        assert_eq!(other.pass().await.unwrap().begun, 1);
        other.settled().await;
        post_all(&other).await;
        assert_eq!(back.seen().len(), 3, "the probe, and then all that waited");
        let all = history(&app, "ZALT", dead).await;
        assert!(all.iter().all(|n| n.state == NotificationState::Done), "{all:?}");
        assert_eq!(view(&app, "ZALT", dead).await.failures, 0);
    })
    .await;
}

#[tokio::test]
async fn gone_ends_an_endpoint_until_somebody_lets_it_go_on() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, _) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        post.first([status(410)]);
        waiting(&app, "ZALT", Topic::Order).await;
        world.advance_secs(1);
        waiting(&app, "ZALT", Topic::Release).await;
        post_all(&sender).await;
        assert_eq!(view(&app, "ZALT", id_).await.state, EndpointState::Disabled);
        let all = history(&app, "ZALT", id_).await;
        assert!(all.iter().all(|n| n.state == NotificationState::GivenUp), "{all:?}");
        assert!(all.iter().all(|n| n.last_error == Some(Fault::Gone)), "{all:?}");
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 0);
        world.advance_secs(100);
        assert_eq!(post_all(&sender).await, 0);
        for what in [Replay::One(all[0].id), Replay::Since(all[1].created)] {
            let refused = service::replay(&app, &boss(&app), "ZALT", id_, what).await;
            assert!(matches!(refused, Err(NotifyError::NotActive)));
        }
        service::resume(&app, &boss(&app), "ZALT", id_).await.unwrap();
        service::resume(&app, &boss(&app), "ZALT", id_).await.unwrap();
        world.advance_secs(1);
        post.seen();
        assert_eq!(post_all(&sender).await, 1, "something may have come meanwhile");
        let acts: Vec<String> = records(&app, "ZALT").await.into_iter().map(|(act, _)| act).collect();
        for act in ["partner.endpoint_disabled", "partner.endpoint_resumed"] {
            assert_eq!(acts.iter().filter(|a| *a == act).count(), 1, "{acts:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_sender_that_died_is_succeeded_when_its_lease_ends() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, _) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        waiting(&app, "ZALT", Topic::Order).await;
        world.advance_secs(1);
        post.hold();
        assert_eq!(sender.pass().await.unwrap().begun, 1);
        post.wait_for(1).await;
        let heir_posts = Scripted::always(status(200));
        let heir = Sender::new(&app, Arc::new(heir_posts.clone()));
        assert_eq!(post_all(&heir).await, 0, "it is being posted");
        world.advance_secs(31);
        assert_eq!(post_all(&heir).await, 1);
        assert_eq!(id(&post.seen()[0]), id(&heir_posts.seen()[0]));
        // The first one comes to life again and was refused: that changes nothing any more.
        post.then_always(status(500));
        post.let_go();
        sender.settled().await;
        let n = history(&app, "ZALT", id_).await.remove(0);
        assert_eq!((n.state, n.tries, n.last_status), (NotificationState::Done, 1, Some(200)));
    })
    .await;
}

/// Two senders that saw the same row: one of them gets it.
#[tokio::test]
async fn a_notification_is_claimed_once_at_a_time() {
    each(async |world| {
        let (app, _, _) = settled(&world).await;
        let (id_, _) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        waiting(&app, "ZALT", Topic::Order).await;
        let n = history(&app, "ZALT", id_).await.remove(0).id;
        let claim = async |secs: i64| {
            let wall = app.wall.now().plus_secs(secs);
            let lease = wall.plus_secs(30);
            let got: Result<bool, db::DbError> =
                app.db.write(move |tx| partner::notify::store::notification::claim(tx, n, wall, lease)).await;
            got.unwrap()
        };
        let got = [claim(0).await, claim(0).await, claim(30).await, claim(31).await];
        assert_eq!(got, [true, false, false, true]);
    })
    .await;
}

#[tokio::test]
async fn a_long_row_of_one_hides_no_other() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (slow, _) = endpoint(&app, "ZALT", "slow.example").await;
        let (alive, _) = endpoint(&app, "ZBEK", "alive.example").await;
        // Five hundred of one endpoint, all due before the other's one.
        let me = app.clone();
        let many = move |tx: &mut db::Tx<'_>| {
            for n in 0..500 {
                let id = partner::notify::NotificationId::from_uuid(me.uuid());
                let wall = me.wall.now().plus_micros(n);
                partner::notify::store::notification::put(tx, id, slow, Topic::Test, wall, wall)?;
                // Untaken ones are joined: put them as done, then all again.
                partner::notify::store::notification::done(tx, id, wall, 200)?;
            }
            partner::notify::store::notification::replay_since(tx, slow, me.wall.now(), me.wall.now())
        };
        let put: Result<u64, db::DbError> = app.db.write(many).await;
        assert_eq!(put.unwrap(), 500);
        world.advance_secs(1);
        waiting(&app, "ZBEK", Topic::Order).await;
        world.advance_secs(1);
        post.hold();
        let mut begun = 0;
        for _ in 0..20 {
            begun += sender.pass().await.unwrap().begun;
        }
        assert_eq!(begun, 4 + 1, "four to the one, and the other's");
        post.let_go();
        sender.settled().await;
        assert_eq!(history(&app, "ZBEK", alive).await[0].state, NotificationState::Done);
    })
    .await;
}

#[tokio::test]
async fn what_has_ended_is_removed_after_a_month() {
    each(async |world| {
        let (app, sender, _) = settled(&world).await;
        let (id_, _) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        waiting(&app, "ZALT", Topic::Order).await;
        world.advance_secs(1);
        post_all(&sender).await;
        let purge = async || {
            let wall = app.wall.now();
            app.db.write(move |tx| partner::notify::purge(tx, wall)).await.unwrap()
        };
        world.advance_secs(29 * 86_400);
        waiting(&app, "ZALT", Topic::Order).await;
        assert_eq!(purge().await, 0);
        world.advance_secs(2 * 86_400);
        assert_eq!(purge().await, 1);
        let left = history(&app, "ZALT", id_).await;
        assert_eq!((left.len(), left[0].state), (1, NotificationState::Pending));
    })
    .await;
}
