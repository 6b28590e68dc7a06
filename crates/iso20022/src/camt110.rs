//! camt.110: a question about a payment or an account.

use crate::code::{
    Instrument, InvestigationDetail, InvestigationReason, InvestigationSubType, InvestigationType,
};
use crate::limits::MAX_TRANSACTIONS;
use crate::message::Body;
use crate::notes::Notes;
use crate::out::{Out, document};
use crate::party::{Account, Participant, Parties};
use crate::place::{Part, Place};
use crate::rule::{ID, Rule};
use crate::value::Original;
use crate::{Amount, Choice, Fault, Flaw};

/// The largest sequence number (`Max3Number`).
pub(crate) const MAX_SEQUENCE: u64 = 999;

/// `InvestigationRequest`: questions about a payment, an entry or an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvestigationRequest {
    /// Who asks whom about what.
    pub inquiry: Inquiry,
    /// The questions, 1 to [`MAX_TRANSACTIONS`].
    pub questions: Vec<Question>,
}

/// Who asks whom about what. An answer carries it back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inquiry {
    /// Identifier of the request, 1 to 35 characters; the same at every repetition.
    pub message_id: String,
    /// The matter as the asker counts it, 1 to 35 characters.
    pub requester_case: Option<String>,
    /// The matter as the asked counts it, 1 to 35 characters.
    pub responder_case: Option<String>,
    /// Identifier of the matter from end to end (`EIR`): a UUID of version 4 in lower case.
    pub eir: Option<String>,
    /// What kind of question.
    pub kind: Option<Choice<InvestigationType>>,
    /// On what occasion.
    pub sub_kind: Option<Choice<InvestigationSubType>>,
    /// What payment it was.
    pub instrument: Option<Choice<Instrument>>,
    /// What it is about. A request must say it, an answer may repeat it.
    pub about: Option<Subject>,
    /// Who asks.
    pub requester: Participant,
    /// Who is asked.
    pub responder: Participant,
    /// For whom is asked, where that is another.
    pub originator: Option<Participant>,
}

/// What is asked about (`Undrlyg`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A payment between banks.
    Payment(Box<AskedPayment>),
    /// An entry of a statement.
    Entry(Box<AskedEntry>),
    /// An account.
    Account(Account),
    /// Something with an identifier.
    Other {
        /// The identifier, 1 to 35 characters.
        id: String,
        /// Its scheme, 1 to 35 characters.
        scheme: Option<String>,
        /// Who gave it, 1 to 35 characters.
        issuer: Option<String>,
    },
}

impl Subject {
    /// A payment.
    #[must_use]
    pub fn payment(payment: AskedPayment) -> Self {
        Self::Payment(Box::new(payment))
    }
    /// An entry.
    #[must_use]
    pub fn entry(entry: AskedEntry) -> Self {
        Self::Entry(Box::new(entry))
    }
}

/// A payment that is asked about (`IntrBk`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AskedPayment {
    /// What it is known by.
    pub original: Original,
    /// What was settled between the banks; never zero.
    pub amount: Option<Amount>,
    /// On which day, `YYYY-MM-DD`.
    pub settled_on: Option<String>,
    /// Between whom it went.
    pub parties: Parties,
}

/// An entry of a statement that is asked about (`StmtNtry`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AskedEntry {
    /// The account.
    pub account: Option<Account>,
    /// The statement, 1 to 35 characters.
    pub statement_id: Option<String>,
    /// The entry's reference, 1 to 35 characters.
    pub entry_ref: Option<String>,
    /// The payment's reference, a UUID of version 4 in lower case.
    pub uetr: Option<String>,
    /// Its amount.
    pub amount: Option<Amount>,
}

/// One question (`InvstgtnData`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// Its number in the request, 0 to 999, by which an answer refers to it.
    pub sequence: Option<u64>,
    /// What is asked. A request must say it.
    pub reason: Option<Choice<InvestigationReason>>,
    /// What exactly is asked.
    pub detail: Option<Choice<InvestigationDetail>>,
    /// Words beside it, with order, legal basis and term: 500 characters in all.
    pub notes: Notes,
}

impl Question {
    /// A question without words.
    pub fn new(sequence: u64, reason: impl Into<Choice<InvestigationReason>>) -> Self {
        Self { sequence: Some(sequence), reason: Some(reason.into()), ..Self::default() }
    }
    /// With what exactly is asked.
    #[must_use]
    pub fn detail(self, detail: impl Into<Choice<InvestigationDetail>>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
    /// With words.
    #[must_use]
    pub fn saying(self, notes: Notes) -> Self {
        Self { notes, ..self }
    }
}

impl InvestigationRequest {
    /// The document.
    ///
    /// # Errors
    /// The first place that the schema or a reader would refuse.
    pub fn to_xml(&self) -> Result<String, Fault> {
        document(self)
    }
}

impl Body for InvestigationRequest {
    const NAME: &'static str = "camt.110.001.01";
    const ROOT: &'static str = "InvstgtnReq";
    const PARTY_ID: usize = 35;
}

impl Part for InvestigationRequest {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.part("InvstgtnReq", &self.inquiry)?;
        if self.inquiry.about.is_none() {
            return Err(out.fault_in("InvstgtnReq/Undrlyg", Flaw::Missing));
        }
        if self.questions.is_empty() {
            return Err(out.fault_in("InvstgtnData", Flaw::Missing));
        }
        out.parts("InvstgtnData", &self.questions, MAX_TRANSACTIONS)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let inquiry: Inquiry = at.part("InvstgtnReq")?;
        if inquiry.about.is_none() {
            return Err(at.fault_in("InvstgtnReq/Undrlyg", Flaw::Missing));
        }
        let questions = at.parts("InvstgtnData", MAX_TRANSACTIONS)?;
        if questions.is_empty() {
            return Err(at.fault_in("InvstgtnData", Flaw::Missing));
        }
        Ok(Self { inquiry, questions })
    }
}

impl Part for Inquiry {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.text("MsgId", &self.message_id, ID)?;
        out.text_opt("RqstrInvstgtnId", self.requester_case.as_ref(), ID)?;
        out.text_opt("RspndrInvstgtnId", self.responder_case.as_ref(), ID)?;
        out.text_opt("EIR", self.eir.as_ref(), Rule::Uetr)?;
        match &self.kind {
            Some(kind) => out.part("InvstgtnTp", kind)?,
            None => return Err(out.fault_in("InvstgtnTp", Flaw::Missing)),
        }
        out.part_opt("InvstgtnSubTp", self.sub_kind.as_ref())?;
        out.part_opt("UndrlygInstrm", self.instrument.as_ref())?;
        out.part_opt("Undrlyg", self.about.as_ref())?;
        out.part("Rqstr", &self.requester)?;
        out.part("Rspndr", &self.responder)?;
        out.part_opt("ReqOrgtr", self.originator.as_ref())
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            message_id: at.text("MsgId", ID)?,
            requester_case: at.text_opt("RqstrInvstgtnId", ID)?,
            responder_case: at.text_opt("RspndrInvstgtnId", ID)?,
            eir: at.text_opt("EIR", Rule::Uetr)?,
            kind: Some(at.part("InvstgtnTp")?),
            sub_kind: at.part_opt("InvstgtnSubTp")?,
            instrument: at.part_opt("UndrlygInstrm")?,
            about: at.part_opt("Undrlyg")?,
            requester: at.part("Rqstr")?,
            responder: at.part("Rspndr")?,
            originator: at.part_opt("ReqOrgtr")?,
        })
    }
}

impl Part for Subject {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        match self {
            Self::Payment(payment) => out.part("IntrBk", payment),
            Self::Entry(entry) => out.part("StmtNtry", entry),
            Self::Account(account) => out.part("Acct", account),
            Self::Other { id, scheme, issuer } => out.node("Othr", |out| {
                out.text("Id", id, ID)?;
                out.text_opt("SchmeNm", scheme.as_ref(), ID)?;
                out.text_opt("Issr", issuer.as_ref(), ID)
            }),
        }
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let mut names = at.names();
        match (names.next(), names.next()) {
            (Some("IntrBk"), None) => Ok(Self::Payment(at.part("IntrBk")?)),
            (Some("StmtNtry"), None) => Ok(Self::Entry(at.part("StmtNtry")?)),
            (Some("Acct"), None) => Ok(Self::Account(at.part("Acct")?)),
            (Some("Othr"), None) => {
                let other = at.need("Othr")?;
                Ok(Self::Other {
                    id: other.text("Id", ID)?,
                    scheme: other.text_opt("SchmeNm", ID)?,
                    issuer: other.text_opt("Issr", ID)?,
                })
            }
            _ => Err(at.fault(Flaw::Choice)),
        }
    }
}

impl Part for AskedPayment {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        self.original.put(out)?;
        out.amount_opt("OrgnlIntrBkSttlmAmt", self.amount.as_ref())?;
        out.text_opt("OrgnlIntrBkSttlmDt", self.settled_on.as_ref(), Rule::Date)?;
        out.node_opt("OrgnlTxRef", |out| self.parties.put(out))
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            original: Original::take(at)?,
            amount: at.amount_opt("OrgnlIntrBkSttlmAmt")?,
            settled_on: at.text_opt("OrgnlIntrBkSttlmDt", Rule::Date)?,
            parties: at.part_opt("OrgnlTxRef")?.unwrap_or_default(),
        })
    }
    fn misfit(&self) -> Option<(&'static str, Flaw)> {
        if !self.original.identifies() && !self.parties.has_account() {
            return Some(("", Flaw::Unidentified));
        }
        let zero = self.amount.as_ref().is_some_and(Amount::is_zero);
        zero.then_some(("OrgnlIntrBkSttlmAmt", Flaw::Zero))
    }
}

impl Part for AskedEntry {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.part_opt("OrgnlAcct", self.account.as_ref())?;
        out.text_opt("OrgnlStmtId", self.statement_id.as_ref(), ID)?;
        out.text_opt("OrgnlNtryRef", self.entry_ref.as_ref(), ID)?;
        out.text_opt("OrgnlUETR", self.uetr.as_ref(), Rule::Uetr)?;
        out.amount_opt("OrgnlNtryAmt", self.amount.as_ref())
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            account: at.part_opt("OrgnlAcct")?,
            statement_id: at.text_opt("OrgnlStmtId", ID)?,
            entry_ref: at.text_opt("OrgnlNtryRef", ID)?,
            uetr: at.text_opt("OrgnlUETR", Rule::Uetr)?,
            amount: at.amount_opt("OrgnlNtryAmt")?,
        })
    }
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

impl Part for Question {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.number_opt("Seq", self.sequence, MAX_SEQUENCE)?;
        match &self.reason {
            Some(reason) => out.part("Rsn", reason)?,
            None => return Err(out.fault_in("Rsn", Flaw::Missing)),
        }
        out.part_opt("RsnSubTp", self.detail.as_ref())?;
        if self.notes.is_empty() {
            return Ok(());
        }
        out.node("AddtlReqData", |out| self.notes.put_narrative(out, "ReqNrrtv"))
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let words = at.one("AddtlReqData")?;
        let words = words.as_ref().map(|w| w.one("ReqNrrtv")).transpose()?.flatten();
        Ok(Self {
            sequence: at.number_opt("Seq", MAX_SEQUENCE)?,
            reason: Some(at.part("Rsn")?),
            detail: at.part_opt("RsnSubTp")?,
            notes: words.as_ref().map(Notes::take_narrative).transpose()?.unwrap_or_default(),
        })
    }
}
