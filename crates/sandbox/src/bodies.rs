//! Bodies to which cases are referred: they take most, return some with a reason, and let some lie till they are late. What they hold is
//! the truth that the node's answers are compared with.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::bank::front::{problem, signed_response, verified};
use crate::clock::pause;
use crate::country::{Institution, Kind};
use crate::draw::{Draw, about};
use crate::moment::Moment;
use crate::stage::Stage;

/// Of a thousand referrals so many are not the body's matter.
const RETURNED: i64 = 150;
/// Of a thousand so many lie till they are late.
const LATE: i64 = 150;
/// Of a thousand so many are answered at once, in the response.
const AT_ONCE: i64 = 300;
/// So long after their term the late ones are answered, office seconds.
const AFTER: i64 = 3_600;
/// How often an answer is tried, and how long between.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(700);

/// What a body does with a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// It takes the case.
    Accepts,
    /// It returns it.
    Returns,
}

/// What is decided about a referral, once, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// What.
    pub way: Way,
    /// Whether in the response to the message.
    pub at_once: bool,
    /// Whether only after its term.
    pub late: bool,
}

/// By the seed and the referral's id: the same at every repetition.
#[must_use]
pub fn decide(seed: u64, referral: &str) -> Decided {
    let mut dice = Draw::keyed(about(about(seed, "body"), referral));
    let way = if dice.chance(RETURNED) { Way::Returns } else { Way::Accepts };
    let late = dice.chance(LATE);
    Decided { way, late, at_once: !late && dice.chance(AT_ONCE) }
}

/// A referral with a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referred {
    /// Its id.
    pub referral: String,
    /// The body.
    pub body: String,
    /// Number of the case at the node.
    pub case: String,
    /// The body's own number, invented; empty where it returns the case.
    pub number: String,
    /// What it does with it.
    pub way: Way,
    /// How many times its message came.
    pub messages: u64,
    /// Whether the node said that it took the answer.
    pub told: bool,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

/// Everything that bodies hold, by the referral's id.
#[derive(Debug, Default)]
pub struct Bodies {
    entries: BTreeMap<String, Referred>,
}

impl Bodies {
    /// Takes a referral, once. Whether it is new.
    fn take(&mut self, file: &File, decided: Decided) -> (Referred, bool) {
        let next = self.entries.len() + 1;
        let new = || Referred {
            referral: file.referral_id.clone(),
            body: file.body.clone(),
            case: file.case_number.clone(),
            number: if decided.way == Way::Accepts { format!("Z-{next:05}") } else { String::new() },
            way: decided.way,
            messages: 0,
            told: false,
            withdrawn: false,
        };
        let entry = self.entries.entry(file.referral_id.clone()).or_insert_with(new);
        entry.messages += 1;
        (entry.clone(), entry.messages == 1)
    }
    fn mark(&mut self, referral: &str, how: impl FnOnce(&mut Referred)) {
        if let Some(entry) = self.entries.get_mut(referral) {
            how(entry);
        }
    }
    fn is_withdrawn(&self, referral: &str) -> bool {
        self.entries.get(referral).is_some_and(|e| e.withdrawn)
    }
    /// All referrals.
    #[must_use]
    pub fn entries(&self) -> Vec<Referred> {
        self.entries.values().cloned().collect()
    }
}

/// What this side reads of a referral, and of one that was taken back: it keeps nobody's story.
#[derive(Debug, Deserialize)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    referral_id: String,
    case_number: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    due_at: String,
}

/// `POST /{code}/referrals`.
pub async fn take(
    State(stage): State<Arc<Stage>>,
    Path(code): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let known = stage.country.find(&code).filter(|i| i.kind == Kind::StateBody && !i.keeps.bodies.is_empty());
    let Some(institution) = known else {
        return problem(StatusCode::NOT_FOUND, "institution.unknown", "nobody takes cases here");
    };
    if stage.stopping() {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "gateway.closed", "the office is closed");
    }
    if let Err(refusal) = verified(&stage, institution, "referrals", &headers, &body).await {
        return *refusal;
    }
    let file: File = match serde_json::from_slice(&body) {
        Ok(file) => file,
        Err(error) => {
            stage.counts.add("gateway.malformed");
            return problem(StatusCode::BAD_REQUEST, "message.malformed", &error.to_string());
        }
    };
    match file.kind.as_str() {
        "referral_withdrawn.v1" => {
            stage.counts.add("referrals.withdrawn");
            stage.with_bodies(|b| b.mark(&file.referral_id, |e| e.withdrawn = true));
            plain()
        }
        "referral.v1" if institution.keeps.bodies.contains(&file.body) => taken(&stage, institution, &file),
        _ => {
            stage.counts.add("gateway.malformed");
            problem(StatusCode::UNPROCESSABLE_ENTITY, "body.unknown", "no such body or schema")
        }
    }
}

fn plain() -> Response {
    (StatusCode::ACCEPTED, axum::Json(json!({"status": "taken"}))).into_response()
}

fn taken(stage: &Arc<Stage>, institution: &Institution, file: &File) -> Response {
    let now = stage.office.now();
    let decided = decide(stage.country.seed, &file.referral_id);
    stage.counts.add("referrals.came");
    let (entry, new) = stage.with_bodies(|b| b.take(file, decided));
    let facts = json!({"case": entry.case, "body": entry.body, "way": entry.way, "late": decided.late, "messages": entry.messages});
    stage.journal.note(now, "referred", facts);
    if decided.at_once {
        stage.counts.add("referrals.at_once");
        let said = signed(stage, institution, &answer(&entry));
        stage.with_bodies(|b| b.mark(&entry.referral, |e| e.told = true));
        return said;
    }
    if new {
        let (stage, code) = (Arc::clone(stage), institution.code.clone());
        let due = decided.late.then(|| Moment::parse(&file.due_at)).flatten();
        tokio::spawn(async move { tell_later(&stage, &code, &entry, due).await });
    }
    plain()
}

fn answer(entry: &Referred) -> Value {
    let (outcome, reason) = match entry.way {
        Way::Accepts => ("accepted", ""),
        Way::Returns => ("returned", "This is not our matter (invented reason)"),
    };
    json!({
        "type": "referral_answer.v1", "referral_id": entry.referral, "outcome": outcome, "number": entry.number, "reason": reason,
    })
}

fn signed(stage: &Stage, institution: &Institution, body: &Value) -> Response {
    let said =
        stage.signer(&institution.code).and_then(|s| signed_response(&s, body.to_string().into_bytes()));
    said.unwrap_or_else(|error| {
        tracing::error!(%error, "a body's answer was not signed");
        problem(StatusCode::INTERNAL_SERVER_ERROR, "body.fault", "no answer")
    })
}

/// After its people's delay, or after the term, by a message of its own, until the node takes it.
async fn tell_later(stage: &Arc<Stage>, code: &str, entry: &Referred, due: Option<Moment>) {
    let mut dice = Draw::keyed(about(about(stage.country.seed, "body-people"), &entry.referral));
    let ready = stage.office.now().plus(stage.flow.partner_person.draw(&mut dice));
    let until = due.map_or(ready, |due| due.plus(AFTER));
    // Whoever closes the country does not wait for its people, nor does a term of days keep it open.
    while stage.office.now().secs() < until.secs() {
        if stage.stopping() {
            return;
        }
        pause(Duration::from_millis(200)).await;
    }
    if stage.with_bodies(|b| b.is_withdrawn(&entry.referral)) {
        return;
    }
    let _busy = stage.on_its_way();
    let path = format!("/api/v1/referrals/{}/answers", entry.referral);
    let body = answer(entry).to_string().into_bytes();
    for _ in 0..TRIES {
        let ready = stage.signer(code).and_then(|s| stage.node.post(&s, &path, body.clone()));
        let Ok(ready) = ready else { break };
        match stage.node.send(&ready).await {
            Ok(reply) if reply.taken() => {
                stage.counts.add("referrals.told_later");
                stage.with_bodies(|b| b.mark(&entry.referral, |e| e.told = true));
                return;
            }
            Ok(reply) if !reply.try_again() => {
                stage.counts.add(&format!("refused.{}", reply.code()));
                tracing::error!(case = %entry.case, code = reply.code(), "the node refused a body's answer");
                return;
            }
            _ => pause(BETWEEN).await,
        }
    }
    stage.counts.add("referrals.untold");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_are_taken_some_returned_some_lie() {
        let all: Vec<Decided> = (0..2_000).map(|n| decide(7, &format!("rfr_{n}"))).collect();
        let count = |f: fn(&Decided) -> bool| all.iter().filter(|d| f(d)).count();
        let (returned, late, at_once) =
            (count(|d| d.way == Way::Returns), count(|d| d.late), count(|d| d.at_once));
        assert!((200..400).contains(&returned), "{returned} returned");
        assert!((200..400).contains(&late), "{late} late");
        assert!((400..650).contains(&at_once), "{at_once} at once");
        assert!(!all.iter().any(|d| d.late && d.at_once));
        assert_eq!(decide(7, "rfr_1"), decide(7, "rfr_1"));
    }

    #[test]
    fn a_referral_that_comes_twice_is_one() {
        let mut bodies = Bodies::default();
        let file = |id: &str| File {
            kind: "referral.v1".into(),
            referral_id: id.into(),
            case_number: "C-2026-00000001".into(),
            body: "afm".into(),
            due_at: String::new(),
        };
        let takes = Decided { way: Way::Accepts, at_once: false, late: false };
        let returns = Decided { way: Way::Returns, ..takes };
        let (first, new) = bodies.take(&file("rfr_1"), takes);
        let (again, newer) = bodies.take(&file("rfr_1"), takes);
        assert!(new && !newer && !first.number.is_empty());
        assert_eq!((&first.number, again.messages), (&again.number, 2));
        assert_eq!(
            bodies.take(&file("rfr_2"), returns).0.number,
            "",
            "a case that is returned has no number there"
        );
        bodies.mark("rfr_1", |e| e.withdrawn = true);
        assert!(bodies.is_withdrawn("rfr_1") && !bodies.is_withdrawn("rfr_2"));
        assert_eq!(bodies.entries().len(), 2);
    }
}
