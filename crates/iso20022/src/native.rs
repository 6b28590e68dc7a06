//! A proposal how answer codes of the office's own stand beside the statuses of camt.029. Banks whose systems
//! know only ISO 20022 read the status; nothing is lost, since the code itself travels too, as
//! [`Choice::Proprietary`](crate::Choice).

use crate::{CancellationRejection as Why, CancellationStatus, Confirmation};

/// What is said in camt.029 beside an answer code of the office's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// For the request as a whole (`Sts/Conf`), if this is the only thing that became of it; else
    /// [`case_status`].
    pub confirmation: Confirmation,
    /// For the payment or the part of it (`TxCxlSts`).
    pub status: CancellationStatus,
    /// The reason that comes nearest (`CxlStsRsnInf/Rsn/Cd`).
    pub reason: Option<Why>,
}

/// What to say in camt.029 beside an answer code of the office's own (`H11`). `None`: the code is not known here;
/// it is sent as it stands, pending, with the reason in words.
///
/// Money that is held is **pending**, not accepted: who reads `ACCR` or `CNCL` waits for a return.
#[must_use]
pub fn proposal(code: &str) -> Option<Proposal> {
    use CancellationStatus::{Accepted, Pending, Rejected};
    let (status, reason) = match code {
        "A00" => (Pending, Some(Why::AwaitingReply)),
        "H10" | "H12" | "E90" | "Q50" => (Pending, Some(Why::Narrative)),
        "H11" => (Pending, Some(Why::InsufficientFunds)),
        "M20" | "M22" | "M23" | "M24" | "N33" => (Rejected, Some(Why::InsufficientFunds)),
        "M21" | "M25" => (Rejected, Some(Why::PassedOn)),
        "N30" | "N31" | "N32" => (Rejected, Some(Why::NeverReceived)),
        "R40" | "L60" | "L61" | "P71" => (Rejected, Some(Why::Legal)),
        "R41" => (Rejected, Some(Why::Narrative)),
        "R42" => (Rejected, Some(Why::Regulatory)),
        "L62" => (Rejected, Some(Why::Customer)),
        "P70" => (Accepted, None),
        _ => return None,
    };
    let confirmation = match code {
        "Q50" | "R41" => Confirmation::UnableToApply,
        "E90" => Confirmation::AnswerPending,
        _ => case_status(std::slice::from_ref(&status)),
    };
    Some(Proposal { confirmation, status, reason })
}

/// What is said of a request as a whole when its parts stand so: cancelled if all are accepted, partly if some
/// are, pending as long as one is, else rejected. Nothing known, or a status that is not known, is pending.
#[must_use]
pub fn case_status(parts: &[CancellationStatus]) -> Confirmation {
    let all = |status| !parts.is_empty() && parts.iter().all(|part| *part == status);
    if all(CancellationStatus::Accepted) {
        Confirmation::Cancelled
    } else if parts.contains(&CancellationStatus::Accepted) {
        Confirmation::PartlyCancelled
    } else if all(CancellationStatus::Rejected) {
        Confirmation::Rejected
    } else {
        Confirmation::Pending
    }
}
