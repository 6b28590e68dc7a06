//! A node without its server, with institutions that have an endpoint each, and the real sender over it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context as _, ensure};
use app::App;
use base64::Engine as _;
use db::{DbError, Stmt, Tx};
use kernel::{Actor, WallClock};
use partner::notify::service::{self, NewEndpoint};
use partner::notify::signing::{self, SigningSecret};
use partner::notify::{Client, Mode, Post, Reach, Sender, Topic};
use partner::{Contact, Country, Institution, PartnerRole};
use qorgan::node::{self, NodeArgs};
use tokio::runtime::Runtime;

use super::receiver::{Receipt, Receiver};
use crate::clock::Stopwatch;

const STATES: Stmt =
    Stmt::both("bench.notification_states", "SELECT state, COUNT(*) FROM notification GROUP BY state");

/// A node, its receiver, and the wall clock that the node goes by, which can be moved on.
pub(super) struct Stand {
    pub(super) app: App,
    pub(super) runtime: Runtime,
    pub(super) receiver: Receiver,
    pub(super) client: Arc<Client>,
    ahead_micros: Arc<AtomicI64>,
    sender: Sender,
    /// By path: code and secret of each endpoint that is alive.
    alive: HashMap<String, (String, SigningSecret)>,
    dead: Vec<String>,
}

pub(crate) fn institution(code: &str) -> Institution {
    let key = httpsig::SigningKey::from_bytes(&[7; 32]).verifying_key();
    Institution {
        code: code.to_owned(),
        kind: "bank".to_owned(),
        role: PartnerRole::Executor,
        names: kernel::Localised::default(),
        iban_code: None,
        card_bins: Vec::new(),
        keeps: partner::model::Keeps::default(),
        delivery: "pull".to_owned(),
        gateway: String::new(),
        public_key: base64::engine::general_purpose::STANDARD.encode(key.as_bytes()),
        keyid: format!("{code}/1"),
        duty_phone: String::new(),
        contact: Contact::default(),
        agreement: partner::agreement::Terms::default(),
    }
}

impl Stand {
    /// So many institutions that are alive, and one at each of the dead addresses.
    pub(super) fn new(data: &Path, alive: usize, dead: &[SocketAddr]) -> anyhow::Result<Self> {
        let args = NodeArgs {
            data: data.to_path_buf(),
            database: None,
            profile: "kz".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
        };
        let ahead_micros: Arc<AtomicI64> = Arc::default();
        let (system, ahead) = (WallClock::system(), Arc::clone(&ahead_micros));
        let wall = WallClock::new(move || system.now().plus_micros(ahead.load(Ordering::SeqCst)));
        // Receivers are on loopback, which only a demonstration posts to.
        let app = App { wall, demo: true, ..node::open(&args)? };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let receiver = Receiver::start()?;
        let client = Arc::new(Client::new(Reach { loopback: true }).map_err(anyhow::Error::msg)?);
        let sender = runtime.block_on(async {
            let post: Arc<dyn Post> = client.clone();
            let sender = Sender::new(&app, post);
            tokio::spawn(sender.clone().run());
            sender
        });
        let mut stand = Self {
            app,
            runtime,
            receiver,
            client,
            ahead_micros,
            sender,
            alive: HashMap::new(),
            dead: Vec::new(),
        };
        stand.settle_in(alive, dead)?;
        Ok(stand)
    }

    fn settle_in(&mut self, alive: usize, dead: &[SocketAddr]) -> anyhow::Result<()> {
        let setup = Actor::system("setup");
        let code = |kind: &str, n: usize| format!("{kind}{n:05}");
        let codes: Vec<String> =
            (0..alive).map(|n| code("Z", n)).chain((0..dead.len()).map(|n| code("X", n))).collect();
        let institutions = codes.iter().map(|code| institution(code)).collect();
        self.runtime.block_on(partner::service::import(&self.app, &setup, Country { institutions }))?;
        let here = self.receiver.address;
        let places = std::iter::repeat_n(here, alive).chain(dead.iter().copied());
        for (code, address) in codes.into_iter().zip(places) {
            let path = format!("/hook/{code}");
            let url = format!("http://{address}{path}");
            let new = NewEndpoint { url, topics: Topic::SUBSCRIBABLE.to_vec(), mode: Mode::Live };
            let handed = self.runtime.block_on(service::add_endpoint(&self.app, &setup, &code, new))?;
            if address == here {
                let secret = SigningSecret::parse(handed.secret.expose()).context("no secret")?;
                self.alive.insert(path, (code, secret));
            } else {
                self.dead.push(code);
            }
        }
        Ok(())
    }

    /// Paths and secrets of the endpoints that are alive.
    pub(super) fn alive(&self) -> Vec<(String, SigningSecret)> {
        self.alive.iter().map(|(path, (_, secret))| (path.clone(), secret.clone())).collect()
    }

    pub(super) fn codes(&self) -> Vec<String> {
        self.alive.values().map(|(code, _)| code.clone()).collect()
    }

    pub(super) fn dead(&self) -> &[String] {
        &self.dead
    }

    /// Puts every topic for each of these, each in a transaction of its own as other slices would; gives the
    /// nanoseconds until all are durable. Then it is a second later, so that all are due.
    pub(super) fn put(&self, codes: &[String]) -> anyhow::Result<u64> {
        let watch = Stopwatch::start();
        self.runtime.block_on(async {
            let mut acts = Vec::new();
            for code in codes {
                for topic in Topic::SUBSCRIBABLE {
                    let (app, code) = (self.app.clone(), code.clone());
                    acts.push(tokio::spawn(async move {
                        let me = app.clone();
                        app.db.write(move |tx| partner::notify::waiting(tx, &me, &code, topic)).await
                    }));
                }
            }
            for act in acts {
                act.await??;
            }
            anyhow::Ok(())
        })?;
        let ns = watch.nanoseconds();
        self.ahead_micros.fetch_add(1_100_000, Ordering::SeqCst);
        Ok(ns)
    }

    /// Wakes the sender and waits until so many have come, counted with those before; gives the nanoseconds.
    pub(super) fn send(&self, came: usize) -> u64 {
        let watch = Stopwatch::start();
        self.sender.wake();
        self.runtime.block_on(self.receiver.wait_for(came));
        watch.nanoseconds()
    }

    /// Waits until what came of all posts is kept durably; gives the nanoseconds. Of dead ones nothing comes for long.
    pub(super) fn settled(&self) -> u64 {
        let watch = Stopwatch::start();
        self.runtime.block_on(self.sender.settled());
        watch.nanoseconds()
    }

    /// Lets so much time go by.
    pub(super) fn pause(&self, time: std::time::Duration) {
        self.runtime.block_on(self.app.timer.sleep(time));
    }

    /// How many notifications stand in a state.
    pub(super) fn count(&self, state: &str) -> anyhow::Result<i64> {
        let read =
            |tx: &mut Tx<'_>| tx.query(&STATES, &[], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)));
        let all: Vec<(String, i64)> = self.app.db.read_blocking::<_, DbError, _>(read)?;
        Ok(all.into_iter().find(|(s, _)| s == state).map_or(0, |(_, n)| n))
    }

    /// Every receipt carries the signature of its endpoint's secret and says what it should; no id came twice. Gives
    /// how many there are.
    pub(super) fn verify(&self, receipts: &[Receipt]) -> anyhow::Result<usize> {
        let mut ids = std::collections::HashSet::new();
        for receipt in receipts {
            let (_, secret) = self.alive.get(&receipt.path).context("a post to nobody")?;
            let header =
                |name: &str| receipt.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
            let at: i64 = header(signing::TIMESTAMP).parse()?;
            let right = secret.sign(header(signing::ID), at, &receipt.body);
            ensure!(header(signing::SIGNATURE) == right, "a signature is wrong");
            ensure!(receipt.body.starts_with(br#"{"type":"inbox.waiting.v1","#), "a body is wrong");
            ensure!(ids.insert(header(signing::ID).to_owned()), "an id came twice");
        }
        Ok(ids.len())
    }
}
