//! camt.029: what became of a recall.

use crate::code::{CancellationRejection, CancellationStatus, Confirmation, put_listed};
use crate::limits::{MAX_REPEATS, MAX_TRANSACTIONS};
use crate::message::Body;
use crate::out::{Out, document};
use crate::party::Parties;
use crate::place::{Part, Place};
use crate::rule::{CODE, ID, Rule};
use crate::value::{Assignment, Case, Original};
use crate::{Amount, Choice, Code as _, Fault, Flaw, Reason, Scheme};

/// `ResolutionOfInvestigation`: a bank answers a recall, wholly or in parts. Statuses of groups and of payment
/// informations are neither written nor read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolution {
    /// Who answers whom, when.
    pub assignment: Assignment,
    /// The matter as the asker counts it.
    pub case: Option<Case>,
    /// What became of it as a whole.
    pub outcome: Outcome,
    /// What became of each payment. One payment may stand here several times, once for each thing that became
    /// of its money: so much held, so much moved on. At most [`MAX_TRANSACTIONS`].
    pub payments: Vec<PaymentOutcome>,
}

/// What became of the request as a whole (`Sts`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A code.
    Confirmed(Confirmation),
    /// A modification is refused.
    ModificationRejected(Vec<Scheme>),
    /// It is the same as another.
    DuplicateOf(Box<Case>),
    /// The assignment is, or is not, cancelled.
    AssignmentCancelled(bool),
}

impl Default for Outcome {
    fn default() -> Self {
        Self::Confirmed(Confirmation::Pending)
    }
}

/// What became of one payment, or of a part of its money (`TxInfAndSts`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaymentOutcome {
    /// Identifier of this answer (`CxlStsId`), 1 to 35 characters.
    pub status_id: Option<String>,
    /// The matter, where each payment has its own.
    pub case: Option<Case>,
    /// What the payment is known by.
    pub original: Original,
    /// What became of it.
    pub status: Option<CancellationStatus>,
    /// Why. The answer code of the office's own stands here too, as [`Choice::Proprietary`], with its details in
    /// the notes.
    pub reasons: Vec<Reason<CancellationRejection>>,
    /// The part of the money that this is about (`RsltnRltdInf/IntrBkSttlmAmt`): held, moved, returned. Not
    /// more than the payment.
    pub part: Option<Amount>,
    /// On which day the part was settled, `YYYY-MM-DD`.
    pub part_settled_on: Option<String>,
    /// What the payment was of; never zero.
    pub amount: Option<Amount>,
    /// On which day it was settled, `YYYY-MM-DD`.
    pub settled_on: Option<String>,
    /// Between whom it went.
    pub parties: Parties,
}

impl PaymentOutcome {
    /// The answer code of the office's own: the first reason that is a word of one's own.
    #[must_use]
    pub fn native_code(&self) -> Option<&str> {
        self.reasons.iter().find_map(|reason| reason.reason.as_ref().and_then(Choice::proprietary))
    }
    /// The notes beside the office's own answer code.
    #[must_use]
    pub fn native_notes(&self) -> Option<&crate::Notes> {
        let own = |r: &&Reason<_>| r.reason.as_ref().is_some_and(|r: &Choice<_>| r.proprietary().is_some());
        self.reasons.iter().find(own).map(|reason| &reason.notes)
    }
}

impl Resolution {
    /// The document.
    ///
    /// # Errors
    /// The first place that the schema or a reader would refuse.
    pub fn to_xml(&self) -> Result<String, Fault> {
        document(self)
    }
}

impl Body for Resolution {
    const NAME: &'static str = "camt.029.001.14";
    const ROOT: &'static str = "RsltnOfInvstgtn";
    const PARTY_ID: usize = 256;
}

impl Part for Resolution {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.part("Assgnmt", &self.assignment)?;
        out.part_opt("RslvdCase", self.case.as_ref())?;
        out.part("Sts", &self.outcome)?;
        out.node_opt("CxlDtls", |out| out.parts("TxInfAndSts", &self.payments, MAX_TRANSACTIONS))
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let mut payments = Vec::new();
        for details in at.many("CxlDtls", MAX_TRANSACTIONS)? {
            payments.append(&mut details.parts("TxInfAndSts", MAX_TRANSACTIONS)?);
        }
        if payments.len() > MAX_TRANSACTIONS {
            return Err(at.fault_in("CxlDtls", Flaw::TooMany { max: MAX_TRANSACTIONS }));
        }
        Ok(Self {
            assignment: at.part("Assgnmt")?,
            case: at.part_opt("RslvdCase")?,
            outcome: at.part("Sts")?,
            payments,
        })
    }
}

impl Part for Outcome {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        match self {
            Self::Confirmed(code) => out.text("Conf", code.as_str(), CODE),
            Self::ModificationRejected(reasons) => out.parts("RjctdMod", reasons, MAX_REPEATS),
            Self::DuplicateOf(case) => out.part("DplctOf", case),
            Self::AssignmentCancelled(flag) => {
                out.flag_opt("AssgnmtCxlConf", Some(*flag));
                Ok(())
            }
        }
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let code = at.text_opt("Conf", CODE)?.map(|code| Self::Confirmed(Confirmation::from_code(&code)));
        let rejected = at.parts("RjctdMod", MAX_REPEATS)?;
        let rejected = (!rejected.is_empty()).then_some(Self::ModificationRejected(rejected));
        let duplicate = at.part_opt("DplctOf")?.map(Self::DuplicateOf);
        let cancelled = at.flag_opt("AssgnmtCxlConf")?.map(Self::AssignmentCancelled);
        let mut given = [code, rejected, duplicate, cancelled].into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(outcome), None) => Ok(outcome),
            _ => Err(at.fault(Flaw::Choice)),
        }
    }
}

impl Part for PaymentOutcome {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.text_opt("CxlStsId", self.status_id.as_ref(), ID)?;
        out.part_opt("RslvdCase", self.case.as_ref())?;
        self.original.put(out)?;
        if let Some(status) = &self.status {
            put_listed(out, "TxCxlSts", status, CancellationStatus::KNOWN)?;
        }
        out.parts("CxlStsRsnInf", &self.reasons, MAX_REPEATS)?;
        out.node_opt("RsltnRltdInf", |out| {
            out.amount_opt("IntrBkSttlmAmt", self.part.as_ref())?;
            out.text_opt("IntrBkSttlmDt", self.part_settled_on.as_ref(), Rule::Date)
        })?;
        out.amount_opt("OrgnlIntrBkSttlmAmt", self.amount.as_ref())?;
        out.text_opt("OrgnlIntrBkSttlmDt", self.settled_on.as_ref(), Rule::Date)?;
        out.node_opt("OrgnlTxRef", |out| self.parties.put(out))
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let part = at.one("RsltnRltdInf")?;
        let (amount, day) = match &part {
            Some(part) => (part.amount_opt("IntrBkSttlmAmt")?, part.text_opt("IntrBkSttlmDt", Rule::Date)?),
            None => (None, None),
        };
        let status = at.text_opt("TxCxlSts", CODE)?;
        Ok(Self {
            status_id: at.text_opt("CxlStsId", ID)?,
            case: at.part_opt("RslvdCase")?,
            original: Original::take(at)?,
            status: status.map(|code| CancellationStatus::from_code(&code)),
            reasons: at.parts("CxlStsRsnInf", MAX_REPEATS)?,
            part: amount,
            part_settled_on: day,
            amount: at.amount_opt("OrgnlIntrBkSttlmAmt")?,
            settled_on: at.text_opt("OrgnlIntrBkSttlmDt", Rule::Date)?,
            parties: at.part_opt("OrgnlTxRef")?.unwrap_or_default(),
        })
    }
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
    /// What the schema admits and cannot be.
    fn misfit(&self) -> Option<(&'static str, Flaw)> {
        let units = |amount: &Option<Amount>| amount.as_ref().and_then(|a| a.units().ok());
        match (units(&self.part), units(&self.amount)) {
            (_, Some(0)) => Some(("OrgnlIntrBkSttlmAmt", Flaw::Zero)),
            (Some(part), Some(whole)) if part > whole => Some(("RsltnRltdInf/IntrBkSttlmAmt", Flaw::Exceeds)),
            _ => None,
        }
    }
}
