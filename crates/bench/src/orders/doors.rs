//! What a partner does with a message that arrives, and how its answer goes wrong.

use http::HeaderMap;
use httpsig::Request;
use kernel::Timestamp;
use sandbox::draw::{Draw, about, mix};

use super::country::{Country, Due, How, Reply, codes};
use super::fault::Fault;
use super::ledger::Found;
use super::words::{self, About, Asked};

impl Country {
    /// A message arrives at a partner's door.
    pub(crate) fn receive(
        &mut self,
        number: usize,
        url: &str,
        headers: &HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> Reply {
        self.posts += 1;
        let Some(asked) = words::read(body) else { return Reply::bare(400) };
        self.order_posts += u64::from(asked.kind == "order.v1");
        let fault = self.fault(number, &asked.message, now);
        match fault {
            Some(Fault::Dead | Fault::ResetBefore) => return Reply::how(How::Reset),
            Some(Fault::LyingOk) => return Reply::bare(200),
            Some(Fault::ServerError) => return Reply::bare(503),
            Some(Fault::Refusal) => return Reply::bare(400),
            _ => {}
        }
        let request = Request { method: "POST", target_uri: url, headers, body };
        let (keyid, node) = &self.node;
        let resolve = |id: &str| (id == keyid).then_some(*node);
        if httpsig::verify_request(&request, resolve, now.as_secs()).is_err() {
            self.unsigned += 1;
            return Reply::bare(401);
        }
        let mut answers = self.act(number, &asked, now);
        if fault == Some(Fault::Doubled) {
            answers = self.act(number, &asked, now);
        }
        self.reply(number, &asked, &answers, fault, now)
    }

    /// A partner acts on a message, once for each message id; gives the answers to it.
    fn act(&mut self, number: usize, asked: &Asked, now: Timestamp) -> Vec<usize> {
        if let Some(known) = self.banks.get(number).and_then(|b| b.taken.get(&asked.message)) {
            return known.clone();
        }
        let answers = match asked.kind.as_str() {
            "order.v1" => self.carry_out(number, asked, now),
            "release.v1" => self.release(number, asked, now),
            "notice.v1" => {
                vec![self.say(number, asked, "s10", &[words::line("S10", None, now)], now)]
            }
            // A reminder: everything said about the order is said again.
            _ => (0..self.said.len())
                .filter(|n| self.said.get(*n).is_some_and(|s| s.order == asked.order && s.bank == number))
                .collect(),
        };
        if let (true, Some(bank)) = (asked.kind != "reminder.v1", self.banks.get_mut(number)) {
            bank.taken.insert(asked.message.clone(), answers.clone());
        }
        answers
    }

    fn carry_out(&mut self, number: usize, asked: &Asked, now: Timestamp) -> Vec<usize> {
        if self.ledger.accounts.get(&asked.account).is_none_or(|a| a.bank != number) {
            return vec![self.say(number, asked, "n30", &[serde_json::json!({"code": "N30"})], now)];
        }
        let found = self.ledger.found(self.seed, &asked.account);
        let partners = u64::try_from(self.banks.len()).unwrap_or(1);
        let mut draw = Draw::keyed(about(self.seed, &format!("to {}", asked.account)));
        let to = usize::try_from(draw.below(partners.saturating_sub(1))).unwrap_or(0);
        // Never back to the same bank.
        let to = if to == number { (to + 1) % self.banks.len() } else { to };
        let (to_code, _) = codes(to);
        let moves = matches!(found, Found::Moved | Found::PartAndMoved);
        let away = if moves { self.new_account(to) } else { String::new() };
        let (held, lines) = words::lines(found, asked.cap, (&to_code, &away), now);
        self.ledger.hold(number, (&asked.order, &asked.object), &asked.account, held);
        if moves {
            self.ledger.paid(&away, to, 2);
        }
        if let Some(end) = asked.expires_at {
            self.later(end, Due::Term(asked.object.clone()));
        }
        let mut answers = vec![self.say(number, asked, "h", &lines, now)];
        // One client in ten proves soon that a part of it is wages.
        if held > 0 && draw.chance(100) {
            let part = self.ledger.free(&asked.object, Some(held / 4));
            let at = now.plus_secs(1);
            answers.push(self.say(number, asked, "l62", &[words::line("L62", Some(part), at)], at));
        }
        answers
    }

    fn release(&mut self, number: usize, asked: &Asked, now: Timestamp) -> Vec<usize> {
        let term = format!("l60-{}", asked.object);
        // Whoever has said so already says the same again.
        let known = self.said.iter().position(|s| s.bank == number && s.id == term);
        if let Some(known) = known {
            return vec![known];
        }
        let freed = self.ledger.free(&asked.object, asked.part);
        let line = words::line("L60", (freed > 0).then_some(freed), now);
        vec![self.say(number, asked, "l60", &[line], now)]
    }

    /// Keeps an answer; gives its number.
    fn say(
        &mut self,
        number: usize,
        asked: &Asked,
        what: &str,
        lines: &[serde_json::Value],
        at: Timestamp,
    ) -> usize {
        let id =
            if what == "l60" { format!("l60-{}", asked.object) } else { format!("{what}-{}", asked.message) };
        let code = self.banks.get(number).map(|b| b.code.clone()).unwrap_or_default();
        let about = About { id: &id, order: &asked.order, executor: &code, object: Some(&asked.object), at };
        let body = words::answer(about, lines);
        self.keep(number, &id, (&asked.order, &asked.object), at, body)
    }

    fn reply(
        &mut self,
        number: usize,
        asked: &Asked,
        answers: &[usize],
        fault: Option<Fault>,
        now: Timestamp,
    ) -> Reply {
        let at_once = self.banks.get(number).is_some_and(|b| b.at_once);
        let first = answers.first().copied().filter(|_| at_once && fault != Some(Fault::Reordered));
        let first = first.filter(|n| self.said.get(*n).is_some_and(|s| s.at <= now));
        // What does not go with the response goes by a request of its own; a repetition sends it again.
        let mut draw = Draw::keyed(about(self.seed, &format!("when {}", asked.message)));
        for (n, answer) in answers.iter().copied().enumerate().filter(|(_, a)| Some(*a) != first) {
            let wait = match (fault, n) {
                (Some(Fault::Reordered), 0) => 90,
                _ if at_once => 2,
                _ => draw.between(20, self.slowest_secs),
            };
            if !self.said.get(answer).is_some_and(|s| s.heard) {
                self.later(now.plus_secs(wait), Due::Answer(answer, 0));
            }
        }
        let Some(answer) = first else {
            let receipt = fault.is_none() && asked.kind == "order.v1";
            let body = if receipt { self.receipt(number, asked, now) } else { Vec::new() };
            return self.faulty(number, body, fault, now);
        };
        if fault == Some(Fault::Contradicting) {
            // The true one goes with this response and is read.
            if let Some(said) = self.said.get_mut(answer) {
                said.heard = true;
            }
            self.later(now.plus_secs(5), Due::Contradict(answer));
        }
        let body = match fault {
            Some(Fault::WrongOrder) => self.misaddressed(answer).1,
            _ => self.said.get(answer).map(|s| s.body.clone()).unwrap_or_default(),
        };
        self.faulty(number, body, fault, now)
    }

    /// `A00` for a whole order.
    fn receipt(&mut self, number: usize, asked: &Asked, at: Timestamp) -> Vec<u8> {
        let code = self.banks.get(number).map(|b| b.code.clone()).unwrap_or_default();
        let id = format!("a00-{}", asked.message);
        let about = About { id: &id, order: &asked.order, executor: &code, object: None, at };
        // Two receipts of one message are two answers: each has a time of its own.
        self.counter += 1;
        let id = format!("{id}-{}", self.counter);
        words::answer(About { id: &id, ..about }, &[serde_json::json!({"code": "A00"})])
    }

    /// An answer that names another order of the same partner; gives that order, too.
    pub(crate) fn misaddressed(&self, answer: usize) -> (String, Vec<u8>) {
        let Some(said) = self.said.get(answer) else { return Default::default() };
        let other = self.said.iter().find(|s| s.bank == said.bank && s.order != said.order);
        let other = other.map_or("ord_00000000000000000000000000000000", |s| s.order.as_str());
        let text = String::from_utf8_lossy(&said.body);
        (other.to_owned(), text.replace(&said.order, other).into_bytes())
    }

    /// The response as the fault leaves it.
    fn faulty(&mut self, number: usize, body: Vec<u8>, fault: Option<Fault>, now: Timestamp) -> Reply {
        let how = match fault {
            Some(Fault::Late) => How::TooLate,
            Some(Fault::Trickle) => How::Trickle,
            Some(Fault::ResetAfter) => How::Reset,
            _ => How::Prompt,
        };
        match fault {
            Some(Fault::Replayed) => {
                let last = self.banks.get(number).and_then(|b| b.last.clone());
                return last.unwrap_or_else(|| Reply::bare(200));
            }
            Some(Fault::Garbage) => {
                let mut draw = Draw::keyed(mix(self.seed, self.counter));
                let junk = if draw.chance(500) {
                    draw.bytes::<64>().to_vec()
                } else {
                    b"<!doctype html><title>Login</title>".to_vec()
                };
                return self.signed(number, number, junk, 0, now);
            }
            Some(Fault::Stale) => return self.signed(number, number, body, -400, now),
            Some(Fault::OtherKey) => return self.signed(number, number + 1, body, 0, now),
            _ => {}
        }
        if body.is_empty() {
            return Reply { how, ..Reply::bare(202) };
        }
        let reply = Reply { how, ..self.signed(number, number, body, 0, now) };
        if let (How::Prompt, Some(bank)) = (how, self.banks.get_mut(number)) {
            bank.last = Some(reply.clone());
        }
        reply
    }
}
