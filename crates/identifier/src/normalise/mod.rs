//! One canonical writing for each identifier, so that two reports which name the same thing meet.
//! Every function here is pure, and normalising what is normal already changes nothing.

pub mod account;
pub mod app;
pub mod card;
pub mod email;
pub mod handle;
pub mod host;
pub mod iban;
mod iban_table;
pub mod imei;
pub mod ip;
pub mod national;
pub mod phone;
pub mod reserved;
pub mod sender;
pub mod sim;
pub mod url;
pub mod wallet;

use crate::{Kind, Reason};
pub use phone::Region;

/// The canonical writing of `text` as a `kind`. `region` is the country that a telephone number without
/// country code belongs to.
///
/// A card gives its first six and last four digits; who needs the whole number calls [`card::parse`].
///
/// # Errors
/// Why the text is no such identifier.
pub fn normalise(kind: Kind, text: &str, region: Region) -> Result<String, Reason> {
    match kind {
        Kind::Phone => phone::normalise(text, region),
        Kind::Iban => iban::normalise(text),
        Kind::Account => account::normalise(text),
        Kind::Card => card::normalise(text),
        Kind::Url => url::normalise(text),
        Kind::Domain => host::normalise(text),
        Kind::Email => email::normalise(text),
        Kind::Handle => handle::normalise(text),
        Kind::WalletBtc => wallet::btc(text),
        Kind::WalletEth => wallet::eth(text),
        Kind::WalletTron => wallet::tron(text),
        Kind::Iin => national::iin(text),
        Kind::Bin => national::bin(text),
        Kind::Imei => imei::normalise(text),
        Kind::Ip => ip::normalise(text),
        Kind::Sim => sim::normalise(text),
        Kind::Sender => sender::normalise(text),
        Kind::App => app::normalise(text),
        Kind::Advertisement => url::normalise(text),
    }
}

/// The digits of `text` when it holds nothing else but blanks and the separators people use.
///
/// # Errors
/// [`Reason::Empty`] or [`Reason::Characters`].
pub(crate) fn digits_only(text: &str) -> Result<String, Reason> {
    let cleaned = crate::text::fold::clean(text);
    if cleaned.is_empty() {
        return Err(Reason::Empty);
    }
    let mut digits = String::with_capacity(cleaned.len());
    for c in cleaned.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '.' | '—' | '_' | '/' => {}
            _ => return Err(Reason::Characters),
        }
    }
    if digits.is_empty() { Err(Reason::Characters) } else { Ok(digits) }
}

/// Whether the digits satisfy the check of ISO/IEC 7812 (Luhn).
pub(crate) fn luhn(digits: &str) -> bool {
    let mut sum = 0_u32;
    for (place, c) in digits.chars().rev().enumerate() {
        let Some(digit) = c.to_digit(10) else { return false };
        let doubled = if place % 2 == 1 { digit.saturating_mul(2) } else { digit };
        sum = sum.saturating_add(if doubled > 9 { doubled.saturating_sub(9) } else { doubled });
    }
    !digits.is_empty() && sum.is_multiple_of(10)
}
