//! Suppress: what a report names, thing by thing, with every lawful measure against it side by side. What is picked
//! is drafted and, where one signature is enough, sent.

use std::collections::{BTreeMap, BTreeSet};

use access::Staff;
use app::App;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Coded as _, Purpose};
use order::OrderError;
use order::details::{ContentClass, DataClass, DetailsFault};
use order::service::{Offer, Offers, Standing, Suppressed, Terms, Words};
use order::words;
use profile::Measure;
use report::ReportId;
use trail::web::Names;
use web::{
    Choice, Ctx, Empty, ErrorSummary, Field, FieldError, Page, Problem, SeeOther, Status, Toast, encode,
};

use super::act::page_of;
use crate::advice;

/// A measure that can be picked, or why it cannot.
struct OfferRow {
    id: String,
    key: String,
    measure: String,
    executor: String,
    via: Option<String>,
    picked: bool,
    open: Option<OpenTerms>,
    ordered: Option<(String, Status)>,
    barred: String,
}

/// On what terms.
struct OpenTerms {
    basis: String,
    signatures: String,
    ends: String,
}

/// A thing that the report names.
struct Thing {
    what: String,
    seen: Option<String>,
    offers: Vec<OfferRow>,
}

#[derive(Template)]
#[template(path = "desk_suppress.html")]
struct Show {
    ctx: Ctx,
    title: String,
    lead: String,
    back: String,
    clues: Option<String>,
    things: Vec<Thing>,
    nothing: Vec<String>,
    empty: Option<Empty>,
    can: bool,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
    summary: ErrorSummary,
}

/// What was picked and written.
#[derive(Debug, Default)]
struct Picked {
    keys: Option<Vec<String>>,
    harm: String,
    narrower: String,
    reason: String,
    class: String,
    data: Vec<String>,
    from: String,
    to: String,
}

impl Picked {
    fn read(form: Vec<(String, String)>) -> Self {
        let mut picked = Self { keys: Some(Vec::new()), ..Self::default() };
        for (name, value) in form {
            match name.as_str() {
                "pick" => picked.keys.get_or_insert_default().push(value),
                "harm" => picked.harm = value,
                "narrower" => picked.narrower = value,
                "reason" => picked.reason = value,
                "class" => picked.class = value,
                "data" => picked.data.push(value),
                "from" => picked.from = value,
                "to" => picked.to = value,
                _ => {}
            }
        }
        picked
    }

    /// What the papers say. A day that cannot be read is an error of its field; the last day counts whole.
    fn words(&self, ctx: &Ctx, app: &App) -> Result<Words, FieldError> {
        let read = |field: &str, typed: &str| match typed.trim() {
            "" => Ok(None),
            typed => web::day::read_day(typed)
                .ok_or_else(|| FieldError::new(ctx, field, "desk-record-day.wrong"))
                .map(Some),
        };
        let calendar = app.profile.calendar();
        let wrong = |field: &str| FieldError::new(ctx, field, "desk-record-day.wrong");
        let (from, to) = (read("from", &self.from)?, read("to", &self.to)?);
        let to = to.map(|day| day.tomorrow().map_err(|_| wrong("to"))).transpose()?;
        Ok(Words {
            harm: self.harm.clone(),
            narrower: self.narrower.clone(),
            reason: self.reason.clone(),
            class: ContentClass::parse(&self.class),
            data: self.data.iter().filter_map(|d| DataClass::parse(d)).collect(),
            from: from.map(|d| calendar.start_of(d)),
            to: to.map(|d| calendar.start_of(d)),
        })
    }

    /// Whether the box is ticked: as it was sent, else as the rules of the scheme advise, else where other reports name the same thing too.
    fn has(&self, offer: &Offer, reports: i64, advised: Option<&BTreeSet<String>>) -> bool {
        match (&self.keys, advised) {
            (Some(keys), _) => keys.contains(&offer.key),
            (None, Some(advised)) => advised.contains(&offer.key),
            (None, None) => {
                reports > 1 && matches!(offer.measure, Measure::NumberBlock | Measure::ResourceRestriction)
            }
        }
    }
}

/// What is suppressed: a report, or a scheme by those of its reports that name its things between them.
#[derive(Debug, Clone)]
struct Subject {
    title: String,
    lead: &'static str,
    back: String,
    clues: Option<String>,
    reports: Vec<(ReportId, String)>,
    /// The scheme's number, if it is one.
    scheme: Option<i64>,
}

impl Subject {
    async fn report(ctx: &Ctx, app: &App, actor: &Actor, number: &str) -> Result<Self, Problem> {
        let report = report::service::by_number(app, actor, number).await?;
        Ok(Self {
            title: ctx.ta("desk-suppress-title", [("number", report.number.as_str())]),
            lead: "desk-suppress-lead",
            back: page_of(&report.number),
            clues: Some(format!("{}/clues", page_of(&report.number))),
            reports: vec![(report.id, report.number)],
            scheme: None,
        })
    }

    async fn scheme(ctx: &Ctx, app: &App, actor: &Actor, number: &str) -> Result<Self, Problem> {
        let no = scheme::service::no(number)?;
        let number = scheme::model::number(no);
        Ok(Self {
            title: ctx.ta("desk-suppress-title", [("number", number.as_str())]),
            lead: "desk-suppress-scheme-lead",
            back: format!("/desk/schemes/{number}"),
            clues: None,
            reports: scheme::service::cover(app, actor, no).await?,
            scheme: Some(no),
        })
    }

    /// Keys of what is ticked beforehand; `None` where that is no scheme's matter.
    async fn advised(
        &self,
        app: &App,
        actor: &Actor,
        all: &Offers,
    ) -> Result<Option<BTreeSet<String>>, Problem> {
        let Some(no) = self.scheme else { return Ok(None) };
        let named: Vec<(identifier::Kind, String)> =
            all.named.iter().map(|(n, _)| (n.kind, n.value.open(Purpose::ExecuteOrder).clone())).collect();
        let advised = scheme::service::advised(app, actor, no, named.clone()).await?;
        let things: Vec<advice::Named<'_>> = named
            .iter()
            .zip(&all.named)
            .zip(advised)
            .map(|(((kind, value), (_, seen)), advised)| advice::Named {
                kind: *kind,
                value,
                reports: seen.reports,
                advised,
            })
            .collect();
        let lawful: Vec<&Offer> =
            all.offers.iter().filter(|o| matches!(o.standing, Standing::Lawful(_))).collect();
        let could: Vec<advice::Could> =
            lawful.iter().map(|o| advice::Could { named: o.named, measure: o.measure }).collect();
        let picks = advice::picks(&things, &could);
        Ok(Some(picks.iter().filter_map(|at| lawful.get(*at)).map(|o| o.key.clone()).collect()))
    }

    /// Every measure against what its reports name, each once, and for which report it would be ordered.
    async fn offers(&self, app: &App, actor: &Actor) -> Result<(Offers, Homes), Problem> {
        let mut all = Offers { named: Vec::new(), offers: Vec::new() };
        let mut homes = Homes::new();
        for (id, _) in &self.reports {
            let own = match order::service::offers(app, actor, *id).await {
                Ok(own) => own,
                // One report of a scheme may be erased while its page is read.
                Err(OrderError::Erased) if self.reports.len() > 1 => continue,
                Err(e) => return Err(e.into()),
            };
            let mut places = Vec::new();
            for (named, seen) in own.named {
                let value = named.value.open(Purpose::ExecuteOrder);
                let same =
                    |n: &report::Named| n.kind == named.kind && n.value.open(Purpose::ExecuteOrder) == value;
                match all.named.iter().position(|(n, _)| same(n)) {
                    Some(_) => places.push(None),
                    None => {
                        places.push(Some(all.named.len()));
                        all.named.push((named, seen));
                    }
                }
            }
            for offer in own.offers {
                if let Some(Some(place)) = places.get(offer.named) {
                    homes.insert(offer.key.clone(), *id);
                    all.offers.push(Offer { named: *place, ..offer });
                }
            }
        }
        Ok((all, homes))
    }
}

/// For which report each offer would be ordered.
type Homes = BTreeMap<String, ReportId>;

/// `GET /desk/reports/{number}/suppress`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let subject = Subject::report(&ctx, &app, &actor, &number).await?;
    page(&ctx, &app, &actor, &subject, (&Picked::default(), &[])).await
}

/// `GET /desk/schemes/{number}/suppress`.
pub(crate) async fn show_scheme(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let subject = Subject::scheme(&ctx, &app, &actor, &number).await?;
    page(&ctx, &app, &actor, &subject, (&Picked::default(), &[])).await
}

/// `POST /desk/reports/{number}/suppress`.
pub(crate) async fn act(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let subject = Subject::report(&ctx, &app, &actor, &number).await?;
    acted(&ctx, &app, &actor, &subject, &Picked::read(form)).await
}

/// `POST /desk/schemes/{number}/suppress`.
pub(crate) async fn act_scheme(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let subject = Subject::scheme(&ctx, &app, &actor, &number).await?;
    acted(&ctx, &app, &actor, &subject, &Picked::read(form)).await
}

async fn acted(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    picked: &Picked,
) -> Result<Response, Problem> {
    let keys = picked.keys.clone().unwrap_or_default();
    if keys.is_empty() {
        let error = FieldError::new(ctx, "pick", "desk-suppress-none");
        return page(ctx, app, actor, subject, (picked, &[error])).await;
    }
    let words = match picked.words(ctx, app) {
        Ok(words) => words,
        Err(error) => return page(ctx, app, actor, subject, (picked, &[error])).await,
    };
    // Each pick is ordered for the report that names the thing.
    let mut by_report: BTreeMap<ReportId, Vec<String>> = BTreeMap::new();
    match subject.reports.as_slice() {
        [(only, _)] => drop(by_report.insert(*only, keys)),
        _ => {
            let (_, homes) = subject.offers(app, actor).await?;
            for key in keys {
                if let Some(home) = homes.get(&key) {
                    by_report.entry(*home).or_default().push(key);
                }
            }
        }
    }
    let mut done = Suppressed::default();
    for (report, keys) in by_report {
        match order::service::suppress(app, actor, report, &keys, &words).await {
            Ok(more) => {
                done.sent.extend(more.sent);
                done.waiting.extend(more.waiting);
            }
            // What has gone out is told; the rest is offered again.
            Err(_) if !done.sent.is_empty() || !done.waiting.is_empty() => {
                let toast = Toast::new("desk-suppressed-part")
                    .with("sent", done.sent.len().to_string())
                    .with("waiting", done.waiting.len().to_string());
                return Ok(SeeOther::to(format!("{}/suppress", subject.back))
                    .with_toast(toast)
                    .into_response());
            }
            Err(error) => match wrong(ctx, picked, &error) {
                Some(wrong) => return page(ctx, app, actor, subject, (picked, &[wrong])).await,
                None => return Err(error.into()),
            },
        }
    }
    if done.sent.is_empty() && done.waiting.is_empty() {
        let error = FieldError::new(ctx, "pick", "desk-suppress-nothing-left");
        return page(ctx, app, actor, subject, (picked, &[error])).await;
    }
    let toast = Toast::new("desk-suppressed")
        .with("sent", done.sent.len().to_string())
        .with("waiting", done.waiting.len().to_string());
    let numbers: Vec<&str> = subject.reports.iter().map(|(_, number)| number.as_str()).collect();
    let to = if done.waiting.is_empty() {
        subject.back.clone()
    } else {
        format!("/desk/orders?n={}", encode(&numbers.join(",")))
    };
    Ok(SeeOther::to(to).with_toast(toast).into_response())
}

/// What is wrong with what the papers say, at its field; `None` for what is no matter of the form.
fn wrong(ctx: &Ctx, picked: &Picked, error: &OrderError) -> Option<FieldError> {
    match error {
        OrderError::Details(fault) => {
            let field = match fault {
                DetailsFault::Narrower => "narrower",
                DetailsFault::Harm => "harm",
                DetailsFault::Class => "class",
                DetailsFault::Period => "from",
                DetailsFault::Nothing => "data",
                _ if picked.narrower.chars().count() > picked.harm.chars().count() => "narrower",
                _ => "harm",
            };
            Some(FieldError::new(ctx, field, &Problem::key(fault.code())))
        }
        OrderError::NotAllowed(why)
            if *why == legal_basis::BasisRefusal::Unreasoned(profile::Scope::AmountOnly) =>
        {
            Some(FieldError::new(ctx, "reason", &Problem::key(why.code())))
        }
        _ => None,
    }
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    subject: &Subject,
    (picked, errors): (&Picked, &[FieldError]),
) -> Result<Response, Problem> {
    let (all, _) = subject.offers(app, actor).await?;
    let advised = subject.advised(app, actor, &all).await?;
    let names = Names::load(app).await;
    let (mut things, mut nothing) = (Vec::new(), Vec::new());
    // What most reports name comes first.
    let mut order: Vec<_> = all.named.iter().enumerate().collect();
    order.sort_by_key(|(_, (_, seen))| std::cmp::Reverse(seen.reports));
    for (no, (named, seen)) in order {
        let kind = named.kind.as_str();
        let written = words::shown(kind, named.value.open(Purpose::ExecuteOrder));
        let what = words::thing(ctx, kind, &identifier::in_letters(named.kind, &written));
        let own = all.offers.iter().filter(|o| o.named == no);
        let offers: Vec<OfferRow> = own
            .zip(0..)
            .map(|(o, i)| row(ctx, &names, o, (no, i), picked.has(o, seen.reports, advised.as_ref())))
            .collect();
        if offers.is_empty() {
            nothing.push(what);
        } else {
            let many = (seen.reports > 1).then(|| ctx.ta("desk-identifier-reports", [("n", seen.reports)]));
            let own = (seen.as_payer > 0).then(|| ctx.t("desk-identifier-own"));
            let seen: Vec<String> = many.into_iter().chain(own).collect();
            let seen = (!seen.is_empty()).then(|| seen.join(" · "));
            things.push(Thing { what, seen, offers });
        }
    }
    let can = things.iter().any(|t| t.offers.iter().any(|o| o.open.is_some()));
    let empty = things
        .is_empty()
        .then(|| Empty::new(ctx, "desk-suppress-empty").action(&subject.back, &subject.title));
    let show = Show {
        title: subject.title.clone(),
        lead: ctx.t(subject.lead),
        back: subject.back.clone(),
        clues: subject.clues.clone(),
        things,
        nothing,
        empty,
        can,
        fields: fields(ctx, &all, (picked, subject.scheme.is_some()), errors),
        summary: ErrorSummary::new(ctx, errors),
        errors: errors.to_vec(),
        ctx: ctx.clone(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(show)).into_response())
}

fn row(ctx: &Ctx, names: &Names, o: &Offer, (no, i): (usize, usize), picked: bool) -> OfferRow {
    // The first box of the page is where the error summary leads.
    let id = if (no, i) == (0, 0) { "f-pick".to_owned() } else { format!("f-pick-{no}-{i}") };
    let between = o.stations.get(1..o.stations.len().saturating_sub(1)).unwrap_or_default();
    let (open, ordered, barred) = match &o.standing {
        Standing::Lawful(terms) => (Some(open_terms(ctx, terms)), None, String::new()),
        Standing::Ordered(order, status) => {
            let tone = if status.is_open() { web::Tone::Blue } else { web::Tone::Amber };
            let words = Status::new(ctx, &format!("order-status-{}", status.as_str()), tone);
            (None, Some((format!("/desk/orders/{order}"), words)), String::new())
        }
        Standing::InForce => (None, None, ctx.t("desk-suppress-in-force")),
        Standing::Barred(code) => (None, None, barred(ctx, code)),
    };
    OfferRow {
        id,
        key: o.key.clone(),
        measure: words::measure(ctx, o.measure),
        executor: names.name(ctx, &o.executor),
        via: between.first().map(|code| names.name(ctx, code)),
        picked: picked && open.is_some(),
        open,
        ordered,
        barred,
    }
}

fn barred(ctx: &Ctx, code: &str) -> String {
    let key = Problem::key(code);
    if ctx.has_text(&key) { ctx.t(&key) } else { words::why(ctx, code) }
}

fn open_terms(ctx: &Ctx, terms: &Terms) -> OpenTerms {
    let signatures = ctx.ta("desk-suppress-signatures", [("n", terms.approvers)]);
    OpenTerms {
        basis: words::basis_words(ctx, &terms.basis),
        signatures: if terms.sanction {
            format!("{signatures}, {}", ctx.t("desk-suppress-sanction"))
        } else {
            signatures
        },
        ends: ctx.date_time(terms.expires_at),
    }
}

/// What the papers of the offered measures need to say.
fn fields(ctx: &Ctx, all: &Offers, (picked, scheme): (&Picked, bool), errors: &[FieldError]) -> Vec<Field> {
    let lawful =
        |m: Measure| all.offers.iter().any(|o| o.measure == m && matches!(o.standing, Standing::Lawful(_)));
    let mut fields = Vec::new();
    if lawful(Measure::ResourceRestriction) {
        let class = |c: &ContentClass| {
            Choice::new(c.as_str(), ctx.t(&format!("order-class-{}", words::key_part(c.as_str()))))
        };
        let classes: Vec<Choice> = ContentClass::ALL.iter().map(class).collect();
        fields.push(
            Field::select(ctx, "class", "desk-suppress-class", classes)
                .value(picked.class.clone())
                .errors(errors),
        );
        fields.push(
            Field::area(ctx, "harm", "desk-suppress-harm", 3).value(picked.harm.clone()).errors(errors),
        );
        let domains = all.named.iter().any(|(n, _)| matches!(n.kind.as_str(), "domain" | "ip"));
        if domains {
            let narrower = Field::area(ctx, "narrower", "desk-suppress-narrower", 2);
            fields.push(narrower.value(picked.narrower.clone()).errors(errors));
        }
    }
    if lawful(Measure::Disclosure) || lawful(Measure::Preservation) {
        fields.extend(data_fields(ctx, (picked, scheme), errors));
    }
    if lawful(Measure::IncomingStop) {
        let reason = Field::area(ctx, "reason", "desk-suppress-reason", 2);
        fields.push(reason.value(picked.reason.clone()).errors(errors));
    }
    fields
}

/// What is asked for of data, and of what time. For all of a scheme nothing is asked for beforehand: it is data of many.
fn data_fields(ctx: &Ctx, (picked, scheme): (&Picked, bool), errors: &[FieldError]) -> [Field; 3] {
    let asked = [DataClass::Owner, DataClass::Statement, DataClass::DeviceLog, DataClass::CallRecords];
    let choice =
        |d: DataClass| Choice::new(d.as_str(), ctx.t(&format!("order-data-{}", words::key_part(d.as_str()))));
    let usual = [DataClass::Owner, DataClass::Statement, DataClass::DeviceLog].map(|d| d.as_str().to_owned());
    let values = if picked.keys.is_some() || scheme { &picked.data[..] } else { &usual };
    let day =
        |name, key, value: &str| Field::text(ctx, name, key).value(value).errors(errors).width(10).optional();
    [
        Field::checks(ctx, "data", "desk-suppress-data", asked.map(choice).to_vec())
            .values(values)
            .errors(errors),
        day("from", "desk-suppress-from", &picked.from),
        day("to", "desk-suppress-to", &picked.to),
    ]
}
