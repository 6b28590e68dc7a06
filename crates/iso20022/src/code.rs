//! Code sets. ISO 20022 keeps most of them outside the schemas and adds to them every quarter, so every set here
//! names the codes that office and banks use and keeps any other as it stood.

use crate::notes::Notes;
use crate::out::Out;
use crate::party::Party;
use crate::place::{Part, Place};
use crate::rule::{CODE, ID, Rule};
use crate::{Fault, Flaw};

/// A code set.
pub trait Code: Sized {
    /// The code as it is written.
    fn as_str(&self) -> &str;
    /// The code as it was read; one without a name of its own is kept.
    fn from_code(code: &str) -> Self;
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$what:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$what])* $variant,)*
            /// Another code, as it stood.
            Other(String),
        }

        impl $name {
            /// The codes that have a name here.
            pub const KNOWN: &'static [&'static str] = &[$($code),*];
        }

        impl Code for $name {
            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other(code) => code,
                }
            }
            fn from_code(code: &str) -> Self {
                match code {
                    $($code => Self::$variant,)*
                    _ => Self::Other(code.to_owned()),
                }
            }
        }
    };
}

codes! {
    /// Why a payment is called back (`ExternalCancellationReason1Code`).
    CancellationReason {
        /// It was originated fraudulently.
        Fraud = "FRAD",
        /// The debtor did not properly authorise it, as with stolen access.
        NotAuthorised = "UAPA",
        /// The debtor asks for it.
        Customer = "CUST",
        /// It is a duplicate.
        Duplicate = "DUPL",
        /// A technical fault made it.
        Technical = "TECH",
        /// It is not justified.
        Unjustified = "UPAY",
        /// It went to a wrong account.
        WrongAccount = "AC03",
        /// The reason stands in words.
        Narrative = "NARR",
    }
}

codes! {
    /// What became of a request as a whole (`ExternalInvestigationExecutionConfirmation1Code`).
    Confirmation {
        /// The payment is called back: a return follows or has come.
        Cancelled = "CNCL",
        /// Called back in part.
        PartlyCancelled = "PECR",
        /// Not decided yet, or held and not yet to be returned.
        Pending = "PDCR",
        /// Refused.
        Rejected = "RJCR",
        /// It will be called back.
        WillCancel = "CWFW",
        /// The bank cannot work with the request and asks.
        UnableToApply = "UWFW",
        /// Passed on to the next bank; only without a case identifier.
        Forwarded = "FTNA",
        /// An answer is still to come.
        AnswerPending = "PDNG",
        /// The payment was carried out correctly.
        Correct = "CONF",
        /// More information was sent.
        Informed = "INFO",
        /// There is no more information.
        NoInformation = "NINF",
        /// A payment is or will be made.
        Payment = "IPAY",
    }
}

codes! {
    /// What became of the recall of one payment (`CancellationIndividualStatus1Code`). The schema lists all of
    /// them: another code is kept when it is read and refused when it is written.
    CancellationStatus {
        /// Accepted.
        Accepted = "ACCR",
        /// Rejected.
        Rejected = "RJCR",
        /// Pending.
        Pending = "PDCR",
    }
}

codes! {
    /// Why a recall is refused or waits (`ExternalPaymentCancellationRejection1Code`).
    CancellationRejection {
        /// Too little is left on the account.
        InsufficientFunds = "AM04",
        /// The account is closed.
        ClosedAccount = "AC04",
        /// It was returned already.
        AlreadyReturned = "ARDT",
        /// The payment was passed on to the next bank.
        PassedOn = "PTNA",
        /// The payment never came.
        NeverReceived = "NOOR",
        /// The bank refuses.
        Agent = "AGNT",
        /// The bank's client refuses.
        Customer = "CUST",
        /// The law does not allow it.
        Legal = "LEGL",
        /// A regulation.
        Regulatory = "RR04",
        /// The client has not answered.
        NoAnswer = "NOAS",
        /// Nobody has looked yet.
        AwaitingReply = "ARPL",
        /// The client has not agreed to the debit yet.
        AwaitingDebitAuthority = "ADAC",
        /// The client's agreement is needed.
        DebitAuthorityNeeded = "RQDA",
        /// An indemnity is asked for.
        IndemnityNeeded = "IDMN",
        /// The reason stands in words.
        Narrative = "NARR",
    }
}

codes! {
    /// What kind of question is asked (`ExternalInvestigationType1Code`).
    InvestigationType {
        /// About a payment, an entry, a message.
        Information = "RQFI",
        /// About an account.
        Account = "ACCT",
        /// What became of the money.
        UseOfFunds = "RQUF",
        /// Agreement to a debit.
        DebitAuthorisation = "RQDA",
        /// An entry cannot be applied.
        UnableToApply = "UTAP",
        /// Another.
        Miscellaneous = "OTHR",
    }
}

codes! {
    /// On what occasion it is asked (`ExternalInvestigationSubType1Code`).
    InvestigationSubType {
        /// Fraud.
        Fraud = "FRAD",
        /// Financial crime.
        FinancialCrime = "FCCI",
        /// Money laundering.
        MoneyLaundering = "AMLI",
        /// Sanctions.
        Sanctions = "SANC",
    }
}

codes! {
    /// What is asked (`ExternalInvestigationReason1Code`).
    InvestigationReason {
        /// More about who was paid: the owner of the account.
        Creditor = "CTOR",
        /// More about who paid.
        Debtor = "DTOR",
        /// More about the bank it came to.
        CreditorAgent = "CTAG",
        /// More about the bank it left.
        DebtorAgent = "DTAG",
        /// More about who stands behind the one who was paid.
        UltimateCreditor = "ULTC",
        /// About an account.
        Account = "ACCT",
        /// More about entries of a statement.
        StatementEntry = "STET",
        /// Where the money went.
        UseOfFunds = "RQUF",
        /// Papers about the payment.
        Documents = "RQDO",
        /// When the account was closed.
        ClosingDate = "RQCD",
        /// The payment is fraudulent.
        Fraud = "FRAD",
        /// Financial crime.
        FinancialCrime = "FCCI",
        /// The question stands in words.
        Narrative = "NARR",
    }
}

codes! {
    /// What exactly is asked (`ExternalInvestigationReasonSubType1Code`).
    InvestigationDetail {
        /// Full name.
        FullName = "RQNM",
        /// National identity number.
        NationalId = "NIDN",
        /// Tax number.
        TaxId = "TXID",
        /// Date of birth.
        BirthDate = "RQDB",
        /// Full address.
        Address = "RQPA",
        /// Telephone number.
        Telephone = "TELE",
        /// The account.
        Account = "RQAC",
        /// Who owns it.
        Ownership = "RQOW",
        /// Copy of the passport.
        Passport = "RQPP",
    }
}

codes! {
    /// What payment it was (`ExternalInvestigationInstrument1Code`).
    Instrument {
        /// Instant credit transfer.
        Instant = "INST",
        /// Mass payment.
        Mass = "ACHP",
        /// High-value payment.
        HighValue = "URGP",
        /// Across a border.
        CrossBorder = "XBCT",
        /// Card.
        Card = "CARD",
        /// Entry of a statement.
        StatementEntry = "STAT",
    }
}

codes! {
    /// Where an investigation stands (`ExternalInvestigationStatus1Code`).
    InvestigationStatus {
        /// Closed: the answer is complete.
        Closed = "CLSD",
        /// Open.
        Pending = "PDNG",
        /// Rejected.
        Rejected = "RJCT",
    }
}

codes! {
    /// Why it stands there (`ExternalInvestigationStatusReason1Code`).
    InvestigationStatusReason {
        /// Answered as asked.
        AsRequested = "CAPR",
        /// Answered in part; more follows.
        Partial = "PARE",
        /// The answer is being gathered.
        InProgress = "INPO",
        /// The bank's client is being asked.
        AwaitingReply = "ARPL",
        /// Passed on; the next one may be named.
        Forwarded = "FTNA",
        /// Not ours.
        WrongAgent = "AGNT",
        /// The payment never came.
        NeverReceived = "NOOR",
        /// The law does not allow it.
        Legal = "LEGL",
        /// A regulation.
        Regulatory = "RR04",
        /// The request is a duplicate.
        Duplicate = "DU01",
        /// Nothing more can be said.
        NothingMore = "NOAD",
        /// The reason stands in words.
        Narrative = "NARR",
    }
}

codes! {
    /// Why money comes back (`ExternalReturnReason1Code`).
    ReturnReason {
        /// Fraud.
        Fraud = "FR01",
        /// It was called back.
        FollowingRecall = "FOCR",
        /// The client asks for it.
        EndCustomer = "MD06",
        /// The debtor asks for it.
        Customer = "CUST",
        /// A regulation.
        Regulatory = "RR04",
        /// The account is closed.
        ClosedAccount = "AC04",
        /// The account is blocked.
        BlockedAccount = "AC06",
        /// The reason stands in words.
        Narrative = "NARR",
    }
}

codes! {
    /// How a return is settled (`SettlementMethod1Code`). The schema lists all of them: another code is kept when
    /// it is read and refused when it is written.
    SettlementMethod {
        /// Through a clearing system.
        Clearing = "CLRG",
        /// On an account at the bank that receives the message.
        InstructedAgent = "INDA",
        /// On an account at the bank that sends it.
        InstructingAgent = "INGA",
        /// By cover payment.
        Cover = "COVE",
    }
}

/// A code of a set, or one's own word in its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Choice<C> {
    /// A code (`Cd`).
    Code(C),
    /// One's own word (`Prtry`), 1 to 35 characters. Answer codes of the office's own go here.
    Proprietary(String),
}

/// A name of a scheme: a code of a set of ISO 20022 that has no names here, or one's own word.
pub type Scheme = Choice<String>;

impl<C> Choice<C> {
    /// One's own word.
    pub fn own(word: impl Into<String>) -> Self {
        Self::Proprietary(word.into())
    }
    /// One's own word, if it is one.
    #[must_use]
    pub fn proprietary(&self) -> Option<&str> {
        match self {
            Self::Code(_) => None,
            Self::Proprietary(word) => Some(word),
        }
    }
}

impl<C: Code> Choice<C> {
    /// Either, as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Code(code) => code.as_str(),
            Self::Proprietary(word) => word,
        }
    }
    fn put_with(&self, out: &mut Out, code: Rule) -> Result<(), Fault> {
        match self {
            Self::Code(text) => out.text("Cd", text.as_str(), code),
            Self::Proprietary(word) => out.text("Prtry", word, ID),
        }
    }
    fn take_with(at: &Place<'_>, code: Rule) -> Result<Self, Fault> {
        match (at.text_opt("Cd", code)?, at.text_opt("Prtry", ID)?) {
            (Some(code), None) => Ok(Self::Code(C::from_code(&code))),
            (None, Some(word)) => Ok(Self::Proprietary(word)),
            (None, None) => Err(at.fault(Flaw::Empty)),
            (Some(_), Some(_)) => Err(at.fault(Flaw::Choice)),
        }
    }
}

impl Scheme {
    /// A code.
    pub fn code(code: impl Into<String>) -> Self {
        Self::Code(code.into())
    }
    /// Writes a scheme in an element of its own; sets differ in how long their codes may be.
    pub(crate) fn put_in(
        scheme: Option<&Self>,
        name: &'static str,
        out: &mut Out,
        code: Rule,
    ) -> Result<(), Fault> {
        out.node_opt(name, |out| scheme.map_or(Ok(()), |scheme| scheme.put_with(out, code)))
    }
    pub(crate) fn take_from(at: &Place<'_>, name: &str, code: Rule) -> Result<Option<Self>, Fault> {
        at.one(name)?.map(|place| Self::take_with(&place, code)).transpose()
    }
}

/// A set whose codes have no names here.
impl Code for String {
    fn as_str(&self) -> &str {
        self
    }
    fn from_code(code: &str) -> Self {
        code.to_owned()
    }
}

impl<C> From<C> for Choice<C> {
    fn from(code: C) -> Self {
        Self::Code(code)
    }
}

impl<C: Code> Part for Choice<C> {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        self.put_with(out, CODE)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Self::take_with(at, CODE)
    }
}

/// Writes a code that the schema itself lists.
pub(crate) fn put_listed<C: Code>(
    out: &mut Out,
    name: &'static str,
    code: &C,
    known: &[&str],
) -> Result<(), Fault> {
    if !known.contains(&code.as_str()) {
        return Err(out.fault_in(name, Flaw::UnknownCode));
    }
    out.raw(name, code.as_str());
    Ok(())
}

/// A reason with the words beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason<C> {
    /// Who gives it, where it is another than the sender.
    pub originator: Option<Party>,
    /// The reason.
    pub reason: Option<Choice<C>>,
    /// Words beside it.
    pub notes: Notes,
}

impl<C> Default for Reason<C> {
    fn default() -> Self {
        Self { originator: None, reason: None, notes: Notes::new() }
    }
}

impl<C> Reason<C> {
    /// A reason without words.
    pub fn new(reason: impl Into<Choice<C>>) -> Self {
        Self { reason: Some(reason.into()), ..Self::default() }
    }
    /// An answer code of the office's own.
    pub fn own(word: impl Into<String>) -> Self {
        Self { reason: Some(Choice::own(word)), ..Self::default() }
    }
    /// With words beside it.
    #[must_use]
    pub fn saying(self, notes: Notes) -> Self {
        Self { notes, ..self }
    }
}

impl<C: Code> Part for Reason<C> {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.part_opt("Orgtr", self.originator.as_ref())?;
        out.part_opt("Rsn", self.reason.as_ref())?;
        self.notes.put_lines(out, "AddtlInf")
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            originator: at.part_opt("Orgtr")?,
            reason: at.part_opt("Rsn")?,
            notes: Notes::take_lines(at, "AddtlInf")?,
        })
    }
    fn is_blank(&self) -> bool {
        self.originator.is_none() && self.reason.is_none() && self.notes.is_empty()
    }
}
