//! Whose hands an order has and waits for, in words: signatures, in whose stead they were given, and who is away.

use app::App;
use kernel::{Actor, Role};
use order::OrderError;
use order::service::{Hand, InSteadOf};
use order::words;
use web::{Ctx, Problem};

/// A signature: whose, when, in whose stead, and why it does not count.
pub(crate) struct HandRow {
    pub(crate) words: String,
    pub(crate) stead: Option<String>,
    pub(crate) void: Option<String>,
}

/// A signature in words.
pub(crate) fn hand_row(ctx: &Ctx, h: &Hand) -> HandRow {
    let (name, time) = (h.name.clone(), ctx.formats().date_time_dense(h.at));
    HandRow {
        words: ctx.ta("desk-hand", [("name", name), ("time", time)]),
        stead: h.stead.as_ref().map(|stead| stead_words(ctx, stead)),
        void: h.void.map(|void| ctx.t(&format!("desk-void-{}", words::key_part(void.as_str())))),
    }
}

/// Who may be asked for an approver's signature in the reader's organisation.
pub(crate) async fn signatories(app: &App, actor: &Actor) -> Result<Vec<access::Signatory>, Problem> {
    let organisation = access::organisation_of(actor).unwrap_or_default().to_owned();
    let me = app.clone();
    let read = app.db.read(move |tx| access::signatories(tx, &me, &organisation, Role::Approver)).await;
    read.map_err(|e| Problem::from(OrderError::from(e)))
}

/// An approver who is away, till when, and who signs in the stead.
pub(crate) fn away(ctx: &Ctx, s: &access::Signatory) -> Option<String> {
    let till = ctx.date_time(s.away_till?);
    let words = [("name", s.name.clone()), ("time", till), ("deputies", s.deputies.join(", "))];
    Some(
        ctx.ta(
            if s.deputies.is_empty() { "desk-orders-away-uncovered" } else { "desk-orders-away-one" },
            words,
        ),
    )
}

/// In whose stead, in words.
pub(crate) fn stead_words(ctx: &Ctx, stead: &InSteadOf) -> String {
    ctx.ta("desk-hand-stead", [("name", stead.name.as_str()), ("number", stead.number.as_str())])
}
