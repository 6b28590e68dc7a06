//! What runs by itself: notifications go out as they fall due, and what came of them is kept, many in one commit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::App;
use db::Tx;
use kernel::Timestamp;
use tokio::sync::{Notify, mpsc};
use url::Url;
use uuid::Uuid;

use super::error::NotifyError;
use super::model::{EndpointId, EndpointState, Fault, NotificationId};
use super::post::{Answered, Outgoing, Post};
use super::rules::{self, Breakers, Flight};
use super::secrets::{self, Opened};
use super::settle::{self, Outcome};
use super::signing;
use super::store::{self, Due, EndpointRow, Sealed};

/// How long a claimed notification is nobody else's: longer than a post and the keeping of what came of it.
const LEASE_SECS: i64 = 30;
/// Whatever the client does, a post ends by then.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often is learnt what other processes saw, and forgotten what may be no more.
const LEARN_SECS: i64 = 60;
/// How often is looked for what falls due.
const TICK: Duration = Duration::from_millis(250);
/// With so many posts left in the network more are claimed.
const REFILL: usize = rules::AT_ONCE * 5 / 8;
/// Outcomes kept in one commit, at most.
const TOGETHER: usize = 512;

/// Posts notifications. Clones are one sender.
#[derive(Clone)]
pub struct Sender(Arc<Inner>);

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sender({} under way)", self.0.breakers.under_way())
    }
}

struct Inner {
    app: App,
    post: Arc<dyn Post>,
    breakers: Breakers,
    /// Endpoints as they were last read, with their secrets open. One whose row has changed is read anew.
    known: Mutex<HashMap<EndpointId, Arc<Target>>>,
    round: Mutex<Round>,
    outcomes: mpsc::UnboundedSender<Outcome>,
    settled: Arc<Notify>,
}

/// Where the look at due notifications stands. It goes round, so that no endpoint's rows hide another's.
#[derive(Debug, Default, Clone, Copy)]
struct Round {
    after: Option<(Timestamp, NotificationId)>,
    /// When what other processes saw was last learnt.
    learnt: Option<Timestamp>,
}

/// An endpoint that can be posted to.
#[derive(Debug)]
struct Target {
    url: Url,
    opened: Opened,
    /// What it was read from.
    sealed: Sealed,
}

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pass {
    /// Posts begun.
    pub begun: usize,
    /// Whether something due was left for want of room.
    pub left: bool,
    /// Whether the look at what is due has not come round yet.
    pub behind: bool,
}

/// A notification for which there is room.
#[derive(Debug, Clone)]
struct Pick {
    due: Due,
    /// Before its time, to see whether a silent endpoint is back.
    probe: bool,
}

/// What a pass is about to write.
#[derive(Debug, Default)]
struct Plan {
    picks: Vec<Pick>,
    /// Due, but to a silent endpoint: not before its next probe, so that it is not looked at each time.
    later: Vec<(NotificationId, Timestamp)>,
}

impl Sender {
    /// A sender with a task that keeps what comes of its posts; call it inside the runtime. `post` bounds its own
    /// time and size.
    #[must_use]
    pub fn new(app: &App, post: Arc<dyn Post>) -> Self {
        let (outcomes, mut came) = mpsc::unbounded_channel();
        let breakers = Breakers::new(app.profile.breaker());
        let settled = Arc::new(Notify::new());
        let (me, counts, bell) = (app.clone(), breakers.clone(), Arc::clone(&settled));
        tokio::spawn(async move {
            let mut some = Vec::new();
            while came.recv_many(&mut some, TOGETHER).await > 0 {
                // Where this fails, the leases end and the notifications are posted again.
                if let Err(error) = settle::keep(&me, &counts, std::mem::take(&mut some)).await {
                    tracing::error!(%error, "what came of notifications could not be kept");
                }
                bell.notify_one();
            }
        });
        let inner = Inner {
            app: app.clone(),
            post,
            breakers,
            known: Mutex::default(),
            round: Mutex::default(),
            outcomes,
            settled,
        };
        Self(Arc::new(inner))
    }

    /// Begins to post what is due and has room, each in a task of its own, and returns at once.
    ///
    /// # Errors
    /// The database's.
    pub async fn pass(&self) -> Result<Pass, NotifyError> {
        let me = &self.0;
        let wall = me.app.wall.now();
        self.learn(wall).await?;
        let free = me.breakers.free(wall);
        if free == 0 {
            return Ok(Pass { left: true, ..Pass::default() });
        }
        let (due, behind) = self.look(wall).await?;
        let (mut plan, mut flights, mut left) = (Plan::default(), Vec::new(), false);
        for due in due {
            let room = plan.picks.len() < free;
            match if room { me.breakers.take(due.endpoint, wall) } else { None } {
                Some(flight) => {
                    plan.picks.push(Pick { due, probe: false });
                    flights.push(flight);
                }
                None => match me.breakers.silent_until(due.endpoint, wall) {
                    Some(until) => plan.later.push((due.id, until)),
                    None => left = true,
                },
            }
        }
        for (pick, flight) in self.probes(wall, free.saturating_sub(flights.len())).await? {
            plan.picks.push(pick);
            flights.push(flight);
        }
        let idle = plan.picks.is_empty() && plan.later.is_empty();
        let begun = if idle { 0 } else { self.begin(wall, plan, flights).await? };
        Ok(Pass { begun, left, behind })
    }

    /// Begins where earlier processes, or others, have ended: who was silent is probed at once. Secrets are opened
    /// anew, so that none outlives its endpoint in memory for long.
    async fn learn(&self, wall: Timestamp) -> Result<(), NotifyError> {
        let last = self.round().learnt;
        if last.is_some_and(|at| wall.micros_since(at) < LEARN_SECS * 1_000_000) {
            return Ok(());
        }
        let app = &self.0.app;
        let at_least = i64::from(app.profile.breaker().failures.max(1));
        let failing = app.db.read(move |tx| store::endpoint::failing(tx, at_least)).await?;
        for (endpoint, failures) in failing {
            self.0.breakers.learn(endpoint, failures, wall);
        }
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.round().learnt = Some(wall);
        Ok(())
    }

    fn round(&self) -> MutexGuard<'_, Round> {
        self.0.round.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next due notifications of the round, and whether there may be more behind them.
    async fn look(&self, wall: Timestamp) -> Result<(Vec<Due>, bool), NotifyError> {
        let start = (Timestamp::from_micros(i64::MIN), NotificationId::from_uuid(Uuid::nil()));
        let after = self.round().after.unwrap_or(start);
        let found = self.0.app.db.read(move |tx| store::notification::due(tx, wall, after)).await?;
        let full = found.len() == store::notification::WINDOW;
        self.round().after = found.last().filter(|_| full).map(|due| (due.due, due.id));
        Ok((found, full))
    }

    /// For each silent endpoint whose probe is due, the notification to probe it with.
    async fn probes(&self, wall: Timestamp, most: usize) -> Result<Vec<(Pick, Flight)>, NotifyError> {
        let endpoints = self.0.breakers.to_probe(wall);
        if endpoints.is_empty() || most == 0 {
            return Ok(Vec::new());
        }
        let asked = endpoints.clone();
        let probe = move |tx: &mut Tx<'_>| {
            asked.iter().take(most).map(|e| store::notification::probe(tx, *e, wall)).collect()
        };
        let found: Vec<Option<Due>> = self.0.app.db.read(probe).await?;
        let mut all = Vec::new();
        for (endpoint, due) in endpoints.into_iter().zip(found) {
            let Some(due) = due else {
                self.0.breakers.nothing_to_probe(endpoint, wall);
                continue;
            };
            if let Some(flight) = self.0.breakers.take(endpoint, wall) {
                let probe = due.due > wall;
                all.push((Pick { due, probe }, flight));
            }
        }
        Ok(all)
    }

    /// Claims, and posts what was got.
    async fn begin(&self, wall: Timestamp, plan: Plan, flights: Vec<Flight>) -> Result<usize, NotifyError> {
        let lease = wall.plus_secs(LEASE_SECS);
        let (me, plan) = (Arc::clone(&self.0), Arc::new(plan));
        let mine = Arc::clone(&plan);
        let targets = self.0.app.db.write(move |tx| claim(tx, &me, &mine, wall, lease)).await?;
        let mut begun = 0_usize;
        for ((pick, flight), target) in plan.picks.iter().cloned().zip(flights).zip(targets) {
            let Some(target) = target else { continue };
            begun = begun.saturating_add(1);
            let me = Arc::clone(&self.0);
            tokio::spawn(async move {
                let at = me.app.wall.now();
                let came = post(&me, &target, &pick.due, at).await;
                let mut flight = flight;
                // The next are claimed while these are being kept, and not one by one.
                if flight.landed() <= REFILL {
                    me.settled.notify_one();
                }
                let outcome = Outcome { due: pick.due, probe: pick.probe, came, at, lease, flight };
                // The receiver ends with the runtime only.
                me.outcomes.send(outcome).ok();
            });
        }
        Ok(begun)
    }

    /// Waits until no post is under way and what came of all is kept.
    pub async fn settled(&self) {
        while self.0.breakers.under_way() > 0 {
            self.0.app.timer.sleep(Duration::from_millis(1)).await;
        }
    }

    /// Has [`Sender::run`] look at once for what is due.
    pub fn wake(&self) {
        self.0.settled.notify_one();
    }

    /// The server's loop.
    pub async fn run(self) {
        loop {
            match self.pass().await {
                Ok(Pass { behind: true, .. }) => {}
                // Woken by what comes back, for with it comes room.
                Ok(_) => drop(self.0.app.timer.limit(TICK, self.0.settled.notified()).await),
                Err(error) => {
                    tracing::error!(%error, "notifications could not be read");
                    self.0.app.timer.sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Endpoints that are only probed at present, among those given.
    #[must_use]
    pub fn is_silent(&self, endpoint: EndpointId) -> bool {
        self.0.breakers.is_open(endpoint)
    }
}

/// Takes what nobody else has taken. `None` stands for what another has, and for what is not posted at all.
fn claim(
    tx: &mut Tx<'_>,
    me: &Inner,
    plan: &Plan,
    wall: Timestamp,
    lease: Timestamp,
) -> Result<Vec<Option<Arc<Target>>>, NotifyError> {
    for (id, until) in &plan.later {
        store::notification::put_off(tx, *id, *until)?;
    }
    let mut targets: HashMap<EndpointId, Result<Arc<Target>, Fault>> = HashMap::new();
    let mut all = Vec::with_capacity(plan.picks.len());
    for Pick { due, .. } in &plan.picks {
        let target = match targets.get(&due.endpoint) {
            Some(known) => known.clone(),
            None => {
                let read = target(tx, me, due.endpoint)?;
                targets.insert(due.endpoint, read.clone());
                read
            }
        };
        all.push(match target {
            Ok(target) => store::notification::claim(tx, due.id, wall, lease)?.then_some(target),
            Err(why) => {
                store::notification::drop_one(tx, due.id, why)?;
                None
            }
        });
    }
    Ok(all)
}

/// Where an endpoint is and what signs for it, or why nothing is posted to it.
fn target(tx: &mut Tx<'_>, me: &Inner, id: EndpointId) -> Result<Result<Arc<Target>, Fault>, NotifyError> {
    let Some((row, takes_part)) = store::endpoint::target(tx, id)? else {
        me.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        return Ok(Err(Fault::Removed));
    };
    match row.endpoint.state {
        EndpointState::Active if takes_part => {}
        EndpointState::Active | EndpointState::Paused => return Ok(Err(Fault::Paused)),
        EndpointState::Disabled => return Ok(Err(Fault::Gone)),
    }
    let known = me.known.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
    if let Some(known) = known.filter(|k| k.sealed == row.sealed && k.url.as_str() == row.endpoint.url) {
        return Ok(Ok(known));
    }
    let opened = match opened(tx, me, &row) {
        Err(error @ NotifyError::Db(_)) => return Err(error),
        // A row that does not open holds up nobody but itself.
        Err(error) => {
            tracing::error!(%error, endpoint = %id, "the secret of an endpoint does not open");
            None
        }
        Ok(opened) => opened,
    };
    let (Some(opened), Ok(url)) = (opened, Url::parse(&row.endpoint.url)) else {
        return Ok(Err(Fault::Key));
    };
    let target = Arc::new(Target { url, opened, sealed: row.sealed });
    // Only a memory of what the row says; it holds, whether or not this transaction does.
    me.known.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&target));
    Ok(Ok(target))
}

fn opened(tx: &mut Tx<'_>, me: &Inner, row: &EndpointRow) -> Result<Option<Opened>, NotifyError> {
    let key = me.app.vault.subject(tx, row.endpoint.partner.uuid()).map_err(NotifyError::from_vault)?;
    let Some(key) = key else { return Ok(None) };
    Ok(secrets::open(&key, row.endpoint.id, &row.sealed)?)
}

async fn post(me: &Inner, target: &Target, due: &Due, at: Timestamp) -> Result<Answered, Fault> {
    let body = signing::body(due.topic, due.created);
    let headers = signing::headers(target.opened.signing(at), due.id, at, &body);
    let out = Outgoing { url: target.url.clone(), headers, body };
    me.app.timer.limit(PATIENCE, me.post.post(out)).await.unwrap_or(Err(Fault::Timeout))
}
