//! Forms of form F9: what is told of a dropper, and the steps that may be taken.

use kernel::Purpose;
use order::details::Knowledge;
use web::{Choice, ClockState, Ctx, Field, FieldError, Markup, Status as Shown, Tone};

use super::words;
use crate::model::{Dropper, DropperStatus, DropperTold, Instrument};
use crate::service::OpenDropper;

/// A form of a step.
pub(super) struct Act {
    pub(super) act: &'static str,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) fields: Vec<Field>,
    pub(super) button: String,
    pub(super) primary: bool,
}

/// What was filled in; several forms stand on the page, each with a field of its own name for its reason.
#[derive(Debug, Default)]
pub(super) struct Filled {
    pub(super) report: String,
    /// Whose steps are shown, where several are open.
    pub(super) matter: String,
    pub(super) instruments: String,
    pub(super) recruitment: String,
    pub(super) evidence: String,
    pub(super) flows_in: String,
    pub(super) flows_out: String,
    pub(super) victims: String,
    pub(super) hop: String,
    pub(super) restrictions: String,
    pub(super) case: String,
    pub(super) knowledge: String,
    pub(super) flags: Vec<String>,
    pub(super) reason: String,
}

impl Filled {
    pub(super) fn read(form: Vec<(String, String)>) -> Self {
        let mut all = Self::default();
        for (name, value) in form {
            match name.as_str() {
                "report" => all.report = value,
                "instruments" => all.instruments = value,
                "recruitment" => all.recruitment = value,
                "evidence" => all.evidence = value,
                "flows_in" => all.flows_in = value,
                "flows_out" => all.flows_out = value,
                "victims" => all.victims = value,
                "hop" => all.hop = value,
                "restrictions" => all.restrictions = value,
                "case" => all.case = value,
                "knowledge" => all.knowledge = value,
                "flags" => all.flags.push(value),
                "ask_reason" | "keep_reason" | "clear_reason" if !value.is_empty() => all.reason = value,
                _ => {}
            }
        }
        all
    }
    /// What is known beforehand.
    pub(super) fn of(told: &DropperTold) -> Self {
        let told = told.clone();
        Self {
            instruments: told.instruments.iter().map(line).collect::<Vec<_>>().join("\n"),
            recruitment: told.recruitment,
            evidence: told.evidence,
            flows_in: told.flows_in,
            flows_out: told.flows_out,
            victims: told.victims,
            hop: told.hop,
            restrictions: told.restrictions,
            case: told.case,
            ..Self::default()
        }
    }
    pub(super) fn told(&self) -> DropperTold {
        DropperTold {
            instruments: self.instruments.lines().map(instrument).collect(),
            recruitment: self.recruitment.clone(),
            evidence: self.evidence.clone(),
            flows_in: self.flows_in.clone(),
            flows_out: self.flows_out.clone(),
            victims: self.victims.clone(),
            hop: self.hop.clone(),
            restrictions: self.restrictions.clone(),
            case: self.case.clone(),
        }
    }
    pub(super) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|f| f == flag)
    }
}

/// A line of the form: what; who keeps it; when; to whom; for how much.
pub(super) fn instrument(line: &str) -> Instrument {
    let mut parts = line.splitn(5, ';').map(|p| p.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    Instrument { what: next(), institution: next(), when: next(), to: next(), price: next() }
}

pub(super) fn line(i: &Instrument) -> String {
    let all = [&i.what, &i.institution, &i.when, &i.to, &i.price];
    let last = all.iter().rposition(|p| !p.is_empty()).map_or(0, |at| at.saturating_add(1));
    all.iter().take(last).map(|p| p.as_str()).collect::<Vec<_>>().join("; ")
}

pub(super) fn status(ctx: &Ctx, status: DropperStatus) -> Shown {
    let tone = match status {
        DropperStatus::Signalled | DropperStatus::Verified | DropperStatus::Interviewed => Tone::Blue,
        DropperStatus::Proposed | DropperStatus::Listed | DropperStatus::Case => Tone::Amber,
        DropperStatus::Cleared => Tone::Green,
    };
    Shown::new(ctx, &format!("person-dropper-status-{}", status.as_str()), tone)
}

pub(super) fn knowledge(ctx: &Ctx, k: Knowledge) -> String {
    ctx.t(&format!("order-knowledge-{}", words::key_part(k.as_str())))
}

pub(super) fn clock(ctx: &Ctx, d: &Dropper) -> Markup {
    ctx.clock(d.review_at, ctx.now(), &ClockState::Running { since: d.header.created_at })
}

/// The fields of what is told.
pub(super) fn told_fields(ctx: &Ctx, filled: &Filled, errors: &[FieldError]) -> Vec<Field> {
    let area = |name: &str, rows: u8, value: &str| {
        Field::area(ctx, name, &format!("person-dropper-{}", words::key_part(name)), rows)
            .value(value)
            .errors(errors)
    };
    let line = |name: &str, value: &str| {
        Field::text(ctx, name, &format!("person-dropper-{name}"))
            .value(value)
            .autocomplete("off")
            .width(20)
            .errors(errors)
    };
    vec![
        area("instruments", 3, &filled.instruments).optional(),
        area("recruitment", 2, &filled.recruitment).optional(),
        area("evidence", 3, &filled.evidence),
        area("flows_in", 2, &filled.flows_in).optional(),
        area("flows_out", 2, &filled.flows_out).optional(),
        line("victims", &filled.victims).optional(),
        line("hop", &filled.hop).optional(),
        area("restrictions", 2, &filled.restrictions).optional(),
    ]
}

pub(super) const FLAGS: [&str; 3] = ["voluntary", "talked", "guardian_told"];

/// Forms of the steps that may be taken now.
pub(super) fn acts(ctx: &Ctx, m: &OpenDropper, (filled, errors): (&Filled, &[FieldError])) -> Vec<Act> {
    let d = &m.dropper;
    let act = |act: &'static str, fields: Vec<Field>, primary: bool| Act {
        act,
        id: d.id.to_string(),
        title: ctx.t(&format!("person-dropper-act-{act}")),
        text: ctx.t(&format!("person-dropper-act-{act}.text")),
        button: ctx.t(&format!("person-dropper-act-{act}.button")),
        fields,
        primary,
    };
    let reason = |act: &str| {
        vec![
            Field::area(ctx, &format!("{act}_reason"), &format!("person-dropper-{act}-reason"), 2)
                .value(filled.reason.clone())
                .errors(errors),
        ]
    };
    let mut all = Vec::new();
    use DropperStatus as S;
    if m.may_keep {
        match d.status {
            S::Signalled => all.push(act("verify", Vec::new(), true)),
            S::Verified | S::Interviewed => {
                all.push(act(
                    "interview",
                    interview_fields(ctx, m, (filled, errors)),
                    d.status == S::Verified,
                ));
            }
            _ => {}
        }
        if d.status == S::Interviewed && d.knowledge.is_some_and(Knowledge::can_be_listed) {
            all.push(act("propose", Vec::new(), true));
        }
        if d.status == S::Listed && d.doubt.is_none() {
            let number = Field::text(ctx, "case", "person-dropper-case").autocomplete("off").errors(errors);
            all.push(act("case", vec![number.value(filled.case.clone())], false));
        }
        if matches!(d.status, S::Proposed | S::Listed | S::Case) && d.asked_at.is_none() {
            all.push(act("ask", reason("ask"), false));
        }
    }
    if m.may_list && d.status == S::Proposed && d.doubt.is_none() {
        all.push(act("list", Vec::new(), true));
    }
    if m.may_list && matches!(d.status, S::Listed | S::Case) {
        all.push(act("keep", reason("keep"), false));
    }
    if m.may_clear && d.status != S::Cleared {
        all.push(act("clear", reason("clear"), false));
    }
    all
}

pub(super) fn interview_fields(
    ctx: &Ctx,
    m: &OpenDropper,
    (filled, errors): (&Filled, &[FieldError]),
) -> Vec<Field> {
    let told = m.told.as_ref().map(|t| t.open(Purpose::HandleReport).clone()).unwrap_or_default();
    let typed = !filled.knowledge.is_empty() || !filled.evidence.is_empty();
    let d = &m.dropper;
    let before = Filled {
        knowledge: d.knowledge.map(|k| k.as_str().to_owned()).unwrap_or_default(),
        flags: [("voluntary", d.voluntary), ("talked", d.talked), ("guardian_told", d.guardian_told)]
            .into_iter()
            .filter(|(_, set)| *set)
            .map(|(name, _)| name.to_owned())
            .collect(),
        ..Filled::of(&told)
    };
    let shown = if typed { filled } else { &before };
    let choices = Knowledge::ALL.iter().map(|k| {
        let choice = Choice::new(k.as_str(), knowledge(ctx, *k));
        if k.can_be_listed() { choice } else { choice.hint(ctx.t("person-dropper-not-listed")) }
    });
    let flags = FLAGS.iter().filter(|f| d.minor || **f != "guardian_told");
    let flags = flags.map(|f| Choice::new(f, ctx.t(&format!("person-dropper-flag-{}", words::key_part(f)))));
    let mut fields = vec![
        Field::radios(ctx, "knowledge", "person-dropper-knowledge", choices.collect())
            .value(shown.knowledge.clone())
            .errors(errors),
        Field::checks(ctx, "flags", "person-dropper-flags", flags.collect())
            .values(&shown.flags)
            .errors(errors)
            .optional(),
    ];
    fields.extend(told_fields(ctx, shown, errors));
    fields
}
