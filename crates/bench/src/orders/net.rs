//! The network between platform and partners in virtual time: nothing waits, the simulation says what time it is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::Timestamp;
use kernel::time::ManualClock;
use order::gateway::{Incoming, Outgoing, Post, PostError, Posted};
use tokio::sync::oneshot;

use super::country::{Country, How, Reply, header_map};

/// How long the real client waits for an answer, seconds.
const CLIENT_SECS: i64 = 10;

/// A post whose answer takes its time: when something comes, what, and who waits for it.
type Waiting = (Timestamp, Result<Incoming, PostError>, oneshot::Sender<Result<Incoming, PostError>>);

/// The virtual network.
pub(crate) struct Net {
    country: Mutex<Country>,
    waiting: Mutex<Vec<Waiting>>,
    clock: ManualClock,
}

/// The number of the partner that an address names.
pub(crate) fn number_of(url: &str) -> Option<usize> {
    let path = url.strip_suffix("/messages")?;
    path.rsplit_once("/b")?.1.parse().ok()
}

impl Net {
    pub(crate) fn new(country: Country, clock: ManualClock) -> Arc<Self> {
        Arc::new(Self { country: Mutex::new(country), waiting: Mutex::default(), clock })
    }

    pub(crate) fn country(&self) -> MutexGuard<'_, Country> {
        self.country.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over what has arrived by now; says whether anything has.
    pub(crate) fn arrive(&self, now: Timestamp) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let before = waiting.len();
        let (arrived, rest) = std::mem::take(&mut *waiting).into_iter().partition(|(at, ..)| *at <= now);
        *waiting = rest;
        for (_, outcome, sender) in Vec::<Waiting>::into_iter(arrived) {
            // Whoever waited may be gone.
            sender.send(outcome).ok();
        }
        waiting.len() < before
    }
}

fn incoming(reply: Reply) -> Incoming {
    Incoming { status: reply.status, headers: reply.headers, body: reply.body }
}

impl Post for Net {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        let now = self.clock.now();
        let Some(number) = number_of(&out.url) else {
            return Box::pin(async { Err(PostError("no such address".to_owned())) });
        };
        let reply = self.country().receive(number, &out.url, &header_map(&out.headers), &out.body, now);
        let timed_out = || Err(PostError("timed out".to_owned()));
        let outcome = match reply.how {
            How::Prompt => return Box::pin(async move { Ok(incoming(reply)) }),
            How::Reset => {
                return Box::pin(async { Err(PostError("connection reset by peer".to_owned())) });
            }
            How::TooLate | How::Trickle => timed_out(),
        };
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push((now.plus_secs(CLIENT_SECS), outcome, sender));
        Box::pin(async move { receiver.await.unwrap_or_else(|_| Err(PostError("cut off".to_owned()))) })
    }
}
