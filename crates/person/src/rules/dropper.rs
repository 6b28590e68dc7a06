//! From a signal to a listing and off it again: form F9. Each step is a person's; none is the machine's.

use kernel::Timestamp;
use order::details::Knowledge;

use crate::model::{Doubt, Dropper, DropperStatus};

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DropperFault {
    /// It does not follow where the matter stands.
    #[error("it does not fit where the matter stands")]
    Stands,
    /// It is not said what the person knew.
    #[error("it is not said what the person knew")]
    Unsaid,
    /// Who did not know, was forced or was robbed of the name is helped, not listed.
    #[error("who did not know, was forced or was robbed of the name is not listed")]
    Innocent,
    /// A minor is proposed once whoever answers for them knows.
    #[error("whoever answers for the minor must be told first")]
    Guardian,
    /// Nobody has talked with the person.
    #[error("somebody must talk with the person first")]
    Untalked,
    /// Nothing is written that the person gave away.
    #[error("it is not written what the person gave away")]
    Nothing,
    /// A second person lists.
    #[error("whoever proposed it does not list")]
    OwnProposal,
    /// Whoever was robbed is a victim: nobody is listed on the record of a reporter, nor a person of whom one says so.
    #[error("a victim's record is among those of the person")]
    Victim,
    /// Nobody knows how old they are: they may be a minor.
    #[error("how old the person is must be known first")]
    Age,
    /// What it rests on is in doubt: the report was withdrawn or erased. It is cleared, and proposed anew on what is left.
    #[error("what it rests on is in doubt")]
    Doubt,
    /// Whoever proposed it holds the office no more: what one alone has signed is not signed.
    #[error("whoever proposed it has left the office")]
    LeftOffice,
}

impl DropperFault {
    /// The code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stands => "person.dropper_stands",
            Self::Unsaid => "person.dropper_unsaid",
            Self::Innocent => "person.dropper_innocent",
            Self::Guardian => "person.dropper_guardian",
            Self::Untalked => "person.dropper_untalked",
            Self::Nothing => "person.dropper_nothing",
            Self::OwnProposal => "person.dropper_own",
            Self::Victim => "person.dropper_victim",
            Self::Age => "person.dropper_age",
            Self::Doubt => "person.dropper_doubt",
            Self::LeftOffice => "person.dropper_left_office",
        }
    }
}

/// What an interview brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interview {
    /// What the person knew.
    pub knowledge: Knowledge,
    /// Whether they came forward by themselves.
    pub voluntary: bool,
    /// Whether it was explained to them what it leads to.
    pub talked: bool,
    /// Whether whoever answers for a minor was told.
    pub guardian_told: bool,
}

fn only(d: &Dropper, from: &[DropperStatus]) -> Result<(), DropperFault> {
    if from.contains(&d.status) { Ok(()) } else { Err(DropperFault::Stands) }
}

/// Somebody has made sure that it is so: the account is the person's, and the money went there.
///
/// # Errors
/// It stands elsewhere.
pub fn verify(d: &Dropper) -> Result<Dropper, DropperFault> {
    only(d, &[DropperStatus::Signalled])?;
    Ok(Dropper { status: DropperStatus::Verified, ..d.clone() })
}

/// The person was heard; heard again, what they say now counts.
///
/// # Errors
/// It stands elsewhere.
pub fn interview(d: &Dropper, heard: Interview) -> Result<Dropper, DropperFault> {
    only(d, &[DropperStatus::Verified, DropperStatus::Interviewed])?;
    Ok(Dropper {
        status: DropperStatus::Interviewed,
        knowledge: Some(heard.knowledge),
        voluntary: heard.voluntary,
        talked: heard.talked,
        guardian_told: d.minor && heard.guardian_told,
        ..d.clone()
    })
}

/// An officer proposes that the person be listed.
///
/// # Errors
/// Nothing is said of what they knew or gave away; they are innocent; a minor whose guardian does not know; nobody talked with
/// them; it stands elsewhere.
pub fn propose(d: &Dropper, instruments: usize, by: &str) -> Result<Dropper, DropperFault> {
    only(d, &[DropperStatus::Interviewed])?;
    let knowledge = d.knowledge.ok_or(DropperFault::Unsaid)?;
    if !knowledge.can_be_listed() {
        return Err(DropperFault::Innocent);
    }
    if instruments == 0 {
        return Err(DropperFault::Nothing);
    }
    if !d.talked {
        return Err(DropperFault::Untalked);
    }
    if d.minor && !d.guardian_told {
        return Err(DropperFault::Guardian);
    }
    Ok(Dropper { status: DropperStatus::Proposed, proposed_by: Some(by.to_owned()), ..d.clone() })
}

/// Somebody else lists them, until a day on which it is looked at again.
///
/// # Errors
/// Whoever proposed it; nothing is proposed.
pub fn list(d: &Dropper, by: &str, review_at: Timestamp) -> Result<Dropper, DropperFault> {
    only(d, &[DropperStatus::Proposed])?;
    if d.doubt.is_some() {
        return Err(DropperFault::Doubt);
    }
    if d.proposed_by.as_deref() == Some(by) {
        return Err(DropperFault::OwnProposal);
    }
    Ok(Dropper { status: DropperStatus::Listed, listed_by: Some(by.to_owned()), review_at, ..d.clone() })
}

/// A criminal case is open (article 232-1 of the Criminal Code): a reference to it, and no decision of ours.
///
/// # Errors
/// They are not listed: two persons have looked before; what it rests on is in doubt; nobody has heard them; they are innocent; a minor
/// whose guardian does not know.
pub fn open_case(d: &Dropper) -> Result<Dropper, DropperFault> {
    only(d, &[DropperStatus::Listed])?;
    if d.doubt.is_some() {
        return Err(DropperFault::Doubt);
    }
    if !d.talked {
        return Err(DropperFault::Untalked);
    }
    if !d.knowledge.ok_or(DropperFault::Unsaid)?.can_be_listed() {
        return Err(DropperFault::Innocent);
    }
    if d.minor && !d.guardian_told {
        return Err(DropperFault::Guardian);
    }
    Ok(Dropper { status: DropperStatus::Case, ..d.clone() })
}

/// What it rests on is in doubt: somebody must look again now. What was proposed or listed stays so until they have.
#[must_use]
pub fn doubt(d: &Dropper, why: Doubt, now: Timestamp) -> Dropper {
    Dropper { doubt: Some(why), review_at: d.review_at.min(now), ..d.clone() }
}

/// The person asks to be taken off.
///
/// # Errors
/// They are not listed, or have asked already.
pub fn ask_off(d: &Dropper, now: Timestamp) -> Result<Dropper, DropperFault> {
    only(d, &[DropperStatus::Proposed, DropperStatus::Listed, DropperStatus::Case])?;
    if d.asked_at.is_some() {
        return Err(DropperFault::Stands);
    }
    Ok(Dropper { asked_at: Some(now), ..d.clone() })
}

/// Somebody looked again and it stays, until the next day of review. What a person asked is answered by it.
///
/// # Errors
/// They are not listed, nor is a case open; a minor whose guardian does not know: it is cleared, and begun anew with the guardian.
pub fn keep(d: &Dropper, review_at: Timestamp) -> Result<Dropper, DropperFault> {
    only(d, &[DropperStatus::Listed, DropperStatus::Case])?;
    if d.minor && !d.guardian_told {
        return Err(DropperFault::Guardian);
    }
    Ok(Dropper { review_at, asked_at: None, doubt: None, ..d.clone() })
}

/// They are no dropper, or no more: at every step.
///
/// # Errors
/// They are cleared already.
pub fn clear(d: &Dropper) -> Result<Dropper, DropperFault> {
    if d.status == DropperStatus::Cleared {
        return Err(DropperFault::Stands);
    }
    Ok(Dropper { status: DropperStatus::Cleared, asked_at: None, doubt: None, ..d.clone() })
}

#[cfg(test)]
mod tests {
    use kernel::{Header, Lang, Marking};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::model::{DropperId, RecordId};

    fn dropper(minor: bool) -> Dropper {
        let at = Timestamp::from_secs(1_800_000_000);
        let header = Header {
            origin_node: String::new(),
            organisation_id: String::new(),
            unit_id: String::new(),
            region: String::new(),
            marking: Marking::default(),
            lang: Lang::KK,
            created_at: at,
            source_time: at,
            source_zone: String::new(),
            author: String::new(),
            basis: None,
            profile_version: String::new(),
            retention_class: String::new(),
        };
        Dropper {
            id: DropperId::from_uuid(Uuid::nil()),
            header,
            record: RecordId::from_uuid(Uuid::nil()),
            status: DropperStatus::Signalled,
            knowledge: None,
            minor,
            guardian_told: false,
            voluntary: false,
            talked: false,
            proposed_by: None,
            listed_by: None,
            review_at: at,
            asked_at: None,
            ground: None,
            doubt: None,
            version: 0,
        }
    }

    fn interviewed(minor: bool, knowledge: Knowledge, talked: bool, guardian_told: bool) -> Dropper {
        let heard = Interview { knowledge, voluntary: true, talked, guardian_told };
        interview(&verify(&dropper(minor)).unwrap(), heard).unwrap()
    }

    #[test]
    fn who_can_be_proposed() {
        use DropperFault as F;
        use Knowledge as K;
        for (minor, knowledge, talked, guardian, instruments, told) in [
            (false, K::Witting, true, false, 1, Ok(())),
            (false, K::Negligent, true, false, 2, Ok(())),
            (false, K::Unwitting, true, false, 1, Err(F::Innocent)),
            (false, K::Coerced, true, false, 1, Err(F::Innocent)),
            (false, K::IdentityStolen, true, false, 1, Err(F::Innocent)),
            (false, K::Complicit, false, false, 1, Err(F::Untalked)),
            (false, K::Complicit, true, false, 0, Err(F::Nothing)),
            (true, K::Witting, true, false, 1, Err(F::Guardian)),
            (true, K::Witting, true, true, 1, Ok(())),
        ] {
            let d = interviewed(minor, knowledge, talked, guardian);
            assert_eq!(propose(&d, instruments, "a").map(drop), told, "{minor} {knowledge:?}");
        }
        assert_eq!(propose(&dropper(false), 1, "a"), Err(F::Stands));
    }

    #[test]
    fn a_second_person_lists() {
        let d = propose(&interviewed(false, Knowledge::Witting, true, false), 1, "a").unwrap();
        let at = d.review_at;
        assert_eq!(list(&d, "a", at), Err(DropperFault::OwnProposal));
        let listed = list(&d, "b", at).unwrap();
        assert_eq!(list(&listed, "c", at), Err(DropperFault::Stands));
        // A case is noted of whom two have listed, and not while its ground is in doubt.
        assert_eq!(open_case(&d), Err(DropperFault::Stands));
        assert_eq!(open_case(&doubt(&listed, Doubt::Victim, at)), Err(DropperFault::Doubt));
        assert_eq!(open_case(&listed).unwrap().status, DropperStatus::Case);
        let child = Dropper { minor: true, ..listed.clone() };
        assert_eq!(keep(&child, at), Err(DropperFault::Guardian));
        let asked = ask_off(&listed, at).unwrap();
        assert_eq!(ask_off(&asked, at), Err(DropperFault::Stands));
        assert_eq!(keep(&asked, at).unwrap().asked_at, None);
        assert_eq!(clear(&clear(&asked).unwrap()), Err(DropperFault::Stands));
    }

    proptest! {
        /// Whatever is done in whatever order, nobody is listed by who proposed it, nor without having been heard.
        #[test]
        fn no_way_around(steps in prop::collection::vec((0_u8..9, 0_usize..6, any::<bool>(), 0_u8..3), 0..20), minor in any::<bool>()) {
            let mut d = dropper(minor);
            let at = d.review_at;
            for (step, knowledge, flag, who) in steps {
                let by = who.to_string();
                let heard = Interview { knowledge: Knowledge::ALL[knowledge], voluntary: flag, talked: flag, guardian_told: flag };
                let next = match step {
                    0 => verify(&d),
                    1 => interview(&d, heard),
                    2 => propose(&d, usize::from(flag), &by),
                    3 => list(&d, &by, at),
                    4 => ask_off(&d, at),
                    5 => keep(&d, at),
                    6 => open_case(&d),
                    7 => Ok(doubt(&d, Doubt::Withdrawn, at)),
                    _ => clear(&d),
                };
                let Ok(next) = next else { continue };
                if next.status == DropperStatus::Case {
                    prop_assert!(next.talked && next.proposed_by.is_some() && next.proposed_by != next.listed_by);
                    prop_assert!(next.knowledge.is_some_and(Knowledge::can_be_listed) && (!next.minor || next.guardian_told));
                }
                if next.status == DropperStatus::Listed {
                    prop_assert!(next.knowledge.is_some_and(Knowledge::can_be_listed) && next.talked);
                    prop_assert!(next.proposed_by.is_some() && next.proposed_by != next.listed_by);
                    prop_assert!(!next.minor || next.guardian_told);
                }
                prop_assert!(d.status != DropperStatus::Cleared || next.status == DropperStatus::Cleared, "nothing leads away from cleared");
                d = next;
            }
        }
    }
}
