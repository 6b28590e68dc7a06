//! One order about one known thing, from its message to its end.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::MutexGuard;

use crate::check::Check;
use crate::kit::{Kit, Mood, State};
use crate::messages::text;
use crate::rules::{Standing, is_substance};
use crate::wire::Answer;

/// How long an order of the kit stands that is not to lapse: longer than any run.
pub const LONG: Duration = Duration::from_secs(5 * 86_400);

/// An order about one known thing.
pub struct Case<'k> {
    kit: &'k Kit,
    /// The order.
    pub order: String,
    /// Its object.
    pub object: String,
    /// Its message.
    pub message: Value,
    _lane: Option<MutexGuard<'k, ()>>,
}

impl<'k> Case<'k> {
    /// An order about the known thing `no`, remembered but not sent.
    pub async fn new(kit: &'k Kit, no: usize, mood: Mood) -> anyhow::Result<Self> {
        Self::with(kit, no, mood, LONG, kit.plan.cap()).await
    }

    /// An order that asks for the whole payment, so that the bank must also tell what of it has moved on.
    pub async fn whole(kit: &'k Kit) -> anyhow::Result<Self> {
        Self::with(kit, 0, Mood::Plain, LONG, kit.plan.payment.amount).await
    }

    /// The same with a term.
    pub async fn ending(kit: &'k Kit, no: usize, mood: Mood, term: Duration) -> anyhow::Result<Self> {
        Self::with(kit, no, mood, term, kit.plan.cap()).await
    }

    async fn with(kit: &'k Kit, no: usize, mood: Mood, term: Duration, cap: i64) -> anyhow::Result<Self> {
        let lane = kit.lane(no).await;
        let count = kit.plan.known.len().max(1);
        let thing = kit.plan.known.get(no % count).unwrap_or(&kit.plan.unknown);
        let message = kit.order(&[kit.object(thing, cap)?], term)?;
        kit.remember(&message, mood, false);
        let object = message.pointer("/objects/0/object_id").and_then(Value::as_str).unwrap_or_default();
        let (order, object) = (text(&message, "order_id").to_owned(), object.to_owned());
        Ok(Self { kit, order, object, message, _lane: lane })
    }

    /// The same order in another message.
    #[must_use]
    pub fn saying(self, message: Value) -> Self {
        self.kit.remember(&message, Mood::Plain, false);
        Self { message, ..self }
    }

    /// What its answers come to.
    pub fn standing(&self) -> Standing {
        self.kit.state().standing(&self.order, &self.object)
    }

    /// Waits for something in the standing.
    pub async fn until(&self, patience: Duration, fits: impl Fn(&Standing) -> bool) -> Option<Standing> {
        let look = |state: &State| Some(state.standing(&self.order, &self.object)).filter(|s| fits(s));
        self.kit.until(patience, look).await
    }

    /// Waits for a word about the object.
    pub async fn word(&self) -> Option<Standing> {
        let first = self.until(self.kit.plan.patience, |s| !s.words.is_empty()).await?;
        let fair =
            |state: &State| state.heard_of(&self.order).any(|h| !h.refused && says(&h.answer)).then_some(());
        if fair(&self.kit.state()).is_none() {
            // What was refused may be said again in the right way: the money of the first try is then held after all.
            let _better = self.kit.until(self.kit.plan.quiet, fair).await;
            return Some(self.standing());
        }
        Some(first)
    }

    /// Sends the order and waits for a word about its object; what came instead, where none comes.
    pub async fn asked(&self) -> Result<Standing, String> {
        self.kit.deliver(&self.message).await?;
        self.word().await.ok_or_else(|| "no word about the object".to_owned())
    }

    /// Whether an answer has a line with this code.
    pub async fn heard(&self, code: &str) -> bool {
        let look = |state: &State| {
            let mut lines = state.answers(&self.order).flat_map(|a| &a.lines);
            lines.any(|l| l.code == code).then_some(())
        };
        self.kit.until(self.kit.plan.patience, look).await.is_some()
    }

    /// A release of all, or of a part.
    pub fn release(&self, part: Option<i64>) -> anyhow::Result<Value> {
        self.kit.release(&self.order, &self.object, part, "L61")
    }

    /// Leaves nothing behind: what still stands is released.
    pub async fn tidy(self) -> anyhow::Result<()> {
        if self.standing().in_force {
            let _told = self.kit.deliver(&self.release(None)?).await;
            // Who was deaf to one release is not waited for at each.
            let plan = &self.kit.plan;
            let patience = if self.kit.failed(Check::ReleaseFull) { plan.quiet } else { plan.patience };
            let _ended = self.until(patience, |s| !s.in_force).await;
        }
        Ok(())
    }
}

/// Whether an answer has a word about its object.
fn says(answer: &Answer) -> bool {
    answer.lines.iter().any(|l| is_substance(&l.code))
}

/// Releases whatever still stands at the end of the run, also what should never have begun.
pub async fn tidy_all(kit: &Kit) -> anyhow::Result<()> {
    let standing = |state: &State| -> Vec<(String, String)> {
        let objects = state.orders.iter().flat_map(|(id, o)| o.asked.objects.keys().map(move |x| (id, x)));
        let open = objects.filter(|(order, object)| state.standing(order, object).in_force);
        open.map(|(order, object)| (order.clone(), object.clone())).collect()
    };
    let left = standing(&kit.state());
    for (order, object) in &left {
        let _told = kit.deliver(&kit.release(order, object, None, "L61")?).await;
    }
    if !left.is_empty() {
        let patience = kit.plan.patience.min(Duration::from_secs(15));
        let free = |state: &State| standing(state).is_empty().then_some(());
        if kit.until(patience, free).await.is_none() {
            tracing::warn!("something is still held for this run; it ends by its term of five days");
        }
    }
    Ok(())
}
