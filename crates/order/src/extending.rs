//! How long what an order restricts may go on. Pure: the law's terms and how often they were used, in; the new end, out.
//!
//! A basis gives a longest term, perhaps a number of extensions of a term each. The Department's own first term is often
//! shorter than the law's (a number is blocked for seven days where thirty are allowed), so going on within the law's own
//! term is no extension of it and uses none up.

use kernel::{Class, Coded, Timestamp};
use profile::{Extension, Term};

use crate::model::{ObjectState, Status};

/// Why a restriction cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtendError {
    /// The order binds nobody now, or its measure has no term.
    #[error("nothing is in force that could go on")]
    NothingInForce,
    /// The law gives no longer term than the one that runs.
    #[error("the law allows no longer term")]
    NoLonger,
    /// Every extension that the law allows was used.
    #[error("all {0} extensions that the law allows were used")]
    UsedUp(u8),
    /// One is drafted or on its way.
    #[error("an extension is on its way already")]
    Underway,
    /// Something that the draft names was freed meanwhile.
    #[error("something that it names was freed meanwhile")]
    PartFreed,
    /// Another ground needs the act that it rests on.
    #[error("the act of the court or other body is not named")]
    NoAct,
}

impl Coded for ExtendError {
    fn class(&self) -> Class {
        if *self == Self::NoAct { Class::Invalid } else { Class::Conflict }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NothingInForce => "order.nothing_in_force",
            Self::NoLonger => "order.no_longer_term",
            Self::UsedUp(_) => "order.extensions_used_up",
            Self::Underway => "order.extension_underway",
            Self::PartFreed => "order.extension_part_freed",
            Self::NoAct => "order.extension_no_act",
        }
    }
}

/// The terms that a basis gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Longest term of the measure itself.
    pub longest: Option<Term>,
    /// Its extension.
    pub extension: Option<Extension>,
}

/// How a restriction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// When the term under this basis began to run.
    pub since: Timestamp,
    /// When it ends as things are.
    pub ends: Timestamp,
    /// Extensions of this basis that were used.
    pub used: u8,
}

/// A further term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Further {
    /// When it ends then.
    pub ends: Timestamp,
    /// Which extension of the law it is, and of how many; `None` where it stays within the law's own term.
    pub uses: Option<(u8, u8)>,
}

/// The next end under the same basis.
///
/// # Errors
/// The law gives no longer term, or every extension was used.
pub fn next(
    terms: Terms,
    run: Running,
    end_of: impl Fn(Timestamp, Term) -> Timestamp,
) -> Result<Further, ExtendError> {
    if let Some(own) = terms.longest.map(|t| end_of(run.since, t)).filter(|own| *own > run.ends) {
        return Ok(Further { ends: own, uses: None });
    }
    let Some(extension) = terms.extension else { return Err(ExtendError::NoLonger) };
    if run.used >= extension.times {
        return Err(ExtendError::UsedUp(extension.times));
    }
    let ends = end_of(run.ends, extension.term);
    if ends <= run.ends {
        return Err(ExtendError::NoLonger);
    }
    Ok(Further { ends, uses: Some((run.used.saturating_add(1), extension.times)) })
}

/// The end on another ground, whose term begins to run now.
///
/// # Errors
/// It would end no later than the restriction does as things are.
pub fn on_another(
    terms: Terms,
    (ends, now): (Timestamp, Timestamp),
    end_of: impl Fn(Timestamp, Term) -> Timestamp,
) -> Result<Further, ExtendError> {
    let next = terms.longest.map(|t| end_of(now, t)).filter(|next| *next > ends);
    next.map(|ends| Further { ends, uses: None }).ok_or(ExtendError::NoLonger)
}

/// Whether something of an order can go on: it is in force, or data are kept.
#[must_use]
pub const fn goes_on(order: Status, state: ObjectState) -> bool {
    order.is_open() && (state.is_in_force() || matches!(state, ObjectState::Kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn days(n: u16) -> Term {
        Term::CalendarDays(n)
    }
    fn end_of(at: Timestamp, term: Term) -> Timestamp {
        match term {
            Term::CalendarDays(n) => at.plus_secs(i64::from(n) * 86_400),
            Term::WorkingDays(n) => at.plus_secs(i64::from(n) * 86_400 * 7 / 5),
            Term::Minutes(n) => at.plus_secs(i64::from(n) * 60),
        }
    }
    fn after(n: u16) -> Timestamp {
        end_of(T, days(n))
    }
    fn run(ends: u16, used: u8) -> Running {
        Running { since: T, ends: after(ends), used }
    }

    #[test]
    fn first_the_laws_own_term_then_its_extensions() {
        let number =
            Terms { longest: Some(days(30)), extension: Some(Extension { term: days(30), times: 2 }) };
        let of = |run| next(number, run, end_of);
        assert_eq!(of(run(7, 0)), Ok(Further { ends: after(30), uses: None }), "within the law's own term");
        assert_eq!(of(run(30, 0)), Ok(Further { ends: after(60), uses: Some((1, 2)) }));
        assert_eq!(of(run(60, 1)), Ok(Further { ends: after(90), uses: Some((2, 2)) }));
        assert_eq!(of(run(90, 2)), Err(ExtendError::UsedUp(2)));
    }

    #[test]
    fn a_hold_of_five_days_goes_on_only_on_another_ground() {
        let hold = Terms { longest: Some(days(5)), extension: None };
        assert_eq!(next(hold, run(5, 0), end_of), Err(ExtendError::NoLonger));
        let arrest = Terms { longest: Some(days(60)), extension: None };
        let now = T.plus_secs(4 * 86_400);
        assert_eq!(
            on_another(arrest, (after(5), now), end_of),
            Ok(Further { ends: after(64), uses: None }),
            "its term begins when it leaves"
        );
        let short = Terms { longest: Some(days(1)), extension: None };
        assert_eq!(
            on_another(short, (after(5), now), end_of),
            Err(ExtendError::NoLonger),
            "nobody is freed sooner"
        );
        let none = Terms { longest: None, extension: None };
        assert_eq!(on_another(none, (after(5), now), end_of), Err(ExtendError::NoLonger));
    }

    #[test]
    fn only_what_is_in_force_goes_on() {
        assert!(
            goes_on(Status::Answered, ObjectState::Held) && goes_on(Status::Acknowledged, ObjectState::Done)
        );
        assert!(goes_on(Status::Answered, ObjectState::Kept));
        for state in
            [ObjectState::Asked, ObjectState::Released, ObjectState::Moved, ObjectState::HeldElsewhere]
        {
            assert!(!goes_on(Status::Answered, state), "{state:?}");
        }
        for status in [Status::Drafted, Status::Lapsed, Status::Released, Status::Cancelled] {
            assert!(!goes_on(status, ObjectState::Held), "{status:?}");
        }
    }

    proptest! {
        /// However often somebody asks: never past the longest term and all its extensions, and always later than before.
        #[test]
        fn never_past_what_the_law_allows(first in 1_u16..40, longest in 1_u16..40, term in 0_u16..40, times in 0_u8..5) {
            let terms = Terms { longest: Some(days(longest)), extension: Some(Extension { term: days(term), times }) };
            let mut state = run(first.min(longest), 0);
            let most = after(longest + term * u16::from(times));
            for _ in 0..20 {
                let Ok(further) = next(terms, state, end_of) else { break };
                prop_assert!(further.ends > state.ends && further.ends <= most);
                let used = further.uses.map_or(state.used, |(n, _)| n);
                state = Running { ends: further.ends, used, ..state };
            }
            prop_assert!(state.used <= times);
            prop_assert!(next(terms, state, end_of).is_err(), "it ends some time");
        }
    }
}
