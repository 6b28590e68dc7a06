//! The body that keeps the country's first register: takes each report, and each case, once, under an invented number, whatever comes
//! twice. Some of its answers come at once, some after its people's delay; some files it does not take. What it holds
//! is the truth that the node's numbers are compared with.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bank::front::{problem, signed_response, verified};
use crate::clock::pause;
use crate::country::{Institution, Kind};
use crate::draw::{Draw, about};
use crate::moment::Moment;
use crate::stage::{Mutant, Stage};

/// Of a thousand files so many are not taken: something is missing.
const REFUSED: i64 = 50;
/// Of a thousand so many are answered later by a message.
const SLOW: i64 = 250;
/// How often a later answer is tried, and how long between.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(700);

/// A report in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The report's number at the node.
    pub report: String,
    /// The register's number, invented.
    pub number: String,
    /// When it was entered, office time.
    pub registered_at: String,
    /// How many times its file came.
    pub files: u64,
    /// Whether the node said that it took the answer.
    pub told: bool,
}

/// Everything it holds, by the report's number, and whose file it has not taken so far.
#[derive(Debug, Default)]
pub struct Register {
    entries: BTreeMap<String, Entry>,
    /// Cases beside them: whoever compares reports is not told of those.
    cases: BTreeMap<String, Entry>,
    turned_away: BTreeMap<String, String>,
}

impl Register {
    /// Enters a report or a case, once. All have numbers of one row.
    fn enter(&mut self, report: &str, case: bool, now: Moment) -> Entry {
        let next = self.entries.len() + self.cases.len() + 1;
        let all = if case { &mut self.cases } else { &mut self.entries };
        let entry = all.entry(report.to_owned()).or_insert_with(|| Entry {
            report: report.to_owned(),
            number: format!("ZKUI-{next:06}"),
            registered_at: now.rfc3339(),
            files: 0,
            told: false,
        });
        entry.files += 1;
        self.turned_away.remove(report);
        entry.clone()
    }
    fn told(&mut self, report: &str) {
        let found = match self.entries.get_mut(report) {
            None => self.cases.get_mut(report),
            found => found,
        };
        if let Some(entry) = found {
            entry.told = true;
        }
    }
    /// All reports that it holds.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.values().cloned().collect()
    }
    /// All cases that it holds.
    #[must_use]
    pub fn cases(&self) -> Vec<Entry> {
        self.cases.values().cloned().collect()
    }
    /// The same with the ids of their files: somebody at the desk must send another.
    #[must_use]
    pub fn sent_back(&self) -> Vec<(String, String)> {
        self.turned_away.iter().map(|(report, file)| (report.clone(), file.clone())).collect()
    }
    /// Reports whose file it did not take.
    #[must_use]
    pub fn turned_away(&self) -> Vec<String> {
        self.turned_away.keys().cloned().collect()
    }
}

/// What this side reads of the file: it keeps nobody's story.
#[derive(Debug, Deserialize)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    hand_over_id: String,
    register: String,
    subject_number: String,
}

impl File {
    fn is_case(&self) -> bool {
        self.kind == "registration_case.v1"
    }
}

/// `POST /{code}/registrations`.
pub async fn take(
    State(stage): State<Arc<Stage>>,
    Path(code): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let keeper = stage.country.find(&code).filter(|i| i.kind == Kind::StateBody);
    let Some(keeper) = keeper else {
        return problem(StatusCode::NOT_FOUND, "institution.unknown", "nobody keeps a register here");
    };
    if stage.stopping() {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "gateway.closed", "the register is closed");
    }
    if let Err(refusal) = verified(&stage, keeper, "registrations", &headers, &body).await {
        return *refusal;
    }
    let file: File = match serde_json::from_slice(&body) {
        Ok(file) => file,
        Err(error) => {
            stage.counts.add("gateway.malformed");
            return problem(StatusCode::BAD_REQUEST, "message.malformed", &error.to_string());
        }
    };
    if !matches!(file.kind.as_str(), "registration.v1" | "registration_case.v1")
        || !keeper.keeps.registers.contains(&file.register)
    {
        stage.counts.add("gateway.malformed");
        return problem(StatusCode::UNPROCESSABLE_ENTITY, "register.unknown", "no such register or schema");
    }
    answered(&stage, keeper, &file)
}

fn answered(stage: &Arc<Stage>, keeper: &Institution, file: &File) -> Response {
    let now = stage.office.now();
    let mut dice = Draw::keyed(about(about(stage.country.seed, "register"), &file.hand_over_id));
    stage.counts.add("registers.files");
    if dice.chance(REFUSED) {
        stage.counts.add("registers.turned_away");
        if !file.is_case() {
            let (report, id) = (file.subject_number.clone(), file.hand_over_id.clone());
            stage.with_register(|r| r.turned_away.insert(report, id));
        }
        let body = json!({
            "type": "registration_refusal.v1", "hand_over_id": file.hand_over_id, "code": "incomplete",
            "text": "the reporter's address is missing",
        });
        return signed(stage, keeper, &body);
    }
    let slow = dice.chance(SLOW);
    let mut entry = stage.with_register(|r| r.enter(&file.subject_number, file.is_case(), now));
    if stage.broken(Mutant::ForgetMessages) && entry.files > 1 {
        entry.number = format!("{}-{}", entry.number, entry.files);
    }
    let facts = json!({"report": entry.report, "number": entry.number, "files": entry.files, "slow": slow});
    stage.journal.note(now, "registered", facts);
    let body = receipt(&file.hand_over_id, &entry);
    if slow {
        stage.counts.add("registers.slow");
        let (stage, code, entry, id) =
            (Arc::clone(stage), keeper.code.clone(), entry, file.hand_over_id.clone());
        tokio::spawn(async move { tell_later(&stage, &code, &entry, &id, &body).await });
        return (StatusCode::ACCEPTED, axum::Json(json!({"status": "taken"}))).into_response();
    }
    stage.counts.add("registers.at_once");
    signed(stage, keeper, &body)
}

fn receipt(hand_over_id: &str, entry: &Entry) -> serde_json::Value {
    json!({
        "type": "registration_receipt.v1", "hand_over_id": hand_over_id, "number": entry.number,
        "registered_at": entry.registered_at, "registrar": "Sample registrar (invented)",
    })
}

fn signed(stage: &Stage, keeper: &Institution, body: &serde_json::Value) -> Response {
    let answer = stage.signer(&keeper.code).and_then(|s| signed_response(&s, body.to_string().into_bytes()));
    answer.unwrap_or_else(|error| {
        tracing::error!(%error, "a register's answer was not signed");
        problem(StatusCode::INTERNAL_SERVER_ERROR, "register.fault", "no answer")
    })
}

/// After its people's delay, by a message of its own, until the node takes it.
async fn tell_later(stage: &Arc<Stage>, code: &str, entry: &Entry, id: &str, body: &serde_json::Value) {
    let _busy = stage.on_its_way();
    let mut dice = Draw::keyed(about(about(stage.country.seed, "registrar"), id));
    let wait = stage.flow.partner_person.draw(&mut dice);
    let until = stage.office.now().plus(wait);
    // Whoever closes the country does not wait for its people.
    while stage.office.now().secs() < until.secs() && !stage.stopping() {
        pause(Duration::from_millis(200)).await;
    }
    let path = format!("/api/v1/registrations/{id}/answers");
    for _ in 0..TRIES {
        let ready =
            stage.signer(code).and_then(|s| stage.node.post(&s, &path, body.to_string().into_bytes()));
        let Ok(ready) = ready else { break };
        match stage.node.send(&ready).await {
            Ok(reply) if reply.taken() => {
                stage.counts.add("registers.told_later");
                stage.with_register(|r| r.told(&entry.report));
                return;
            }
            Ok(reply) if !reply.try_again() => {
                stage.counts.add(&format!("refused.{}", reply.code()));
                tracing::error!(report = %entry.report, code = reply.code(), "the node refused a register's answer");
                return;
            }
            _ => pause(BETWEEN).await,
        }
    }
    stage.counts.add("registers.untold");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_entered_once_under_one_number() {
        let mut register = Register::default();
        let now = Moment::from_secs(1_795_000_000);
        let first = register.enter("R-1", false, now);
        let again = register.enter("R-1", false, now.plus(60));
        let other = register.enter("R-2", false, now);
        assert_eq!((&first.number, &first.registered_at), (&again.number, &again.registered_at));
        assert_eq!((first.files, again.files), (1, 2));
        assert_ne!(first.number, other.number);
        let case = register.enter("C-1", true, now);
        assert!(![&first.number, &other.number].contains(&&case.number));
        assert_eq!((register.entries().len(), register.cases().len()), (2, 1), "a case is no report");
        register.told("R-2");
        let told: Vec<bool> = register.entries().iter().map(|e| e.told).collect();
        assert_eq!(told, [false, true]);
    }
}
