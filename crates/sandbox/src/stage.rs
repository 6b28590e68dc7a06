//! Everything that the parts of the running country share.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;

use crate::bank::desk::Desk;
use crate::bank::keeper::Restricted;
use crate::bodies::Bodies;
use crate::clock::{OfficeTime, wall_secs};
use crate::country::{Behaviour, Behaviours, Country, Keys};
use crate::flow::Flow;
use crate::journal::{Counts, Journal};
use crate::moment::Moment;
use crate::money::Minor;
use crate::node::{Node, Signer};
use crate::register::Register;
use crate::summary::{AnswerSummary, Screened};
use crate::wire::checks::Ended;
use crate::world::World;
use crate::world::model::{HoldId, HouseId, LossId};

/// A country that is broken on purpose, so that the checks can be seen to notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Mutant {
    /// Every tenth answer about money is lost on its way, and its bank believes it sent.
    DropTenthAnswer,
    /// Messages are believed whoever signed them.
    TrustAnybody,
    /// A message that came before is acted on again.
    ForgetMessages,
    /// Who paid is not compared: any payment of the sum is taken for the one that is meant.
    BlindToPayer,
    /// Twice as much is held as was asked.
    HoldOverCap,
    /// Releases are taken and nothing is let go.
    DeafToRelease,
    /// A release whose order was not there yet is forgotten.
    ForgetEarlyRelease,
    /// Holds go on when their term is over.
    NoLapse,
    /// An answer that met a fault comes again under a new id.
    NewAnswerIds,
    /// An answer that met a fault never comes again.
    NeverRepeat,
}

/// What became of the answer that told of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Not answered yet.
    Pending,
    /// The node took it.
    Accepted,
    /// The node refused it.
    Refused,
}

/// The running country.
#[derive(Debug)]
pub struct Stage {
    /// Who takes part.
    pub country: Country,
    /// Their keys.
    pub keys: Keys,
    /// Their manners.
    pub behaviours: Behaviours,
    /// How long things take.
    pub flow: Flow,
    /// The node.
    pub node: Node,
    /// Office time.
    pub office: OfficeTime,
    /// When the run began, office time.
    pub started: Moment,
    /// What is broken on purpose.
    pub mutant: Option<Mutant>,
    /// What happened.
    pub journal: Journal,
    /// How often.
    pub counts: Counts,
    world: Mutex<World>,
    restricted: Mutex<Restricted>,
    register: Mutex<Register>,
    bodies: Mutex<Bodies>,
    desks: Mutex<HashMap<String, Desk>>,
    nonces: Mutex<HashMap<(String, String), i64>>,
    told: Mutex<HashMap<HoldId, (Told, String)>>,
    answered: Mutex<BTreeMap<String, AnswerSummary>>,
    filed: Mutex<Vec<(LossId, String, Minor)>>,
    screened: Mutex<Screened>,
    tokens: Mutex<HashMap<String, String>>,
    confirmed: Mutex<HashSet<String>>,
    stopping: AtomicBool,
    busy: AtomicU64,
    money_answers: AtomicU64,
}

/// What a stage is set up from.
#[derive(Debug)]
pub struct Props {
    /// Who takes part.
    pub country: Country,
    /// Their keys.
    pub keys: Keys,
    /// Their manners.
    pub behaviours: Behaviours,
    /// How long things take.
    pub flow: Flow,
    /// The node.
    pub node: Node,
    /// Office time.
    pub office: OfficeTime,
    /// The world at the start.
    pub world: World,
    /// What happened.
    pub journal: Journal,
    /// What is broken on purpose.
    pub mutant: Option<Mutant>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    /// Sets the stage.
    #[must_use]
    pub fn new(props: Props) -> Self {
        let started = props.world.now();
        Self {
            country: props.country,
            keys: props.keys,
            behaviours: props.behaviours,
            flow: props.flow,
            node: props.node,
            office: props.office,
            started,
            mutant: props.mutant,
            journal: props.journal,
            counts: Counts::default(),
            world: Mutex::new(props.world),
            restricted: Mutex::default(),
            register: Mutex::default(),
            bodies: Mutex::default(),
            desks: Mutex::default(),
            nonces: Mutex::default(),
            told: Mutex::default(),
            answered: Mutex::default(),
            filed: Mutex::default(),
            screened: Mutex::default(),
            tokens: Mutex::default(),
            confirmed: Mutex::default(),
            stopping: AtomicBool::new(false),
            busy: AtomicU64::new(0),
            money_answers: AtomicU64::new(0),
        }
    }

    /// The world, brought up to the present first. Held for short computations only, never over an await.
    pub fn world(&self) -> MutexGuard<'_, World> {
        let mut world = locked(&self.world);
        world.advance(self.office.now());
        world
    }

    /// What `work` does with the desk of `code`.
    pub fn at_desk<T>(&self, code: &str, work: impl FnOnce(&mut Desk) -> T) -> T {
        work(locked(&self.desks).entry(code.to_owned()).or_default())
    }

    /// What `work` does with what is restricted.
    pub fn with_restricted<T>(&self, work: impl FnOnce(&mut Restricted) -> T) -> T {
        work(&mut locked(&self.restricted))
    }

    /// What `work` does with the referrals of all bodies.
    pub fn with_bodies<T>(&self, work: impl FnOnce(&mut Bodies) -> T) -> T {
        work(&mut locked(&self.bodies))
    }
    /// What `work` does with the country's first register.
    pub fn with_register<T>(&self, work: impl FnOnce(&mut Register) -> T) -> T {
        work(&mut locked(&self.register))
    }

    /// The house of `code` in the world.
    #[must_use]
    pub fn house(&self, code: &str) -> Option<HouseId> {
        locked(&self.world).book.house(code)
    }

    /// The signer of `code`.
    ///
    /// # Errors
    /// If the country has no such key.
    pub fn signer(&self, code: &str) -> anyhow::Result<Signer> {
        let institution = self.country.find(code).with_context(|| format!("no institution `{code}`"))?;
        let key = self.keys.of(code).with_context(|| format!("no key of `{code}`"))?;
        Ok(Signer { keyid: institution.keyid.clone(), key: key.clone() })
    }

    /// The manners of `code`.
    #[must_use]
    pub fn manners(&self, code: &str) -> Behaviour {
        self.behaviours.of(code)
    }

    /// Whether `code` is dead at present.
    #[must_use]
    pub fn dead(&self, code: &str) -> bool {
        let manners = self.manners(code);
        let minute = self.office.now().since(self.started).div_euclid(60);
        let from = manners.dead_from_min;
        manners.dead_for_min > 0 && (from..from.saturating_add(manners.dead_for_min)).contains(&minute)
    }

    /// Waits while `code` is dead.
    pub async fn until_alive(&self, code: &str) {
        while self.dead(code) && !self.stopping() {
            self.office.sleep_until(self.office.now().plus(20)).await;
        }
    }

    /// Remembers a nonce of the node for a day; false if it was used before.
    pub fn new_nonce(&self, keyid: &str, nonce: &str) -> bool {
        let now = wall_secs();
        let mut seen = locked(&self.nonces);
        if seen.len() > 100_000 {
            seen.retain(|_, until| *until > now);
        }
        seen.insert((keyid.to_owned(), nonce.to_owned()), now + crate::moment::DAY).is_none()
    }

    /// What became of the answer about a hold.
    pub fn set_told(&self, hold: HoldId, told: Told, answer_id: &str) {
        locked(&self.told).insert(hold, (told, answer_id.to_owned()));
    }

    /// What became of the answer about a hold, and its id.
    #[must_use]
    pub fn told(&self, hold: HoldId) -> (Told, String) {
        locked(&self.told).get(&hold).cloned().unwrap_or((Told::Pending, String::new()))
    }

    /// An answer about money of which its institution believes that the node has it.
    pub fn set_answered(&self, answer_id: &str, answered: AnswerSummary) {
        locked(&self.answered).insert(answer_id.to_owned(), answered);
    }

    /// Every such answer.
    #[must_use]
    pub fn answered(&self) -> Vec<AnswerSummary> {
        locked(&self.answered).values().cloned().collect()
    }

    /// A report was filed: whose, under which number, and what was told to be lost.
    pub fn set_filed(&self, loss: LossId, number: &str, told: Minor) {
        locked(&self.filed).push((loss, number.to_owned(), told));
    }

    /// Every report that was filed.
    #[must_use]
    pub fn filed(&self) -> Vec<(LossId, String, Minor)> {
        locked(&self.filed).clone()
    }

    /// The node has taken what became of payments of an institution's clients.
    pub fn add_screened(&self, code: &str, told: &[Ended]) {
        locked(&self.screened).add(code, told);
    }

    /// The desk's officer has confirmed the entry at this address.
    pub fn add_confirmed(&self, entry: &str) {
        locked(&self.confirmed).insert(entry.to_owned());
    }

    /// Addresses of the entries that the desk's officer has confirmed.
    #[must_use]
    pub fn confirmed(&self) -> HashSet<String> {
        locked(&self.confirmed).clone()
    }

    /// The token by which an institution asks, if it has one.
    #[must_use]
    pub fn token(&self, code: &str) -> Option<String> {
        locked(&self.tokens).get(code).cloned()
    }

    /// An institution has a new token, or its last one is good no more.
    pub fn set_token(&self, code: &str, token: Option<String>) {
        let mut tokens = locked(&self.tokens);
        match token {
            Some(token) => tokens.insert(code.to_owned(), token),
            None => tokens.remove(code),
        };
    }

    /// What is known of payments that were asked about with a warning.
    #[must_use]
    pub fn screened(&self) -> Screened {
        locked(&self.screened).clone()
    }

    /// Whether this is broken on purpose.
    #[must_use]
    pub fn broken(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Whether this answer about money is one of those that the mutant loses.
    pub fn mutant_loses_this(&self) -> bool {
        let number = self.money_answers.fetch_add(1, Ordering::Relaxed) + 1;
        self.mutant == Some(Mutant::DropTenthAnswer) && number.is_multiple_of(10)
    }

    /// From now on nothing new is taken or filed; what is on its way is finished.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    /// Whether the run is ending.
    #[must_use]
    pub fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Marks something that must be finished before the end.
    #[must_use]
    pub fn on_its_way(self: &Arc<Self>) -> OnItsWay {
        self.busy.fetch_add(1, Ordering::SeqCst);
        OnItsWay(Arc::clone(self))
    }

    /// Whether anything must still be finished.
    #[must_use]
    pub fn idle(&self) -> bool {
        self.busy.load(Ordering::SeqCst) == 0
    }
}

/// Something that must be finished before the run may end.
#[derive(Debug)]
pub struct OnItsWay(Arc<Stage>);

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}
