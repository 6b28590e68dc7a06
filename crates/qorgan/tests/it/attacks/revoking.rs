//! A key is revoked, or its institution taken out, while its requests are under way: none that begins after the commit
//! is taken.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use httpsig::Params;
use kernel::{Actor, WallClock};
use partner::manage::{revoke_key, set_active};
use testkit::World;
use tower::ServiceExt as _;

use super::{BANK, Message, Stand};
use crate::country::key_of;

/// How many ask at the same time.
const HANDS: usize = 6;
/// What a hand waits between two requests: all hands together stay below what an institution may send in a minute.
const PAUSE: Duration = Duration::from_millis(5);
/// What is allowed between the commit and the last request that is still believed.
const BAR_MICROS: i64 = 1_000_000;

/// When a request began and ended by the machine's clock, and its status.
type Asked = (i64, i64, u16);

/// Asks until told to stop, each time a request that was never sent before.
async fn ask(stand: Arc<Parts>, hand: usize, stop: Arc<AtomicBool>) -> Vec<Asked> {
    let (clock, mut asked) = (WallClock::system(), Vec::new());
    for n in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let message = stand.message(&format!("{hand}-{n}"));
        let mut request = hyper::Request::builder().method(message.method.as_str()).uri(&message.path);
        *request.headers_mut().unwrap() = message.headers;
        let request = request.body(Body::from(message.body)).unwrap();
        let began = clock.now().as_micros();
        let status = stand.router.clone().oneshot(request).await.unwrap().status().as_u16();
        asked.push((began, clock.now().as_micros(), status));
        app::Timer.sleep(PAUSE).await;
    }
    asked
}

/// What the hands share.
struct Parts {
    router: axum::Router,
    bare: Message,
    target: String,
    now: i64,
}

impl Parts {
    fn message(&self, nonce: &str) -> Message {
        let request = httpsig::Request {
            method: "GET",
            target_uri: &self.target,
            headers: &self.bare.headers,
            body: b"",
        };
        let params = Params { keyid: "ZBEK/1", nonce, created: self.now, expires: self.now + 300 };
        let added = httpsig::sign_request(&key_of(BANK), &request, &params).unwrap();
        let mut signed = self.bare.clone();
        signed.headers.extend(added);
        signed
    }
}

async fn measured(stand: &Stand, round: usize, end: impl AsyncFn()) -> (usize, usize, i64) {
    let bare = Message { headers: Default::default(), ..stand.look() };
    let bare = Message { path: format!("/api/v1/inbox?after=0&limit={}", round + 1), ..bare };
    let target = format!("{}{}", stand.base_url(), bare.path);
    let parts = Arc::new(Parts { router: stand.router.clone(), bare, target, now: stand.now() });
    let (stop, clock) = (Arc::new(AtomicBool::new(false)), WallClock::system());
    let mut hands = tokio::task::JoinSet::new();
    for hand in 0..HANDS {
        hands.spawn(ask(Arc::clone(&parts), hand + round * HANDS, Arc::clone(&stop)));
    }
    let timer = app::Timer;
    timer.sleep(Duration::from_millis(300)).await;
    end().await;
    let committed = clock.now().as_micros();
    timer.sleep(Duration::from_millis(400)).await;
    stop.store(true, Ordering::SeqCst);
    let asked: Vec<Asked> = hands.join_all().await.into_iter().flatten().collect();
    let odd: Vec<u16> =
        asked.iter().map(|(.., status)| *status).filter(|s| !matches!(s, 200 | 401)).collect();
    assert!(odd.is_empty(), "neither taken nor refused: {odd:?}");
    let before = asked.iter().filter(|(_, ended, status)| *ended < committed && *status == 200).count();
    let after: Vec<&Asked> = asked.iter().filter(|(began, ..)| *began > committed).collect();
    assert!(before > 0 && !after.is_empty(), "{before} before, {} after", after.len());
    assert!(after.iter().all(|(.., status)| *status == 401), "a request begun after the commit was taken");
    let last = asked.iter().filter(|(.., status)| *status == 200).map(|(_, ended, _)| *ended).max().unwrap();
    (before, after.len(), (last - committed).max(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_revoked_is_refused_from_the_commit_on() {
    for world in World::on_each_engine(17, "direct") {
        let stand = Stand::new(world).await;
        let (app, setup) = (&stand.world.app, Actor::system("setup"));
        let out = measured(&stand, 0, async || {
            set_active(app, &setup, BANK, false, "test").await.unwrap();
        })
        .await;
        set_active(app, &setup, BANK, true, "test").await.unwrap();
        stand.world.advance_secs(60); // What may be sent in a minute may be sent anew.
        let revoked = measured(&stand, 1, async || {
            revoke_key(app, &setup, "ZBEK/1", "test").await.unwrap();
        })
        .await;
        let engine = app.db.engine();
        for (what, (before, after, micros)) in [("taken out", out), ("revoked", revoked)] {
            let words = format!(
                "{engine:?}: {what}: {before} requests taken before, {after} begun after the commit all refused; \
                 the last that was taken ended {micros} us after it"
            );
            drop(writeln!(std::io::stdout(), "{words}"));
            assert!(micros < BAR_MICROS, "{micros} us");
        }
    }
}
