//! `registration.v1`: the file with which a report is handed to a register. Everything personal is in the file and
//! nowhere else; the file itself is kept sealed. Readers are to be tolerant: fields may be added, none changes its
//! meaning, and what breaks that is `registration.v2`.

use app::App;
use kernel::{Money, Personal, Purpose};
use report::model::Payment;
use report::service::Full;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::kinds::Head;

/// Name and version of the schema.
pub const SCHEMA: &str = "registration.v1";

/// The whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationFile {
    /// `registration.v1`.
    #[serde(rename = "type")]
    pub kind_of_message: String,
    /// Id of the hand-over, `hov_…`: the same at every repetition.
    pub hand_over_id: String,
    /// 32 random hexadecimal digits, so that a hash of the file tells nothing of what it says.
    pub salt: String,
    /// When the file was made, RFC 3339.
    pub made_at: String,
    /// Code of the organisation that hands over.
    pub organisation: String,
    /// Code of the register, `kui`.
    pub register: String,
    /// Kind of matter, `report`.
    pub subject_kind: String,
    /// Its public number.
    pub subject_number: String,
    /// When it was filed, RFC 3339.
    pub filed_at: String,
    /// How it came: `portal`, `desk:phone`, `partner:CODE`, …
    pub channel: String,
    /// Language in which it was told, BCP 47.
    pub lang: String,
    /// Whether the fraudsters were still in touch.
    pub ongoing: bool,
    /// `money`, `loan`, `codes`, `nothing`.
    pub harm: String,
    /// When the reporter took it back, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<String>,
    /// Who reports; each field may be empty.
    pub reporter: Person,
    /// What happened, as told.
    pub story: String,
    /// What was paid, as it is known when the file is made.
    pub payments: Vec<Paid>,
    /// Further answers, by section and question.
    #[schema(value_type = Object)]
    pub answers: Value,
    /// Files that the reporter added; their content is asked for.
    pub files: Vec<Added>,
}

/// Who reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RegistrationPerson)]
pub struct Person {
    /// Name as given.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// Individual identification number.
    pub iin: String,
}

/// An amount: decimal text and currency code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RegistrationSum)]
pub struct Sum {
    /// Decimal text with a point.
    pub amount: String,
    /// Currency code.
    pub currency: String,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RegistrationPayment)]
pub struct Paid {
    /// 1, 2, 3 in the order told.
    pub no: i64,
    /// How much.
    pub sum: Sum,
    /// Not before, RFC 3339.
    pub earliest: String,
    /// Not after, RFC 3339.
    pub latest: String,
    /// Institution it was sent from; empty if not known.
    pub own_institution: String,
    /// Account or card it was sent from.
    pub own_account: String,
    /// Kind of the receiving identifier: `iban`, `card`, `phone`, …; empty if not known.
    pub to_kind: String,
    /// The receiving account, phone or wallet.
    pub to: String,
    /// Institution that keeps it; empty if not known.
    pub to_institution: String,
    /// The bank's own reference.
    pub reference: String,
}

/// A file that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RegistrationAddedFile)]
pub struct Added {
    /// Counts from 1 within the report.
    pub no: i64,
    /// Name as given.
    pub name: String,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// Size.
    pub size_bytes: i64,
}

/// What a register answers, at once as the signed body of its response or later by a message of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type")]
pub enum RegistrationAnswer {
    /// It took the matter.
    #[serde(rename = "registration_receipt.v1")]
    Receipt {
        /// Id of the hand-over, `hov_…`.
        #[schema(pattern = "^hov_[0-9a-f]{32}$")]
        hand_over_id: String,
        /// The register's number, at most 60 characters.
        #[schema(min_length = 1, max_length = 60)]
        number: String,
        /// When it took the matter, RFC 3339.
        #[schema(format = DateTime)]
        registered_at: String,
        /// Who entered it, at most 200 characters.
        #[serde(default)]
        #[schema(max_length = 200)]
        registrar: String,
    },
    /// It does not take the file as it is: a person looks at it.
    #[serde(rename = "registration_refusal.v1")]
    Refusal {
        /// Id of the hand-over, `hov_…`.
        #[schema(pattern = "^hov_[0-9a-f]{32}$")]
        hand_over_id: String,
        /// Why.
        code: RefusalCode,
        /// In words, at most 500 characters; may be empty.
        #[serde(default)]
        #[schema(max_length = 500)]
        text: String,
    },
}

impl RegistrationAnswer {
    /// Which hand-over it is about.
    #[must_use]
    pub fn hand_over_id(&self) -> &str {
        match self {
            Self::Receipt { hand_over_id, .. } | Self::Refusal { hand_over_id, .. } => hand_over_id,
        }
    }
}

/// Why a register does not take a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// Something that it needs is missing.
    Incomplete,
    /// It cannot be read.
    Unreadable,
    /// It belongs to another register or body.
    NotHere,
    /// Another reason, told in words.
    Other,
}

impl RefusalCode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Incomplete, Self::Unreadable, Self::NotHere, Self::Other];
    /// As in messages, columns and keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::Unreadable => "unreadable",
            Self::NotHere => "not_here",
            Self::Other => "other",
        }
    }
}

/// A file ready to be kept, with its hash.
#[derive(Clone)]
pub struct Made {
    /// JSON, UTF-8, with a line end.
    pub text: String,
    /// SHA-256 of the text, hexadecimal.
    pub sha256: String,
    /// Its size.
    pub size_bytes: i64,
}

impl Made {
    /// A file of this text.
    #[must_use]
    pub fn of(text: String) -> Self {
        let sha256 = hex::encode(Sha256::digest(text.as_bytes()));
        let size_bytes = i64::try_from(text.len()).unwrap_or(i64::MAX);
        Self { text, sha256, size_bytes }
    }
}

/// The file of a report for a register. Reading what it holds is recorded by whoever asks for it.
///
/// # Errors
/// Cannot fail for what reports hold; JSON's.
pub fn of_report(app: &App, head: &Head<'_>, full: &Full) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&file(app, head, full))?;
    text.push('\n');
    Ok(text)
}

fn file(app: &App, head: &Head<'_>, full: &Full) -> RegistrationFile {
    let purpose = Purpose::HandleReport;
    let (report, who) = (&full.report, full.told.reporter.open(purpose));
    let answers = full.details.as_ref().and_then(|d| serde_json::from_str(d.open(purpose)).ok());
    let files = full.files.iter().filter(|f| !f.removed).map(|f| {
        let about = f.about.open(purpose);
        Added { no: f.no, name: about.name.clone(), sha256: about.sha256.clone(), size_bytes: f.size_bytes }
    });
    RegistrationFile {
        kind_of_message: SCHEMA.to_owned(),
        hand_over_id: head.id.to_string(),
        salt: head.salt.clone(),
        made_at: app.profile.rfc3339(head.now),
        organisation: app.node.code.clone(),
        register: head.register.code.clone(),
        subject_kind: "report".to_owned(),
        subject_number: report.number.clone(),
        filed_at: app.profile.rfc3339(report.header.created_at),
        channel: report.channel.clone(),
        lang: report.header.lang.tag().to_owned(),
        ongoing: report.ongoing,
        harm: report.harm.as_str().to_owned(),
        withdrawn_at: report.withdrawn_at.map(|at| app.profile.rfc3339(at)),
        reporter: Person { name: who.name.clone(), phone: who.phone.clone(), iin: who.iin.clone() },
        story: full.told.story.open(purpose).clone(),
        payments: full.payments.iter().map(|p| paid(app, p)).collect(),
        answers: answers.unwrap_or(Value::Null),
        files: files.collect(),
    }
}

fn paid(app: &App, p: &Payment) -> Paid {
    let open = |v: &Option<Personal<String>>| {
        v.as_ref().map(|v| v.open(Purpose::HandleReport).clone()).unwrap_or_default()
    };
    Paid {
        no: p.no,
        sum: sum(p.amount),
        earliest: app.profile.rfc3339(p.when.earliest),
        latest: app.profile.rfc3339(p.when.latest),
        own_institution: p.own_institution.clone(),
        own_account: open(&p.own_account),
        to_kind: p.to_kind.clone(),
        to: open(&p.to),
        to_institution: p.to_institution.clone(),
        reference: open(&p.reference),
    }
}

fn sum(money: Money) -> Sum {
    Sum { amount: money.to_decimal(), currency: money.asset().code().to_owned() }
}
