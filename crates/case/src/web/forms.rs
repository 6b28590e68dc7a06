//! What officers type, and the fields of each act.

use app::App;
use kernel::Timestamp;
use uuid::Uuid;
use web::{Choice, Ctx, Field, FieldError};

use super::words;
use crate::error::CaseError;
use crate::model::{LinkKind, Standing};
use crate::service::{self, Door, Page};

/// A form as it was typed.
#[derive(Debug, Default, Clone)]
pub(super) struct Typed(pub(super) Vec<(String, String)>);

impl Typed {
    /// A field; of two with one name the last.
    pub(super) fn of(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
    /// All values of a field.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(known, v)| known == name && !v.is_empty()).map(|(_, v)| v.clone()).collect()
    }
    /// Which row it is about.
    pub(super) fn id(&self) -> Result<Uuid, CaseError> {
        Uuid::parse_str(self.of("id")).map_err(|_| CaseError::Settled)
    }
    /// A moment; `None` where nothing was typed.
    pub(super) fn moment(&self, ctx: &Ctx, name: &'static str) -> Result<Option<Timestamp>, CaseError> {
        match self.of(name).trim() {
            "" => Ok(None),
            // A day without an hour would be its first moment.
            typed if !typed.contains(':') => Err(CaseError::Field(name)),
            typed => web::day::read_moment(typed, ctx.zone()).map(Some).ok_or(CaseError::Field(name)),
        }
    }
    /// A moment that must be there.
    pub(super) fn must(&self, ctx: &Ctx, name: &'static str) -> Result<Timestamp, CaseError> {
        self.moment(ctx, name)?.ok_or(CaseError::Field(name))
    }
}

/// Makes fields that keep what was typed.
pub(super) struct Fields<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) typed: &'a Typed,
    pub(super) errors: &'a [FieldError],
}

impl Fields<'_> {
    fn fill(&self, field: Field, name: &str) -> Field {
        field.value(self.typed.of(name)).errors(self.errors)
    }
    pub(super) fn line(&self, name: &str) -> Field {
        self.fill(Field::text(self.ctx, name, &format!("case-f-{name}")), name).autocomplete("off")
    }
    pub(super) fn area(&self, name: &str, rows: u8) -> Field {
        self.fill(Field::area(self.ctx, name, &format!("case-f-{name}"), rows), name)
    }
    pub(super) fn select(&self, name: &str, choices: Vec<Choice>) -> Field {
        self.fill(Field::select(self.ctx, name, &format!("case-f-{name}"), choices), name)
    }
    pub(super) fn radios(&self, name: &str, choices: Vec<Choice>) -> Field {
        self.fill(Field::radios(self.ctx, name, &format!("case-f-{name}"), choices), name)
    }
    pub(super) fn checks(&self, name: &str, choices: Vec<Choice>) -> Field {
        Field::checks(self.ctx, name, &format!("case-f-{name}"), choices)
            .values(self.typed.all(name))
            .errors(self.errors)
    }
}

/// Officers as choices; of one unit, or of all.
pub(super) fn officers(people: &[(String, String, String)], unit: Option<&str>) -> Vec<Choice> {
    let of = people.iter().filter(|(_, _, at)| unit.is_none_or(|u| u == at));
    of.map(|(label, name, _)| Choice::new(label, name.clone())).collect()
}

fn team(page: &Page) -> Vec<Choice> {
    let now = page.team.iter().filter(|m| m.until.is_none());
    now.filter_map(|m| Some(Choice::new(&m.label, page.people.get(&m.label)?.clone()))).collect()
}

/// The fields of an act on a case; `None` for an act that is none.
pub(super) fn of_act(
    app: &App,
    f: &Fields<'_>,
    (act, page): (&str, &Page),
    people: &[(String, String, String)],
) -> Option<Vec<Field>> {
    let ctx = f.ctx;
    let cases = app.profile.cases();
    let named = |code: &str, name: &kernel::Localised| Choice::new(code, name.get(ctx.lang()).to_owned());
    let none = || Choice::new("", ctx.t("case-nobody"));
    Some(match act {
        "describe" => vec![f.line("title"), f.area("summary", 6).optional()],
        "priority" => vec![f.radios("priority", words::priorities(ctx))],
        "exhibit" => vec![f.line("exhibit").width(20)],
        "link" => {
            let kinds = LinkKind::ALL
                .iter()
                .map(|k| Choice::new(k.as_str(), ctx.t(&format!("case-kind-{}", k.as_str()))));
            vec![f.radios("kind", kinds.collect()), f.line("number").width(20)]
        }
        "person" => {
            let duties = cases.roles.iter().map(|r| named(&r.code, &r.name)).collect();
            vec![
                f.line("name"),
                f.select("duty", duties),
                f.line("contact").optional(),
                f.line("person").width(20).optional(),
                f.area("note", 3).optional(),
            ]
        }
        "task" => vec![
            f.line("task"),
            f.select("assignee", team(page)).optional(),
            f.line("due").width(20).optional(),
            f.checks("urgent", vec![Choice::new("1", ctx.t("case-urgent"))]).optional(),
        ],
        "assign" => vec![f.select("assignee", std::iter::once(none()).chain(team(page)).collect())],
        "due" => vec![f.line("due").width(20).optional()],
        "note" => vec![f.area("note", 6), f.checks("readers", team(page)).optional()],
        "event" => vec![f.line("at").width(20), f.area("event", 4)],
        "ref" => {
            let registers = app.profile.registers("report", ctx.now());
            let choices = registers.map(|r| named(&r.code, &r.name)).collect();
            vec![
                f.select("system", choices),
                f.line("number").width(20),
                f.line("at").width(20),
                f.line("registrar").optional(),
            ]
        }
        "article" => {
            let today = app.profile.articles(ctx.now());
            vec![f.select("article", today.map(|a| named(&a.code, &a.name)).collect())]
        }
        "field" => vec![own_field(app, f, page)?],
        "decide" => {
            let possible = crate::rules::decisions(cases, &page.case.stage, page.case.state);
            let choice = |d: &profile::CaseDecision| {
                let hint = if d.second_person { "case-decision-two" } else { "case-decision-one" };
                named(&d.code, &d.name).hint(ctx.t(hint))
            };
            vec![
                f.radios("decision", possible.map(choice).collect()),
                f.area("reasons", 8),
                f.line("paper").width(20).optional(),
                f.line("day").width(20).optional(),
            ]
        }
        "send-back" if page.decisions.iter().any(|(d, ..)| d.standing == Standing::Proposed) => {
            vec![f.area("reason", 4)]
        }
        "stage" => {
            let steps = service::leading(app, &page.case);
            let choice = |code: &String| Choice::new(code, words::stage(ctx, app, code));
            vec![f.radios("stage", steps.iter().map(choice).collect()), f.area("reason", 3)]
        }
        "hand-over" => vec![f.select("member", officers(people, None)), f.area("reason", 3)],
        "member" => vec![f.select("member", officers(people, None)), f.line("part").optional()],
        "door" => {
            let choice = |(word, _): &(&str, Door)| {
                Choice::new(word, ctx.t(&format!("case-door-{word}")))
                    .hint(ctx.t(&format!("case-door-{word}.hint")))
            };
            vec![f.radios("door", Door::ALL.iter().map(choice).collect()), f.area("reason", 3)]
        }
        "merge" => vec![f.line("into").width(20), f.area("reason", 3)],
        "split" => vec![f.line("title"), f.checks("rows", rows(ctx, app, page)), f.area("reason", 3)],
        "refer" => {
            let choice =
                |b: &profile::Body| named(&b.code, &b.name).hint(b.competence.get(ctx.lang()).to_owned());
            let others = cases.bodies.iter().filter(|b| b.unit.as_deref() != Some(&page.case.header.unit_id));
            vec![f.radios("body", others.map(choice).collect()), f.area("ground", 5)]
        }
        "answered" => {
            let answers =
                ["accepted", "returned"].map(|w| Choice::new(w, ctx.t(&format!("case-referred-{w}"))));
            vec![f.radios("answer", answers.to_vec()), f.area("reason", 3)]
        }
        "accept" => {
            let unit = page.case.referred_to.clone();
            vec![f.select("member", officers(people, Some(&unit)))]
        }
        "return" => vec![f.area("reason", 4)],
        _ => return None,
    })
}

/// A field of the case's shape, as what it takes.
fn own_field(app: &App, f: &Fields<'_>, page: &Page) -> Option<Field> {
    let template = app.profile.cases().template(&page.case.template)?;
    let own = template.fields.iter().find(|t| t.code == f.typed.of("id"))?;
    let before = page.fields.iter().find(|(v, _)| v.code == own.code).map(|(_, v)| v.clone());
    let typed = f.typed.0.iter().any(|(n, _)| n == "value");
    let value = if typed { f.typed.of("value").to_owned() } else { before.unwrap_or_default() };
    let hint = own.name.get(f.ctx.lang()).to_owned();
    let field = if own.choices.is_empty() {
        Field::text(f.ctx, "value", "case-f-value")
    } else {
        let choices = own.choices.iter().map(|(c, n)| Choice::new(c, n.get(f.ctx.lang()).to_owned()));
        Field::select(f.ctx, "value", "case-f-value", choices.collect())
    };
    Some(field.value(value).hint(hint).errors(f.errors).optional())
}

/// What may be parted off.
fn rows(ctx: &Ctx, app: &App, page: &Page) -> Vec<Choice> {
    let mut all = Vec::new();
    let mut add = |id: Uuid, kind: &str, words: &str| {
        let kind = ctx.t(&format!("case-row-{kind}"));
        all.push(Choice::new(&id.to_string(), format!("{kind}: {words}")));
    };
    for r in &page.reports {
        add(r.link.id, "report", &r.report.number);
    }
    for l in &page.links {
        add(l.id, l.kind.as_str(), &l.number);
    }
    for (p, words) in &page.persons {
        add(p.place.id, "person", &words.name);
    }
    for (t, title) in &page.tasks {
        add(t.place.id, "task", &words::task(ctx, app, title));
    }
    for (n, text, _) in &page.notes {
        add(n.place.id, "note", &text.chars().take(60).collect::<String>());
    }
    for a in &page.articles {
        add(a.place.id, "article", &words::article(ctx, app, (&a.code, &a.wording)));
    }
    for (r, _) in &page.refs {
        add(r.place.id, "ref", &r.number);
    }
    for e in page.exhibits.iter().filter(|e| !e.exhibit.state.is_over()) {
        let title = e.title.clone().map(|t| t.into_inner(kernel::Purpose::Investigate)).unwrap_or_default();
        add(e.exhibit.id.uuid(), "exhibit", &format!("{} {title}", e.exhibit.number));
    }
    all
}

/// What stands in the form of an act before anything is typed.
pub(super) fn before(ctx: &Ctx, act: &str, page: &Page, mut typed: Typed) -> Typed {
    let mut put = |name: &str, value: String| typed.0.insert(0, (name.to_owned(), value));
    match act {
        "describe" => {
            put("title", page.title.clone());
            put("summary", page.summary.clone());
        }
        "priority" => put("priority", page.case.priority.to_string()),
        "door" => put("door", Door::of(&page.case).as_str().to_owned()),
        "ref" | "event" => put("at", web::day::written_moment(ctx.now(), ctx.zone())),
        "link" => put("kind", "report".to_owned()),
        _ => {}
    }
    typed
}
