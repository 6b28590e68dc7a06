//! One bank of the country alone, for whoever wants to try a node's side of the API, or the conformance kit, against
//! something that is known to be right: no victims, no other house at work, no journal.

use std::sync::Arc;

use anyhow::Context as _;
use serde::Serialize;
use tokio::net::TcpListener;

use crate::bank::front;
use crate::clock::{OfficeTime, Reading, wall_micros};
use crate::country::{Behaviour, Behaviours, Init, Kind, country};
use crate::flow::{Flow, Shape};
use crate::ids;
use crate::journal::Journal;
use crate::moment::{HOUR, Moment};
use crate::money::to_text;
use crate::node::Node;
use crate::run::{keep_time, tick};
use crate::stage::{Mutant, Props, Stage};
use crate::world::{Setup, VISITORS, World};

/// The sum that has come in on the visitors' account, tiyn.
const CAME_IN: i64 = 100_000_000;
/// The end of an IBAN that no account of the bank has.
const NOBODY: &str = "0000000009999";

/// How the bank stands alone.
#[derive(Debug, Clone)]
pub struct Alone {
    /// Everything that chance decides, its key among it.
    pub seed: u64,
    /// The node, or who plays it. It need not be there yet.
    pub node: String,
    /// How the bank behaves; honest if left as it is.
    pub manners: Behaviour,
    /// Whether its people take their time; else everything is answered at once.
    pub people: bool,
    /// What is broken on purpose.
    pub mutant: Option<Mutant>,
}

/// What somebody must know who wants to play with the bank. Everything in it is invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Always true.
    pub invented: bool,
    /// Its code.
    pub code: String,
    /// Where the node posts: `{gateway}/messages`.
    pub gateway: String,
    /// Name of its key.
    pub keyid: String,
    /// Its public key, base64.
    pub public_key: String,
    /// An account with money.
    pub account: String,
    /// An account that it would have, and has not.
    pub unknown_account: String,
    /// The payment that came into the account, `AMOUNT@TIME`.
    pub payment: String,
}

/// Opens the gateway of the first bank, where the visitors' account is, at `listener`. It is served until the runtime
/// ends.
///
/// # Errors
/// If an address is not on loopback.
pub async fn open(alone: Alone, listener: TcpListener) -> anyhow::Result<Card> {
    let listen = listener.local_addr()?.to_string();
    let init = Init { seed: alone.seed, node: alone.node, listen: listen.clone(), admin: listen };
    let (mut all, keys, _) = country(&init)?;
    let houses = Setup::houses_of(&all);
    let bank = all.executors().find(|i| i.kind == Kind::Bank).context("the country has no bank")?.clone();
    // The others keep their accounts, since money has gone to them; but nobody else is at work.
    all.institutions.retain(|i| i.code == bank.code);
    let now = Moment::from_secs(wall_micros() / 1_000_000);
    let iban = |account| ids::iban(bank.iban_code.as_deref().unwrap_or_default(), account);
    let card = Card {
        invented: true,
        code: bank.code.clone(),
        gateway: bank.gateway.clone(),
        keyid: bank.keyid.clone(),
        public_key: bank.public_key.clone(),
        account: iban(VISITORS),
        unknown_account: iban(NOBODY),
        payment: format!("{}@{}", to_text(CAME_IN), now.plus(-HOUR).rfc3339()),
    };
    let flow = flow(alone.people)?;
    let world = World::new(Setup {
        seed: all.seed,
        flow: Arc::new(flow.clone()),
        houses,
        from: now,
        losses: 0,
        every_micros: 1,
        background: false,
        asks: false,
    });
    // Until the node is heard, its clock is taken to be ours.
    let reading = Reading { office: Moment(wall_micros()), wall_micros: wall_micros(), factor: 1 };
    let stage = Arc::new(Stage::new(Props {
        node: Node::new(&all.node)?,
        country: all,
        keys,
        behaviours: Behaviours([(bank.code, alone.manners)].into_iter().collect()),
        flow,
        office: OfficeTime::new(reading),
        world,
        journal: Journal::default(),
        mutant: alone.mutant,
    }));
    let routes = front::routes(Arc::clone(&stage));
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            tracing::error!(%error, "the bank's gateway ended");
        }
    });
    tokio::spawn(tick(Arc::clone(&stage)));
    tokio::spawn(keep_time(stage));
    Ok(card)
}

/// The committed flow; without people nobody needs any time.
fn flow(people: bool) -> anyhow::Result<Flow> {
    let mut flow = Flow::committed()?;
    if !people {
        for pause in [&mut flow.partner_ack, &mut flow.partner_person] {
            pause.shape = Shape::Constant { value: 0 };
        }
    }
    Ok(flow)
}
