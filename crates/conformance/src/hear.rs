//! Judging what the partner sends: its signature, its form, its rules. What is wrong is noted and refused as the live
//! node would refuse it; it is kept all the same, so that an unsigned hold does not also count as no hold.

use http::HeaderMap;
use httpsig::{Request, Response, SigError, Verified, verify_request, verify_response};
use serde_json::Value;

use crate::check::Check;
use crate::client::Reply;
use crate::clock;
use crate::kit::{Heard, Kit, MAX_HEARD, Mood, Way};
use crate::report::Verdict;
use crate::rules::{Fault, is_held, judge};
use crate::sign::COVERED;
use crate::wire::{Answer, Line, clip};

/// What a response must cover.
const COVERED_RESPONSE: &[&str] = &["@status", "content-digest", "content-type"];
/// What a `GET` must cover.
const COVERED_GET: &[&str] = &["@method", "@target-uri"];
/// So often an answer may come after it was taken: reminders and repeated orders bring it again.
const OFTEN: u32 = 8;

/// What the kit says to an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Taken, now or before.
    Recorded,
    /// The signature does not hold: 401 with this code.
    Unsigned(String),
    /// No answer at all: 400.
    Malformed(String),
    /// Of an order that is not of this run: 404.
    Unknown,
    /// The id stands for another body: 409.
    Conflict,
    /// Against the rules: 422.
    Faulty(Vec<Fault>),
    /// Taken, but the kit plays a node with a fault: 500.
    Fault,
    /// Taken, but the kit plays a node that does not answer.
    Silence,
}

/// The checks of form that an answer gives something to judge by.
fn applying(answer: &Answer) -> Vec<Check> {
    let mut checks = vec![
        Check::AnswerShape,
        Check::AnswerId,
        Check::AnswerObject,
        Check::AnswerCodes,
        Check::AnswerFields,
        Check::AnswerTimes,
    ];
    let any = |fits: fn(&Line) -> bool| answer.lines.iter().any(fits);
    if any(|l| l.amount.is_some()) {
        checks.extend([Check::AnswerAmounts, Check::AnswerSums]);
    }
    if any(|l| is_held(&l.code)) {
        checks.push(Check::AnswerCap);
    }
    if any(|l| l.account.is_some()) {
        checks.push(Check::AnswerAccounts);
    }
    checks
}

const SIGNATURE: [Check; 6] = [
    Check::SignPresent,
    Check::SignKey,
    Check::SignCovers,
    Check::SignFresh,
    Check::SignDigest,
    Check::SignNonce,
];

impl Kit {
    /// Whether a request's signature holds, for whom it may concern: `Err` is the code of the refusal.
    ///
    /// # Errors
    /// The stable code by which the node would refuse it.
    pub fn verified(
        &self,
        method: &str,
        target: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), String> {
        let request = Request { method, target_uri: target, headers, body };
        let outcome = verify_request(&request, |keyid| self.known_key(keyid), clock::now() / clock::SECOND);
        let covered = if method == "GET" { COVERED_GET } else { COVERED };
        self.judge_signature(outcome, headers, covered, &format!("a request to `{target}`"))
    }

    fn known_key(&self, keyid: &str) -> Option<httpsig::VerifyingKey> {
        (keyid == self.plan.keyid).then_some(self.plan.key)
    }

    fn judge_signature(
        &self,
        outcome: Result<Verified, SigError>,
        headers: &HeaderMap,
        covered: &[&str],
        what: &str,
    ) -> Result<(), String> {
        let verified = match outcome {
            Ok(verified) => verified,
            Err(error) => {
                let (check, expected) = self.place(&error);
                self.fail(check, &expected, &format!("{what}: {error}"));
                return Err(error.code().to_owned());
            }
        };
        let nonce = (verified.keyid.clone(), verified.nonce.clone());
        if !self.state().nonces.insert(nonce) {
            let came = format!("{what}: nonce `{}` came twice", clip(&verified.nonce, 40));
            self.fail(
                Check::SignNonce,
                "a nonce of its own for every signature, also of what is repeated",
                &came,
            );
            return Err("signature.replayed".to_owned());
        }
        for check in SIGNATURE {
            self.pass(check);
        }
        if let Some(more) = covered_beside(headers, covered) {
            self.warn(
                Check::SignCovers,
                &format!("exactly {}", covered.join(" ")),
                &format!("{what}: also `{more}`"),
            );
        }
        Ok(())
    }

    /// The check that an error of a signature belongs to, and what is expected there.
    fn place(&self, error: &SigError) -> (Check, String) {
        let fixed = |text: &str| text.to_owned();
        match error {
            SigError::UnknownKey(_) | SigError::Invalid => (
                Check::SignKey,
                format!(
                    "a signature by `{}` over the address as the kit knows it, `{}…`",
                    self.plan.keyid, self.plan.public_url
                ),
            ),
            SigError::NotCovered(_) | SigError::Component(_) | SigError::Parameter(_) => {
                (Check::SignCovers, fixed("the components and parameters of the profile, all of them"))
            }
            SigError::Expired { .. } | SigError::FromTheFuture { .. } | SigError::Lifetime(_) => {
                (Check::SignFresh, fixed("`created` by a right clock, `expires` at most 300 s later"))
            }
            SigError::DigestMissing
            | SigError::DigestMismatch
            | SigError::Malformed { field: "content-digest", .. } => {
                (Check::SignDigest, fixed("`Content-Digest: sha-256=:…:` of the body as sent"))
            }
            _ => (
                Check::SignPresent,
                fixed("`Signature-Input` and `Signature` with one signature, tag `qorgan-v1`"),
            ),
        }
    }

    /// An answer that came by a request. `signed` is the verdict on its signature.
    pub fn hear(&self, order: &str, signed: Result<(), String>, body: &[u8]) -> Said {
        let said = self.take(order, body, Way::Post, signed.is_ok());
        self.tell();
        match signed {
            Ok(()) => said,
            Err(code) => Said::Unsigned(code),
        }
    }

    /// What came in the body of the response to a message about `order`: an answer, or some words that nobody reads.
    pub fn hear_response(&self, order: &str, reply: &Reply) {
        let Ok(value) = serde_json::from_slice::<Value>(&reply.body) else { return };
        if !reply.taken() || value.get("type").and_then(Value::as_str) != Some("answer.v1") {
            return;
        }
        let response = Response { status: reply.status, headers: &reply.headers, body: &reply.body };
        let outcome = verify_response(&response, |keyid| self.known_key(keyid), clock::now() / clock::SECOND);
        let what = "the response to a message";
        let signed = self.judge_signature(outcome, &reply.headers, COVERED_RESPONSE, what);
        let _noted = self.take(order, &reply.body, Way::Response, signed.is_ok());
        self.tell();
    }

    fn take(&self, order: &str, body: &[u8], way: Way, signed: bool) -> Said {
        let _turn = self.turn();
        let sent = self.state().orders.get(order).cloned();
        // Perhaps of an earlier run under the same key: nothing to be judged.
        let Some(sent) = sent else { return Said::Unknown };
        self.state().came += 1;
        let answer: Answer = match serde_json::from_slice(body) {
            Ok(answer) => answer,
            Err(error) => {
                let came = format!(
                    "{}: `{}`",
                    clip(&error.to_string(), 200),
                    clip(&String::from_utf8_lossy(body), 80)
                );
                self.fail(Check::AnswerShape, "JSON of the form `answer.v1`", &came);
                return Said::Malformed(error.to_string());
            }
        };
        if let Some(said) = self.known_answer(&answer, body, signed.then_some(sent.mood)) {
            return said;
        }
        let faults = judge(&answer, &sent.asked, clock::now());
        for check in applying(&answer) {
            self.pass(check);
        }
        for fault in &faults {
            let came =
                format!("{} at `{}` of answer `{}`", fault.came, fault.pointer, clip(&answer.answer_id, 64));
            self.note(fault.check, fault.verdict, &fault.expected, &came);
        }
        // What the node itself has no code for it takes, however wrong it is.
        let refused = faults.iter().any(|f| f.verdict == Verdict::Failed && !f.code.is_empty());
        let taken = signed && !refused && sent.mood == Mood::Plain;
        let mut state = self.state();
        if state.heard.len() < MAX_HEARD {
            let place = state.heard.len();
            state.by_id.insert(answer.answer_id.clone(), place);
            let (order_id, body) = (order.to_owned(), body.to_vec());
            state.heard.push(Heard {
                order_id,
                answer,
                body,
                way,
                times: 1,
                after: 0,
                taken,
                refused,
                signed,
            });
        }
        drop(state);
        match (refused, sent.forged, sent.mood) {
            (_, true, _) => Said::Unknown,
            (true, ..) => Said::Faulty(faults),
            (_, _, mood) => said_by(mood),
        }
    }

    /// An answer whose id was heard before. `signed` is the order's mood, where the signature holds.
    fn known_answer(&self, answer: &Answer, body: &[u8], signed: Option<Mood>) -> Option<Said> {
        let mut state = self.state();
        let place = state.by_id.get(&answer.answer_id).copied()?;
        let known = state.heard.get_mut(place)?;
        let id = clip(&answer.answer_id, 64);
        if known.body != body {
            let came = format!("answer `{id}` came with another body");
            let order = known.order_id.clone();
            state.conflicts.insert(order);
            drop(state);
            self.fail(
                Check::AnswerId,
                "the same body, byte for byte, whenever an `answer_id` is sent again",
                &came,
            );
            return Some(Said::Conflict);
        }
        known.times = known.times.saturating_add(1);
        if known.refused {
            return Some(Said::Faulty(Vec::new()));
        }
        if let Some(mood) = signed.filter(|_| !known.signed) {
            // What came unsigned before comes for the first time as far as the node is concerned.
            (known.signed, known.times, known.taken) = (true, 1, mood == Mood::Plain);
            return Some(said_by(mood));
        }
        if signed.is_none() {
            // It is refused for its signature, whatever else there is to say.
            return Some(Said::Recorded);
        }
        if known.taken {
            known.after = known.after.saturating_add(1);
        }
        known.taken = true;
        let after = known.after;
        drop(state);
        if after == OFTEN {
            let came = format!("answer `{id}` came {after} times more after it was taken");
            self.warn(Check::RepeatStops, "nothing more once the node has said 200", &came);
        }
        Some(Said::Recorded)
    }
}

/// What a good answer is told when it comes first.
const fn said_by(mood: Mood) -> Said {
    match mood {
        Mood::Plain => Said::Recorded,
        Mood::Fault => Said::Fault,
        Mood::Silence => Said::Silence,
    }
}

/// A component that our signature covers beside those of the profile.
fn covered_beside(headers: &HeaderMap, covered: &[&str]) -> Option<String> {
    let input = headers.get("signature-input")?.to_str().ok()?;
    let ours = input.split(&format!("tag=\"{}\"", httpsig::TAG)).next()?;
    let list = ours.rsplit('(').next()?.split(')').next()?;
    let names = list.split(' ').map(|n| n.trim_matches('"')).filter(|n| !n.is_empty());
    names.into_iter().find(|n| !covered.contains(n)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn what_is_covered_beside_the_profile() {
        let beside = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("signature-input", HeaderValue::from_static(text));
            covered_beside(&headers, COVERED)
        };
        let exact =
            r#"q=("@method" "@target-uri" "content-digest" "content-type");created=1;tag="qorgan-v1""#;
        assert_eq!(beside(exact), None);
        let more =
            r#"q=("@method" "@target-uri" "content-digest" "content-type" "date");created=1;tag="qorgan-v1""#;
        assert_eq!(beside(more).as_deref(), Some("date"));
    }
}
