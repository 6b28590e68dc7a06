//! What an institution said by telephone or letter, written down by an officer: the same words, by the same rules, as if
//! the institution had sent them, and marked as written down.

use access::{Action, Resource, Stage};
use app::App;
use audit::Act;
use kernel::{Actor, Money, Timestamp};
use serde_json::json;

use super::answering::{Outcome, take};
use super::ending::REASON;
use crate::OrderError;
use crate::answer::{AnswerFault, Code};
use crate::message::{Amount, Answer, HolderRef, Line};
use crate::model::{ObjectId, OrderId};
use crate::store::{self, answers};
use crate::{measure, rules};

/// What was said.
#[derive(Debug, Clone)]
pub struct Told {
    /// Sent twice with the same key, it is written down once.
    pub key: String,
    /// About what.
    pub object: ObjectId,
    /// What happened.
    pub code: Code,
    /// `phone` or `letter`.
    pub by: &'static str,
    /// Who said it: name and office, or number and date of the letter.
    pub who: String,
    /// When it happened; the moment of writing it down if nobody knows.
    pub at: Option<Timestamp>,
    /// How much.
    pub amount: Option<Money>,
    /// Until when data are kept.
    pub until: Option<Timestamp>,
    /// The institution it went over to.
    pub institution: String,
    /// The institution's reference.
    pub reference: String,
    /// In words.
    pub text: String,
    /// Whose it is.
    pub holder: Option<HolderRef>,
}

impl Told {
    fn missing(&self, field: &'static str) -> AnswerFault {
        AnswerFault::Missing { line: 0, code: self.code.as_string(), field }
    }

    /// What was filled in must belong to what was said: a sum beside "no such account" is a slip of one of the two.
    fn stray(&self) -> Option<AnswerFault> {
        let given = |text: &str| !text.trim().is_empty();
        let field = if self.amount.is_some() && !self.code.takes_amount() {
            "amount"
        } else if self.until.is_some() && self.code != Code::K10 {
            "until"
        } else if given(&self.institution) && !self.code.needs_institution() {
            "institution"
        } else {
            return None;
        };
        Some(AnswerFault::Stray { line: 0, code: self.code.as_string(), field })
    }
}

/// Codes that can be written down for a measure. Where money went must come from the institution's own books, and
/// what was paid out must be signed by whoever paid.
#[must_use]
pub fn recordable(measure: profile::Measure) -> Vec<Code> {
    let by_hand = |code: &Code| !code.is_outflow() && !matches!(code, Code::P70 | Code::P71 | Code::E90);
    Code::TABLE.into_iter().filter(|code| measure::fits(measure, *code)).filter(by_hand).collect()
}

/// Writes down what an institution said about something that an order names.
///
/// # Errors
/// Hidden or forbidden; faults of the answer; the order has ended; nobody is named who said it.
pub async fn record_answer(app: &App, actor: &Actor, id: OrderId, told: Told) -> Result<Outcome, OrderError> {
    let who = app::reason(&told.who).ok_or_else(|| told.missing("who"))?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            tx.lock_row("orders", id.uuid())?;
            let order = store::find(tx, id)?.ok_or(OrderError::NotFound)?;
            let resource = Resource::new("order", id.uuid(), &order.header).at(Stage::Sent);
            access::require(&actor, Action::RecordAnswer, &resource)?;
            if !recordable(order.measure).contains(&told.code) {
                let (code, measure) = (told.code.as_string(), order.measure);
                return Err(AnswerFault::Unfit { line: 0, code, measure }.into());
            }
            if let Some(stray) = told.stray() {
                return Err(stray.into());
            }
            let said = answer_of(&told, &order, me.office.now());
            let hash = me.vault.blind("answer", &serde_json::to_string(&said).unwrap_or_default());
            // The same person may say the same twice: a key of the form is one answer, another form another.
            let executor = order.executor.clone();
            let basis = order.header.basis;
            let report = order.report;
            let known = answers::hash(tx, rules::answer_key(&executor, &said.answer_id))?.is_some();
            if known {
                return Ok(Outcome { status: order.status, already: true, changed: false });
            }
            let outcome = take(tx, &me, &actor, (order, &executor), (&said, Some(&who)), hash)?;
            let words = me.seal_words(tx, report.uuid(), REASON, &who)?;
            let facts =
                json!({"by": told.by, "codes": [told.code.as_string()], "reason_sealed": words.fact()});
            let act = Act { basis, facts, ..Act::about("order.answer_recorded", "order", id.uuid()) };
            me.record(tx, &actor, &act)?;
            Ok(outcome)
        })
        .await
}

fn answer_of(told: &Told, order: &crate::model::Order, now: Timestamp) -> Answer {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let line = Line {
        code: told.code.as_string(),
        at: Some(told.at.unwrap_or(now).rfc3339()),
        amount: told.amount.map(Amount::of),
        until: told.until.map(Timestamp::rfc3339),
        institution: some(&told.institution),
        reference: some(&told.reference),
        text: some(&told.text),
        holders: told.holder.clone().map(|h| vec![h]),
        ..Line::default()
    };
    Answer {
        kind: "answer.v1".to_owned(),
        answer_id: format!("desk-{}", told.key),
        order_id: order.id.to_string(),
        executor: order.executor.clone(),
        object_id: Some(told.object.to_string()),
        at: now.rfc3339(),
        lines: vec![line],
        text: None,
    }
}
