//! From what was typed to what a filed payment lacks.

use app::App;
use kernel::{Money, Purpose};
use partner::Partner;
use web::{Ctx, FieldError};

use super::{UNKNOWN_BANK, Wrong, amount, keeper, own_bank, reference, target, to_bank, when};
use crate::draft::PaymentAnswers;
use crate::model::{Fact, Payment, Target};
use crate::{rules, sight};

/// The longest span that was told as a time: "about" is half an hour to either side.
const ABOUT_MICROS: i64 = 3_600_000_000;

/// A sum as people write it: without the decimals that say nothing.
fn plain(amount: Money) -> String {
    let text = amount.to_decimal();
    match text.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|b| b == b'0') => whole.to_owned(),
        _ => text,
    }
}

impl PaymentAnswers {
    /// A filed payment as the page shows it for completing: what was told openly. Numbers stay out, a page that
    /// is left open must not show them.
    #[must_use]
    pub fn of(ctx: &Ctx, p: &Payment) -> Self {
        // An asset that was chosen stays chosen; naming the country's own is no harm.
        let (earliest, latest) = (p.when.earliest, p.when.latest);
        let span = latest.micros_since(earliest);
        // Without a time the span is a day, or what of it had passed.
        let about = span > 0 && span <= ABOUT_MICROS;
        let shown = if about { earliest.plus_micros(span / 2) } else { earliest };
        let local = ctx.formats().day(shown).map(|d| (d.day(), d.month(), d.year()));
        let (date, month, year) =
            local.map(|(d, m, y)| (d.to_string(), m.to_string(), y.to_string())).unwrap_or_default();
        Self {
            own_bank: p.own_institution.clone(),
            amount: plain(p.amount),
            currency: p.amount.asset().code().to_owned(),
            day: "other".to_owned(),
            date,
            month,
            year,
            time: if span > ABOUT_MICROS { String::new() } else { ctx.hour(shown) },
            about,
            ..Self::default()
        }
    }
}

/// What a page adds to a payment that was told. A field left empty leaves what stands there; what stands there
/// already is no news.
///
/// # Errors
/// Every field that cannot be taken; where nothing new was told, that.
pub fn later_facts(
    ctx: &Ctx,
    app: &App,
    partners: &[Partner],
    told: &Payment,
    p: &PaymentAnswers,
) -> Result<Vec<Fact>, Vec<FieldError>> {
    let mut wrong = Wrong { ctx, errors: Vec::new() };
    let mut facts = Vec::new();
    if !matches!(p.own_bank.as_str(), "" | UNKNOWN_BANK) {
        facts.extend(wrong.take("own_bank", own_bank(partners, &p.own_bank)).map(Fact::OwnBank));
    }
    let own = wrong.take("own_account", sight::own_account(app, &p.own_account));
    let own = own.filter(|a| !a.is_empty());
    // The number itself knows best whose client its owner is.
    if let Some(code) = own.as_ref().and_then(|own| sight::own_keeper(partners, own)) {
        facts.retain(|f| !matches!(f, Fact::OwnBank(_)));
        facts.push(Fact::OwnBank(code));
    }
    let bank_known = !told.own_institution.is_empty() || facts.iter().any(|f| matches!(f, Fact::OwnBank(_)));
    if own.as_ref().is_some_and(|own| own.len() == sight::SHORT_CARD) && !bank_known {
        wrong.take::<()>("own_account", Err("report-own-account.short"));
    }
    facts.extend(own.map(Fact::OwnAccount));
    facts.extend(wrong.take("amount", amount(app, &p.amount, &p.currency)).map(Fact::Amount));
    let as_told = PaymentAnswers::of(ctx, told);
    // The page shows a day; sent back untouched it must not become another time than was told.
    if p.clone().dated(ctx).when() != as_told.dated(ctx).when() {
        facts.extend(when(&mut wrong, p).map(Fact::When));
    }
    let bank = wrong.take("to_bank", to_bank(partners, &p.to_bank)).unwrap_or_default();
    if !p.to.trim().is_empty() {
        let to = wrong.take("to", target(app, p)).flatten();
        facts.extend(to.map(|to| {
            let code = keeper(partners, &to);
            Fact::To(to, if code.is_empty() { bank } else { code })
        }));
    } else if let (false, Some(to)) = (bank.is_empty(), &told.to) {
        // The number was told before; whose account it is was not.
        let value = to.open(Purpose::OwnData).clone();
        let to = Target { kind: told.to_kind.clone(), value, masked: told.to_masked.clone() };
        facts.push(Fact::To(to, bank));
    } else if !bank.is_empty() {
        wrong.take::<()>("to", Err("report-to.missing"));
    }
    let reference = wrong.take("reference", reference(&p.reference));
    facts.extend(reference.filter(|r| !r.is_empty()).map(Fact::Reference));
    facts.retain(|f| rules::is_news(told, f));
    if wrong.errors.is_empty() && facts.is_empty() {
        wrong.take::<()>("to", Err("report-complete.nothing"));
    }
    if wrong.errors.is_empty() { Ok(facts) } else { Err(wrong.errors) }
}
