//! How what was told is shown back: sums, moments, payments.

use app::App;
use kernel::{Timestamp, When};
use web::{Ctx, Markup};

use crate::draft::PaymentAnswers;
use crate::intake;
use crate::model::{Fact, Target};

/// An exact moment for a receipt or promise: the hour today, day and hour otherwise.
#[must_use]
pub fn moment(ctx: &Ctx, at: Timestamp) -> Markup {
    let (machine, exact) = (Markup::text(&at.rfc3339()), Markup::text(&ctx.date_time(at)));
    Markup::trusted(format!(
        "<time datetime=\"{machine}\" title=\"{exact}\">{}</time>",
        Markup::text(&ctx.moment(at))
    ))
}

/// When a payment was made, as exactly as it was told.
#[must_use]
pub fn when(ctx: &Ctx, when: &When) -> String {
    let span = when.latest.micros_since(when.earliest);
    let middle = when.earliest.plus_micros(span / 2);
    match span {
        0 => ctx.date_time(when.earliest),
        // "About" is an hour wide; without a time it is the day.
        1..=3_600_000_000 => ctx.ta("report-when-about", [("time", ctx.date_time(middle))]),
        _ => ctx.date(when.earliest),
    }
}

/// One payment of the draft, in lines.
#[derive(Debug, Clone)]
pub(super) struct PaymentLines {
    /// Sum as read, else as typed.
    pub(super) sum: String,
    /// Bank and moment.
    pub(super) from: String,
    /// Receiver as typed; empty if not known.
    pub(super) to: String,
    /// What it was read as; empty if it was not.
    pub(super) read_as: String,
}

/// A payment as the check page and the list show it.
pub(super) fn payment(
    ctx: &Ctx,
    app: &App,
    partners: &[partner::Partner],
    p: &PaymentAnswers,
) -> PaymentLines {
    let bank = partners.iter().find(|b| b.code == p.own_bank).map(|b| b.name(ctx.lang()).to_owned());
    let moment = p.when().to_when(ctx, "day").map(|w| when(ctx, &w)).ok();
    let own = Some(p.own_account.trim().to_owned()).filter(|a| !a.is_empty());
    let own = own.or_else(|| p.own_unknown.then(|| ctx.t("report-check-own-unknown")));
    PaymentLines {
        sum: intake::amount(app, &p.amount, &p.currency).map_or_else(|_| p.amount.clone(), |m| ctx.money(m)),
        from: bank.into_iter().chain(own).chain(moment).collect::<Vec<_>>().join(", "),
        to: p.to.trim().to_owned(),
        read_as: intake::read_as(app, p).map(|t| read_as(ctx, &t)).unwrap_or_default(),
    }
}

/// A fact told later, as it may be shown: numbers as masks.
#[must_use]
pub fn fact(ctx: &Ctx, partners: &[partner::Partner], fact: &Fact) -> String {
    let name = |code: &str| {
        let known = partners.iter().find(|p| p.code == code).map(|p| p.name(ctx.lang()).to_owned());
        known.unwrap_or_else(|| code.to_owned())
    };
    match fact {
        Fact::Amount(amount) => ctx.money(*amount),
        Fact::When(at) => when(ctx, at),
        Fact::OwnBank(code) => name(code),
        Fact::OwnAccount(account) => crate::rules::mask("account", account),
        Fact::To(to, code) if code.is_empty() => to.masked.clone(),
        Fact::To(to, code) => format!("{}, {}", name(code), to.masked),
        Fact::Reference(reference) => reference.clone(),
    }
}

/// "Read as: phone number +7 701 123 45 67".
#[must_use]
pub fn read_as(ctx: &Ctx, to: &Target) -> String {
    let value = match to.kind.as_str() {
        "phone" => web::phone(&to.value),
        // A card is kept by its first six and last four digits; nothing more can be shown.
        "card" => to.masked.clone(),
        "iban" | "account" => web::grouped(&to.value, 4),
        _ => to.value.clone(),
    };
    ctx.ta(
        "report-read-as",
        [("kind", ctx.t(&format!("report-read-as-{}", to.kind.replace('_', "-")))), ("value", value)],
    )
}
