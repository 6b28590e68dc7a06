//! The sections of a case as programs are told them.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::{CaseAmount, CaseWho, CaseWritten};

/// A thing, by kind and number.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseThing {
    /// `report`, `scheme`, `person`, `case`.
    pub(super) kind: &'static str,
    /// Its number.
    pub(super) number: String,
}

/// What a reader may do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseMay {
    /// Work on it.
    pub(super) work: bool,
    /// Lead it.
    pub(super) lead: bool,
    /// Confirm the decision that waits; at the page alone.
    pub(super) confirm: bool,
    /// Accept or return it for the own unit.
    pub(super) receive: bool,
}

/// A report of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseReport {
    /// Its link, for taking it out.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// Its number.
    pub(super) number: String,
    /// What was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) loss: Option<CaseAmount>,
    /// When it was filed.
    #[schema(format = DateTime)]
    pub(super) filed_at: String,
    /// Its numbers in registers.
    pub(super) registers: Vec<CaseRegister>,
    /// Registers whose clock runs.
    pub(super) due: Vec<CaseClock>,
    /// Who put it to the case, and when.
    pub(super) written: CaseWritten,
}

/// A number in a register.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseRegister {
    /// Code of the register.
    pub(super) system: String,
    /// The number.
    pub(super) number: String,
}

/// A clock of a register.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseClock {
    /// Code of the register.
    pub(super) system: String,
    /// Till when.
    #[schema(format = DateTime)]
    pub(super) due_at: String,
}

/// Where the case stands in a register of the country.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseRegistration {
    /// Code of the register.
    pub(super) system: String,
    /// `waiting`, `handed_over`, `proposed`, `registered`, `refused`, `referred`.
    pub(super) state: &'static str,
    /// When the clock of the register began.
    #[schema(format = DateTime)]
    pub(super) since: String,
    /// By when it must be handed over or decided.
    #[schema(format = DateTime)]
    pub(super) due_at: String,
    /// When it came to rest: the register's own time of entry, or that of the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) settled_at: Option<String>,
}

/// A thing that a case is about.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseLink {
    /// Its link, for taking it out.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// `scheme`, `person`, `case`.
    pub(super) kind: &'static str,
    /// Its number.
    pub(super) number: String,
    /// Who put it to the case, and when.
    pub(super) written: CaseWritten,
}

/// An order that serves a report of the case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CasePaper {
    /// `ord_…`.
    pub(super) order: String,
    /// Number of the report.
    pub(super) report: String,
    /// Code of the measure.
    pub(super) measure: String,
    /// Code of the institution that carries it out.
    pub(super) to: String,
    /// Where it stands.
    pub(super) status: String,
    /// When it was asked.
    #[schema(format = DateTime)]
    pub(super) requested_at: String,
    /// When it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) sent_at: Option<String>,
    /// How much is held by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) held: Option<CaseAmount>,
}

/// An exhibit of the case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseExhibit {
    /// Its number.
    pub(super) exhibit: String,
    /// What it is called; left out once it was destroyed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    /// Where it stands.
    pub(super) status: String,
    /// Who keeps it, by name.
    pub(super) custodian: String,
}

/// A task.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseTask {
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// What is to be done.
    pub(super) task: String,
    /// `open`, `done`, `dropped`.
    pub(super) state: &'static str,
    /// Who is to do it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) assignee: Option<CaseWho>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) due_at: Option<String>,
    /// Whether it goes before others.
    pub(super) urgent: bool,
    /// When it was done or dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) done_at: Option<String>,
    /// Who did or dropped it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) done_by: Option<CaseWho>,
    /// Who added it, and when.
    pub(super) written: CaseWritten,
}

/// A person of the case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CasePersonRow {
    /// Which row.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// Name.
    pub(super) name: String,
    /// How to reach them.
    pub(super) contact: String,
    /// Anything else.
    pub(super) note: String,
    /// Code of the capacity.
    pub(super) duty: String,
    /// Since when in it.
    #[schema(format = DateTime)]
    pub(super) since: String,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) until: Option<String>,
    /// When the rights were told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) rights_at: Option<String>,
    /// Who added them, and when.
    pub(super) written: CaseWritten,
}

/// A note.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseNote {
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// What it says.
    pub(super) note: String,
    /// Whether only its author and those whom it names read it.
    pub(super) restricted: bool,
    /// Whom it names.
    pub(super) readers: Vec<CaseWho>,
    /// Who wrote it, and when.
    pub(super) written: CaseWritten,
}

/// A decision.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseDecisionRow {
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// Code of its kind.
    pub(super) decision: String,
    /// `proposed`, `stands`, `sent_back`, `taken_back`.
    pub(super) standing: &'static str,
    /// Why.
    pub(super) reasons: String,
    /// Number of the document.
    pub(super) paper: String,
    /// Its day.
    pub(super) day: String,
    /// When the second person agreed or did not, or it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) second_at: Option<String>,
    /// Who that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) second_by: Option<CaseWho>,
    /// Why it was sent back.
    pub(super) second: String,
    /// Who proposed it, and when.
    pub(super) written: CaseWritten,
}

/// A referral.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseReferral {
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// Code of the body.
    pub(super) body: String,
    /// Code of the institution to which it was sent by message; left out where the body is reached on paper or is a unit of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) institution: Option<String>,
    /// The body's own number, once it has accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body_number: Option<String>,
    /// `sent`, `accepted`, `returned`, `taken_back`.
    pub(super) state: &'static str,
    /// On what ground.
    pub(super) ground: String,
    /// By when an answer is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) due_at: Option<String>,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) answered_at: Option<String>,
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answered_by: Option<CaseWho>,
    /// What was answered.
    pub(super) answer: String,
    /// Who referred it, and when.
    pub(super) written: CaseWritten,
}

/// A number of the case in a register.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseRefRow {
    /// Which row.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// Code of the register.
    pub(super) system: String,
    /// The number.
    pub(super) number: String,
    /// When the register took the case.
    #[schema(format = DateTime)]
    pub(super) registered_at: String,
    /// Who entered it there.
    pub(super) registrar: String,
    /// By when the law wants the next register's decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) due_at: Option<String>,
    /// When it was found wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) wrong_at: Option<String>,
    /// Who wrote it down, and when.
    pub(super) written: CaseWritten,
}

/// An offence.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseArticleRow {
    /// Which row.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// Code of the offence.
    pub(super) article: String,
    /// The day from which this wording holds.
    pub(super) wording: String,
    /// Who named it, and when.
    pub(super) written: CaseWritten,
}

/// A field of the case's shape.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseField {
    /// Code of the field.
    pub(super) field: String,
    /// What stands in it.
    pub(super) value: String,
    /// When it was changed last.
    #[schema(format = DateTime)]
    pub(super) changed_at: String,
}

/// A merge or a parting.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseMove {
    /// Which one.
    #[schema(value_type = String, format = "uuid")]
    pub(super) id: Uuid,
    /// `merge`, `split`.
    pub(super) kind: &'static str,
    /// Whether rows left this case by it, or came to it.
    pub(super) left: bool,
    /// The other case, where its reader sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) other: Option<String>,
    /// Why.
    pub(super) reason: String,
    /// When it was undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(super) undone_at: Option<String>,
    /// Who did it, and when.
    pub(super) written: CaseWritten,
}
