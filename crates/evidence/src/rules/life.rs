//! Which events an exhibit may have, by what has happened to it.

use crate::model::{EventKind, Fate, State};

/// Why something may not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is no longer here.
    Over,
    /// It is in other hands, or not in those that it is said to be in.
    OtherHands,
    /// A proposal waits, or none does.
    Proposal,
    /// It is under a seal, or under none.
    Seal,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Where it has come to.
    pub state: State,
    /// What was proposed and waits.
    pub proposed: Option<Fate>,
    /// Whether it lies under a seal.
    pub sealed: bool,
    /// Whether whoever acts keeps it.
    pub mine: bool,
    /// Whether it is offered to whoever acts.
    pub to_me: bool,
}

/// Whether it may happen; what it has come to then.
///
/// # Errors
/// Why not.
pub fn may(kind: EventKind, f: Facts) -> Result<State, Refused> {
    use EventKind as E;
    let need = |right: bool, why: Refused| if right { Ok(()) } else { Err(why) };
    // What was returned or destroyed can be proved. Of a file that was returned there is a copy, and whoever it is about may have a right
    // to its destruction.
    if f.state.is_over() {
        let returned = f.state == State::Returned;
        return match kind {
            E::Printed | E::Exported => Ok(f.state),
            E::Proposed if returned => need(f.proposed.is_none(), Refused::Proposal).map(|()| f.state),
            E::SentBack if returned => need(f.proposed.is_some(), Refused::Proposal).map(|()| f.state),
            E::Destroyed if returned => {
                need(f.proposed == Some(Fate::Destroy), Refused::Proposal).map(|()| State::Destroyed)
            }
            _ => Err(Refused::Over),
        };
    }
    let held = f.state == State::Held;
    match kind {
        E::Taken => Err(Refused::Over),
        E::Described
        | E::Linked
        | E::Opened
        | E::Printed
        | E::Exported
        | E::Derived
        | E::Checked
        | E::Damaged => Ok(f.state),
        E::Moved => need(held && f.mine, Refused::OtherHands).map(|()| State::Held),
        E::Offered => {
            need(held && f.mine, Refused::OtherHands)?;
            // Or whoever keeps it could put off for ever what was proposed.
            need(f.proposed.is_none(), Refused::Proposal).map(|()| State::Offered)
        }
        E::Received | E::Declined => {
            need(f.state == State::Offered && f.to_me, Refused::OtherHands).map(|()| State::Held)
        }
        E::CalledBack => need(f.state == State::Offered && f.mine, Refused::OtherHands).map(|()| State::Held),
        E::Sealed => {
            need(held && f.mine, Refused::OtherHands)?;
            need(!f.sealed, Refused::Seal).map(|()| State::Held)
        }
        E::Unsealed => {
            need(held && f.mine, Refused::OtherHands)?;
            need(f.sealed, Refused::Seal).map(|()| State::Held)
        }
        E::Proposed => {
            need(held, Refused::OtherHands)?;
            need(f.proposed.is_none(), Refused::Proposal).map(|()| State::Held)
        }
        E::SentBack => need(f.proposed.is_some(), Refused::Proposal).map(|()| f.state),
        E::Returned => {
            need(f.proposed == Some(Fate::Return), Refused::Proposal)?;
            need(held, Refused::OtherHands).map(|()| State::Returned)
        }
        E::Destroyed => {
            need(f.proposed == Some(Fate::Destroy), Refused::Proposal)?;
            need(held, Refused::OtherHands).map(|()| State::Destroyed)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts() -> impl Strategy<Value = Facts> {
        let state = proptest::sample::select(State::ALL.to_vec());
        let fate = proptest::option::of(proptest::sample::select(Fate::ALL.to_vec()));
        (state, fate, any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(state, proposed, sealed, mine, to_me)| Facts { state, proposed, sealed, mine, to_me })
    }

    proptest! {
        /// Nothing brings back what is over, nothing ends without a proposal, and nobody moves what another keeps.
        #[test]
        fn what_never_happens(f in facts(), kind in proptest::sample::select(EventKind::ALL.to_vec())) {
            let after = may(kind, f);
            if after.is_ok_and(State::is_over) && after != Ok(f.state) {
                prop_assert!(f.proposed.is_some() && matches!(f.state, State::Held | State::Returned));
            }
            if f.state.is_over() {
                let destroyed = f.state == State::Returned && after == Ok(State::Destroyed);
                prop_assert!(after.is_err() || after == Ok(f.state) || destroyed);
            }
            if kind == EventKind::Offered && f.proposed.is_some() {
                prop_assert!(after.is_err());
            }
            if matches!(kind, EventKind::Moved | EventKind::Offered | EventKind::Sealed | EventKind::Unsealed) && !f.mine {
                prop_assert!(after.is_err());
            }
            if kind == EventKind::Received && after.is_ok() {
                prop_assert!(f.to_me && f.state == State::Offered);
            }
        }
    }

    #[test]
    fn a_hand_over_has_two_sides() {
        let held = Facts { state: State::Held, proposed: None, sealed: false, mine: true, to_me: false };
        assert_eq!(may(EventKind::Offered, held), Ok(State::Offered));
        let offered = Facts { state: State::Offered, ..held };
        assert_eq!(may(EventKind::Received, offered), Err(Refused::OtherHands));
        assert_eq!(may(EventKind::Moved, offered), Err(Refused::OtherHands));
        let other = Facts { mine: false, to_me: true, ..offered };
        assert_eq!(may(EventKind::Received, other), Ok(State::Held));
        assert_eq!(may(EventKind::CalledBack, other), Err(Refused::OtherHands));
    }
}
