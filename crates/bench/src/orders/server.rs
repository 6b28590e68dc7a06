//! Partners as real servers on loopback, as small as they can be, since a proper one would not do to a connection what
//! these must.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use app::Timer;
use http::{HeaderMap, HeaderName, HeaderValue};
use kernel::WallClock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::country::{Country, How, Reply};

/// Longest head and body that a partner reads.
const MOST: usize = 1 << 20;
/// When an answer comes that is too late.
const TOO_LATE: Duration = Duration::from_secs(12);

/// All partners, shared by their servers.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<Country>>);

impl Shared {
    pub(crate) fn new(country: Country) -> Self {
        Self(Arc::new(Mutex::new(country)))
    }
    pub(crate) fn country(&self) -> MutexGuard<'_, Country> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place for each partner; gives the listeners and where they are.
pub(crate) async fn places(partners: usize) -> anyhow::Result<Vec<(TcpListener, SocketAddr)>> {
    let mut all = Vec::new();
    for _ in 0..partners {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        all.push((listener, address));
    }
    Ok(all)
}

/// Serves the partner with this number for ever.
pub(crate) async fn serve(listener: TcpListener, number: usize, shared: Shared, wall: WallClock) {
    while let Ok((stream, _)) = listener.accept().await {
        let (shared, wall) = (shared.clone(), wall.clone());
        tokio::spawn(async move {
            // Whatever breaks here is what the client is to bear.
            talk(stream, number, &shared, &wall).await.ok();
        });
    }
}

async fn talk(mut stream: TcpStream, number: usize, shared: &Shared, wall: &WallClock) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some((url, headers, body)) = read(&mut stream, &mut buffer).await? {
        let reply = shared.country().receive(number, &url, &headers, &body, wall.now());
        match reply.how {
            How::Prompt => stream.write_all(&written(&reply)).await?,
            How::Reset => {
                stream.set_zero_linger()?;
                return Ok(());
            }
            How::TooLate => {
                Timer.sleep(TOO_LATE).await;
                stream.write_all(&written(&reply)).await?;
            }
            How::Trickle => {
                for byte in written(&reply) {
                    stream.write_all(&[byte]).await?;
                    Timer.sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
    Ok(())
}

type Read = (String, HeaderMap, Vec<u8>);

/// One request; `None` at the end of the connection.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<Option<Read>> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        anyhow::ensure!(buffer.len() < MOST, "a head without an end");
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let rest = buffer.split_off(head_end + 4);
    let head = std::mem::replace(buffer, rest);
    let head = String::from_utf8(head)?;
    let mut lines = head.lines();
    let path = lines.next().and_then(|l| l.split(' ').nth(1)).context("no request line")?.to_owned();
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        headers.append(HeaderName::try_from(name)?, HeaderValue::from_str(value.trim())?);
    }
    let field = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (host, length) = (field("host").to_owned(), field("content-length").parse::<usize>()?);
    anyhow::ensure!(length < MOST, "a body without an end");
    while buffer.len() < length {
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
    let rest = buffer.split_off(length);
    let body = std::mem::replace(buffer, rest);
    Ok(Some((format!("http://{host}{path}"), headers, body)))
}

fn written(reply: &Reply) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} Said\r\ncontent-length: {}\r\n", reply.status, reply.body.len());
    for (name, value) in &reply.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(&reply.body);
    bytes
}
