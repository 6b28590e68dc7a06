//! The questions of the form that drafts a change, by section.

use ::web::{Choice, Ctx, Field, FieldError, Markup, render};
use askama::Template;
use kernel::{Lang, Role};
use profile::{AddresseeKind, ExemptReceipt, Measure, NotifyWhom, Scope, SourceMark, basis_check};

use super::answers::{Answers, UNITS, in_lang, notify_of, unit_of};
use super::words;

/// A part of the form under one heading.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) lead: String,
    /// Questions that stand beside each other, group by group.
    pub(super) groups: Vec<Vec<Markup>>,
}

/// A length of time: a number and its unit, asked as one question.
#[derive(Template)]
#[template(path = "_law_term.html")]
struct TermField {
    ctx: Ctx,
    name: String,
    unit_name: String,
    label: String,
    hint: String,
    error: String,
    optional: bool,
    n: String,
    units: Vec<(&'static str, String, bool)>,
}

/// Makes the fields of one form, with what was typed and what was wrong with it.
pub(super) struct Form<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) answers: &'a Answers,
    pub(super) errors: &'a [FieldError],
    pub(super) langs: &'a [Lang],
}

impl Form<'_> {
    /// All questions, in the order of the page.
    pub(super) fn sections(&self) -> Vec<Section> {
        vec![
            self.section("dates", vec![vec![self.day("from"), self.day("to")]]),
            self.section("text", vec![self.texts("title", 2), self.texts("text", 7)]),
            self.section("allows", vec![self.allows()]),
            self.section("signing", vec![self.signing()]),
            self.section("standing", vec![self.standing()]),
            self.section("terms", vec![self.terms()]),
            self.section("holder", vec![self.holder()]),
            self.section("objection", vec![self.texts("appeal", 2), self.objection()]),
            self.section("source", vec![self.mark(), self.texts("note", 6), self.unverified()]),
            self.section("why", vec![vec![self.area("reason", "reason", 3)]]),
        ]
    }

    fn section(&self, id: &'static str, groups: Vec<Vec<Markup>>) -> Section {
        let key = format!("legal-basis-form-{id}");
        Section {
            id,
            title: self.ctx.t(&format!("{key}.title")),
            lead: self.ctx.t(&format!("{key}.lead")),
            groups,
        }
    }

    fn key(name: &str) -> String {
        format!("legal-basis-form-{}", words::key_part(name))
    }

    fn done(&self, field: Field, name: &str) -> Markup {
        render(&field.value(self.answers.get(name)).errors(self.errors))
    }

    fn day(&self, name: &str) -> Markup {
        let field = Field::code(self.ctx, name, &Self::key(name)).width(10);
        self.done(if name == "to" { field.optional() } else { field }, name)
    }

    fn number(&self, name: &str) -> Markup {
        self.done(Field::code(self.ctx, name, &Self::key(name)).width(4), name)
    }

    fn area(&self, name: &str, key: &str, rows: u8) -> Markup {
        self.done(Field::area(self.ctx, name, &Self::key(key), rows), name)
    }

    /// One field for each language of the profile, the label says which.
    fn texts(&self, name: &str, rows: u8) -> Vec<Markup> {
        let one = |lang: &Lang| {
            let field = in_lang(name, lang);
            let own = format!("{name}-{lang}");
            let known = self.ctx.has_text(&format!("{}.label", Self::key(&own)));
            // A language without words of its own is named by its tag.
            let (key, hint) = if known { (own, "") } else { (name.to_owned(), lang.tag()) };
            let area = Field::area(self.ctx, &field, &Self::key(&key), rows);
            self.done(if hint.is_empty() { area } else { area.hint(hint) }, &field)
        };
        self.langs.iter().map(one).collect()
    }

    fn checks(&self, name: &str, prefix: &str, codes: impl Iterator<Item = &'static str>) -> Markup {
        let choices = codes.map(|code| Choice::new(code, words::word(self.ctx, prefix, code))).collect();
        let field = Field::checks(self.ctx, name, &Self::key(name), choices);
        render(&field.values(self.answers.all(name)).errors(self.errors))
    }

    fn radios(&self, name: &str, prefix: &str, codes: impl Iterator<Item = &'static str>) -> Markup {
        let choices = codes.map(|code| Choice::new(code, words::word(self.ctx, prefix, code))).collect();
        self.done(Field::radios(self.ctx, name, &Self::key(name), choices), name)
    }

    /// Offices that sign acts, and whatever is ticked already.
    fn roles(&self, name: &str) -> Markup {
        let ticked = self.answers.all(name);
        let signs =
            |r: &&Role| matches!(r, Role::DutyOfficer | Role::Approver) || ticked.contains(&r.as_str());
        let all = Role::ALL;
        let choices =
            all.iter().filter(signs).map(|r| Choice::new(r.as_str(), words::role(self.ctx, *r))).collect();
        let field = Field::checks(self.ctx, name, &Self::key(name), choices);
        render(&field.values(ticked.clone()).errors(self.errors))
    }

    fn term(&self, name: &str, optional: bool) -> Markup {
        let key = Self::key(name);
        let hint = format!("{key}.hint");
        let unit_name = unit_of(name);
        let chosen = self.answers.get(&unit_name);
        let error = self.errors.iter().find(|e| e.field == name);
        render(&TermField {
            label: self.ctx.t(&format!("{key}.label")),
            hint: if self.ctx.has_text(&hint) { self.ctx.t(&hint) } else { String::new() },
            error: error.map_or_else(String::new, |e| e.text.clone()),
            optional,
            n: self.answers.get(name).to_owned(),
            units: UNITS.map(|u| (u, words::word(self.ctx, "unit", u), u == chosen)).to_vec(),
            name: name.to_owned(),
            unit_name,
            ctx: self.ctx.clone(),
        })
    }

    fn allows(&self) -> Vec<Markup> {
        vec![
            self.checks("measures", "measure", Measure::ALL.iter().map(|m| m.as_str())),
            self.checks("addressees", "addressee", AddresseeKind::ALL.iter().map(|a| a.as_str())),
            self.radios("widest", "scope", Scope::ALL.iter().map(|s| s.as_str())),
            self.radios("reason_above", "scope", Scope::ALL.iter().map(|s| s.as_str())),
        ]
    }

    fn signing(&self) -> Vec<Markup> {
        vec![
            self.number("approvers_count"),
            self.roles("approvers_roles"),
            self.radios("sanction", "yes-no", ["yes", "no"].into_iter()),
        ]
    }

    fn standing(&self) -> Vec<Markup> {
        vec![
            self.radios("standing", "yes-no", ["yes", "no"].into_iter()),
            self.number("standing_count"),
            self.roles("standing_roles"),
            self.number("standing_days"),
        ]
    }

    fn terms(&self) -> Vec<Markup> {
        vec![
            self.term("ack", true),
            self.term("action", true),
            self.term("max_term", true),
            self.term("extension", true),
            self.number("extension_times"),
        ]
    }

    fn holder(&self) -> Vec<Markup> {
        let exempt = self.checks("exempt", "exempt", ExemptReceipt::ALL.iter().map(|e| e.as_str()));
        let told = NotifyWhom::ALL.iter().map(|whom| self.term(&notify_of(*whom), true));
        std::iter::once(exempt).chain(told).collect()
    }

    fn objection(&self) -> Vec<Markup> {
        vec![self.term("file_within", true), self.term("decide_within", false)]
    }

    fn mark(&self) -> Vec<Markup> {
        vec![self.radios("mark", "mark", SourceMark::ALL.iter().map(|m| m.as_str()))]
    }

    fn unverified(&self) -> Vec<Markup> {
        vec![self.checks("unverified", "field", basis_check::VERIFIABLE.into_iter())]
    }
}
