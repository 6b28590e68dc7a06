//! Endpoints, something that answers as a test pleases, and a look at what was posted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use app::App;
use kernel::{Actor, Clerk, Role, Timestamp};
use partner::notify::service::{self, Handed, NewEndpoint};
use partner::notify::signing::{self, SigningSecret};
use partner::notify::{
    Answered, EndpointId, Fault, Mode, Notification, Outgoing, Post, Posted, Sender, Topic,
};
use testkit::World;
use tokio::sync::Semaphore;

use crate::support::{import, institution, staff};

/// Answers by a script, then as always; keeps what was posted.
#[derive(Clone)]
pub struct Scripted(Arc<Inner>);

struct Inner {
    script: Mutex<VecDeque<Result<Answered, Fault>>>,
    always: Mutex<Result<Answered, Fault>>,
    dead: Mutex<Vec<String>>,
    seen: Mutex<Vec<Outgoing>>,
    gate: Semaphore,
    held: Mutex<bool>,
}

pub fn status(status: u16) -> Result<Answered, Fault> {
    Ok(Answered { status, retry_after_secs: None })
}

impl Scripted {
    pub fn always(answer: Result<Answered, Fault>) -> Self {
        let inner = Inner {
            script: Mutex::default(),
            always: Mutex::new(answer),
            dead: Mutex::default(),
            seen: Mutex::default(),
            gate: Semaphore::new(0),
            held: Mutex::new(false),
        };
        Self(Arc::new(inner))
    }
    /// Answers these first.
    pub fn first(&self, answers: impl IntoIterator<Item = Result<Answered, Fault>>) {
        self.0.script.lock().unwrap().extend(answers);
    }
    pub fn then_always(&self, answer: Result<Answered, Fault>) {
        *self.0.always.lock().unwrap() = answer;
    }
    /// This host times out, whatever the script says.
    pub fn dead(&self, host: &str) {
        self.0.dead.lock().unwrap().push(host.to_owned());
    }
    /// Posts come and get no answer until they are let go.
    pub fn hold(&self) {
        *self.0.held.lock().unwrap() = true;
    }
    pub fn let_go(&self) {
        *self.0.held.lock().unwrap() = false;
        self.0.gate.add_permits(1_000);
    }
    /// What was posted since the last look.
    pub fn seen(&self) -> Vec<Outgoing> {
        std::mem::take(&mut self.0.seen.lock().unwrap())
    }
    pub async fn wait_for(&self, posts: usize) {
        for _ in 0..2_000 {
            if self.0.seen.lock().unwrap().len() >= posts {
                return;
            }
            app::Timer.sleep(std::time::Duration::from_millis(1)).await;
        }
        panic!("{posts} posts did not come");
    }
}

impl Post for Scripted {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        let host = out.url.host_str().unwrap().to_owned();
        self.0.seen.lock().unwrap().push(out);
        Box::pin(async move {
            if *self.0.held.lock().unwrap() {
                self.0.gate.acquire().await.unwrap().forget();
            }
            if self.0.dead.lock().unwrap().contains(&host) {
                return Err(Fault::Timeout);
            }
            let next = self.0.script.lock().unwrap().pop_front();
            next.unwrap_or(*self.0.always.lock().unwrap())
        })
    }
}

pub fn header<'a>(out: &'a Outgoing, name: &str) -> &'a str {
    out.headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str()).unwrap()
}

pub fn id(out: &Outgoing) -> &str {
    header(out, signing::ID)
}

/// Whether a receiver that knows this secret believes the post, as the standard says.
pub fn believes(secret: &str, out: &Outgoing) -> bool {
    let secret = SigningSecret::parse(secret).unwrap();
    let at: i64 = header(out, signing::TIMESTAMP).parse().unwrap();
    let expected = secret.sign(id(out), at, &out.body);
    header(out, signing::SIGNATURE).split(' ').any(|s| s == expected)
}

pub fn boss(app: &App) -> Actor {
    staff(app, Role::Administrator)
}

/// Somebody of an institution's people.
pub async fn clerk(app: &App, code: &str, manages: bool) -> Actor {
    let Actor::Partner { partner, code, .. } = itself(app, code).await else { unreachable!() };
    let person = Clerk { user: uuid::Uuid::from_u128(7), name: "Үлгі".to_owned(), manages };
    Actor::Partner { partner, code, person: Some(person) }
}

/// An institution as its key speaks for it.
pub async fn itself(app: &App, code: &str) -> Actor {
    let all = partner::service::all(app).await.unwrap();
    let partner = all.iter().find(|p| p.code == code).unwrap().id.uuid();
    Actor::institution(partner, code)
}

pub fn new(url: &str, topics: &[Topic], mode: Mode) -> NewEndpoint {
    NewEndpoint { url: url.to_owned(), topics: topics.to_vec(), mode }
}

/// An endpoint of `code` at `host` that hears of everything, and its secret.
pub async fn endpoint(app: &App, code: &str, host: &str) -> (EndpointId, String) {
    let new = new(&format!("https://{host}/hook"), &Topic::SUBSCRIBABLE, Mode::Live);
    let Handed { endpoint, secret } = service::add_endpoint(app, &boss(app), code, new).await.unwrap();
    (endpoint, secret.expose().clone())
}

/// Two institutions, a sender and what it posts to.
pub async fn settled(world: &World) -> (App, Sender, Scripted) {
    let app = world.app.clone();
    import(&app, vec![institution("ZALT", 1), institution("ZBEK", 2)]).await.unwrap();
    let post = Scripted::always(status(204));
    let sender = Sender::new(&app, Arc::new(post.clone()));
    (app, sender, post)
}

pub async fn waiting(app: &App, code: &str, topic: Topic) -> usize {
    let (me, code) = (app.clone(), code.to_owned());
    let put = move |tx: &mut db::Tx<'_>| partner::notify::waiting(tx, &me, &code, topic);
    app.db.write(put).await.unwrap()
}

/// Posts all that is due now, and waits until what came of it is kept.
pub async fn post_all(sender: &Sender) -> usize {
    let mut begun = 0;
    for _ in 0..1_000 {
        let pass = sender.pass().await.unwrap();
        sender.settled().await;
        begun += pass.begun;
        if pass.begun == 0 && !pass.behind {
            return begun;
        }
    }
    panic!("posting does not end");
}

pub async fn history(app: &App, code: &str, id: EndpointId) -> Vec<Notification> {
    let all = service::list(app, &boss(app), code).await.unwrap();
    all.into_iter().find(|v| v.endpoint.id == id).unwrap().history
}

pub async fn view(app: &App, code: &str, id: EndpointId) -> partner::notify::Endpoint {
    let all = service::list(app, &boss(app), code).await.unwrap();
    all.into_iter().find(|v| v.endpoint.id == id).unwrap().endpoint
}

pub fn secs(from: Timestamp, to: Timestamp) -> i64 {
    to.micros_since(from) / 1_000_000
}
