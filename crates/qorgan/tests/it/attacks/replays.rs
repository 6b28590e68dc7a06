//! The same again: one after another, at the same moment, later, and with the same nonce.

use httpsig::Params;

use super::{BANK, Message, Stand};
use crate::country::key_of;

pub async fn all(stand: &Stand) {
    let mut taken = Vec::new();
    for n in 0..40 {
        let message = if n % 2 == 0 { stand.answer() } else { stand.look() };
        let (status, said) = stand.send(message.clone()).await;
        assert_eq!(status, 200, "{said}");
        taken.push((format!("again {n}"), message));
    }
    stand.refuse("replays", None, taken.clone()).await;
    nonces(stand).await;
    at_once(stand).await;
    later(stand, &taken).await;
}

/// Signed anew by the owner, but under a nonce that was used.
async fn nonces(stand: &Stand) {
    let mut attacks = Vec::new();
    for n in 0..20 {
        let nonce = stand.nonce();
        let params = |created| Params { keyid: "ZBEK/1", nonce: &nonce, created, expires: created + 200 };
        let first = stand.sign(stand.unsigned_answer(), &key_of(BANK), &params(stand.now()));
        assert_eq!(stand.send(first).await.0, 200);
        let second = stand.sign(stand.unsigned_answer(), &key_of(BANK), &params(stand.now() - n % 3));
        attacks.push((format!("nonce {n} for another answer"), second));
    }
    stand.refuse("used nonces", None, attacks).await;
}

/// The same request many times at the same moment: one is taken.
async fn at_once(stand: &Stand) {
    const TIMES: usize = 8;
    for n in 0..20 {
        let message = if n % 2 == 0 { stand.answer() } else { stand.look() };
        let before = stand.effects().await;
        let statuses = in_parallel(stand, &message, TIMES).await;
        let taken = statuses.iter().filter(|s| **s == 200).count();
        let refused = statuses.iter().filter(|s| **s == 401).count();
        assert_eq!((taken, refused), (1, TIMES - 1), "{statuses:?}");
        let after = stand.effects().await;
        assert_eq!(after.2, before.2 + 1);
        stand.count("replays at the same moment", TIMES - 1);
    }
}

async fn in_parallel(stand: &Stand, message: &Message, times: usize) -> Vec<u16> {
    use axum::body::Body;
    use tower::ServiceExt as _;
    let mut sent = tokio::task::JoinSet::new();
    for _ in 0..times {
        let (router, m) = (stand.router.clone(), message.clone());
        sent.spawn(async move {
            let mut request = hyper::Request::builder().method(m.method.as_str()).uri(&m.path);
            *request.headers_mut().unwrap() = m.headers;
            let request = request.body(Body::from(m.body)).unwrap();
            router.oneshot(request).await.unwrap().status().as_u16()
        });
    }
    sent.join_all().await
}

/// Up to the last second the nonce is known, after it the signature has expired; forgetting nonces opens no gap.
async fn later(stand: &Stand, taken: &[(String, Message)]) {
    let group = "replays later";
    for secs in [299, 1, 1, 86_399, 1, 86_400] {
        stand.world.advance_secs(secs);
        let (app, now) = (&stand.world.app, stand.world.app.wall.now());
        let forget = move |tx: &mut db::Tx<'_>| partner::store::purge_nonces(tx, now);
        app.db.write::<_, db::DbError, _>(forget).await.unwrap();
        let before = stand.effects().await;
        for (name, message) in taken.iter().take(4) {
            let (status, said) = stand.send(message.clone()).await;
            assert_eq!(status, 401, "{name} after {secs} s: {said}");
        }
        assert_eq!(stand.effects().await, before);
        stand.count(group, 4);
    }
}
