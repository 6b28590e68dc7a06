//! What a report is.

use kernel::{Header, Lang, Money, Personal, Timestamp, When};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::id_kind!(
    /// A fraud report.
    ReportKind, ReportId, "rep"
);
kernel::id_kind!(
    /// A payment named in a report.
    PaymentKind, PaymentId, "pay"
);

/// What harm was done, in the citizen's words of the second page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Harm {
    /// Money left.
    #[default]
    Money,
    /// A loan was taken in the person's name.
    Loan,
    /// Codes or access were given, no money has left yet.
    Codes,
    /// Nothing lost.
    Nothing,
}

impl Harm {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Money, Self::Loan, Self::Codes, Self::Nothing];
    /// As in forms and columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Loan => "loan",
            Self::Codes => "codes",
            Self::Nothing => "nothing",
        }
    }
    /// Reads [`Harm::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|h| h.as_str() == text)
    }
}

/// Who reports, as told. Every field may be empty.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reporter {
    /// Name as given.
    #[serde(default)]
    pub name: String,
    /// Phone, E.164 where it could be read, else as given.
    #[serde(default)]
    pub phone: String,
    /// Individual identification number, if given.
    #[serde(default)]
    pub iin: String,
}

/// Where a payment went, as far as the reporter knows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Kind of identifier: `iban`, `card`, `phone`, `wallet_btc`, `account`, …
    pub kind: String,
    /// Canonical form; a card as its first six and last four digits.
    pub value: String,
    /// What may be shown.
    pub masked: String,
}

impl Target {
    /// Kind and canonical form.
    #[must_use]
    pub fn named(&self) -> (&str, &str) {
        (&self.kind, &self.value)
    }
}

/// A payment, before it is filed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// How much.
    pub amount: Money,
    /// When.
    pub when: When,
    /// Code of the institution it was sent from; empty if not known.
    pub own_institution: String,
    /// The account or card it was sent from; empty if not told.
    pub own_account: String,
    /// Where it went; `None` if the reporter does not know.
    pub to: Option<Target>,
    /// Institution that keeps the receiving account; empty if the number does not say.
    pub to_institution: String,
    /// The bank's own reference of the payment; empty if not told.
    pub reference: String,
}

/// A report, before it is filed.
#[derive(Clone)]
pub struct NewReport {
    /// Derived from the form's idempotency key or the partner's external id: the same key, the same report.
    pub id: ReportId,
    /// `portal`, `desk:HOW` (`phone`, `walk_in`, `letter`, `partner`) or `partner:CODE`.
    pub channel: String,
    /// Language of every later notice.
    pub lang: Lang,
    /// Whether the fraudsters are still in touch: the emergency lane.
    pub ongoing: bool,
    /// What harm was done.
    pub harm: Harm,
    /// Who reports.
    pub reporter: Reporter,
    /// What happened; may come later.
    pub story: String,
    /// What was paid.
    pub payments: Vec<NewPayment>,
}

/// A filed report without its personal fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Database key.
    pub id: ReportId,
    /// The common header.
    pub header: Header,
    /// Public number with check digit.
    pub number: String,
    /// How it came.
    pub channel: String,
    /// Emergency lane.
    pub ongoing: bool,
    /// What harm was done.
    pub harm: Harm,
    /// Sum of the payments.
    pub loss: Money,
    /// Set once the citizen withdrew it.
    pub withdrawn_at: Option<Timestamp>,
    /// By when the first order should have gone.
    pub first_action_due: Timestamp,
    /// The moment by which the citizen was promised the next message.
    pub next_message_at: Timestamp,
}

/// The personal part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who reported.
    pub reporter: Personal<Reporter>,
    /// What happened.
    pub story: Personal<String>,
}

/// A payment as filed. Account numbers open with a purpose only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Database key.
    pub id: PaymentId,
    /// Its report.
    pub report: ReportId,
    /// 1, 2, 3 in the order told.
    pub no: i64,
    /// How much.
    pub amount: Money,
    /// When.
    pub when: When,
    /// Institution it was sent from; empty if not known.
    pub own_institution: String,
    /// Account or card it was sent from.
    pub own_account: Option<Personal<String>>,
    /// Kind of the receiving identifier; empty if not known.
    pub to_kind: String,
    /// The receiving account, phone or wallet.
    pub to: Option<Personal<String>>,
    /// What may be shown of it.
    pub to_masked: String,
    /// Institution that keeps the receiving account; empty if not known.
    pub to_institution: String,
    /// The bank's own reference.
    pub reference: Option<Personal<String>>,
}

/// A message between the citizen and the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Database key.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// From the citizen, or from the desk.
    pub from_citizen: bool,
    /// Written by the platform itself: the text is then the key of one, so that each reader gets their own
    /// language.
    pub from_system: bool,
    /// The text.
    pub text: Personal<String>,
}

/// One fact of a payment, as it may be told later.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "field", content = "value")]
pub enum Fact {
    /// How much.
    Amount(Money),
    /// When.
    When(When),
    /// Institution it was sent from.
    OwnBank(String),
    /// Account or card it was sent from; a card as its first six and last four digits.
    OwnAccount(String),
    /// Where it went, and the institution that keeps it where the number says so.
    To(Target, String),
    /// The bank's own reference.
    Reference(String),
}

impl Fact {
    /// Which question it answers: part of keys of texts.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Amount(_) => "amount",
            Self::When(_) => "when",
            Self::OwnBank(_) => "own-bank",
            Self::OwnAccount(_) => "own-account",
            Self::To(..) => "to",
            Self::Reference(_) => "reference",
        }
    }
}

/// A fact of a payment that was completed or corrected after filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Which payment.
    pub payment: PaymentId,
    /// When it was told.
    pub at: Timestamp,
    /// By the citizen, or at the desk.
    pub from_citizen: bool,
    /// Whether it stands in the payment now. A note otherwise: an order may rest on what was told before.
    pub applied: bool,
    /// What stood there before; `None` where nothing did.
    pub was: Option<Personal<Fact>>,
    /// What was told.
    pub is: Personal<Fact>,
}

/// Something that an officer found out about a report after it was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clue {
    /// Database key.
    pub id: uuid::Uuid,
    /// Kind of identifier.
    pub kind: identifier::Kind,
    /// In its canonical writing; of a card the ten digits that are known.
    pub value: Personal<String>,
    /// What may be shown.
    pub masked: String,
    /// Where it is known from: an answer of an institution, a talk with the reporter.
    pub source: Personal<String>,
    /// When it was added.
    pub at: Timestamp,
    /// By whom, as [`kernel::Actor::label`].
    pub by: String,
    /// When it was taken back as a slip; such a clue names nothing.
    pub taken_back_at: Option<Timestamp>,
}

/// A story as it was told before the one that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierStory {
    /// When it was told.
    pub at: Timestamp,
    /// The text.
    pub text: Personal<String>,
}

/// What a file is: sealed with the report's key.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FileAbout {
    /// Name as given, cleaned.
    pub name: String,
    /// Ending under which it is saved.
    pub extension: String,
    /// Media type under which it may be shown; empty: only saved.
    pub shown_as: String,
    /// SHA-256 of the content, hexadecimal: what the reporter can compare with the file on their device.
    pub sha256: String,
}

/// A file that was added to a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedFile {
    /// Database key.
    pub id: Uuid,
    /// Counts from 1 within its report.
    pub no: i64,
    /// When it was whole.
    pub arrived_at: Timestamp,
    /// By the citizen, or at the desk.
    pub from_citizen: bool,
    /// Size.
    pub size_bytes: i64,
    /// Taken back; it can be put back for a day.
    pub removed: bool,
    /// What it is.
    pub about: Personal<FileAbout>,
}
