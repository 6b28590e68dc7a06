//! Byte for byte over a socket: what no library would send.

use std::net::SocketAddr;
use std::time::Duration;

use app::Timer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Message, Stand};

/// The head lines of a message, without those that tell of its length.
fn lines(message: &Message) -> Vec<(String, String)> {
    message
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()))
        .collect()
}

/// A request as text; `edit` sees each line.
fn raw(message: &Message, start: &str, length: &str, edit: impl Fn(&str, &str) -> String) -> Vec<u8> {
    let mut text = format!("{start}\r\nhost: 127.0.0.1:8080\r\nconnection: close\r\n{length}");
    for (name, value) in lines(message) {
        text.push_str(&edit(&name, &value));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

fn plain(name: &str, value: &str) -> String {
    format!("{name}: {value}\r\n")
}

/// What came back: a status, or 0 where the connection was closed without a word.
async fn send(to: SocketAddr, bytes: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(to).await.unwrap();
    // Whoever is refused early may not be listening any more.
    stream.write_all(bytes).await.ok();
    let mut answer = Vec::new();
    let waits = Timer.limit(Duration::from_millis(500), stream.read_to_end(&mut answer)).await.is_none();
    if waits {
        // It waits for more, and there is no more.
        stream.shutdown().await.ok();
        let read = Timer.limit(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
        assert!(read.is_some(), "a connection that hangs");
    }
    let text = String::from_utf8_lossy(&answer).into_owned();
    text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in body.chunks(size) {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

const CHUNKED: &str = "transfer-encoding: chunked\r\n";

pub async fn all(stand: &Stand) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = listener.local_addr().unwrap();
    let router = stand.router.clone();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let honest = stand.answer();
    let before = stand.effects().await;
    let mut made = std::collections::HashSet::new();
    for (name, bytes) in heads(&honest).into_iter().chain(bodies(&honest)).chain(starts(&honest)) {
        if !made.insert(bytes.clone()) {
            continue;
        }
        let status = send(to, &bytes).await;
        if !matches!(status, 0 | 400 | 401 | 404 | 405 | 411 | 413 | 414 | 431 | 505) {
            stand.failed.borrow_mut().push(format!("raw bytes: {name}: {status}"));
        }
    }
    if stand.effects().await != before {
        stand.failed.borrow_mut().push("raw bytes had an effect".to_owned());
    }
    stand.count("raw bytes", made.len());
    // The honest one in chunks, as any client may send it.
    let mut bytes = raw(&honest, &start(&honest), CHUNKED, plain);
    bytes.extend_from_slice(&chunked(&honest.body, 7));
    let status = send(to, &bytes).await;
    if status != 200 {
        stand.failed.borrow_mut().push(format!("raw bytes: the honest request: {status}"));
    }
    serving.abort();
}

fn start(message: &Message) -> String {
    format!("POST {} HTTP/1.1", message.path)
}

fn length(body: &[u8]) -> String {
    format!("content-length: {}\r\n", body.len())
}

/// Head lines that are folded, glued, torn or too many.
fn heads(honest: &Message) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for field in ["signature-input", "signature", "content-digest", "content-type"] {
        type Edit = fn(&str, &str) -> String;
        let edits: [(&str, Edit); 15] = [
            ("folded", |n, v| format!("{n}: {}\r\n {}\r\n", &v[..8], &v[8..])),
            ("folded by a tab", |n, v| format!("{n}: {}\r\n\t{}\r\n", &v[..8], &v[8..])),
            ("folded in front", |n, v| format!("{n}:\r\n {v}\r\n")),
            ("a blank before the colon", |n, v| format!("{n} : {v}\r\n")),
            ("a blank in front", |n, v| format!(" {n}: {v}\r\n")),
            ("a null", |n, v| format!("{n}: {v}\0\r\n")),
            ("a bare return", |n, v| format!("{n}: {}\r{}\r\n", &v[..8], &v[8..])),
            ("a torn line", |n, v| format!("{n}: {}\r\n{}\r\n", &v[..8], &v[8..])),
            ("another field within", |n, v| format!("{n}: {}\r\nx-y: {}\r\n", &v[..8], &v[8..])),
            ("the head ended early", |n, v| format!("\r\n{n}: {v}\r\n")),
            ("no colon", |n, v| format!("{n} {v}\r\n")),
            ("no name", |_, v| format!(": {v}\r\n")),
            ("an underscore for a dash", |n, v| format!("{}: {v}\r\n", n.replacen(['-', 'e'], "_", 1))),
            ("twice", |n, v| format!("{n}: {v}\r\n{n}: {v}\r\n")),
            ("twice, the first one unreadable", |n, v| format!("{n}: =\r\n{n}: {v}\r\n")),
        ];
        for (what, edit) in edits {
            let one = |n: &str, v: &str| if n == field { edit(n, v) } else { plain(n, v) };
            let mut bytes = raw(honest, &start(honest), &length(&honest.body), one);
            bytes.extend_from_slice(&honest.body);
            all.push((format!("{field}: {what}"), bytes));
        }
    }
    let last = |more: String| {
        let mut bytes = raw(honest, &start(honest), &format!("{}{more}", length(&honest.body)), plain);
        bytes.extend_from_slice(&honest.body);
        bytes
    };
    all.push(("two hundred fields".into(), last((0..200).map(|n| format!("x-{n}: y\r\n")).collect())));
    all.push(("a field of a mebibyte".into(), last(format!("x: {}\r\n", "y".repeat(1 << 20)))));
    all.push(("a name of a mebibyte".into(), last(format!("{}: y\r\n", "x".repeat(1 << 20)))));
    all
}

/// Bodies whose length is told wrongly.
fn bodies(honest: &Message) -> Vec<(String, Vec<u8>)> {
    let body = &honest.body;
    let with = |length: String, body: Vec<u8>| {
        let mut bytes = raw(honest, &start(honest), &length, plain);
        bytes.extend_from_slice(&body);
        bytes
    };
    let n = body.len();
    let mut other = body.clone();
    other[20] ^= 1;
    let text = String::from_utf8(body.clone()).unwrap();
    let chunks = |text: String| with(CHUNKED.to_owned(), text.into_bytes());
    let all = [
        ("no length", with(String::new(), body.clone())),
        ("a length too small", with(format!("content-length: {}\r\n", n - 1), body.clone())),
        ("a length too large", with(format!("content-length: {}\r\n", n + 1), body.clone())),
        ("a length of nothing", with("content-length: 0\r\n".into(), body.clone())),
        ("a negative length", with("content-length: -1\r\n".into(), body.clone())),
        ("a length with a sign", with(format!("content-length: +{n}\r\n"), body.clone())),
        ("a length in hexadecimal", with(format!("content-length: 0x{n:x}\r\n"), body.clone())),
        ("a length beyond all", with("content-length: 99999999999999999999\r\n".into(), body.clone())),
        ("two lengths", with(format!("content-length: {n}\r\ncontent-length: {}\r\n", n - 1), body.clone())),
        ("two lengths in one", with(format!("content-length: {n}, {}\r\n", n - 1), body.clone())),
        ("a length and chunks of another body", {
            with(format!("content-length: {n}\r\n{CHUNKED}"), chunked(&other, 50))
        }),
        ("chunks of another body", with(CHUNKED.to_owned(), chunked(&other, 50))),
        ("chunks that were not sent", with(CHUNKED.to_owned(), body.clone())),
        (
            "chunks twice",
            with(CHUNKED.to_owned(), [chunked(body, 9), chunked(body, 9)].concat()[..40].to_vec()),
        ),
        ("a chunk cut off", chunks(format!("{n:x}\r\n{}", &text[..9]))),
        ("chunks without an end", chunks(format!("{n:x}\r\n{text}\r\n"))),
        ("a chunk too small", chunks(format!("{:x}\r\n{text}\r\n0\r\n\r\n", n - 1))),
        ("a chunk of no number", chunks(format!("zz\r\n{text}\r\n0\r\n\r\n"))),
        ("a negative chunk", chunks(format!("-{n:x}\r\n{text}\r\n0\r\n\r\n"))),
        ("a chunk beyond all", chunks(format!("ffffffffffffffffff\r\n{text}\r\n0\r\n\r\n"))),
        ("chunks, then more", chunks(format!("{n:x}\r\n{text}\r\n1\r\n \r\n0\r\n\r\n"))),
        ("chunks in another coding", {
            with("transfer-encoding: gzip, identity\r\n".into(), chunked(body, 50))
        }),
        ("chunked not last", with("transfer-encoding: chunked, gzip\r\n".into(), chunked(body, 50))),
        (
            "packed",
            with(format!("content-encoding: gzip\r\ncontent-length: {}\r\n", n - 2), body[2..].to_vec()),
        ),
    ];
    let mut all: Vec<(String, Vec<u8>)> = all.into_iter().map(|(name, m)| (name.to_owned(), m)).collect();
    // The signature behind the body, where nobody looks for it.
    for field in ["signature", "signature-input", "content-digest"] {
        let bare = honest.clone().without(field);
        let mut bytes = raw(&bare, &start(honest), &format!("{CHUNKED}trailer: {field}\r\n"), plain);
        bytes.extend_from_slice(
            format!("{n:x}\r\n{text}\r\n0\r\n{field}: {}\r\n\r\n", honest.field(field)).as_bytes(),
        );
        all.push((format!("{field} in the trailer"), bytes));
    }
    all
}

/// First lines.
fn starts(honest: &Message) -> Vec<(String, Vec<u8>)> {
    let path = &honest.path;
    [
        format!("POST http://evil.example{path}?x HTTP/1.1"),
        format!("POST {path}#x HTTP/1.1 x"),
        format!("POST  {path} HTTP/1.1"),
        format!("POST\t{path}\tHTTP/1.1"),
        format!("POST {path} HTTP/1.2"),
        format!("POST {path} HTTP/3.0"),
        format!("POST {path}"),
        format!("POST {path} http/1.1"),
        format!("post {path} HTTP/1.1"),
        format!("PUT {path} HTTP/1.1"),
        format!("PO\0ST {path} HTTP/1.1"),
        format!("GET {path} HTTP/1.1"),
        format!("CONNECT {path} HTTP/1.1"),
        format!("TRACE {path} HTTP/1.1"),
        "POST * HTTP/1.1".to_owned(),
        "POST 127.0.0.1:8080 HTTP/1.1".to_owned(),
        format!("POST {path}/ HTTP/1.1"),
        format!("POST /{path} HTTP/1.1"),
        format!("POST {path}%20 HTTP/1.1"),
        format!("POST /api/v1/../v1{} HTTP/1.1", path.trim_start_matches("/api/v1")),
        format!("POST {}ұ HTTP/1.1", path),
        format!("POST {path}?{} HTTP/1.1", "x".repeat(70_000)),
        "PRI * HTTP/2.0".to_owned(),
    ]
    .into_iter()
    .map(|line| {
        let mut bytes = raw(honest, &line, &length(&honest.body), plain);
        bytes.extend_from_slice(&honest.body);
        (line.chars().take(60).collect(), bytes)
    })
    .collect()
}
