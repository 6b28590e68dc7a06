//! `cases.toml`: what cases go by. Offences of the country's law, the stages of a case and how it may pass from one to another, in what
//! capacity persons stand in it, ready-made shapes with their fields and tasks, decisions and who takes them, and bodies that a case may
//! be referred to.

use kernel::Localised;

use crate::calendar::Term;
use crate::dated::Validity;
use crate::read::Node;
use crate::words::SourceMark;

/// Everything that cases go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cases {
    /// How long before a task falls due whoever does it is reminded, minutes.
    pub remind_minutes: u32,
    /// How long after it fell due whoever leads the case is told, minutes.
    pub escalate_minutes: u32,
    /// Offences, each as it was worded from one day to another.
    pub articles: Vec<Article>,
    /// Stages; a new case begins with the first one.
    pub stages: Vec<CaseStage>,
    /// In what capacity persons stand in a case.
    pub roles: Vec<CaseRole>,
    /// Ready-made shapes of cases.
    pub templates: Vec<CaseTemplate>,
    /// Kinds of decisions.
    pub decisions: Vec<CaseDecision>,
    /// Whom a case may be referred to.
    pub bodies: Vec<Body>,
}

impl Cases {
    /// A stage by its code.
    #[must_use]
    pub fn stage(&self, code: &str) -> Option<&CaseStage> {
        self.stages.iter().find(|s| s.code == code)
    }
    /// A capacity by its code.
    #[must_use]
    pub fn role(&self, code: &str) -> Option<&CaseRole> {
        self.roles.iter().find(|r| r.code == code)
    }
    /// A shape by its code.
    #[must_use]
    pub fn template(&self, code: &str) -> Option<&CaseTemplate> {
        self.templates.iter().find(|t| t.code == code)
    }
    /// A kind of decision by its code.
    #[must_use]
    pub fn decision(&self, code: &str) -> Option<&CaseDecision> {
        self.decisions.iter().find(|d| d.code == code)
    }
    /// A body by its code.
    #[must_use]
    pub fn body(&self, code: &str) -> Option<&Body> {
        self.bodies.iter().find(|b| b.code == code)
    }
    /// An offence as it was worded from `version` on; the newest wording where none is named.
    #[must_use]
    pub fn article(&self, code: &str, version: &str) -> Option<&Article> {
        let of = || self.articles.iter().filter(|a| a.code == code);
        of().find(|a| a.version() == version).or_else(|| of().next_back().filter(|_| version.is_empty()))
    }
}

/// An offence, as the law words it from one day to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Stable word, `cc-190`; what is written in acts is in the name.
    pub code: String,
    /// When this wording holds.
    pub validity: Validity,
    /// Number and heading.
    pub name: Localised,
    /// How far it has been checked.
    pub mark: SourceMark,
}

impl Article {
    /// Which wording: the day from which it holds.
    #[must_use]
    pub fn version(&self) -> String {
        self.validity.from.to_string()
    }
}

/// A stage of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseStage {
    /// Stable word.
    pub code: String,
    /// What officers call it.
    pub name: Localised,
    /// Where a case may go from here.
    pub next: Vec<String>,
    /// Within what time it is left, where there is such a term.
    pub within: Option<Term>,
    /// Whether the case is over here.
    pub end: bool,
}

/// In what capacity a person stands in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRole {
    /// Stable word.
    pub code: String,
    /// What it is called.
    pub name: Localised,
    /// Which rights are told to whoever stands so; empty where none are.
    pub rights: Option<Localised>,
}

/// A ready-made shape of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTemplate {
    /// Stable word.
    pub code: String,
    /// What officers choose.
    pub name: Localised,
    /// Fields of its own.
    pub fields: Vec<CaseField>,
    /// Tasks that it begins with, in their order.
    pub tasks: Vec<CaseTask>,
}

/// A field of a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseField {
    /// Stable word.
    pub code: String,
    /// Its label.
    pub name: Localised,
    /// What is written in it.
    pub kind: FieldKind,
    /// What may be chosen, where one of a list is.
    pub choices: Vec<(String, Localised)>,
}

kernel::words!(
    /// What is written in a field.
    FieldKind {
        /// A line.
        Text = "text",
        /// A whole number.
        Number = "number",
        /// A day.
        Day = "day",
        /// One of a list.
        Choice = "choice",
    }
);

/// A task that a case begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTask {
    /// Stable word within its shape.
    pub code: String,
    /// What is to be done.
    pub name: Localised,
    /// Within what time from the opening.
    pub within: Option<Term>,
    /// Whether it goes before others.
    pub urgent: bool,
}

/// A kind of decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseDecision {
    /// Stable word.
    pub code: String,
    /// What officers choose.
    pub name: Localised,
    /// Whether somebody else must agree before it stands.
    pub second_person: bool,
    /// Whether it is a document with a number and a day.
    pub paper: bool,
    /// The stage that the case passes to once it stands.
    pub stage: Option<String>,
    /// The one stage at which it is taken; none where its way alone says.
    pub at: Option<String>,
}

impl CaseDecision {
    /// Whether it leads from one stage to another.
    #[must_use]
    pub fn leads(&self, from: &str, to: &str) -> bool {
        self.stage.as_deref() == Some(to) && self.at.as_deref().is_none_or(|at| at == from)
    }
}

/// Whom a case may be referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Stable word.
    pub code: String,
    /// Its name.
    pub name: Localised,
    /// What falls to it.
    pub competence: Localised,
    /// The own unit that it is; others are reached on paper.
    pub unit: Option<String>,
    /// Within what time it accepts or returns.
    pub within: Term,
    /// How far its competence has been checked.
    pub mark: SourceMark,
}

/// Reads the whole file.
pub(crate) fn cases(node: &Node<'_>) -> Option<Cases> {
    let (remind_minutes, escalate_minutes) = (node.req("remind_minutes"), node.req("escalate_minutes"));
    let articles = node.each("article", article);
    let stages = node.each("stage", stage);
    let roles = node.each("role", |n| {
        let (code, name, rights) = (code(n, "code"), n.req("name"), n.opt("rights"));
        Some(CaseRole { code: code?, name: name?, rights: rights? })
    });
    let templates = node.each("template", template);
    let decisions = node.each("decision", decision);
    let bodies = node.each("body", body);
    let all = Cases {
        remind_minutes: remind_minutes?,
        escalate_minutes: escalate_minutes?,
        articles,
        stages,
        roles,
        templates,
        decisions,
        bodies,
    };
    if node.is_clean() {
        check(node, &all);
    }
    Some(all)
}

/// A short word that can stand in an address.
fn code(node: &Node<'_>, key: &str) -> Option<String> {
    let code = node.req::<String>(key)?;
    let fits = !code.is_empty()
        && code.len() <= 30
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        node.wrong_at(
            key,
            format!("expected at most 30 small Latin letters, digits and `-`, found `{code}`"),
        );
    }
    fits.then_some(code)
}

fn article(node: &Node<'_>) -> Option<Article> {
    let (code, validity) = (code(node, "code"), Validity::read(node));
    let (name, mark) = (node.req("name"), node.req("mark"));
    Some(Article { code: code?, validity: validity?, name: name?, mark: mark? })
}

fn stage(node: &Node<'_>) -> Option<CaseStage> {
    let (code, name) = (code(node, "code"), node.req("name"));
    let (next, within, end) = (node.or("next", Vec::new()), node.opt("within"), node.or("end", false));
    Some(CaseStage { code: code?, name: name?, next: next?, within: within?, end: end? })
}

fn template(node: &Node<'_>) -> Option<CaseTemplate> {
    let (own, name) = (code(node, "code"), node.req("name"));
    let fields = node.each("field", |n| {
        let (own, name, kind) = (code(n, "code"), n.req("name"), n.req::<String>("kind"));
        let choices = n.each("choice", |c| {
            let (own, name) = (code(c, "code"), c.req::<Localised>("name"));
            Some((own?, name?))
        });
        let word = kind?;
        let Some(kind) = FieldKind::parse(&word) else {
            n.wrong_at("kind", format!("expected one of `text`, `number`, `day`, `choice`, found `{word}`"));
            return None;
        };
        if (kind == FieldKind::Choice) == choices.is_empty() {
            n.wrong("expected choices where one of a list is chosen, and there alone");
        }
        Some(CaseField { code: own?, name: name?, kind, choices })
    });
    let tasks = node.each("task", |n| {
        let (own, name) = (code(n, "code"), n.req("name"));
        let (within, urgent) = (n.opt("within"), n.or("urgent", false));
        Some(CaseTask { code: own?, name: name?, within: within?, urgent: urgent? })
    });
    Some(CaseTemplate { code: own?, name: name?, fields, tasks })
}

fn decision(node: &Node<'_>) -> Option<CaseDecision> {
    let (own, name) = (code(node, "code"), node.req("name"));
    let (second_person, paper) = (node.or("second_person", false), node.or("paper", false));
    let (stage, at) = (node.opt("stage"), node.opt("at"));
    Some(CaseDecision {
        code: own?,
        name: name?,
        second_person: second_person?,
        paper: paper?,
        stage: stage?,
        at: at?,
    })
}

fn body(node: &Node<'_>) -> Option<Body> {
    let (own, name, competence) = (code(node, "code"), node.req("name"), node.req("competence"));
    let (unit, within, mark) = (node.opt("unit"), node.req("within"), node.req("mark"));
    Some(Body { code: own?, name: name?, competence: competence?, unit: unit?, within: within?, mark: mark? })
}

/// What no single entry can show.
fn check(node: &Node<'_>, all: &Cases) {
    for (i, a) in all.articles.iter().enumerate() {
        let before = || all.articles.iter().take(i);
        if before().any(|o| o.code == a.code && o.validity.overlaps(&a.validity)) {
            node.wrong_item("article", i, format!("expected one wording of `{}` a day", a.code));
        }
    }
    once(node, "stage", all.stages.iter().map(|s| s.code.as_str()));
    once(node, "role", all.roles.iter().map(|r| r.code.as_str()));
    once(node, "template", all.templates.iter().map(|t| t.code.as_str()));
    once(node, "decision", all.decisions.iter().map(|d| d.code.as_str()));
    once(node, "body", all.bodies.iter().map(|b| b.code.as_str()));
    if !all.stages.iter().any(|s| s.end) || all.stages.first().is_none_or(|s| s.end) {
        node.wrong_at("stage", "expected a stage to begin with that is no end, and one that is");
    }
    for (i, s) in all.stages.iter().enumerate() {
        if let Some(odd) = s.next.iter().find(|n| all.stage(n).is_none() || **n == s.code) {
            node.wrong_item("stage", i, format!("expected `next` to name other stages, found `{odd}`"));
        }
        // What is over is opened again by two persons, or not at all.
        let opened = |to: &String| all.decisions.iter().any(|d| d.second_person && d.leads(&s.code, to));
        if let Some(odd) = s.next.iter().find(|to| s.end && !opened(to)) {
            node.wrong_item("stage", i, format!("expected a decision of two persons that leads to `{odd}`"));
        }
    }
    for (i, d) in all.decisions.iter().enumerate() {
        if let Some(odd) = [&d.stage, &d.at].into_iter().flatten().find(|s| all.stage(s).is_none()) {
            node.wrong_item(
                "decision",
                i,
                format!("expected `stage` and `at` to name stages, found `{odd}`"),
            );
        }
    }
    for (i, t) in all.templates.iter().enumerate() {
        let fields = t.fields.iter().map(|f| f.code.as_str());
        if twice(fields).or_else(|| twice(t.tasks.iter().map(|t| t.code.as_str()))).is_some() {
            node.wrong_item("template", i, "expected each field and each task once");
        }
    }
}

fn twice<'a>(codes: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen: Vec<&str> = Vec::new();
    for code in codes {
        if seen.contains(&code) {
            return Some(code);
        }
        seen.push(code);
    }
    None
}

fn once<'a>(node: &Node<'_>, key: &str, codes: impl Iterator<Item = &'a str>) {
    if let Some(code) = twice(codes) {
        node.wrong_at(key, format!("expected each code once, `{code}` comes twice"));
    }
}
