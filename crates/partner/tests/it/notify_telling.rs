//! Who is told what, when, and by what.

use std::sync::Mutex;
use std::time::Duration;

use partner::manage::set_active;
use partner::notify::service;
use partner::notify::{Mode, NotificationState, NotifyError, Topic};

use crate::notify_support::*;
use crate::support::each;

#[tokio::test]
async fn what_waits_is_told_once_and_says_nothing_else() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, secret) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 1);
        for _ in 0..3 {
            assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 0, "one tells of all that waits");
        }
        assert_eq!(waiting(&app, "ZALT", Topic::Release).await, 1);
        assert_eq!(waiting(&app, "ZBEK", Topic::Order).await, 0, "nobody listens there");
        assert_eq!(waiting(&app, "ZZZZ", Topic::Order).await, 0);
        assert_eq!(post_all(&sender).await, 0, "the inbox must have numbered what it tells of");
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 2);
        let posts = post.seen();
        let said = format!(
            r#"{{"type":"inbox.waiting.v1","timestamp":"{}","data":{{"inbox":"/api/v1/inbox"}}}}"#,
            app.wall.now().plus_secs(-1)
        );
        for out in &posts {
            assert_eq!(String::from_utf8_lossy(&out.body), said);
            assert_eq!(out.url.as_str(), "https://hooks.zalt.example/hook");
            assert!(believes(&secret, out) && !believes("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", out));
            let names: Vec<&str> = out.headers.iter().map(|(n, _)| *n).collect();
            assert_eq!(names, ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"]);
        }
        assert_ne!(id(&posts[0]), id(&posts[1]));
        let all = history(&app, "ZALT", id_).await;
        assert!(all.iter().all(|n| n.state == NotificationState::Done && n.tries == 1), "{all:?}");
        assert_eq!(all[0].last_status, Some(204));
        assert_eq!(view(&app, "ZALT", id_).await.last_success, Some(app.wall.now()));
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 1, "what was taken tells of nothing new");
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 1);
    })
    .await;
}

#[tokio::test]
async fn while_one_is_being_posted_the_next_is_put() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        endpoint(&app, "ZALT", "hooks.zalt.example").await;
        waiting(&app, "ZALT", Topic::Order).await;
        world.advance_secs(1);
        post.hold();
        assert_eq!(sender.pass().await.unwrap().begun, 1);
        post.wait_for(1).await;
        // Whoever is being told at this moment may have looked before this came.
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 1);
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 0);
        post.let_go();
        sender.settled().await;
        world.advance_secs(1);
        assert_eq!(post_all(&sender).await, 1);
        let ids: Vec<String> = post.seen().iter().map(|o| id(o).to_owned()).collect();
        assert_eq!(ids.len(), 2);
        assert_ne!(ids[0], ids[1]);
    })
    .await;
}

/// Bug to be feared: a sender that takes the waiting notification before what it now tells of can be read.
#[tokio::test]
async fn what_waits_is_not_posted_before_the_act_that_joined_it() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        endpoint(&app, "ZALT", "hooks.zalt.example").await;
        waiting(&app, "ZALT", Topic::Order).await;
        world.advance_secs(1);
        let (joined, begun) = std::sync::mpsc::channel();
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let (joined, finished) = (Mutex::new(joined), Mutex::new(finished));
        let me = app.clone();
        let act = move |tx: &mut db::Tx<'_>| {
            let new = partner::notify::waiting(tx, &me, "ZALT", Topic::Order)?;
            joined.lock().unwrap().send(new).ok();
            finished.lock().unwrap().recv_timeout(Duration::from_secs(5)).ok();
            Ok::<_, db::DbError>(())
        };
        let db = app.db.clone();
        let act = tokio::spawn(async move { db.write(act).await });
        let new = tokio::task::spawn_blocking(move || begun.recv_timeout(Duration::from_secs(5)));
        assert_eq!(new.await.unwrap(), Ok(0), "it joins the one that waits");
        let passing = {
            let sender = sender.clone();
            tokio::spawn(async move { sender.pass().await })
        };
        app.timer.sleep(Duration::from_millis(150)).await;
        assert!(post.seen().is_empty());
        finish.send(()).unwrap();
        act.await.unwrap().unwrap();
        passing.await.unwrap().unwrap();
        sender.settled().await;
        // Joined, it is due when the inbox has numbered what it tells of; claimed or not, it goes out after that.
        world.advance_secs(1);
        post_all(&sender).await;
        assert_eq!(post.seen().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_hears_of_what() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let add = async |host: &str, topics: &[Topic], mode| {
            let new = new(&format!("https://{host}/"), topics, mode);
            service::add_endpoint(&app, &boss(&app), "ZALT", new).await.unwrap().endpoint
        };
        add("a.example", &[Topic::Order], Mode::Live).await;
        let b = add("b.example", &[Topic::Release, Topic::Reminder], Mode::Live).await;
        let tests = add("c.example", &Topic::SUBSCRIBABLE, Mode::Test).await;
        let hosts = async || {
            world.advance_secs(1);
            post_all(&sender).await;
            let mut all: Vec<String> =
                post.seen().iter().map(|o| o.url.host_str().unwrap().to_owned()).collect();
            all.sort_unstable();
            all
        };
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 1);
        assert_eq!(hosts().await, ["a.example"]);
        assert_eq!(waiting(&app, "ZALT", Topic::Release).await, 1);
        assert_eq!(hosts().await, ["b.example"]);
        for id in [b, tests] {
            assert!(service::send_test(&app, &boss(&app), "ZALT", id).await.unwrap());
            assert!(!service::send_test(&app, &boss(&app), "ZALT", id).await.unwrap(), "one at a time");
        }
        assert_eq!(sender.pass().await.unwrap().begun, 2, "a test waits for nothing");
        sender.settled().await;
        let said: Vec<String> =
            post.seen().iter().map(|o| String::from_utf8_lossy(&o.body).into_owned()).collect();
        assert!(said.iter().all(|s| s.starts_with(r#"{"type":"inbox.test.v1","#)), "{said:?}");
        // An institution that is taken out is told nothing, not even what was put before.
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 1);
        set_active(&app, &boss(&app), "ZALT", false, "leaks").await.unwrap();
        assert_eq!(waiting(&app, "ZALT", Topic::Order).await, 0);
        assert_eq!(hosts().await, Vec::<String>::new());
        let refused = service::send_test(&app, &boss(&app), "ZALT", b).await;
        assert!(matches!(refused, Err(NotifyError::NotActive)));
    })
    .await;
}

/// Whatever an institution is called, wherever it is and whoever acts: nothing of it is in what is sent.
#[tokio::test]
async fn nothing_that_the_node_knows_gets_into_what_is_sent() {
    each(async |world| {
        let (app, sender, post) = settled(&world).await;
        let (id_, _) = endpoint(&app, "ZALT", "hooks.zalt.example").await;
        let told = [
            ("ord_0192f0c1a2b3", "order"),
            ("KZ31125KZT2001300221", "iban"),
            ("Әлия Серікқызы", "name"),
            ("1200000.00", "sum"),
        ];
        for (words, _) in told {
            set_active(&app, &boss(&app), "ZALT", false, words).await.unwrap();
            set_active(&app, &boss(&app), "ZALT", true, words).await.unwrap();
            for topic in Topic::SUBSCRIBABLE {
                waiting(&app, "ZALT", topic).await;
            }
            world.advance_secs(1);
            post_all(&sender).await;
        }
        let posts = post.seen();
        assert_eq!(posts.len(), told.len() * Topic::SUBSCRIBABLE.len());
        for out in posts {
            let all = format!("{:?} {}", out.headers, String::from_utf8_lossy(&out.body));
            for part in
                told.iter().map(|(words, _)| *words).chain(["ZALT", "zalt", "order", "release", "hook_"])
            {
                assert!(!all.contains(part), "{part} in {all}");
            }
            assert!(!all.contains(&id_.to_string()));
        }
    })
    .await;
}
