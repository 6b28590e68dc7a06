//! What partners send by themselves: answers that come later, and what goes wrong with them.

use http::HeaderMap;
use httpsig::{Params, Request};
use kernel::Timestamp;

use super::country::{Country, Due, json_headers};
use super::fault::Fault;
use super::words::{self, About};

/// A request to the platform.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// Path under the node's public address.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The answer that it carries and the how-manieth try it is; `None` where the partner does not care what becomes of it.
    pub(crate) carries: Option<(usize, u32)>,
}

/// How long a partner waits before it sends an answer again.
const AGAIN_SECS: i64 = 45;

impl Country {
    /// When something is due next.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.queue.peek().map(|next| next.0.0)
    }

    /// What partners send now. `base` is the node's public address.
    pub(crate) fn due(&mut self, base: &str, now: Timestamp) -> Vec<Letter> {
        let mut letters = Vec::new();
        while self.next_due().is_some_and(|at| at <= now) {
            let Some(next) = self.queue.pop() else { break };
            match next.0.2 {
                Due::Term(object) => self.term(&object, now),
                Due::Contradict(answer) => letters.extend(self.contradict(base, answer, now)),
                Due::Answer(answer, tries) => letters.extend(self.answer(base, answer, tries, now)),
            }
        }
        letters
    }

    /// A hold ends by the partner's own clock.
    fn term(&mut self, object: &str, now: Timestamp) {
        let Some(hold) = self.ledger.holds.get(object).cloned() else { return };
        let freed = self.ledger.free(object, None);
        let Some(bank) = self.banks.get(hold.bank) else { return };
        if freed == 0 || !bank.tells_term {
            return;
        }
        let id = format!("l60-{object}");
        let code = bank.code.clone();
        let about = About { id: &id, order: &hold.order, executor: &code, object: Some(object), at: now };
        let body = words::answer(about, &[words::line("L60", Some(freed), now)]);
        let number = self.keep(hold.bank, &id, (&hold.order, object), now, body);
        self.later(now.plus_secs(1), Due::Answer(number, 0));
    }

    fn contradict(&mut self, base: &str, answer: usize, now: Timestamp) -> Option<Letter> {
        let said = self.said.get(answer).cloned()?;
        if !said.heard {
            // Not before the true one was taken: what a partner says first is what it said.
            self.later(now.plus_secs(AGAIN_SECS), Due::Contradict(answer));
            return None;
        }
        let line = words::line("H11", Some(1), said.at);
        let code = self.banks.get(said.bank)?.code.clone();
        let about = About {
            id: &said.id,
            order: &said.order,
            executor: &code,
            object: Some(&said.object),
            at: said.at,
        };
        let body = words::answer(about, &[line]);
        Some(self.letter(base, said.bank, &said.order, body, (0, 0), now))
    }

    fn answer(&mut self, base: &str, answer: usize, tries: u32, now: Timestamp) -> Vec<Letter> {
        let Some(said) = self.said.get(answer).filter(|s| !s.heard).cloned() else { return Vec::new() };
        let fault = self.fault(said.bank, &format!("answer {}", said.id), now);
        let again = |secs: i64| (now.plus_secs(secs), Due::Answer(answer, tries + 1));
        let carries = Some((answer, tries));
        let true_letter = |country: &mut Self, ago: i64, signer: usize| {
            country.letter(base, said.bank, &said.order, said.body.clone(), (ago, signer), now)
        };
        match fault {
            Some(Fault::Dead | Fault::ResetBefore | Fault::ServerError | Fault::Trickle) => {
                let (at, due) = again(AGAIN_SECS);
                self.later(at, due);
                Vec::new()
            }
            Some(Fault::Late | Fault::Reordered) => {
                let (at, due) = again(120);
                self.later(at, due);
                Vec::new()
            }
            // Taken, but the partner does not hear of it and says it again.
            Some(Fault::ResetAfter) => {
                let (at, due) = again(AGAIN_SECS);
                self.later(at, due);
                vec![true_letter(self, 0, 0)]
            }
            Some(Fault::Stale) => vec![Letter { carries, ..true_letter(self, -400, 0) }],
            Some(Fault::OtherKey) => vec![Letter { carries, ..true_letter(self, 0, 1) }],
            Some(Fault::Doubled) => {
                vec![true_letter(self, 0, 0), Letter { carries, ..true_letter(self, 0, 0) }]
            }
            Some(Fault::Replayed) => {
                let first = true_letter(self, 0, 0);
                vec![first.clone(), Letter { carries, ..first }]
            }
            Some(Fault::WrongOrder) => {
                let (other, body) = self.misaddressed(answer);
                // Once at the address of the order that it names, once at its own.
                let there = self.letter(base, said.bank, &other, body.clone(), (0, 0), now);
                let here = self.letter(base, said.bank, &said.order, body, (0, 0), now);
                vec![there, Letter { carries, ..here }]
            }
            Some(Fault::Garbage) => {
                let junk = self.letter(base, said.bank, &said.order, vec![0xff, 0, b'{'], (0, 0), now);
                vec![Letter { carries, ..junk }]
            }
            Some(Fault::Contradicting) => {
                self.later(now.plus_secs(AGAIN_SECS), Due::Contradict(answer));
                vec![Letter { carries, ..true_letter(self, 0, 0) }]
            }
            Some(Fault::LyingOk | Fault::Refusal) | None => {
                vec![Letter { carries, ..true_letter(self, 0, 0) }]
            }
        }
    }

    /// What the platform answered, `None` if nothing came back. Until an answer is recorded it is sent again.
    pub(crate) fn heard(&mut self, letter: &Letter, status: Option<u16>, now: Timestamp) {
        let Some((answer, tries)) = letter.carries else { return };
        let Some(said) = self.said.get_mut(answer) else { return };
        // Only what was truly said is confirmed by a 200.
        if status == Some(200) && said.body == letter.body {
            said.heard = true;
        } else if status != Some(410) {
            self.later(now.plus_secs(AGAIN_SECS), Due::Answer(answer, tries + 1));
        }
    }

    /// A signed request; `ago` seconds old, by the key of the partner `shift` numbers on.
    fn letter(
        &mut self,
        base: &str,
        number: usize,
        order: &str,
        body: Vec<u8>,
        (ago, shift): (i64, usize),
        now: Timestamp,
    ) -> Letter {
        let path = format!("/api/v1/orders/{order}/answers");
        let (nonce, created) = (self.nonce(), now.as_secs() + ago);
        let mut headers = json_headers();
        let signer = self.banks.get((number + shift) % self.banks.len());
        if let (Some(bank), Some(signer)) = (self.banks.get(number), signer) {
            let keyid = format!("{}/1", bank.code);
            let params = Params { keyid: &keyid, nonce: &nonce, created, expires: created + 120 };
            let target = format!("{base}{path}");
            let request = Request { method: "POST", target_uri: &target, headers: &headers, body: &body };
            if let Ok(added) = httpsig::sign_request(&signer.key, &request, &params) {
                headers.extend(added);
            }
        }
        Letter { path, headers, body, carries: None }
    }
}
