//! A real sender against a receiver that nobody here wrote (`tools/webhook_receiver.py`, which says how to run this):
//! something waits and is refused once, a changed secret, one more, and a receiver that knows another secret.
//! Ends with an error where the receiver believes what it should not, or does not believe what it should.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use app::App;
use base64::Engine as _;
use httpsig::SigningKey;
use kernel::{Actor, Lang, Localised, OfficeClock, WallClock};
use partner::notify::service::{self, NewEndpoint};
use partner::notify::{Client, Mode, NotifyError, Reach, Sender, Topic};
use partner::{Contact, Country, Institution, PartnerRole};
use testkit::World;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How long each receiver listens: longer than a repetition waits.
const LISTENS_SECS: u64 = 12;

/// A receiver under way.
struct Receiver {
    process: Child,
    said: BufReader<ChildStdout>,
}

impl Receiver {
    fn start(command: &[String], port: u16, secret: &str, fail_first: u32) -> Outcome<Self> {
        let (python, script) = (command.first().ok_or(USAGE)?, command.get(1).ok_or(USAGE)?);
        let mut process = Command::new(python)
            .args([script, &port.to_string(), "--fail-first", &fail_first.to_string()])
            .args(["--seconds", &LISTENS_SECS.to_string()])
            .env("WEBHOOK_SECRET", secret)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = BufReader::new(process.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        if line.contains("listening") { Ok(Self { process, said }) } else { Err(line.into()) }
    }

    /// What it printed, when it has ended.
    fn end(mut self) -> Outcome<Vec<serde_json::Value>> {
        let mut text = String::new();
        self.said.read_to_string(&mut text)?;
        self.process.wait()?;
        std::io::stdout().write_all(text.as_bytes())?;
        Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
    }
}

const USAGE: &str = "usage: notify_once PYTHON tools/webhook_receiver.py";

/// A free port of this machine.
fn port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn institution() -> Institution {
    let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
    Institution {
        code: "ZALT".to_owned(),
        kind: "bank".to_owned(),
        role: PartnerRole::Executor,
        names: Localised::from_pairs([(Lang::EN, "Invented bank".to_owned())]),
        iban_code: None,
        card_bins: Vec::new(),
        keeps: partner::model::Keeps::default(),
        delivery: "pull".to_owned(),
        gateway: String::new(),
        public_key: base64::engine::general_purpose::STANDARD.encode(key.as_bytes()),
        keyid: "ZALT/1".to_owned(),
        duty_phone: String::new(),
        contact: Contact::default(),
        agreement: partner::agreement::Terms::default(),
    }
}

async fn waits(app: &App, topic: Topic) -> Result<(), NotifyError> {
    let me = app.clone();
    let put = move |tx: &mut db::Tx<'_>| {
        partner::notify::waiting(tx, &me, "ZALT", topic)?;
        Ok(())
    };
    app.db.write(put).await
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let command: Vec<String> = std::env::args().skip(1).collect();
    let world = World::new(11).with(&[&access::SLICE, &partner::SLICE]);
    let wall = WallClock::system();
    let app = App { office: OfficeClock::real(wall.clone()), wall, demo: true, ..world.app.clone() };
    let setup = Actor::system("setup");
    partner::service::import(&app, &setup, Country { institutions: vec![institution()] }).await?;
    let (here, there) = (port()?, port()?);
    let mut secrets = Vec::new();
    for port in [here, there] {
        let url = format!("http://127.0.0.1:{port}/hook?tenant=1");
        let new = NewEndpoint { url, topics: Topic::SUBSCRIBABLE.to_vec(), mode: Mode::Live };
        secrets.push(service::add_endpoint(&app, &setup, "ZALT", new).await?);
    }
    let [first, _] = secrets.as_slice() else { return Err("two endpoints were wanted".into()) };
    // Both know the first one's secret: the second receiver must believe nothing.
    let judge = Receiver::start(&command, here, first.secret.expose(), 1)?;
    let control = Receiver::start(&command, there, first.secret.expose(), 0)?;
    let sender = Sender::new(&app, Arc::new(Client::new(Reach { loopback: true })?));
    tokio::spawn(sender.run());
    waits(&app, Topic::Order).await?;
    app.timer.sleep(Duration::from_secs(2)).await;
    // The receiver knows the earlier secret only: the second signature of the header must do.
    service::rotate_secret(&app, &setup, "ZALT", first.endpoint).await?;
    service::send_test(&app, &setup, "ZALT", first.endpoint).await?;
    waits(&app, Topic::Release).await?;
    let (judged, controlled) = (judge.end()?, control.end()?);
    let tries = |all: &[serde_json::Value], valid: bool| {
        all.iter().filter(|line| line.get("valid") == Some(&serde_json::Value::Bool(valid))).count()
    };
    let seen = service::list(&app, &setup, "ZALT").await?;
    for endpoint in &seen {
        for n in &endpoint.history {
            writeln!(std::io::stdout(), "{} {:?} {:?} {:?}", n.id, n.state, n.tries, n.last_status)?;
        }
    }
    let right = tries(&judged, false) == 0 && tries(&judged, true) >= 4;
    if !right || tries(&controlled, true) > 0 || tries(&controlled, false) == 0 {
        return Err("the receiver did not believe what it should, or believed what it should not".into());
    }
    writeln!(
        std::io::stdout(),
        "judged: {} tries believed, {} of the control refused",
        tries(&judged, true),
        tries(&controlled, false)
    )?;
    Ok(())
}
