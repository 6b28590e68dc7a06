//! Forty partners with bad habits. Nothing here knows how messages travel: a transport hands over what arrived and does
//! to the connection what the [`Reply`] says.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use http::{HeaderMap, HeaderName, HeaderValue};
use httpsig::{Params, Response, SigningKey, VerifyingKey};
use kernel::Timestamp;
use sandbox::draw::{Draw, about, mix};
use sandbox::ids::iban;

use super::fault::{Fault, Injected, Span, Temper};
use super::ledger::Ledger;

/// How an answer travels back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// At once.
    Prompt,
    /// Not at all: the connection is reset.
    Reset,
    /// At one byte a second.
    Trickle,
    /// After the platform has given up.
    TooLate,
}

/// What comes back for a message.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) how: How,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn bare(status: u16) -> Self {
        Self { how: How::Prompt, status, headers: Vec::new(), body: Vec::new() }
    }
    pub(crate) fn how(how: How) -> Self {
        Self { how, ..Self::bare(200) }
    }
}

/// One partner.
pub(crate) struct Bank {
    pub(crate) code: String,
    pub(crate) iban_code: String,
    pub(crate) key: SigningKey,
    pub(crate) temper: Temper,
    /// Whether it answers in the response, or later by a request of its own.
    pub(crate) at_once: bool,
    /// Whether it says that a hold ended by its own clock, before it is told.
    pub(crate) tells_term: bool,
    /// Answers by the message that they answer.
    pub(crate) taken: HashMap<String, Vec<usize>>,
    /// Its last signed response, for those who replay.
    pub(crate) last: Option<Reply>,
}

/// Something a partner has said.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) bank: usize,
    pub(crate) id: String,
    pub(crate) order: String,
    pub(crate) object: String,
    pub(crate) at: Timestamp,
    pub(crate) body: Vec<u8>,
    /// Whether the platform has confirmed it.
    pub(crate) heard: bool,
}

/// What a partner does by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// Sends an answer, for the nth time.
    Answer(usize, u32),
    /// Sends another sum under the id of an answer.
    Contradict(usize),
    /// Lets go of what it holds, by its own clock.
    Term(String),
}

/// All partners.
pub(crate) struct Country {
    pub(crate) seed: u64,
    pub(crate) start: Timestamp,
    pub(crate) span: Span,
    pub(crate) banks: Vec<Bank>,
    pub(crate) ledger: Ledger,
    pub(crate) said: Vec<Said>,
    pub(crate) queue: BinaryHeap<Reverse<(Timestamp, u64, Due)>>,
    pub(crate) injected: Injected,
    /// Messages that arrived, or would have.
    pub(crate) posts: u64,
    /// The same of orders alone.
    pub(crate) order_posts: u64,
    /// Messages whose signature did not hold.
    pub(crate) unsigned: u64,
    /// Requests of partners that the platform did not take.
    pub(crate) refused: u64,
    /// Longest time that a partner's person takes, seconds.
    pub(crate) slowest_secs: i64,
    tries: HashMap<String, u32>,
    pub(crate) counter: u64,
    pub(crate) node: (String, VerifyingKey),
}

/// The code of the partner with this number, and the one in its accounts.
pub(crate) fn codes(number: usize) -> (String, String) {
    (format!("ZB{number:02}"), format!("{}", 801 + number))
}

/// Its signing key.
pub(crate) fn key(number: usize) -> SigningKey {
    let mut draw = Draw::keyed(mix(about(5, "key"), u64::try_from(number).unwrap_or(0)));
    SigningKey::from_bytes(&draw.bytes())
}

impl Country {
    /// So many partners, who know the node by its key.
    pub(crate) fn new(
        seed: u64,
        partners: usize,
        start: Timestamp,
        span: Span,
        node: (String, VerifyingKey),
    ) -> Self {
        let bank = |number: usize| {
            let (code, iban_code) = codes(number);
            let temper = Temper::of(seed, number, partners, span);
            Bank {
                code,
                iban_code,
                key: key(number),
                temper,
                at_once: number % 4 < 2,
                tells_term: number.is_multiple_of(2),
                taken: HashMap::new(),
                last: None,
            }
        };
        Self {
            seed,
            start,
            span,
            banks: (0..partners).map(bank).collect(),
            ledger: Ledger::default(),
            said: Vec::new(),
            queue: BinaryHeap::new(),
            injected: Injected::default(),
            posts: 0,
            order_posts: 0,
            unsigned: 0,
            refused: 0,
            slowest_secs: 900,
            tries: HashMap::new(),
            counter: 0,
            node,
        }
    }

    /// An account of a partner that nobody has yet.
    pub(crate) fn new_account(&mut self, bank: usize) -> String {
        self.counter += 1;
        let code = self.banks.get(bank).map_or("801", |b| b.iban_code.as_str());
        iban(code, &format!("A{:012}", self.counter))
    }

    pub(crate) fn later(&mut self, at: Timestamp, due: Due) {
        self.counter += 1;
        self.queue.push(Reverse((at, self.counter, due)));
    }

    pub(crate) fn secs(&self, now: Timestamp) -> i64 {
        now.micros_since(self.start) / 1_000_000
    }

    /// The fault of this try of `what`, counted.
    pub(crate) fn fault(&mut self, bank: usize, what: &str, now: Timestamp) -> Option<Fault> {
        let nth = self.tries.entry(what.to_owned()).or_default();
        *nth += 1;
        let (nth, at) = (*nth, self.secs(now));
        let fault = self.banks.get(bank)?.temper.draw(what, nth, at, self.span)?;
        // A partner that is down and sends nothing does no harm to anybody's message.
        if fault != Fault::Dead || what.starts_with("msg_") {
            self.injected.count(fault);
        }
        Some(fault)
    }

    /// Keeps an answer; gives its number.
    pub(crate) fn keep(
        &mut self,
        bank: usize,
        id: &str,
        (order, object): (&str, &str),
        at: Timestamp,
        body: Vec<u8>,
    ) -> usize {
        let (id, order, object) = (id.to_owned(), order.to_owned(), object.to_owned());
        self.said.push(Said { bank, id, order, object, at, body, heard: false });
        self.said.len() - 1
    }

    /// A nonce that nobody has used.
    pub(crate) fn nonce(&mut self) -> String {
        self.counter += 1;
        format!("n{:x}-{}", self.seed, self.counter)
    }

    /// A response signed by `signer` in the name of `number`, made so many seconds ago.
    pub(crate) fn signed(
        &mut self,
        number: usize,
        signer: usize,
        body: Vec<u8>,
        ago: i64,
        now: Timestamp,
    ) -> Reply {
        let nonce = self.nonce();
        let Some(bank) = self.banks.get(number) else { return Reply::bare(500) };
        let keyid = format!("{}/1", bank.code);
        let created = now.as_secs() + ago;
        let params = Params { keyid: &keyid, nonce: &nonce, created, expires: created + 120 };
        let mut headers = json_headers();
        let response = Response { status: 200, headers: &headers, body: &body };
        let signer = self.banks.get(signer % self.banks.len()).map_or(&bank.key, |b| &b.key);
        if let Ok(added) = httpsig::sign_response(signer, &response, &params) {
            headers.extend(added);
        }
        Reply { how: How::Prompt, status: 200, headers: pairs(&headers), body }
    }
}

/// `Content-Type: application/json`.
pub(crate) fn json_headers() -> HeaderMap {
    HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"))])
}

/// Fields as names and values.
pub(crate) fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect()
}

/// Names and values as fields.
pub(crate) fn header_map(pairs: &[(String, String)]) -> HeaderMap {
    pairs
        .iter()
        .filter_map(|(name, value)| {
            Some((HeaderName::try_from(name.as_str()).ok()?, HeaderValue::from_str(value).ok()?))
        })
        .collect()
}
