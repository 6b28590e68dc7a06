//! The real client against receivers that mean no good.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use partner::notify::client::{Limits, LookUp};
use partner::notify::{Answered, Client, Fault, Outgoing, Post as _, Reach};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

const LIMITS: Limits = Limits {
    timeout: Duration::from_millis(400),
    connect: Duration::from_millis(300),
    linger: Duration::from_millis(200),
    answer_bytes: 64 * 1024,
};

/// A name leads to these addresses, or nowhere.
fn names(found: Option<&[&str]>) -> LookUp {
    let found: Option<Vec<IpAddr>> = found.map(|all| all.iter().map(|ip| ip.parse().unwrap()).collect());
    Arc::new(move |_| {
        let found = found.clone();
        Box::pin(async move { found.ok_or_else(|| io::Error::other("no such name")) })
    })
}

fn client(reach: Reach) -> Client {
    Client::with(reach, LIMITS, names(Some(&["127.0.0.1"]))).unwrap()
}

const DEMO: Reach = Reach { loopback: true };

async fn post(client: &Client, url: &str) -> Result<Answered, Fault> {
    let headers = vec![("content-type", "application/json".to_owned())];
    client.post(Outgoing { url: Url::parse(url).unwrap(), headers, body: b"{}".to_vec() }).await
}

/// A receiver that does this with each connection, and how many there were.
async fn receiver<F, W>(work: F) -> (SocketAddr, Arc<AtomicU64>)
where
    F: Fn(TcpStream) -> W + Send + Sync + 'static,
    W: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, count) = (listener.local_addr().unwrap(), Arc::new(AtomicU64::new(0)));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(work(stream));
        }
    });
    (at, count)
}

/// Reads the request's head.
async fn head(stream: &mut TcpStream) -> io::Result<()> {
    let mut seen = Vec::new();
    let mut byte = [0_u8; 1];
    while !seen.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).await?;
        seen.push(byte[0]);
    }
    Ok(())
}

async fn drip(stream: &mut TcpStream, text: &[u8]) -> io::Result<()> {
    for byte in text {
        stream.write_all(&[*byte]).await?;
        app::Timer.sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

fn ok(status: u16) -> Result<Answered, Fault> {
    Ok(Answered { status, retry_after_secs: None })
}

#[tokio::test]
async fn who_does_not_answer_or_answers_a_byte_at_a_time() {
    let (never, _) = receiver(async |mut s| {
        head(&mut s).await?;
        app::Timer.sleep(Duration::from_secs(60)).await;
        Ok(())
    })
    .await;
    assert_eq!(post(&client(DEMO), &format!("http://{never}/")).await, Err(Fault::Timeout));
    let (slow, _) = receiver(async |mut s| {
        head(&mut s).await?;
        drip(&mut s, b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await
    })
    .await;
    assert_eq!(post(&client(DEMO), &format!("http://{slow}/")).await, Err(Fault::Timeout));
    // The status has come: that the rest does not come is the receiver's own affair, and holds nobody up.
    let (rest, _) = receiver(async |mut s| {
        head(&mut s).await?;
        s.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n").await?;
        drip(&mut s, &[b'x'; 60_000]).await
    })
    .await;
    let in_time =
        app::Timer.limit(Duration::from_millis(390), post(&client(DEMO), &format!("http://{rest}/"))).await;
    assert_eq!(in_time, Some(ok(200)));
}

#[tokio::test]
async fn of_a_long_answer_little_is_read() {
    let sent = Arc::new(AtomicU64::new(0));
    for length in ["content-length: 10000000000", "transfer-encoding: chunked"] {
        let counted = Arc::clone(&sent);
        let (at, _) = receiver(move |mut s| {
            let counted = Arc::clone(&counted);
            async move {
                head(&mut s).await?;
                s.write_all(
                    format!("HTTP/1.1 204 No\r\n{length}\r\n\r\n").replace("204 No", "200 OK").as_bytes(),
                )
                .await?;
                let chunk = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
                loop {
                    s.write_all(&chunk).await?;
                    counted.fetch_add(u64::try_from(chunk.len()).unwrap(), Ordering::SeqCst);
                }
            }
        })
        .await;
        assert_eq!(post(&client(DEMO), &format!("http://{at}/")).await, ok(200));
    }
    app::Timer.sleep(Duration::from_millis(100)).await;
    // What lies in the buffers of two sockets was written, and no more.
    assert!(sent.load(Ordering::SeqCst) < 32 * 1024 * 1024, "{sent:?}");
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let (inside, visits) = receiver(async |mut s| {
        head(&mut s).await?;
        s.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await
    })
    .await;
    for status in [301_u16, 302, 303, 307, 308] {
        let (at, _) = receiver(move |mut s| async move {
            head(&mut s).await?;
            let text =
                format!("HTTP/1.1 {status} X\r\nlocation: http://{inside}/\r\ncontent-length: 0\r\n\r\n");
            s.write_all(text.as_bytes()).await
        })
        .await;
        assert_eq!(post(&client(DEMO), &format!("http://{at}/")).await, ok(status));
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn broken_connections_and_what_is_no_http() {
    let (closed, _) = receiver(async |s| {
        drop(s);
        Ok(())
    })
    .await;
    assert_eq!(post(&client(DEMO), &format!("http://{closed}/")).await, Err(Fault::Broken));
    let (reset, _) = receiver(async |mut s: TcpStream| {
        head(&mut s).await?;
        s.write_all(b"HTTP/1.1 20").await?;
        s.set_zero_linger()?;
        drop(s);
        Ok(())
    })
    .await;
    assert_eq!(post(&client(DEMO), &format!("http://{reset}/")).await, Err(Fault::Broken));
    for junk in ["SSH-2.0-OpenSSH_9.6\r\n\r\n", "HTTP/1.1 999999 X\r\n\r\n", "\0\0\0\0\0\0\0\0"] {
        let (at, _) = receiver(move |mut s| async move {
            head(&mut s).await?;
            s.write_all(junk.as_bytes()).await
        })
        .await;
        assert_eq!(post(&client(DEMO), &format!("http://{at}/")).await, Err(Fault::Broken), "{junk}");
    }
    let (heads, _) = receiver(async |mut s| {
        head(&mut s).await?;
        s.write_all(b"HTTP/1.1 200 OK\r\n").await?;
        loop {
            s.write_all(format!("x: {}\r\n", "y".repeat(4_000)).as_bytes()).await?;
        }
    })
    .await;
    assert_eq!(post(&client(DEMO), &format!("http://{heads}/")).await, Err(Fault::Broken));
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(post(&client(DEMO), &format!("http://{unused}/")).await, Err(Fault::Unreachable));
}

#[tokio::test]
async fn a_pause_that_is_asked_for_is_read() {
    for (text, asked) in
        [("120", Some(120)), (" 7 ", Some(7)), ("soon", None), ("-5", None), ("99999999999", None)]
    {
        let (at, _) = receiver(move |mut s| async move {
            head(&mut s).await?;
            let text = format!("HTTP/1.1 503 Busy\r\nretry-after: {text}\r\ncontent-length: 0\r\n\r\n");
            s.write_all(text.as_bytes()).await
        })
        .await;
        let answered = post(&client(DEMO), &format!("http://{at}/")).await;
        assert_eq!(answered, Ok(Answered { status: 503, retry_after_secs: asked }), "{text}");
    }
}

#[tokio::test]
async fn no_way_inside() {
    let (at, visits) = receiver(async |mut s| {
        head(&mut s).await?;
        s.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await
    })
    .await;
    // Without loopback: by literal, by number, by name.
    let outside = client(Reach::default());
    let port = at.port();
    for host in
        ["127.0.0.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "localhost", "[::1]", "0.0.0.0"]
    {
        for scheme in ["http", "https"] {
            let came = post(&outside, &format!("{scheme}://{host}:{port}/")).await;
            assert!(matches!(came, Err(Fault::Inside | Fault::Tls)), "{scheme}://{host}: {came:?}");
        }
    }
    // With loopback a name may lead there, but with no address of it elsewhere inside.
    let url = format!("http://partner.localhost:{port}/");
    let to =
        async |found: Option<&[&str]>| post(&Client::with(DEMO, LIMITS, names(found)).unwrap(), &url).await;
    assert_eq!(to(Some(&["127.0.0.1"])).await, ok(200));
    assert_eq!(to(Some(&["10.0.0.1"])).await, Err(Fault::Inside));
    assert_eq!(to(Some(&["169.254.169.254"])).await, Err(Fault::Inside));
    assert_eq!(to(Some(&["127.0.0.1", "192.168.1.1"])).await, Err(Fault::Inside));
    assert_eq!(to(None).await, Err(Fault::Name));
    assert_eq!(visits.load(Ordering::SeqCst), 1);
}

/// Bug to be feared: a name that leads outside when it is judged and inside when it is connected to.
#[tokio::test]
async fn a_name_is_judged_at_each_connection() {
    let (at, visits) = receiver(async |mut s| {
        head(&mut s).await?;
        s.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await
    })
    .await;
    let asked = Arc::new(AtomicU64::new(0));
    let turning: LookUp = Arc::new(move |_| {
        let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        let ip: IpAddr = if first { "127.0.0.1" } else { "10.0.0.1" }.parse().unwrap();
        Box::pin(async move { Ok(vec![ip]) })
    });
    let client = Client::with(DEMO, LIMITS, turning).unwrap();
    let url = format!("http://partner.localhost:{}/", at.port());
    assert_eq!(post(&client, &url).await, ok(200));
    assert_eq!(post(&client, &url).await, Err(Fault::Inside));
    assert_eq!(visits.load(Ordering::SeqCst), 1);
}
