//! camt.056: a payment is called back.

use crate::limits::{MAX_REPEATS, MAX_TRANSACTIONS};
use crate::message::Body;
use crate::out::{Out, document};
use crate::party::Parties;
use crate::place::{Part, Place};
use crate::rule::{ID, Rule};
use crate::value::{Assignment, Case, Original};
use crate::{Amount, CancellationReason, Fault, Flaw, Reason};

/// `FIToFIPaymentCancellationRequest`: an office or a bank calls payments back, or asks that they be held.
/// Where several are named they are written in one `Undrlyg`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CancellationRequest {
    /// Who asks whom, when.
    pub assignment: Assignment,
    /// The matter they all belong to.
    pub case: Option<Case>,
    /// The payments, 1 to [`MAX_TRANSACTIONS`].
    pub payments: Vec<RecalledPayment>,
}

/// One payment that is called back (`TxInf`). It has an identifier of the payment or an account of it, else
/// nobody could find it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecalledPayment {
    /// Identifier of this recall (`CxlId`), 1 to 35 characters.
    pub cancellation_id: Option<String>,
    /// The matter, where each payment has its own.
    pub case: Option<Case>,
    /// What the payment is known by.
    pub original: Original,
    /// What was settled between the banks; never zero.
    pub amount: Option<Amount>,
    /// On which day it was settled, `YYYY-MM-DD`.
    pub settled_on: Option<String>,
    /// Why, with order, legal basis and term in the notes.
    pub reasons: Vec<Reason<CancellationReason>>,
    /// Between whom it went.
    pub parties: Parties,
}

impl CancellationRequest {
    /// The document.
    ///
    /// # Errors
    /// The first place that the schema or a reader would refuse.
    pub fn to_xml(&self) -> Result<String, Fault> {
        document(self)
    }
}

impl Body for CancellationRequest {
    const NAME: &'static str = "camt.056.001.12";
    const ROOT: &'static str = "FIToFIPmtCxlReq";
    const PARTY_ID: usize = 256;
}

impl Part for CancellationRequest {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.part("Assgnmt", &self.assignment)?;
        out.part_opt("Case", self.case.as_ref())?;
        out.node("CtrlData", |out| {
            out.raw("NbOfTxs", &self.payments.len().to_string());
            Ok(())
        })?;
        out.node("Undrlyg", |out| out.parts("TxInf", &self.payments, MAX_TRANSACTIONS))
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let (assignment, case) = (at.part("Assgnmt")?, at.part_opt("Case")?);
        let mut payments = Vec::new();
        for underlying in at.many("Undrlyg", MAX_TRANSACTIONS)? {
            payments.append(&mut underlying.parts("TxInf", MAX_TRANSACTIONS)?);
        }
        if payments.is_empty() {
            return Err(at.fault_in("Undrlyg/TxInf", Flaw::Missing));
        }
        if payments.len() > MAX_TRANSACTIONS {
            return Err(at.fault_in("Undrlyg", Flaw::TooMany { max: MAX_TRANSACTIONS }));
        }
        if let Some(control) = at.one("CtrlData")? {
            control.counts("NbOfTxs", payments.len())?;
        }
        Ok(Self { assignment, case, payments })
    }
}

impl Part for RecalledPayment {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.text_opt("CxlId", self.cancellation_id.as_ref(), ID)?;
        out.part_opt("Case", self.case.as_ref())?;
        self.original.put(out)?;
        out.amount_opt("OrgnlIntrBkSttlmAmt", self.amount.as_ref())?;
        out.text_opt("OrgnlIntrBkSttlmDt", self.settled_on.as_ref(), Rule::Date)?;
        out.parts("CxlRsnInf", &self.reasons, MAX_REPEATS)?;
        out.node_opt("OrgnlTxRef", |out| self.parties.put(out))
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            cancellation_id: at.text_opt("CxlId", ID)?,
            case: at.part_opt("Case")?,
            original: Original::take(at)?,
            amount: at.amount_opt("OrgnlIntrBkSttlmAmt")?,
            settled_on: at.text_opt("OrgnlIntrBkSttlmDt", Rule::Date)?,
            reasons: at.parts("CxlRsnInf", MAX_REPEATS)?,
            parties: at.part_opt("OrgnlTxRef")?.unwrap_or_default(),
        })
    }
    /// What the schema admits and nobody could act upon.
    fn misfit(&self) -> Option<(&'static str, Flaw)> {
        if !self.original.identifies() && !self.parties.has_account() {
            return Some(("", Flaw::Unidentified));
        }
        let zero = self.amount.as_ref().is_some_and(Amount::is_zero);
        zero.then_some(("OrgnlIntrBkSttlmAmt", Flaw::Zero))
    }
}
