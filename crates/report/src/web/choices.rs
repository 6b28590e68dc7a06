//! Lists to choose from: institutions and currencies.

use app::App;
use partner::Partner;
use web::{Choice, Ctx, Field, FieldError};

/// Whoever takes part and keeps accounts, by name.
pub fn banks(ctx: &Ctx, partners: &[Partner]) -> Vec<Choice> {
    let keeps_money = |p: &Partner| {
        use profile::AddresseeKind as K;
        matches!(K::parse(&p.kind), Some(K::Bank | K::PaymentOrganisation | K::Exchange))
    };
    let executor = partner::PartnerRole::Executor;
    let takes_part = |p: &&Partner| p.active && p.role == executor && keeps_money(p);
    let mut banks: Vec<(&str, &str)> =
        partners.iter().filter(takes_part).map(|p| (p.name(ctx.lang()), p.code.as_str())).collect();
    banks.sort_unstable();
    banks.iter().map(|(name, code)| Choice::new(code, *name)).collect()
}

/// The sign of the country's currency.
pub fn symbol(app: &App) -> String {
    let currency = app.profile.currency();
    let own = app.profile.assets().iter().find(|a| a.asset == currency);
    own.map(|a| a.symbol.clone()).unwrap_or_default()
}

/// Which currency or asset: the country's own unless another is chosen. Nothing where there is but one.
pub fn currency(ctx: &Ctx, app: &App, name: &str, chosen: &str, errors: &[FieldError]) -> Option<Field> {
    let own = app.profile.currency();
    let assets = app.profile.assets();
    let words = |a: &profile::AssetInfo| {
        let name = a.name.get(ctx.lang());
        let code = a.asset.code();
        if name.contains(code) { name.to_owned() } else { format!("{name} ({code})") }
    };
    let choices = assets.iter().map(|a| Choice::new(a.asset.code(), words(a))).collect();
    let chosen = if chosen.is_empty() { own.code() } else { chosen };
    let field = Field::select(ctx, name, "report-currency", choices).value(chosen).errors(errors).width(20);
    (assets.len() > 1).then_some(field)
}
