//! Pages of absence and delegation: one's own under `/desk/away`, and the head's and the administrator's under
//! `/desk/away/people`. Giving, accepting and confirming want a fresh one-time code; calling back and ending never do.

mod back;
mod give;
mod own;
mod people;
mod show;

pub(crate) use back::on_the_way;

use std::collections::BTreeMap;

use app::App;
use axum::Router;
use axum::routing::{get, post};
use kernel::{Money, Timestamp};
use web::{Choice, Ctx, Field, FieldError, Markup, Problem, Status, Tone};

use crate::absence::{Absence, AbsenceId, NewAbsence, Why};
use crate::account::names_of;
use crate::away::AwayError;
use crate::delegation::{Delegation, Stage};

const OWN: &str = "/desk/away";
const PEOPLE: &str = "/desk/away/people";

/// `/desk/away…`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(OWN, get(own::show).post(own::say))
        .route("/desk/away/back", get(back::ask).post(back::come))
        .route("/desk/away/deputy", get(give::form).post(give::submit))
        .route("/desk/away/absences/{id}/end", post(own::end))
        .route("/desk/away/delegations/{id}", get(show::show))
        .route("/desk/away/delegations/{id}/accept", post(show::accept))
        .route("/desk/away/delegations/{id}/confirm", post(show::confirm))
        .route("/desk/away/delegations/{id}/end", post(show::end))
        .route(PEOPLE, get(people::list))
        .route("/desk/away/people/{account}", get(people::form).post(people::say))
}

/// A delegation in a list.
pub(crate) struct DelegationRow {
    href: String,
    giver: String,
    deputy: String,
    term: String,
    what: String,
    number: String,
    status: Status,
}

/// An absence in a list.
pub(crate) struct AbsenceRow {
    end: String,
    from: String,
    till: String,
    why: String,
    status: Status,
}

/// The names of everybody in these delegations, by label.
async fn names(app: &App, all: &[Delegation]) -> Result<BTreeMap<String, String>, Problem> {
    let confirmed = |d: &Delegation| d.confirmed.as_ref().map(|(_, by)| by.clone());
    let ended = |d: &Delegation| d.ending.as_ref().map(|e| e.by.clone());
    let labels: Vec<String> = all
        .iter()
        .flat_map(|d| [Some(d.delegator()), Some(d.deputy()), confirmed(d), ended(d)].into_iter().flatten())
        .collect();
    let vault = app.vault.clone();
    let names = app.db.read(move |tx| names_of(tx, &vault, labels.clone())).await;
    names.map_err(|e| Problem::from(AwayError::from(e)))
}

fn name(names: &BTreeMap<String, String>, label: &str) -> String {
    names.get(label).cloned().unwrap_or_default()
}

fn row(ctx: &Ctx, names: &BTreeMap<String, String>, d: &Delegation) -> DelegationRow {
    DelegationRow {
        href: format!("/desk/away/delegations/{}", d.id),
        giver: name(names, &d.delegator()),
        deputy: name(names, &d.deputy()),
        term: term(ctx, d),
        what: what(ctx, d),
        number: d.terms.number.clone(),
        status: stage(ctx, d),
    }
}

/// First and last day. The last moment is no part of the term: the day before it is.
fn term(ctx: &Ctx, d: &Delegation) -> String {
    let last = d.terms.till.plus_secs(-1);
    ctx.ta("access-delegation-term", [("from", ctx.date(d.terms.from)), ("till", ctx.date(last))])
}

/// What may be signed, in words that leave nothing out.
fn what(ctx: &Ctx, d: &Delegation) -> String {
    let t = &d.terms;
    let measures: Vec<String> = t.measures.iter().map(|m| measure(ctx, m.as_str())).collect();
    let mut parts = vec![if measures.is_empty() {
        ctx.t("access-delegation-any-measure")
    } else {
        ctx.ta("access-delegation-measures", [("list", measures.join(", "))])
    }];
    parts.push(if t.unit.is_empty() {
        ctx.t("access-delegation-any-unit")
    } else {
        ctx.ta("access-delegation-unit", [("unit", t.unit.as_str())])
    });
    if let Some(most) = t.most {
        parts.push(ctx.ta("access-delegation-most", [("sum", ctx.money(most))]));
    }
    parts.join("; ")
}

/// A measure in words. They are those of the law's catalogue, which the program loads beside this one.
fn measure(ctx: &Ctx, code: &str) -> String {
    let key = format!("legal-basis-measure-{}", code.replace('_', "-"));
    if ctx.has_text(&key) { ctx.t(&key) } else { code.to_owned() }
}

fn stage(ctx: &Ctx, d: &Delegation) -> Status {
    let (key, tone) = match d.stage(ctx.now()) {
        Stage::WaitsForDeputy => ("access-delegation-waits-deputy", Tone::Amber),
        Stage::WaitsForConfirmation => ("access-delegation-waits-confirmation", Tone::Amber),
        Stage::ToCome => ("access-delegation-to-come", Tone::Blue),
        Stage::InForce => ("access-delegation-in-force", Tone::Green),
        Stage::Expired => ("access-delegation-expired", Tone::Grey),
        Stage::Ended => ("access-delegation-ended", Tone::Grey),
    };
    Status::new(ctx, key, tone)
}

fn absence(ctx: &Ctx, a: &Absence) -> AbsenceRow {
    let why = a.why.as_ref().and_then(|w| Why::parse(w.open(kernel::Purpose::Operate)));
    let (key, tone) = if a.holds(ctx.now()) {
        ("access-absence-holds", Tone::Amber)
    } else {
        ("access-absence-to-come", Tone::Blue)
    };
    AbsenceRow {
        end: format!("/desk/away/absences/{}/end", a.id),
        from: ctx.date_time(a.from),
        till: ctx.date_time(a.till),
        why: why.map_or_else(String::new, |why| ctx.t(why_key(why))),
        status: Status::new(ctx, key, tone),
    }
}

const fn why_key(why: Why) -> &'static str {
    match why {
        Why::Leave => "access-absence-leave",
        Why::Sick => "access-absence-sick",
        Why::Travel => "access-absence-travel",
        Why::ShiftOver => "access-absence-shift-over",
    }
}

/// The form of a time away. Absent fields are empty ones.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct AbsenceForm {
    absence: String,
    why: String,
    from: String,
    till: String,
}

impl AbsenceForm {
    /// An empty one, about from now on.
    fn fresh(app: &App, ctx: &Ctx) -> Self {
        Self {
            absence: AbsenceId::from_uuid(app.uuid()).to_string(),
            from: web::day::written_moment(ctx.now(), ctx.zone()),
            ..Self::default()
        }
    }

    fn fields(&self, ctx: &Ctx, errors: &[FieldError]) -> Vec<Field> {
        let choices =
            Why::ALL.into_iter().map(|why| Choice::new(why.as_str(), ctx.t(why_key(why)))).collect();
        vec![
            Field::radios(ctx, "why", "access-absence-why", choices).value(self.why.clone()).errors(errors),
            Field::text(ctx, "from", "access-absence-from").value(&self.from).width(20).errors(errors),
            Field::text(ctx, "till", "access-absence-till").value(&self.till).width(20).errors(errors),
        ]
    }

    /// What it says about an account; else what is wrong with it.
    fn read(&self, ctx: &Ctx, account: uuid::Uuid) -> Result<NewAbsence, Vec<FieldError>> {
        let mut errors = Vec::new();
        let why = Why::parse(&self.why);
        if why.is_none() {
            errors.push(FieldError::new(ctx, "why", "access-absence-why.missing"));
        }
        let from = moment(ctx, "from", &self.from, "access-absence-from.missing", &mut errors);
        let till = moment(ctx, "till", &self.till, "access-absence-till.missing", &mut errors);
        let id: Option<AbsenceId> = self.absence.parse().ok();
        match (why, from, till, id) {
            (Some(why), Some(from), Some(till), Some(id)) => Ok(NewAbsence { id, account, from, till, why }),
            _ => Err(errors),
        }
    }
}

fn moment(
    ctx: &Ctx,
    name: &str,
    text: &str,
    missing: &str,
    errors: &mut Vec<FieldError>,
) -> Option<Timestamp> {
    let read = web::day::read_moment(text, ctx.zone());
    if read.is_none() {
        errors.push(FieldError::new(ctx, name, missing));
    }
    read
}

/// The sum that an optional field says; `Err` if it says none.
fn sum(app: &App, text: &str) -> Result<Option<Money>, ()> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Money::parse(text, app.profile.currency()).ok().filter(|m| m.is_positive()).map(Some).ok_or(())
}

/// Till when somebody is away, as a link that says so, for other pages.
fn till_words(ctx: &Ctx, till: Timestamp) -> Markup {
    ctx.tm("access-away-till", [("time", ctx.date_time(till))])
}
