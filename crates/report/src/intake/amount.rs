//! Sums as people write them, in the country's currency or another.

use app::App;
use kernel::text::is_unseen;
use kernel::{Asset, Money, MoneyError};
use profile::AssetInfo;

use crate::rules;

/// A sum as people write it. `chosen` is the code of its asset, empty for the country's currency; a sign, code or
/// word of another one beside the sum says it more plainly and counts.
///
/// # Errors
/// The key of what to do about it.
pub fn amount(app: &App, text: &str, chosen: &str) -> Result<Money, &'static str> {
    let clean = text.trim().chars().filter(|c| !is_unseen(*c)).collect::<String>().to_lowercase();
    let (clean, written) = without_sign(app.profile.assets(), &clean);
    let asset = match (written, chosen) {
        (Some(written), _) => written,
        (None, "") => app.profile.currency(),
        (None, code) => app.profile.asset(code).ok_or("report-amount.currency")?,
    };
    let amount = Money::parse(clean, asset).map_err(|e| match e {
        // Letters beside the digits of a sum are a currency that the profile does not know.
        MoneyError::NotANumber(_) if names_a_currency(clean) => "report-amount.currency",
        MoneyError::TooPrecise { scale, .. } if scale != 2 => "report-amount.too_precise_asset",
        e => amount_key(&e),
    })?;
    rules::check_amount(amount).map(|()| amount).map_err(|_| amount_key(&MoneyError::TooLarge))
}

/// The sum without the sign beside it, and the asset that the sign stands for.
fn without_sign<'t>(assets: &[AssetInfo], text: &'t str) -> (&'t str, Option<Asset>) {
    let mut signs: Vec<(String, Asset)> =
        assets.iter().flat_map(|a| a.signs().map(|sign| (sign, a.asset))).collect();
    // The longest first: `usdt` begins with `usd`.
    signs.sort_by_key(|(sign, _)| std::cmp::Reverse(sign.len()));
    let bare = text.trim_end_matches('.').trim_end();
    for (sign, asset) in signs {
        let rest = bare.strip_suffix(sign.as_str()).or_else(|| bare.strip_prefix(sign.as_str()));
        // What is left must be the sum alone: the end of a longer word is no sign.
        if let Some(rest) = rest.filter(|r| is_sum(r)) {
            return (rest.trim(), Some(asset));
        }
    }
    (text, None)
}

fn is_sum(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && !text.contains(char::is_alphabetic)
}

/// Other currencies that people do write, so that the sentence beside the field says what is wrong.
fn names_a_currency(text: &str) -> bool {
    const SIGNS: [&str; 9] = ["$", "€", "₽", "£", "¥", "₴", "₸", "₺", "₿"];
    const WORDS: [&str; 6] = ["юан", "фунт", "лир", "сом", "yuan", "pound"];
    SIGNS.iter().chain(&WORDS).any(|word| text.contains(word))
}

const fn amount_key(error: &MoneyError) -> &'static str {
    match error {
        MoneyError::Empty => "report-amount.missing",
        MoneyError::Negative | MoneyError::Zero => "report-amount.not_positive",
        MoneyError::TooPrecise { .. } => "report-amount.too_precise",
        MoneyError::Ambiguous(_) => "report-amount.ambiguous",
        MoneyError::TooLarge => "report-amount.too_large",
        MoneyError::NotANumber(_) | MoneyError::Mixed(..) => "report-amount.unreadable",
    }
}
