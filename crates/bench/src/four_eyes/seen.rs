//! What the database shows, read from its rows.

use order::OrderId;

use super::ghost::{Content, Ghost, Who};
use super::snapshot::{Fields, LAW, Shelf, Snapshot};
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

/// Everything the oracle looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    pub(super) orders: Vec<OrderSeen>,
    pub(super) standing: Vec<StandingSeen>,
    /// Rows of the law: key of the basis, version, and whether the desk wrote it.
    pub(super) law: Vec<(String, i64, bool)>,
    pub(super) drafts: Vec<String>,
}

fn micros_after_start(at: Option<i64>) -> i64 {
    at.unwrap_or(0).saturating_sub(Stage::moment(0).as_micros())
}

impl Seen {
    pub(super) fn read(stage: &Stage, shelf: &Shelf, state: &Snapshot, ghost: &Ghost) -> Self {
        let who = |label: &str| {
            let id = label.strip_prefix("staff:").unwrap_or(label);
            stage.people.iter().position(|p| p.id.to_string() == id)
        };
        let who_id = |bytes: &[u8]| stage.people.iter().position(|p| p.id.as_bytes() == bytes);
        let standing_rows: Vec<Fields<'_>> = shelf.rows(state, "standing_approval").collect();
        let standing = standing_rows.iter().map(|row| {
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
        let standing = standing.collect();
        let place = |row: &Fields<'_>| {
            let (id, version) = (row.bytes("approval_id"), row.int("approval_version")?);
            let at =
                standing_rows.iter().position(|s| s.bytes("id") == id && s.int("version") == Some(version));
            // A row that is not there is nobody's approval.
            Some((at.unwrap_or(usize::MAX), version))
        };
        let orders = (0..ghost.orders.len()).filter_map(|slot| {
            let id = Stage::order_id(slot);
            let row = shelf.rows(state, "orders").find(|r| is(r.bytes("id"), id))?;
            Some(order(shelf, state, (slot, id), &row, place(&row), &who))
        });
        let orders = orders.collect();
        let law = shelf.rows(state, LAW).map(|row| {
            let desk = !row.bytes("draft_id").is_empty();
            (row.text("basis_key"), row.int("version").unwrap_or(0), desk)
        });
        let law = law.collect();
        let drafts = shelf.rows(state, "legal_basis_draft").map(|row| row.text("status")).collect();
        Self { orders, standing, law, drafts }
    }

    pub(super) fn order(&self, slot: usize) -> Option<&OrderSeen> {
        self.orders.iter().find(|o| o.slot == slot)
    }
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
