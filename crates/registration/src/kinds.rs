//! Kinds of matters that registers hold. A report is this slice's own to find; slices above bring theirs: how a matter is found by its
//! number, by whoever may see or work on it, and what its file says.

use access::{Action, Resource};
use app::App;
use db::{DbError, Tx};
use kernel::{Actor, Purpose, Timestamp};
use profile::Register;

use crate::error::RegistrationError;
use crate::export;
use crate::model::{HandOverId, Subject};

/// What is wanted of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// To see it, with its numbers.
    See,
    /// To hand it over, write down and decide.
    Work,
    /// To agree to what is decided about it.
    Agree,
}

/// What a file begins with, whatever it is about.
#[derive(Debug, Clone)]
pub struct Head<'a> {
    /// The register it goes to.
    pub register: &'a Register,
    /// Its id.
    pub id: HandOverId,
    /// Random, so that a hash of the file tells nothing of what it says.
    pub salt: String,
    /// When it is made.
    pub now: Timestamp,
}

type Find = fn(&mut Tx<'_>, &App, &Actor, &str, Wants) -> Result<Subject, RegistrationError>;
type Write = fn(&mut Tx<'_>, &App, &Actor, &Subject, &Head<'_>) -> Result<String, RegistrationError>;

/// A kind of matter.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Its word, `report`: in columns, messages and the record.
    pub word: &'static str,
    /// Where its pages are, `/desk/reports`.
    pub pages: &'static str,
    /// Schema of its file.
    pub schema: &'static str,
    /// Whether somebody reported it, who is told what is decided.
    pub told: bool,
    /// Finds one by its public number. Whoever may not even know of it is told that there is none.
    pub find: Find,
    /// Writes its file.
    pub write: Write,
}

impl Kind {
    /// Reports.
    pub const REPORT: Self = Self {
        word: "report",
        pages: "/desk/reports",
        schema: export::SCHEMA,
        told: true,
        find: find_report,
        write: write_report,
    };

    /// The matter of this kind that has the number.
    #[must_use]
    pub fn of(self, number: &str) -> Of {
        Of { kind: self, number: number.to_owned() }
    }
}

/// A matter by its public number.
#[derive(Debug, Clone)]
pub struct Of {
    /// Its kind.
    pub kind: Kind,
    /// Its number.
    pub number: String,
}

impl Of {
    pub(crate) fn find(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        actor: &Actor,
        wants: Wants,
    ) -> Result<Subject, RegistrationError> {
        (self.kind.find)(tx, app, actor, &self.number, wants)
    }
}

/// A number alone is a report's.
impl From<&str> for Of {
    fn from(number: &str) -> Self {
        Kind::REPORT.of(number)
    }
}
impl From<&Self> for Of {
    fn from(of: &Self) -> Self {
        of.clone()
    }
}
impl From<&String> for Of {
    fn from(number: &String) -> Self {
        Kind::REPORT.of(number)
    }
}

fn find_report(
    tx: &mut Tx<'_>,
    _: &App,
    actor: &Actor,
    number: &str,
    wants: Wants,
) -> Result<Subject, RegistrationError> {
    let report = report::store::by_number(tx, number)?.ok_or(RegistrationError::NotFound)?;
    if wants == Wants::See {
        let seen = Resource::new("report", report.id.uuid(), &report.header);
        access::require(actor, Action::ViewReport, &seen)?;
    }
    Ok(Subject::of_report(&report))
}

fn write_report(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    head: &Head<'_>,
) -> Result<String, RegistrationError> {
    let full = report::service::load(tx, app, actor, report::ReportId::from_uuid(subject.id))?;
    let text = export::of_report(app, head, &full);
    Ok(text.map_err(|e| DbError::Bug(format!("a file cannot be written: {e}")))?)
}

/// The record's word for a kind of matter: a closed list, so that nothing typed gets into it.
pub(crate) fn word(kind: &str) -> &'static str {
    match kind {
        "report" => "report",
        "case" => "case",
        _ => "matter",
    }
}

/// Why a matter of this kind is opened.
pub(crate) fn purpose(kind: &str) -> Purpose {
    if kind == "report" { Purpose::HandleReport } else { Purpose::Investigate }
}
