//! The world: what truly happens. A pure discrete-event simulation with a virtual clock and seeded dice: no
//! HTTP, no files, no real time. Victims pay, mules forward, split, merge and cash out; holds stop what they
//! hold. The HTTP front drives it by the office clock, the bench by leaps.
//!
//! ```
//! use std::sync::Arc;
//! use sandbox::{flow::Flow, moment::Moment, world::{Setup, World}};
//!
//! let flow = Arc::new(Flow::committed()?);
//! let from = Moment::parse("2026-11-23T09:00:00+05:00").ok_or("time")?;
//! let mut world = World::new(Setup { losses: 20, ..Setup::small(7, flow, from) });
//! world.advance(from.plus(3_600));
//! assert_eq!(world.book.sum_of_everything(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod amlsim;
mod arena;
mod ask;
mod book;
mod events;
pub mod model;
mod mule;
pub mod office;
mod people;
mod tally;
mod visit;
mod wish;

use std::sync::Arc;

pub use arena::{Arena, Id};
pub use ask::{Ask, Direction, Facts, Finding, Moved, Payer};
pub use book::{Book, Move, Short};
pub use events::Happening;
pub use people::Network;
pub use tally::{HoldLine, Tally};
pub use visit::NUMBER as VISITORS;
pub use wish::{Advice, Became, Wish, Wished};

use self::events::Queue;
use self::model::{AccountId, House, Loss, Payment};
use crate::country::{Country, Kind};
use crate::flow::Flow;
use crate::moment::{DAY, Moment};

/// What a world is made from.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Everything that chance decides.
    pub seed: u64,
    /// How fraud flows.
    pub flow: Arc<Flow>,
    /// The institutions that keep accounts.
    pub houses: Vec<House>,
    /// The first report comes after this moment; payments may lie before it.
    pub from: Moment,
    /// How many victims report.
    pub losses: u64,
    /// Microseconds of office time from one report to the next, on average.
    pub every_micros: i64,
    /// Whether ordinary life goes on too.
    pub background: bool,
    /// Whether houses ask before every payment of their clients.
    pub asks: bool,
}

impl Setup {
    /// A world of six banks, a wallet and an exchange with a report every ten minutes: for examples and tests.
    #[must_use]
    pub fn small(seed: u64, flow: Arc<Flow>, from: Moment) -> Self {
        let bank = |n: u32| House {
            code: format!("ZB{n:02}"),
            kind: Kind::Bank,
            iban_code: Some(format!("80{n}")),
            bin: Some(format!("27209{n}")),
        };
        let other = |code: &str, kind| House { code: code.to_owned(), kind, iban_code: None, bin: None };
        let mut houses: Vec<House> = (1..=6).map(bank).collect();
        houses.push(other("ZWAL", Kind::EWallet));
        houses.push(other("ZEXC", Kind::CryptoExchange));
        Self {
            seed,
            flow,
            houses,
            from,
            losses: 50,
            every_micros: 600_000_000,
            background: true,
            asks: false,
        }
    }

    /// The houses of a country.
    #[must_use]
    pub fn houses_of(country: &Country) -> Vec<House> {
        country
            .executors()
            .filter(|i| i.kind.keeps_money())
            .map(|i| House {
                code: i.code.clone(),
                kind: i.kind,
                iban_code: i.iban_code.clone(),
                bin: i.card_bins.first().cloned(),
            })
            .collect()
    }
}

/// Accounts outside the institutions.
#[derive(Debug, Clone, Copy)]
struct Places {
    source: AccountId,
    machines: AccountId,
    shops: AccountId,
    chains: AccountId,
    abroad: AccountId,
}

/// The world.
#[derive(Debug, Clone)]
pub struct World {
    setup: Setup,
    /// The ledger.
    pub book: Book,
    /// What every victim lost.
    pub losses: Arena<Loss>,
    /// Every payment of every victim.
    pub payments: Arena<Payment>,
    networks: Vec<Network>,
    clients: Vec<AccountId>,
    innocent: Vec<AccountId>,
    places: Places,
    queue: Queue,
    now: Moment,
    happenings: Vec<Happening>,
    wishes: Vec<Wish>,
    cash_today: std::collections::HashMap<(AccountId, i64), i64>,
    visitors: Option<visit::Visitors>,
}

impl World {
    /// Makes a world and lets it run up to the first moment of the setup.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let mut book = Book::default();
        people::houses(&mut book, &setup);
        let places = people::places(&mut book);
        let from = setup.from;
        let mut opener = people::Opener::new(setup.seed);
        let losses = setup.losses;
        let mut world = Self {
            setup,
            book,
            losses: Arena::default(),
            payments: Arena::default(),
            networks: Vec::new(),
            clients: Vec::new(),
            innocent: Vec::new(),
            places,
            queue: Queue::default(),
            now: from,
            happenings: Vec::new(),
            wishes: Vec::new(),
            cash_today: std::collections::HashMap::new(),
            visitors: None,
        };
        world.settle_clients(&mut opener, from.plus(-60 * DAY));
        world.recruit(&mut opener, usize::try_from(losses).unwrap_or(0));
        world.report_times().into_iter().zip(0..).for_each(|(at, no)| world.victim(&mut opener, no, at));
        world.start();
        world.visitors = world.open_for_visitors();
        world.advance(from);
        world
    }

    /// The moment up to which everything has happened.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.now
    }

    /// How fraud flows here.
    #[must_use]
    pub fn flow(&self) -> &Flow {
        &self.setup.flow
    }

    /// The network that took this loss.
    #[must_use]
    pub fn network_of(&self, loss: &Loss) -> Option<&Network> {
        self.networks.get(loss.network)
    }

    /// What has happened since the last call, oldest first.
    pub fn take_happenings(&mut self) -> Vec<Happening> {
        std::mem::take(&mut self.happenings)
    }

    /// Evenly spread with jitter: victims do not wait for each other.
    fn report_times(&self) -> Vec<Moment> {
        let every = self.setup.every_micros.max(1);
        (0..self.setup.losses)
            .map(|no| {
                let key = crate::draw::mix(crate::draw::about(self.setup.seed, "arrival"), no);
                let jitter = crate::draw::Draw::keyed(key).between(0, every);
                let slot = i64::try_from(no).unwrap_or(i64::MAX).saturating_mul(every);
                Moment(self.setup.from.0.saturating_add(slot).saturating_add(jitter))
            })
            .collect()
    }
}
