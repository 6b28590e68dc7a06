//! What a matter in a register is.

use jiff::civil::Date;
use kernel::{Header, Personal, Timestamp};
use profile::Outcome;
use report::Report;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::id_kind!(
    /// One matter in one register.
    RegistrationKind, RegistrationId, "reg"
);
kernel::id_kind!(
    /// A number under which a register holds a matter.
    ReferenceKind, ReferenceId, "ref"
);
kernel::id_kind!(
    /// A file with which a matter is handed over.
    HandOverKind, HandOverId, "hov"
);
kernel::id_kind!(
    /// A decision about a matter.
    DecisionKind, DecisionId, "dec"
);

kernel::words!(
    /// Where a matter stands in a register.
    State {
        /// It waits to be handed over, also while a file that somebody is to carry lies ready, or for a decision.
        Waiting = "waiting",
        /// It was handed over; the register has not answered.
        HandedOver = "handed_over",
        /// A decision waits for a second person.
        Proposed = "proposed",
        /// The register holds it under a number.
        Registered = "registered",
        /// It was refused, with a reasoned document.
        Refused = "refused",
        /// It went to another body.
        Referred = "referred",
        /// What was told was erased by law before the register had it: nothing is left to enter.
        Erased = "erased",
    }
);

impl State {
    /// Whether its clock runs.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::HandedOver | Self::Proposed)
    }
    /// The state that a decision leads to.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Registered => Self::Registered,
            Outcome::Refused => Self::Refused,
            Outcome::Referred => Self::Referred,
        }
    }
}

kernel::words!(
    /// Where a decision stands.
    Standing {
        /// It waits for a second person.
        Proposed = "proposed",
        /// It holds.
        Stands = "stands",
        /// The second person did not agree.
        SentBack = "sent_back",
        /// Whoever proposed it took it back.
        TakenBack = "taken_back",
    }
);

kernel::words!(
    /// How the posting of a file stands.
    Posting {
        /// Nobody posts it: somebody carries it, or what it held was erased.
        None = "",
        /// It is posted again and again until the register answers.
        Waiting = "waiting",
        /// The register has answered with a number.
        Done = "done",
        /// The register does not take it as it is.
        Refused = "refused",
        /// Whoever it was on its way to keeps the register no more.
        Moved = "moved",
    }
);

/// What a register is asked to hold. Its kind is an open word: slices above name their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Kind of matter, `report`.
    pub kind: String,
    /// Which one; also whose data key seals what is written about it.
    pub id: Uuid,
    /// Its public number.
    pub number: String,
    /// Its header: organisation, unit, region and marking of everything here.
    pub header: Header,
    /// From when its first clock runs.
    pub since: Timestamp,
    /// Whether whoever asked may work on it.
    pub works: bool,
    /// Matters of other kinds that are the same one, a case's reports: their numbers may be its own.
    pub same: Vec<Uuid>,
}

impl Subject {
    /// A report as a matter.
    #[must_use]
    pub fn of_report(report: &Report) -> Self {
        Self {
            kind: "report".to_owned(),
            id: report.id.uuid(),
            number: report.number.clone(),
            header: report.header.clone(),
            since: report.header.created_at,
            works: true,
            same: Vec::new(),
        }
    }
    /// What a register was asked to hold, as it was when it was asked.
    #[must_use]
    pub fn of_matter(matter: &Registration) -> Self {
        Self {
            kind: matter.subject_kind.clone(),
            id: matter.subject,
            number: matter.subject_number.clone(),
            header: matter.header.clone(),
            since: matter.since,
            works: true,
            same: Vec::new(),
        }
    }
}

/// One matter in one register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Database key, derived from matter and register: the same again is the same row.
    pub id: RegistrationId,
    /// The common header.
    pub header: Header,
    /// Kind of matter.
    pub subject_kind: String,
    /// Which matter.
    pub subject: Uuid,
    /// Its public number.
    pub subject_number: String,
    /// The register's code.
    pub system: String,
    /// When its clock began (office time).
    pub since: Timestamp,
    /// By when it must be handed over or decided.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// When it came to rest: the register's own time of entry, or that of the decision.
    pub settled_at: Option<Timestamp>,
}

/// Under which number a register holds a matter. Never overwritten: a number that was written down wrongly is marked and
/// kept, and the right one is a row of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Database key.
    pub id: ReferenceId,
    /// The common header; its author wrote the number down.
    pub header: Header,
    /// Kind of matter.
    pub subject_kind: String,
    /// Which matter.
    pub subject: Uuid,
    /// The register's code.
    pub system: String,
    /// The register's number, as it was told; never a key.
    pub number: String,
    /// When the register took the matter, by its own word.
    pub registered_at: Timestamp,
    /// `desk` where an officer typed it in, `register` where the register answered itself.
    pub came_by: String,
    /// When it was found wrong.
    pub wrong_at: Option<Timestamp>,
    /// Who found it wrong, as the actor's label.
    pub wrong_by: Option<String>,
}

/// What a register answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its number.
    pub number: String,
    /// When it took the matter.
    pub registered_at: Timestamp,
    /// Who entered it there; may be empty.
    pub registrar: String,
}

/// The file with which a matter was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// Database key; also the id inside the file.
    pub id: HandOverId,
    /// The common header; its author handed it over.
    pub header: Header,
    /// Which matter in which register.
    pub registration: RegistrationId,
    /// Schema of the file, `registration.v1`.
    pub schema: String,
    /// SHA-256 of the file, hexadecimal. The file holds a random salt, so that the hash tells nothing of its content.
    pub sha256: String,
    /// Its size.
    pub size_bytes: i64,
    /// `officer` where somebody carries the file, `message` where it is posted.
    pub channel: String,
    /// Code of the institution that it is posted to; empty where somebody carries it.
    pub institution: String,
    /// How the posting stands.
    pub posting: Posting,
    /// Tries made so far.
    pub tries: i64,
    /// What came of the last try, in the code's words: a status, a fault of the network; a refusal's code.
    pub last_error: String,
}

/// A decision, before it is taken.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// What is decided.
    pub outcome: Outcome,
    /// The register's number, where it is entered.
    pub receipt: Option<Receipt>,
    /// The document, where there is one.
    pub paper: Paper,
    /// Whom it goes to, where it is referred.
    pub addressee: String,
    /// Why: the text of the reasoned document, or the ground of the referral.
    pub reasons: String,
    /// Why, for the reporter, in plain words.
    pub words: String,
}

/// The document of a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paper {
    /// Its number.
    pub number: String,
    /// Its day.
    pub day: Option<Date>,
    /// Articles it rests on.
    pub articles: String,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Database key.
    pub id: DecisionId,
    /// The common header; its author decided or proposed.
    pub header: Header,
    /// Which matter in which register.
    pub registration: RegistrationId,
    /// What is decided.
    pub outcome: Outcome,
    /// The document.
    pub paper: Paper,
    /// Whom the matter goes to.
    pub addressee: String,
    /// Where it stands.
    pub standing: Standing,
    /// When somebody else agreed or did not, or whoever proposed it took it back.
    pub second_at: Option<Timestamp>,
    /// Who that was, as the actor's label.
    pub second_by: Option<String>,
}

/// What of a decision is sealed under the matter's key.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reasons {
    /// Text of the reasoned document, or the ground of the referral.
    pub text: String,
    /// The same for the reporter.
    pub words: String,
    /// The register's number, until the decision stands and it becomes a reference.
    pub number: String,
    /// When the register took it, microseconds.
    pub registered_at: i64,
    /// Who entered it there.
    pub registrar: String,
}

/// A decision with what is sealed, opened. `None` once the matter's data was erased.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The decision.
    pub decision: Decision,
    /// What is sealed.
    pub reasons: Option<Personal<Reasons>>,
    /// Why the second person did not agree.
    pub sent_back: Option<Personal<String>>,
}
