//! What officers type, read field by field; whatever is wrong comes back beside its field with everything typed.

use app::App;
use kernel::Timestamp;
use profile::{Outcome, Register};
use serde::Deserialize;
use web::{Ctx, Field, FieldError};

use crate::model::{NewDecision, Paper, Receipt};
use crate::rules;

/// A form of this slice: each page shows the fields that it needs.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    pub(super) number: String,
    pub(super) at: String,
    pub(super) registrar: String,
    pub(super) paper: String,
    pub(super) day: String,
    pub(super) articles: String,
    pub(super) addressee: String,
    pub(super) reasons: String,
    pub(super) words: String,
    pub(super) reason: String,
    pub(super) answer: String,
    /// A one-time code, where the last one was too long ago.
    pub(super) code: String,
    /// The form's own key: sent twice it is one act.
    pub(super) idempotency_key: String,
}

impl Form {
    /// What the register answered.
    pub(super) fn receipt_fields(&self, ctx: &Ctx, register: &Register, errors: &[FieldError]) -> Vec<Field> {
        let number = Field::text(ctx, "number", "registration-number")
            .value(self.number.clone())
            .width(20)
            .errors(errors);
        let number = match &register.number {
            Some(form) => number.hint(ctx.ta("registration-number-form", [("form", form.as_str())])),
            None => number,
        };
        vec![
            number.autocomplete("off"),
            Field::text(ctx, "at", "registration-at").value(self.at.clone()).width(20).errors(errors),
            Field::text(ctx, "registrar", "registration-registrar")
                .value(self.registrar.clone())
                .errors(errors)
                .optional(),
        ]
    }

    /// Why something is put right or sent back.
    pub(super) fn reason_field(&self, ctx: &Ctx, key: &str, errors: &[FieldError]) -> Field {
        Field::area(ctx, "reason", key, 3).value(self.reason.clone()).errors(errors)
    }

    /// A decision.
    pub(super) fn decision_fields(
        &self,
        ctx: &Ctx,
        (register, told): (&Register, bool),
        outcome: Outcome,
        errors: &[FieldError],
    ) -> Vec<Field> {
        let line =
            |name: &str, key: &str, value: &str| Field::text(ctx, name, key).value(value).errors(errors);
        let reasons =
            |key: &str| Field::area(ctx, "reasons", key, 10).value(self.reasons.clone()).errors(errors);
        match outcome {
            Outcome::Registered => self.receipt_fields(ctx, register, errors),
            Outcome::Refused => {
                let words = || {
                    Field::area(ctx, "words", "registration-words", 4)
                        .value(self.words.clone())
                        .errors(errors)
                };
                let mut all = vec![
                    line("paper", "registration-paper", &self.paper),
                    line("day", "registration-day", &self.day),
                    line("articles", "registration-articles", &self.articles),
                    reasons("registration-reasons"),
                ];
                all.extend(told.then(words));
                all
            }
            Outcome::Referred => vec![
                line("addressee", "registration-addressee", &self.addressee),
                reasons("registration-ground"),
            ],
        }
    }

    /// Reads what the register answered.
    pub(super) fn receipt(&self, ctx: &Ctx) -> Result<Receipt, Vec<FieldError>> {
        let at = web::day::read_moment(&self.at, ctx.zone());
        let mut errors = Vec::new();
        if self.number.trim().is_empty() {
            errors.push(FieldError::new(ctx, "number", "error-registration-number"));
        }
        // A day without an hour would begin the clock of the law at midnight.
        let hour = self.at.contains(':');
        let Some(registered_at) = at.filter(|_| hour) else {
            errors.push(FieldError::new(ctx, "at", "error-registration-at"));
            return Err(errors);
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Receipt { number: self.number.clone(), registered_at, registrar: self.registrar.clone() })
    }

    /// Reads a decision; whatever is missing is told at once.
    pub(super) fn decision(
        &self,
        ctx: &Ctx,
        app: &App,
        (outcome, told): (Outcome, bool),
    ) -> Result<NewDecision, Vec<FieldError>> {
        let receipt = match outcome {
            Outcome::Registered => Some(self.receipt(ctx)?),
            _ => None,
        };
        let new = NewDecision {
            outcome,
            receipt,
            paper: Paper {
                number: self.paper.clone(),
                day: web::day::read_day(&self.day),
                articles: self.articles.clone(),
            },
            addressee: self.addressee.clone(),
            reasons: self.reasons.clone(),
            words: self.words.clone(),
        };
        let today = app.profile.civil_date(now(app));
        let wrong = |field: &&str| FieldError::new(ctx, field, &format!("error-registration-{field}"));
        let errors: Vec<FieldError> = rules::faults(&new, today, told).iter().map(wrong).collect();
        if errors.is_empty() { Ok(new) } else { Err(errors) }
    }
}

fn now(app: &App) -> Timestamp {
    app.office.now()
}
