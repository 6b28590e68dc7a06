//! What the database shows, read from its rows.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher as _};
use std::sync::Arc;

use order::OrderId;

use super::ghost::{Content, Who};
use super::snapshot::{Fields, LAW, Shelf, Snapshot, place_of};
use super::stage::Stage;

/// An order's row and what hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct OrderSeen {
    pub(super) slot: usize,
    pub(super) status: String,
    pub(super) why: String,
    pub(super) author: Option<Who>,
    pub(super) expires: i64,
    /// When it was sent, in microseconds after the beginning.
    pub(super) sent: Option<i64>,
    pub(super) content: Content,
    /// The standing approval under which it left: its place among all, and version.
    pub(super) under: Option<(usize, i64)>,
    pub(super) signers: Vec<Option<Who>>,
    /// Decision and content hash.
    pub(super) sanction: Option<(String, Vec<u8>)>,
    /// Messages on their way, by kind.
    pub(super) messages: Vec<String>,
}

impl OrderSeen {
    /// Whether it binds, or has bound, somebody outside, as far as its rows say.
    pub(super) fn has_left(&self) -> bool {
        let open = ["sent", "acknowledged", "answered", "released"].contains(&self.status.as_str());
        self.sent.is_some() || open || !self.messages.is_empty()
    }
}

/// A standing approval's row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct StandingSeen {
    pub(super) version: i64,
    pub(super) status: String,
    pub(super) under: i64,
    pub(super) cap: i64,
    pub(super) cap_day: i64,
    pub(super) until: i64,
    pub(super) signers: Vec<Option<Who>>,
}

/// A row of the law: key of the basis, version, and whether the desk wrote it.
pub(super) type LawSeen = (String, i64, bool);

/// A part of what is seen, with two hashes of what it says.
#[derive(Debug)]
pub(super) struct Part<T> {
    said: T,
    hash: (u64, u64),
}

impl<T> std::ops::Deref for Part<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.said
    }
}

impl<T> Part<T> {
    fn new(said: T, by: impl Fn(&T, &mut DefaultHasher)) -> Arc<Self> {
        let of = |salt: u64| {
            let mut hash = DefaultHasher::new();
            salt.hash(&mut hash);
            by(&said, &mut hash);
            hash.finish()
        };
        let hash = (of(1), of(2));
        Arc::new(Self { said, hash })
    }
}

/// Everything the oracle looks at.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) orders: Arc<Part<Vec<OrderSeen>>>,
    pub(super) standing: Arc<Part<Vec<StandingSeen>>>,
    pub(super) law: Arc<Part<Vec<LawSeen>>>,
    pub(super) drafts: Arc<Part<Vec<String>>>,
}

impl Seen {
    pub(super) fn order(&self, slot: usize) -> Option<&OrderSeen> {
        self.orders.iter().find(|o| o.slot == slot)
    }
    /// Two hashes of everything in it that can matter later.
    pub(super) fn hashes(&self) -> [(u64, u64); 4] {
        [self.orders.hash, self.standing.hash, self.law.hash, self.drafts.hash]
    }
}

/// Tables that each part is read from, in this order.
const ORDERS: [&str; 6] =
    ["orders", "order_object", "order_approval", "delivery", "order_sanction", "standing_approval"];
const STANDING: [&str; 2] = ["standing_approval", "standing_signature"];
const DRAFTS: &str = "legal_basis_draft";

/// Reads states. The same rows are read once.
#[derive(Default)]
pub(super) struct Reader {
    orders: HashMap<[u32; ORDERS.len()], Arc<Part<Vec<OrderSeen>>>>,
    standing: HashMap<[u32; STANDING.len()], Arc<Part<Vec<StandingSeen>>>>,
    law: HashMap<u32, Arc<Part<Vec<LawSeen>>>>,
    drafts: HashMap<u32, Arc<Part<Vec<String>>>>,
}

fn number(state: &Snapshot, table: &str) -> u32 {
    state.get(place_of(table)).copied().unwrap_or(u32::MAX)
}

fn micros_after_start(at: Option<i64>) -> i64 {
    at.unwrap_or(0).saturating_sub(Stage::moment(0).as_micros())
}

impl Reader {
    /// What a state of so many orders shows.
    pub(super) fn read(&mut self, stage: &Stage, shelf: &Shelf, state: &Snapshot, slots: usize) -> Seen {
        let orders = self.orders.entry(ORDERS.map(|table| number(state, table)));
        let orders = orders.or_insert_with(|| Part::new(orders_of(stage, shelf, state, slots), hash_orders));
        let standing = self.standing.entry(STANDING.map(|table| number(state, table)));
        let standing = standing.or_insert_with(|| Part::new(standing_of(stage, shelf, state), Hash::hash));
        let law = self.law.entry(number(state, LAW)).or_insert_with(|| {
            let law = shelf.rows(state, LAW).map(|row| {
                let desk = !row.bytes("draft_id").is_empty();
                (row.text("basis_key"), row.int("version").unwrap_or(0), desk)
            });
            // It only grows, and how is known by hand.
            Part::new(law.collect(), |law: &Vec<_>, hash| law.len().hash(hash))
        });
        let drafts = self.drafts.entry(number(state, DRAFTS)).or_insert_with(|| {
            Part::new(shelf.rows(state, DRAFTS).map(|row| row.text("status")).collect(), Hash::hash)
        });
        Seen {
            orders: Arc::clone(orders),
            standing: Arc::clone(standing),
            law: Arc::clone(law),
            drafts: Arc::clone(drafts),
        }
    }
}

/// What is drawn at random and stands for the same is left out.
fn hash_orders(orders: &Vec<OrderSeen>, hash: &mut DefaultHasher) {
    for o in orders {
        (o.slot, &o.status, &o.why, o.author, o.expires, o.sent, o.under).hash(hash);
        (&o.content, &o.signers, &o.messages).hash(hash);
        o.sanction.as_ref().map(|(decision, _)| decision).hash(hash);
    }
}

fn standing_of(stage: &Stage, shelf: &Shelf, state: &Snapshot) -> Vec<StandingSeen> {
    let who_id = |bytes: &[u8]| stage.people.iter().position(|p| p.id.as_bytes() == bytes);
    let standing = shelf.rows(state, "standing_approval").map(|row| {
        let version = row.int("version").unwrap_or(0);
        let mut signers: Vec<Option<Who>> = shelf
            .rows(state, "standing_signature")
            .filter(|s| s.bytes("approval_id") == row.bytes("id") && s.int("version") == Some(version))
            .map(|s| who_id(s.bytes("approver")))
            .collect();
        signers.sort_unstable();
        StandingSeen {
            version,
            status: row.text("status"),
            under: row.int("basis_version").unwrap_or(0),
            cap: row.int("cap_order_minor").unwrap_or(0),
            cap_day: row.int("cap_day_minor").unwrap_or(0),
            until: micros_after_start(row.int("valid_to")),
            signers,
        }
    });
    standing.collect()
}

fn orders_of(stage: &Stage, shelf: &Shelf, state: &Snapshot, slots: usize) -> Vec<OrderSeen> {
    let who = |label: &str| {
        let id = label.strip_prefix("staff:").unwrap_or(label);
        stage.people.iter().position(|p| p.id.to_string() == id)
    };
    let standing: Vec<Fields<'_>> = shelf.rows(state, "standing_approval").collect();
    let place = |row: &Fields<'_>| {
        let (id, version) = (row.bytes("approval_id"), row.int("approval_version")?);
        let at = standing.iter().position(|s| s.bytes("id") == id && s.int("version") == Some(version));
        // A row that is not there is nobody's approval.
        Some((at.unwrap_or(usize::MAX), version))
    };
    let orders = (0..slots).filter_map(|slot| {
        let id = Stage::order_id(slot);
        let row = shelf.rows(state, "orders").find(|r| is(r.bytes("id"), id))?;
        Some(order(shelf, state, (slot, id), &row, place(&row), &who))
    });
    orders.collect()
}

fn is(bytes: &[u8], id: OrderId) -> bool {
    bytes == id.uuid().as_bytes()
}

fn order(
    shelf: &Shelf,
    state: &Snapshot,
    (slot, id): (usize, OrderId),
    row: &Fields<'_>,
    under: Option<(usize, i64)>,
    who: &impl Fn(&str) -> Option<Who>,
) -> OrderSeen {
    let of = |table: &str, column: &'static str| {
        shelf.rows(state, table).filter(move |r| is(r.bytes(column), id)).collect::<Vec<_>>()
    };
    let objects = of("order_object", "order_id");
    let mut objects: Vec<(Vec<u8>, i64)> =
        objects.iter().map(|r| (r.bytes("blind").to_vec(), r.int("cap_minor").unwrap_or(0))).collect();
    objects.sort();
    let mut signers: Vec<Option<Who>> =
        of("order_approval", "order_id").iter().map(|r| who(&r.text("approver"))).collect();
    signers.sort_unstable();
    let mut messages: Vec<String> = of("delivery", "order_id").iter().map(|r| r.text("kind")).collect();
    messages.sort_unstable();
    let sanction = of("order_sanction", "id");
    OrderSeen {
        slot,
        status: row.text("status"),
        why: row.text("why_waiting"),
        author: who(&row.text("author")),
        expires: micros_after_start(row.int("expires_at")),
        sent: row.int("sent_at").map(|at| micros_after_start(Some(at))),
        content: Content {
            measure: row.text("measure"),
            scope: row.text("scope"),
            executor: row.text("executor"),
            ground: (row.bytes("basis_id").to_vec(), row.int("basis_version").unwrap_or(0)),
            cap: row.int("cap_minor").unwrap_or(0),
            objects,
        },
        under: under.filter(|_| !row.bytes("approval_id").is_empty()),
        signers,
        sanction: sanction.first().map(|r| (r.text("decision"), r.bytes("content_hash").to_vec())),
        messages,
    }
}
