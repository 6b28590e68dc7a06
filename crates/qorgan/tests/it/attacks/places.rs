//! Where a request goes and how: method, address, path, query.

use super::{BANK, Message, Stand};
use crate::country::key_of;

pub async fn all(stand: &Stand) {
    paths(stand).await;
    queries(stand).await;
    targets(stand).await;
}

async fn paths(stand: &Stand) {
    let honest = stand.answer();
    let order = stand.view.order.id.to_string();
    let other = |id: &str| format!("/api/v1/orders/{id}/answers");
    let mut places: Vec<String> = (0..order.len() - 4)
        .map(|at| {
            let mut id = order.clone().into_bytes();
            id[at + 4] = if id[at + 4] == b'0' { b'1' } else { b'0' };
            other(&String::from_utf8(id).unwrap())
        })
        .collect();
    places.push(other(&order.to_uppercase()));
    places.push(other(&order.replacen("ord_", "ord%5F", 1)));
    places.push(other(&format!("{order}%00")));
    places.push(other(&format!("{order}%20")));
    places.push(other(&format!("%2e%2e%2f{order}")));
    places.push(other(&format!("{order};x=1")));
    places.push(format!("{}?", honest.path));
    places.push(format!("{}?x=1", honest.path));
    places.push("/api/v1/reports".to_owned());
    let attacks = places.into_iter().map(|path| (path.clone(), Message { path, ..honest.clone() })).collect();
    stand.refuse("paths", Some(honest.clone()), attacks).await;

    // A GET that carries the body of an answer, and the look that is made of an answer.
    let honest = stand.answer();
    let look = format!("/api/v1/orders/{order}");
    let attacks = [
        ("an answer as a look", Message { method: "GET".into(), path: look.clone(), ..honest.clone() }),
        (
            "the same without its body",
            Message { method: "GET".into(), path: look, body: Vec::new(), ..honest.clone() },
        ),
        ("an answer as a report", Message { path: "/api/v1/reports".into(), ..honest.clone() }),
    ];
    // The last one is the same as above but for the nonce.
    let attacks = attacks.into_iter().map(|(name, m)| (name.to_owned(), m)).collect();
    stand.refuse("methods", Some(honest), attacks).await;
}

async fn queries(stand: &Stand) {
    let honest = stand.look();
    let queries = [
        "",
        "?",
        "?after=0",
        "?limit=10",
        "?limit=10&after=0",
        "?after=1&limit=10",
        "?after=0&limit=11",
        "?after=0&limit=10&",
        "?after=0&limit=10&x=1",
        "?x=1&after=0&limit=10",
        "?after=0&after=0&limit=10",
        "?after=0&limit=500",
        "?after=00&limit=10",
        "?after=%30&limit=10",
        "?after=0&limit=1%30",
        "?%61fter=0&limit=10",
        "?after=0;limit=10",
        "?after=0&limit=10%00",
        "?after=0&limit=10%0a",
        "?after=+0&limit=10",
        "?after=-1&limit=10",
        "??after=0&limit=10",
        "?after=0&&limit=10",
        "?AFTER=0&limit=10",
        "?after=0&limit=10?",
    ];
    let mut attacks: Vec<(String, Message)> = queries
        .into_iter()
        .map(|query| {
            (format!("query `{query}`"), Message { path: format!("/api/v1/inbox{query}"), ..honest.clone() })
        })
        .collect();
    let order = format!("/api/v1/orders/{}", stand.view.order.id);
    attacks.push(("an order instead of the inbox".into(), Message { path: order, ..honest.clone() }));
    attacks.push(("a body behind a look".into(), Message { body: b"{}".to_vec(), ..honest.clone() }));
    attacks.push(("HEAD for GET".into(), Message { method: "HEAD".into(), ..honest.clone() }));
    stand.refuse("queries", Some(honest), attacks).await;
}

/// Signed by its owner, but for another place than where it is sent.
async fn targets(stand: &Stand) {
    let honest = stand.answer();
    let (base, key) = (stand.base_url().to_owned(), key_of(BANK));
    let host = base.trim_start_matches("http://").to_owned();
    let mut attacks: Vec<(String, Message)> = Vec::new();
    for other in [
        format!("https://{host}"),
        format!("http://{host}0"),
        "http://127.0.0.1".to_owned(),
        "http://localhost:8080".to_owned(),
        "http://evil.example".to_owned(),
        format!("http://evil.example@{host}"),
        format!("HTTP://{host}"),
        format!("http://{host}/"),
        format!("http://{host}/api/v1/.."),
        format!(" http://{host}"),
        String::new(),
        "//".to_owned(),
    ] {
        attacks.push((
            format!("signed for `{other}`"),
            honest.clone().signed_again(&key, &honest.input(), &other),
        ));
    }
    // Signed for what a proxy could say the address was: nobody asks it.
    let target = format!("http://evil.example{}", honest.path);
    let elsewhere = |m: Message| {
        let request = httpsig::Request {
            method: &m.method,
            target_uri: &target,
            headers: &stand.unsigned_answer().headers,
            body: &m.body,
        };
        let (nonce, created) = (stand.nonce(), stand.now());
        let params = httpsig::Params { keyid: "ZBEK/1", nonce: &nonce, created, expires: created + 60 };
        let added = httpsig::sign_request(&key, &request, &params).unwrap();
        let mut signed = m.clone();
        added.iter().for_each(|(name, value)| {
            signed.headers.insert(name, value.clone());
        });
        signed
    };
    for (field, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-url", "/api/v1/inbox"),
        ("x-rewrite-url", "/api/v1/inbox"),
        ("x-forwarded-prefix", "http://evil.example"),
        ("x-http-method-override", "GET"),
    ] {
        attacks.push((
            format!("signed for another host, {field} told"),
            elsewhere(honest.clone()).with(field, value),
        ));
    }
    for method in ["PUT", "GET", "DELETE", "post", "Post", "POST ", "PATCH", ""] {
        let mut told = honest.clone();
        told.method = method.to_owned();
        let signed = told.signed_again(&key, &honest.input(), &base);
        attacks.push((format!("signed as `{method}`"), Message { method: "POST".into(), ..signed }));
    }
    stand.refuse("targets", Some(honest), attacks).await;
}
