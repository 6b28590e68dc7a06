//! pacs.004: money comes back.

use crate::code::{ReturnReason, SettlementMethod, put_listed};
use crate::limits::{MAX_REPEATS, MAX_TRANSACTIONS};
use crate::message::Body;
use crate::out::{Out, document};
use crate::party::{Agent, Parties};
use crate::place::{Part, Place};
use crate::rule::{CODE, ID, Rule};
use crate::value::Original;
use crate::{Amount, Code as _, Fault, Flaw, Reason, Scheme};

/// `PaymentReturn`: payments that were made are returned, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentReturn {
    /// Identifier of the message, 1 to 35 characters; the same at every repetition.
    pub message_id: String,
    /// When it was made, ISO 8601 with offset.
    pub created: String,
    /// The sum of what is returned. Where it is stated, it is checked.
    pub total: Option<Amount>,
    /// On which day it is settled, `YYYY-MM-DD`.
    pub settled_on: Option<String>,
    /// How it is settled.
    pub settlement: SettlementMethod,
    /// Through which clearing system; its codes have up to 3 characters.
    pub clearing_system: Option<Scheme>,
    /// The bank that sends the message.
    pub instructing: Option<Agent>,
    /// The bank that receives it.
    pub instructed: Option<Agent>,
    /// What is returned, 1 to [`MAX_TRANSACTIONS`].
    pub returns: Vec<ReturnedPayment>,
}

/// One payment that is returned (`TxInf`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReturnedPayment {
    /// Identifier of the return (`RtrId`), 1 to 35 characters.
    pub return_id: Option<String>,
    /// What the payment is known by.
    pub original: Original,
    /// What the payment was of; never zero.
    pub amount: Option<Amount>,
    /// On which day it was settled, `YYYY-MM-DD`.
    pub settled_on: Option<String>,
    /// What is returned between the banks; never zero and not more than the payment.
    pub returned: Amount,
    /// On which day the return is settled, `YYYY-MM-DD`.
    pub return_settled_on: Option<String>,
    /// Why. An answer code of the office's own stands here too, as [`Choice::Proprietary`](crate::Choice), with
    /// the order in the notes.
    pub reasons: Vec<Reason<ReturnReason>>,
    /// Between whom the payment went.
    pub parties: Parties,
}

impl PaymentReturn {
    /// A return; what it returns is still to be put in.
    pub fn new(
        message_id: impl Into<String>,
        created: impl Into<String>,
        settlement: SettlementMethod,
    ) -> Self {
        Self {
            message_id: message_id.into(),
            created: created.into(),
            total: None,
            settled_on: None,
            settlement,
            clearing_system: None,
            instructing: None,
            instructed: None,
            returns: Vec::new(),
        }
    }

    /// The document.
    ///
    /// # Errors
    /// The first place that the schema or a reader would refuse.
    pub fn to_xml(&self) -> Result<String, Fault> {
        document(self)
    }
}

impl Body for PaymentReturn {
    const NAME: &'static str = "pacs.004.001.11";
    const ROOT: &'static str = "PmtRtr";
    const PARTY_ID: usize = 35;
}

impl Part for PaymentReturn {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.node("GrpHdr", |out| {
            out.text("MsgId", &self.message_id, ID)?;
            out.text("CreDtTm", &self.created, Rule::DateTime)?;
            out.raw("NbOfTxs", &self.returns.len().to_string());
            out.amount_opt("TtlRtrdIntrBkSttlmAmt", self.total.as_ref())?;
            out.text_opt("IntrBkSttlmDt", self.settled_on.as_ref(), Rule::Date)?;
            out.node("SttlmInf", |out| {
                put_listed(out, "SttlmMtd", &self.settlement, SettlementMethod::KNOWN)?;
                Scheme::put_in(self.clearing_system.as_ref(), "ClrSys", out, Rule::Text(3))
            })?;
            out.part_opt("InstgAgt", self.instructing.as_ref())?;
            out.part_opt("InstdAgt", self.instructed.as_ref())
        })?;
        if self.returns.is_empty() {
            return Err(out.fault_in("TxInf", Flaw::Missing));
        }
        out.parts("TxInf", &self.returns, MAX_TRANSACTIONS)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let header = at.need("GrpHdr")?;
        let settlement = header.need("SttlmInf")?;
        let message = Self {
            message_id: header.text("MsgId", ID)?,
            created: header.text("CreDtTm", Rule::DateTime)?,
            total: header.amount_opt("TtlRtrdIntrBkSttlmAmt")?,
            settled_on: header.text_opt("IntrBkSttlmDt", Rule::Date)?,
            settlement: SettlementMethod::from_code(&settlement.text("SttlmMtd", CODE)?),
            clearing_system: Scheme::take_from(&settlement, "ClrSys", Rule::Text(3))?,
            instructing: header.part_opt("InstgAgt")?,
            instructed: header.part_opt("InstdAgt")?,
            returns: at.parts("TxInf", MAX_TRANSACTIONS)?,
        };
        if message.returns.is_empty() {
            return Err(at.fault_in("TxInf", Flaw::Missing));
        }
        header.counts("NbOfTxs", message.returns.len())?;
        Ok(message)
    }
    /// That the stated total is the sum.
    fn misfit(&self) -> Option<(&'static str, Flaw)> {
        let total = self.total.as_ref()?.units().ok()?;
        let sum = self.returns.iter().try_fold(0_u128, |sum, r| sum.checked_add(r.returned.units().ok()?));
        (sum? != total).then_some(("GrpHdr/TtlRtrdIntrBkSttlmAmt", Flaw::Sum))
    }
}

impl Part for ReturnedPayment {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.text_opt("RtrId", self.return_id.as_ref(), ID)?;
        self.original.put(out)?;
        out.amount_opt("OrgnlIntrBkSttlmAmt", self.amount.as_ref())?;
        out.text_opt("OrgnlIntrBkSttlmDt", self.settled_on.as_ref(), Rule::Date)?;
        out.amount("RtrdIntrBkSttlmAmt", &self.returned)?;
        out.text_opt("IntrBkSttlmDt", self.return_settled_on.as_ref(), Rule::Date)?;
        out.parts("RtrRsnInf", &self.reasons, MAX_REPEATS)?;
        out.node_opt("OrgnlTxRef", |out| self.parties.put(out))
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            return_id: at.text_opt("RtrId", ID)?,
            original: Original::take(at)?,
            amount: at.amount_opt("OrgnlIntrBkSttlmAmt")?,
            settled_on: at.text_opt("OrgnlIntrBkSttlmDt", Rule::Date)?,
            returned: at.amount("RtrdIntrBkSttlmAmt")?,
            return_settled_on: at.text_opt("IntrBkSttlmDt", Rule::Date)?,
            reasons: at.parts("RtrRsnInf", MAX_REPEATS)?,
            parties: at.part_opt("OrgnlTxRef")?.unwrap_or_default(),
        })
    }
    /// What the schema admits and cannot be.
    fn misfit(&self) -> Option<(&'static str, Flaw)> {
        if !self.original.identifies() && !self.parties.has_account() {
            return Some(("", Flaw::Unidentified));
        }
        let whole = self.amount.as_ref().and_then(|a| a.units().ok());
        match (self.returned.units().ok(), whole) {
            (Some(0), _) => Some(("RtrdIntrBkSttlmAmt", Flaw::Zero)),
            (_, Some(0)) => Some(("OrgnlIntrBkSttlmAmt", Flaw::Zero)),
            (Some(part), Some(whole)) if part > whole => Some(("RtrdIntrBkSttlmAmt", Flaw::Exceeds)),
            _ => None,
        }
    }
}

impl ReturnedPayment {
    /// The answer code of the office's own: the first reason that is a word of one's own.
    #[must_use]
    pub fn native_code(&self) -> Option<&str> {
        self.reasons.iter().find_map(|reason| reason.reason.as_ref().and_then(crate::Choice::proprietary))
    }
}
