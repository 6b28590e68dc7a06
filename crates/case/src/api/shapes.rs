//! What programs are told: the same that the pages show, by codes; `GET /cases/words` says what the codes are called.

use access::Reads;
use kernel::{Money, Purpose, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::Ctx;

use crate::model::{Case, Member, NEVER, Written};
use crate::rules::next::Next;
use crate::service::{Door, People, Titled};
use crate::web::words;

/// A moment, RFC 3339.
pub(super) fn at(when: Timestamp) -> String {
    when.rfc3339()
}

/// A term; nothing where there is none.
pub(super) fn due(when: Timestamp) -> Option<String> {
    (when != NEVER).then(|| when.rfc3339())
}

/// An amount.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseAmount {
    /// Decimal text with a point.
    amount: String,
    /// Currency code.
    currency: String,
}

pub(super) fn amount(money: Money) -> CaseAmount {
    CaseAmount { amount: money.to_decimal(), currency: money.asset().code().to_owned() }
}

/// Somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseWho {
    /// As acts name them: `staff:…`.
    label: String,
    /// The name; empty where it is not known.
    name: String,
}

pub(super) fn who(people: &People, label: &str) -> Option<CaseWho> {
    let name = || people.get(label).cloned().unwrap_or_default();
    (!label.is_empty()).then(|| CaseWho { label: label.to_owned(), name: name() })
}

/// Who wrote a row, and when.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseWritten {
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<CaseWho>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

pub(super) fn written(people: &People, w: &Written) -> CaseWritten {
    CaseWritten { by: who(people, &w.by), at: at(w.at) }
}

/// A row of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseRow {
    /// Its number.
    #[schema(pattern = "^C-[0-9]{4}-[0-9]{8}$")]
    pub(super) number: String,
    /// Its title.
    title: String,
    /// Code of its stage.
    stage: String,
    /// `open`, `ended`, `merged`.
    state: &'static str,
    /// 0 can wait, 1 as usual, 2 soon, 3 at once.
    #[schema(minimum = 0, maximum = 3)]
    priority: i64,
    /// Who leads it; nobody where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<CaseWho>,
    /// `open`, `closed`, `red`.
    door: &'static str,
    /// Code of the unit that works on it.
    unit: String,
    /// The nearest term of all that is open in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// When it was opened.
    #[schema(format = DateTime)]
    opened_at: String,
    /// When something happened in it last.
    #[schema(format = DateTime)]
    changed_at: String,
}

pub(super) fn row(t: &Titled) -> CaseRow {
    let title = t.title.as_ref().map(|w| w.open(Purpose::Investigate).clone()).unwrap_or_default();
    let people = People::from([(t.case.lead.clone(), t.lead.clone())]);
    row_of(&t.case, title, &people)
}

pub(super) fn row_of(c: &Case, title: String, people: &People) -> CaseRow {
    CaseRow {
        number: c.number.clone(),
        title,
        stage: c.stage.clone(),
        state: c.state.as_str(),
        priority: c.priority,
        lead: who(people, &c.lead),
        door: Door::of(c).as_str(),
        unit: c.header.unit_id.clone(),
        due_at: due(c.next_due_at),
        opened_at: at(c.header.created_at),
        changed_at: at(c.changed_at),
    }
}

/// Somebody of the team.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseMember {
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<CaseWho>,
    /// What they do in it.
    part: String,
    /// Since when.
    #[schema(format = DateTime)]
    since: String,
    /// Until when; left out for those who are in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    until: Option<String>,
}

pub(super) fn member(people: &People, m: &Member) -> CaseMember {
    CaseMember {
        who: who(people, &m.label),
        part: m.duty.clone(),
        since: at(m.since),
        until: m.until.map(at),
    }
}

/// Something to do next.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseNext {
    /// `receive`, `confirm`, `task`, `register`, `referral`, `stage`, `lead`, `article`, `rights`.
    what: &'static str,
    /// Which decision or task.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    id: Option<Uuid>,
    /// Which register.
    #[serde(skip_serializing_if = "Option::is_none")]
    register: Option<String>,
    /// How many persons were not told their rights.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    count: Option<usize>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due_at: Option<String>,
}

pub(super) fn next((what, till): &(Next, Option<Timestamp>)) -> CaseNext {
    let (word, id, register, count) = match what {
        Next::Receive => ("receive", None, None, None),
        Next::Confirm(id) => ("confirm", Some(*id), None, None),
        Next::Task(id) => ("task", Some(*id), None, None),
        Next::Register(code) => ("register", None, Some(code.clone()), None),
        Next::Referral => ("referral", None, None, None),
        Next::Stage => ("stage", None, None, None),
        Next::Lead => ("lead", None, None, None),
        Next::Article => ("article", None, None, None),
        Next::Rights(n) => ("rights", None, None, Some(*n)),
    };
    CaseNext { what: word, id, register, count, due_at: till.and_then(due) }
}

/// What is to be done, in the reader's language where it came with a shape.
pub(super) fn task_title(ctx: &Ctx, reads: &Reads, title: &str) -> String {
    words::task(ctx, &reads.app, title)
}
