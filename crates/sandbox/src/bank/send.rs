//! Sending answers: signed, repeated until the node has them, and, where an institution's manners say so,
//! doubled, garbled, unsigned or replayed first. Whoever garbles answers rightly as soon as it is refused.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::work::note_told;
use crate::clock::pause;
use crate::country::Behaviour;
use crate::draw::{Draw, about};
use crate::node::{Ready, Reply};
use crate::stage::{Mutant, Stage, Told};
use crate::wire::{Amount, Answer, Line};
use crate::world::model::HoldId;

/// Pauses between tries by the wall clock, seconds; the last one goes on.
const PAUSES: [u64; 6] = [1, 2, 4, 8, 15, 30];
/// How often an answer is tried at most: half an hour.
const TRIES: usize = 60;

/// What sort of answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// `A00`.
    Ack,
    /// What was found and held.
    Money,
    /// A hold ended.
    End,
}

/// An answer on its way.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Whose answer.
    pub from: String,
    /// Who passes it on and signs, if not the institution itself.
    pub via: Option<String>,
    /// The answer.
    pub answer: Answer,
    /// What sort.
    pub sort: Sort,
    /// The hold it tells of.
    pub hold: Option<HoldId>,
}

impl Outgoing {
    fn path(&self) -> String {
        format!("/api/v1/orders/{}/answers", self.answer.order_id)
    }
    /// Who signs.
    fn signer(&self) -> &str {
        self.via.as_deref().unwrap_or(&self.from)
    }
}

/// Sends an answer by itself.
pub fn spawn(stage: &Arc<Stage>, outgoing: Outgoing) {
    // Marked before the task begins, so that the run cannot end between the hold and its answer.
    let busy = stage.on_its_way();
    let stage = Arc::clone(stage);
    tokio::spawn(async move {
        first(&stage, outgoing).await;
        drop(busy);
    });
}

/// Sends everything about an order once more, byte for byte.
pub async fn again(stage: &Arc<Stage>, code: &str, order_id: &str) {
    let sent = stage.at_desk(code, |desk| desk.work(order_id).map(|w| w.sent.clone()).unwrap_or_default());
    for outgoing in sent {
        let _busy = stage.on_its_way();
        deliver(stage, &outgoing).await;
    }
}

/// The first time an answer is sent: with all the manners of its institution.
async fn first(stage: &Arc<Stage>, outgoing: Outgoing) {
    stage.until_alive(&outgoing.from).await;
    if outgoing.via.is_some() {
        let mut dice = Draw::keyed(about(stage.country.seed, &outgoing.answer.answer_id));
        stage.office.sleep_until(stage.office.now().plus(stage.flow.centre_pass.draw(&mut dice))).await;
    }
    if outgoing.sort == Sort::Money && stage.mutant_loses_this() {
        stage.counts.add("answers.lost_by_mutant");
        note_told(stage, &outgoing, Told::Accepted);
        return;
    }
    stage.at_desk(&outgoing.from, |desk| {
        if let Some(work) = desk.work(&outgoing.answer.order_id) {
            work.sent.push(outgoing.clone());
        }
    });
    let manners = stage.manners(&outgoing.from);
    let mut dice = Draw::keyed(about(about(stage.country.seed, "faults"), &outgoing.answer.answer_id));
    if outgoing.sort == Sort::Money {
        faults(stage, &outgoing, &manners, &mut dice).await;
    }
    let doubled = dice.chance(manners.doubled);
    let replayed = dice.chance(manners.replayed);
    let ready = if doubled {
        stage.counts.add("faults.doubled");
        tokio::join!(deliver(stage, &outgoing), deliver(stage, &outgoing)).0
    } else {
        deliver(stage, &outgoing).await
    };
    if let (true, Some(ready)) = (replayed, ready) {
        replay(stage, &outgoing, &ready).await;
    }
}

/// Sends an answer until the node has it or refuses it; gives the request that got through.
async fn deliver(stage: &Arc<Stage>, outgoing: &Outgoing) -> Option<Ready> {
    let mut body = serde_json::to_vec(&outgoing.answer).ok()?;
    for attempt in 0..TRIES {
        let ready = ready(stage, outgoing, body.clone())?;
        match stage.node.send(&ready).await {
            Ok(reply) if !reply.try_again() => {
                settle(stage, outgoing, &reply);
                return reply.taken().then_some(ready);
            }
            Ok(reply) => tracing::debug!(status = reply.status, "the node asks to try again"),
            Err(error) => tracing::debug!(%error, "the node cannot be reached"),
        }
        stage.counts.add("answers.repeated");
        if stage.broken(Mutant::NeverRepeat) {
            return None;
        }
        if stage.broken(Mutant::NewAnswerIds) {
            let answer_id = format!("{}-{attempt}", outgoing.answer.answer_id);
            body = serde_json::to_vec(&Answer { answer_id, ..outgoing.answer.clone() }).ok()?;
        }
        let seconds = PAUSES.get(attempt).or(PAUSES.last()).copied().unwrap_or(1);
        pause(Duration::from_secs(seconds)).await;
    }
    tracing::error!(order = %outgoing.answer.order_id, "an answer never reached the node");
    stage.counts.add("answers.given_up");
    None
}

fn ready(stage: &Stage, outgoing: &Outgoing, body: Vec<u8>) -> Option<Ready> {
    let signer = stage.signer(outgoing.signer());
    let ready = signer.and_then(|signer| stage.node.post(&signer, &outgoing.path(), body));
    ready.map_err(|error| tracing::error!(%error, "an answer was not signed")).ok()
}

/// The node has judged the answer.
fn settle(stage: &Stage, outgoing: &Outgoing, reply: &Reply) {
    let told = if reply.taken() { Told::Accepted } else { Told::Refused };
    stage.counts.add(if reply.taken() { "answers.accepted" } else { "answers.refused" });
    if !reply.taken() {
        let code = reply.code();
        stage.counts.add(&format!("refused.{code}"));
        tracing::warn!(order = %outgoing.answer.order_id, from = %outgoing.from, code, "the node refused an answer");
    }
    note_told(stage, outgoing, told);
    let codes: Vec<&str> = outgoing.answer.lines.iter().map(|l| l.code.as_str()).collect();
    let facts = json!({
        "from": outgoing.from, "via": outgoing.via, "order": outgoing.answer.order_id,
        "object": outgoing.answer.object_id, "answer": outgoing.answer.answer_id, "codes": codes, "status": reply.status,
    });
    stage.journal.note(stage.office.now(), "answered", facts);
}

/// Everything wrong that is sent before the right answer.
async fn faults(stage: &Arc<Stage>, outgoing: &Outgoing, manners: &Behaviour, dice: &mut Draw) {
    if dice.chance(manners.wrong_amount)
        && let Some(wrong) = wrong_amount(&outgoing.answer, dice)
        && let Ok(body) = serde_json::to_vec(&wrong)
    {
        wrong_one(stage, outgoing, "wrong_amount", ready(stage, outgoing, body)).await;
    }
    if dice.chance(manners.malformed) {
        let body = malformed(&outgoing.answer, dice);
        wrong_one(stage, outgoing, "malformed", ready(stage, outgoing, body)).await;
    }
    if dice.chance(manners.unsigned)
        && let Ok(body) = serde_json::to_vec(&outgoing.answer)
    {
        wrong_one(stage, outgoing, "unsigned", ready(stage, outgoing, body).map(Ready::unsigned)).await;
    }
}

/// Sends something that must be refused, and counts it as a finding if it is not.
async fn wrong_one(stage: &Stage, outgoing: &Outgoing, what: &str, ready: Option<Ready>) {
    let Some(ready) = ready else { return };
    stage.counts.add(&format!("faults.{what}"));
    let Ok(reply) = stage.node.send(&ready).await else { return };
    if reply.taken() {
        stage.counts.add(&format!("swallowed.{what}"));
        tracing::error!(order = %outgoing.answer.order_id, what, "the node took an answer that it must refuse");
    } else {
        stage.counts.add(&format!("fault_refused.{what}.{}", reply.code()));
    }
}

/// The same bytes under the same signature once more. The node may refuse the signature or say again what it
/// said; either way nothing may happen twice, which the sums at the end show.
async fn replay(stage: &Stage, outgoing: &Outgoing, ready: &Ready) {
    stage.counts.add("faults.replayed");
    if let Ok(reply) = stage.node.send(ready).await {
        let outcome = if reply.taken() { "taken".to_owned() } else { reply.code() };
        stage.counts.add(&format!("fault_refused.replayed.{outcome}"));
        tracing::debug!(order = %outgoing.answer.order_id, outcome, "replayed");
    }
}

/// The same answer with an amount that cannot be; `None` where it has no amounts.
fn wrong_amount(answer: &Answer, dice: &mut Draw) -> Option<Answer> {
    let mut wrong = answer.clone();
    wrong.answer_id = format!("{}-w", wrong.answer_id);
    let line: &mut Line = wrong.lines.iter_mut().find(|l| l.amount.is_some())?;
    let minor = line.amount.as_ref().and_then(Amount::minor)?;
    // More than any cap, where it is a hold: what moved on is not limited by the cap.
    let hold = matches!(line.code.as_str(), "H10" | "H11");
    line.amount = Some(match dice.below(4) {
        0 if hold => Amount::kzt(minor.saturating_mul(1_000_000)),
        0 | 1 => Amount::kzt(-minor),
        2 => Amount { currency: "USD".to_owned(), ..Amount::kzt(minor) },
        _ => Amount { amount: format!("{minor}e3"), ..Amount::kzt(minor) },
    });
    Some(wrong)
}

/// Bytes that are no answer.
fn malformed(answer: &Answer, dice: &mut Draw) -> Vec<u8> {
    let mut value = json!(answer);
    let id = format!("{}-m", answer.answer_id);
    if let Some(map) = value.as_object_mut() {
        map.insert("answer_id".to_owned(), json!(id));
        match dice.below(4) {
            0 => drop(map.insert("lines".to_owned(), json!("H10"))),
            1 => drop(map.remove("order_id")),
            2 => drop(map.insert("answer_id".to_owned(), json!("ұ".repeat(80)))),
            _ => {
                let mut text = value.to_string().into_bytes();
                text.truncate(text.len() / 2);
                return text;
            }
        }
    }
    value.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Answer {
        Answer {
            kind: "answer.v1".to_owned(),
            answer_id: "a-1".to_owned(),
            order_id: "ord_1".to_owned(),
            executor: "ZALT".to_owned(),
            object_id: Some("obj_1".to_owned()),
            at: "2026-11-23T14:05:00+05:00".to_owned(),
            lines: vec![Line::code("N30"), Line { amount: Some(Amount::kzt(500)), ..Line::code("H10") }],
            text: None,
        }
    }

    #[test]
    fn what_is_wrong_is_truly_wrong() {
        for key in 0..50 {
            let wrong = wrong_amount(&answer(), &mut Draw::keyed(key)).unwrap();
            let told = wrong.lines[1].amount.as_ref().unwrap();
            assert_ne!(Some(told), answer().lines[1].amount.as_ref());
            assert!(told.minor().is_none_or(|m| !(0..=500).contains(&m)), "{told:?}");
            assert_ne!(wrong.answer_id, answer().answer_id);
            let bytes = malformed(&answer(), &mut Draw::keyed(key));
            let read = serde_json::from_slice::<Answer>(&bytes);
            assert!(read.is_err() || read.is_ok_and(|a| a.answer_id.len() > 64));
        }
        let bare = Answer { lines: vec![Line::code("N30")], ..answer() };
        assert_eq!(wrong_amount(&bare, &mut Draw::keyed(1)), None);
    }
}
