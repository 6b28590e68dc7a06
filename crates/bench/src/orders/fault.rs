//! What goes wrong between the platform and a partner, and how often.

use std::collections::BTreeMap;

use sandbox::draw::{Draw, about, mix};

/// Declares the faults with the words they are printed by.
macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        /// One thing that goes wrong with one post.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Fault { $($(#[$doc])* $variant,)+ }

        impl Fault {
            /// All of them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// As printed.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

faults!(
    /// The partner acts and answers after the platform has given up.
    Late = "late",
    /// The same message arrives twice at the partner, or the same answer at the platform.
    Doubled = "doubled",
    /// What the partner says later arrives first.
    Reordered = "reordered",
    /// The connection is reset before the partner has read.
    ResetBefore = "reset before it was read",
    /// The connection is reset after the partner has acted.
    ResetAfter = "reset after it was done",
    /// `200`, and the message is lost.
    LyingOk = "lying 200",
    /// The answer comes at one byte a second.
    Trickle = "1 byte/s",
    /// The answer names another order.
    WrongOrder = "wrong order id",
    /// A second answer under the same id says another sum.
    Contradicting = "contradicting answer",
    /// Bytes that are no answer, signed or not.
    Garbage = "garbage",
    /// A signed answer of before comes again, byte for byte.
    Replayed = "replayed signature",
    /// The signature expired before it was sent.
    Stale = "stale signature",
    /// Signed with a key that is not this partner's.
    OtherKey = "signed by another",
    /// `503`.
    ServerError = "503",
    /// `400`, as if the order were at fault.
    Refusal = "400",
    /// Nobody listens: the partner is down for hours.
    Dead = "dead",
);

/// How a partner goes wrong.
#[derive(Debug, Clone)]
pub(crate) struct Temper {
    seed: u64,
    /// The fault it is known for.
    main: Option<Fault>,
    /// Seconds from the beginning during which nobody listens.
    dead: (i64, i64),
    /// It never comes back.
    pub(crate) dead_for_good: bool,
}

/// Seconds from the beginning until nothing goes wrong any more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// Faults end.
    pub(crate) faults_end: i64,
}

impl Temper {
    /// Of the partner with this number: each fault is somebody's habit, the last partner is dead for good, one in eight
    /// is dead for hours.
    pub(crate) fn of(seed: u64, number: usize, partners: usize, span: Span) -> Self {
        let seed = mix(about(seed, "temper"), u64::try_from(number).unwrap_or(0));
        let mut draw = Draw::keyed(seed);
        let habits = Fault::ALL.len();
        let main = Fault::ALL.get(number % habits).copied();
        let dead = if main == Some(Fault::Dead) || number % 8 == 7 {
            let from = draw.between(0, span.faults_end / 3);
            (from, draw.between(from.max(span.faults_end / 2), span.faults_end))
        } else {
            (0, 0)
        };
        Self { seed, main, dead, dead_for_good: number + 1 == partners }
    }

    /// What goes wrong with the `nth` try of something at this second from the beginning.
    pub(crate) fn draw(&self, what: &str, nth: u32, at: i64, span: Span) -> Option<Fault> {
        if self.dead_for_good || (self.dead.0..self.dead.1).contains(&at) {
            return Some(Fault::Dead);
        }
        if at >= span.faults_end {
            return None;
        }
        let mut draw = Draw::keyed(mix(about(self.seed, what), u64::from(nth)));
        if draw.chance(450) && self.main.is_some() {
            return self.main.filter(|fault| *fault != Fault::Dead);
        }
        let any = draw.chance(250).then(|| draw.pick(Fault::ALL).copied()).flatten();
        any.filter(|fault| *fault != Fault::Dead)
    }
}

/// How often each fault was injected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Injected(BTreeMap<Fault, u64>);

impl Injected {
    pub(crate) fn count(&mut self, fault: Fault) {
        *self.0.entry(fault).or_default() += 1;
    }
    pub(crate) fn add(&mut self, other: &Self) {
        for (fault, n) in &other.0 {
            *self.0.entry(*fault).or_default() += n;
        }
    }
    /// Every fault with its count, also those that never came.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Fault, u64)> {
        Fault::ALL.iter().map(|fault| (*fault, self.0.get(fault).copied().unwrap_or(0)))
    }
    pub(crate) fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_drawn_and_none_after_the_end() {
        let span = Span { faults_end: 10_000 };
        let mut injected = Injected::default();
        for number in 0..40 {
            let temper = Temper::of(1, number, 40, span);
            for nth in 0..200 {
                let at = i64::from(nth) * 50;
                if let Some(fault) = temper.draw("m", nth, at, span) {
                    injected.count(fault);
                }
                assert_eq!(temper.draw("m", nth, 10_000, span).is_some(), temper.dead_for_good);
            }
        }
        assert!(injected.all().all(|(_, n)| n > 0), "{injected:?}");
    }
}
