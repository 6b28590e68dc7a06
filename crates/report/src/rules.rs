//! What may be filed. Pure: facts in, decisions out.

mod facts;
pub mod files;

use identifier::Kind;
use kernel::{Entropy, Money, Timestamp, When};
use uuid::Uuid;

use crate::model::{NewPayment, NewReport, ReportId, Target};

pub use facts::{applies, can_be_asked, completes, is_news, known, put};

/// Section and question of stage two that ask in which region the reporter lives.
pub const REGION: (&str, &str) = ("about", "region");
/// Longest story taken, in bytes. A longer one is refused with this figure, never cut.
pub const MAX_STORY_BYTES: usize = 256 * 1024;
/// Most payments of one report.
pub const MAX_PAYMENTS: usize = 50;
/// Longest name.
pub const MAX_NAME_CHARS: usize = 200;
/// How far in the future a payment's time may lie, for clocks that go wrong.
pub const FUTURE_TOLERANCE_SECS: i64 = 5 * 60;
/// The largest amount of one payment, smallest units: what the path of the money can still add up. A larger
/// one is a slip of the hand.
pub const MAX_AMOUNT_MINOR: i64 = 1_000_000_000_000_000;
/// Longest reference of a payment.
pub const MAX_REFERENCE_CHARS: usize = 140;
/// Longest pause between two messages of the platform to one reporter.
pub const MAX_PROMISE_SECS: i64 = 7 * 86_400;
/// How old a payment may be at most.
pub const MAX_AGE_SECS: i64 = 10 * 366 * 86_400;

/// Why a report cannot be taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FilingError {
    /// The story is too long to keep.
    #[error("the story is longer than {MAX_STORY_BYTES} bytes")]
    StoryTooLong,
    /// Too many payments in one report.
    #[error("more than {MAX_PAYMENTS} payments in one report")]
    TooManyPayments,
    /// The name is too long.
    #[error("the name is longer than {MAX_NAME_CHARS} characters")]
    NameTooLong,
    /// A payment lies in the future.
    #[error("the payment lies in the future")]
    PaymentInFuture,
    /// A payment lies before anything that can still be followed.
    #[error("the payment is more than ten years old")]
    PaymentTooOld,
    /// A payment of nothing or less.
    #[error("a payment must be above zero")]
    AmountNotPositive,
    /// A payment beyond what can be followed.
    #[error("a payment must not be above {MAX_AMOUNT_MINOR} smallest units")]
    AmountTooLarge,
    /// A reference that is too long to be one.
    #[error("a reference is longer than {MAX_REFERENCE_CHARS} characters")]
    ReferenceTooLong,
    /// Payments in different assets cannot be summed into one loss.
    #[error("the payments are in different currencies")]
    MixedAssets,
    /// A payment from an account to the very same one is none.
    #[error("the account that the payment left is the one that it went to")]
    ToItself,
}

/// Checks a report. What is missing is no error.
///
/// # Errors
/// The first thing that cannot be taken.
pub fn check(report: &NewReport, now: Timestamp) -> Result<(), FilingError> {
    if report.story.len() > MAX_STORY_BYTES {
        return Err(FilingError::StoryTooLong);
    }
    if report.payments.len() > MAX_PAYMENTS {
        return Err(FilingError::TooManyPayments);
    }
    if report.reporter.name.chars().count() > MAX_NAME_CHARS {
        return Err(FilingError::NameTooLong);
    }
    let asset = report.payments.first().map(|p| p.amount.asset());
    for payment in &report.payments {
        check_payment(payment, now)?;
        if Some(payment.amount.asset()) != asset {
            return Err(FilingError::MixedAssets);
        }
    }
    Ok(())
}

/// Checks one payment.
///
/// # Errors
/// The first thing that cannot be taken.
pub fn check_payment(payment: &NewPayment, now: Timestamp) -> Result<(), FilingError> {
    check_amount(payment.amount)?;
    check_reference(&payment.reference)?;
    check_when(&payment.when, now)?;
    check_way(&payment.own_account, payment.to.as_ref().map(Target::named))
}

/// Checks that a payment leaves the account that it comes from; `to` is the kind and the value of the receiver. Of a card
/// only ten digits are known, which are those of others too, and tell nothing.
///
/// # Errors
/// It does not: the payer's own account would be ordered held.
pub fn check_way(own_account: &str, to: Option<(&str, &str)>) -> Result<(), FilingError> {
    let same = to.is_some_and(|(kind, value)| kind != Kind::Card.as_str() && value == own_account);
    if same { Err(FilingError::ToItself) } else { Ok(()) }
}

/// Checks the amount of a payment.
///
/// # Errors
/// Nothing or less; more than can be followed.
pub const fn check_amount(amount: Money) -> Result<(), FilingError> {
    match amount.minor() {
        ..=0 => Err(FilingError::AmountNotPositive),
        1..=MAX_AMOUNT_MINOR => Ok(()),
        _ => Err(FilingError::AmountTooLarge),
    }
}

/// Checks the reference of a payment.
///
/// # Errors
/// Too long.
pub fn check_reference(reference: &str) -> Result<(), FilingError> {
    let fits = reference.chars().count() <= MAX_REFERENCE_CHARS;
    if fits { Ok(()) } else { Err(FilingError::ReferenceTooLong) }
}

/// When the platform writes next, after `kept` promises: at first by the country's clock, then twice as late
/// each time, since a page full of "nothing new" tells less than one with a few lines.
#[must_use]
pub fn next_promise(now: Timestamp, secs: i64, kept: i64) -> Timestamp {
    let doublings = u32::try_from(kept.clamp(0, 30)).unwrap_or(0);
    let pause = secs.max(60).saturating_mul(1_i64.checked_shl(doublings).unwrap_or(1));
    now.plus_secs(pause.min(MAX_PROMISE_SECS))
}

/// Checks the time of a payment.
///
/// # Errors
/// In the future, or too old to be followed.
pub const fn check_when(when: &When, now: Timestamp) -> Result<(), FilingError> {
    if when.earliest.micros_since(now) > FUTURE_TOLERANCE_SECS * 1_000_000 {
        return Err(FilingError::PaymentInFuture);
    }
    if now.micros_since(when.latest) > MAX_AGE_SECS * 1_000_000 {
        return Err(FilingError::PaymentTooOld);
    }
    Ok(())
}

/// A receipt number: prefix, year, seven random digits, one Luhn check digit: `R-2026-01821493`.
/// Random, since a counter would tell the world how many report, and be a hot row.
#[must_use]
pub fn draw_number(entropy: &Entropy, prefix: &str, year: i16) -> String {
    let digits = format!("{:07}", entropy.below(10_000_000));
    let check = luhn_digit(&digits);
    format!("{prefix}-{year}-{digits}{check}")
}

/// Whether the check digit of a typed receipt number is right: catches a slip before a try is counted.
#[must_use]
pub fn number_is_plausible(number: &str) -> bool {
    let Some(digits) = number.rsplit('-').next() else { return false };
    let Some((body, check)) = digits.split_at_checked(digits.len().saturating_sub(1)) else { return false };
    digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()) && luhn_digit(body).to_string() == check
}

/// The Luhn digit (ISO/IEC 7812-1) that completes `digits`.
fn luhn_digit(digits: &str) -> u32 {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(i, d)| if i % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d })
        .sum();
    (10 - sum % 10) % 10
}

/// A 16-digit code, 53 bits: with limited tries and a keyed hash it cannot be guessed.
#[must_use]
pub fn draw_code(entropy: &Entropy) -> String {
    format!("{:016}", entropy.below(10_000_000_000_000_000))
}

/// Digits of a code as typed: spaces and hyphens do not matter. `None` unless 16 digits.
#[must_use]
pub fn read_code(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// The report's id from an outside key: UUID version 8 over a hash, so that the same key twice is the
/// same report on every node and engine.
#[must_use]
pub fn derived_id(kind: &str, scope: &str, key: &str) -> ReportId {
    use sha2::Digest as _;
    let mut hash = sha2::Sha256::new();
    for part in [kind, scope, key] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    ReportId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What may be shown of an identifier: enough to recognise one's own, not enough to use another's.
#[must_use]
pub fn mask(kind: &str, value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let take = |from: usize, n: usize| chars.iter().skip(from).take(n).collect::<String>();
    let last = |n: usize| take(chars.len().saturating_sub(n), n);
    match kind {
        "iban" | "account" if chars.len() > 8 => format!("{}…{}", take(0, 4), last(4)),
        "card" if chars.len() == 4 => format!("…{}", last(4)),
        "card" if chars.len() >= 10 => format!("{} {}** **** {}", take(0, 4), take(4, 2), last(4)),
        "phone" if chars.len() > 7 => format!("{}…{}", take(0, 5), last(4)),
        "iin" | "bin" if chars.len() == 12 => format!("{}…{}", take(0, 4), last(2)),
        _ if kind.starts_with("wallet") && chars.len() > 12 => format!("{}…{}", take(0, 6), last(4)),
        _ if chars.len() > 4 => format!("…{}", last(4)),
        _ => "…".to_owned(),
    }
}

/// The report id of a form's idempotency key. It keeps the time that the key was drawn at in front, as a UUID of
/// version 7 does: reports that come together then lie together in every index that their id stands in.
#[must_use]
pub fn id_from_key(key: Uuid) -> ReportId {
    let mut bytes = *derived_id("report", "portal", &key.simple().to_string()).uuid().as_bytes();
    if let (true, Some((time, _)), Some((place, _))) = (
        key.get_version_num() == 7,
        key.as_bytes().split_first_chunk::<6>(),
        bytes.split_first_chunk_mut::<6>(),
    ) {
        *place = *time;
    }
    ReportId::from_uuid(Uuid::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_report_id_begins_with_the_time_of_its_key_and_is_the_same_for_the_same_key() {
        let entropy = Entropy::seeded(4);
        let at = |secs: i64| entropy.uuid(Timestamp::from_secs(secs));
        let (early, late) = (at(1_800_000_000), at(1_800_000_001));
        assert_eq!(id_from_key(early), id_from_key(early));
        assert!(id_from_key(early) < id_from_key(late));
        assert_ne!(id_from_key(early).uuid(), early, "the key itself is in no address");
        let same_time = at(1_800_000_000);
        assert_ne!(id_from_key(early), id_from_key(same_time));
        // Keys of other versions keep their hash.
        let random = Uuid::from_u128(0xf00d_0000_0000_4000_8000_0000_0000_0001);
        assert_eq!(id_from_key(random), derived_id("report", "portal", &random.simple().to_string()));
    }

    #[test]
    fn numbers_carry_a_check_digit() {
        let entropy = Entropy::seeded(3);
        for _ in 0..200 {
            let number = draw_number(&entropy, "R", 2026);
            assert!(number_is_plausible(&number), "{number}");
            assert_eq!(number.len(), "R-2026-01821493".len());
        }
        assert!(!number_is_plausible("R-2026-01821490") || !number_is_plausible("R-2026-01821491"));
        assert!(!number_is_plausible("") && !number_is_plausible("R-2026-") && !number_is_plausible("ш"));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_noticed(seed: u64, at in 0_usize..8, add in 1_u32..10) {
            let number = draw_number(&Entropy::seeded(seed), "R", 2026);
            let start = number.len() - 8 + at;
            let mut chars: Vec<char> = number.chars().collect();
            let digit = chars[start].to_digit(10).unwrap();
            chars[start] = char::from_digit((digit + add) % 10, 10).unwrap();
            prop_assert!(!number_is_plausible(&chars.into_iter().collect::<String>()));
        }
        #[test]
        fn codes_are_read_as_typed(seed: u64) {
            let code = draw_code(&Entropy::seeded(seed));
            let spaced = format!("{} {}-{} {}", &code[..4], &code[4..8], &code[8..12], &code[12..]);
            prop_assert_eq!(read_code(&spaced), Some(code));
        }
        #[test]
        fn masks_hide_most(value in "[0-9A-Z]{13,34}", kind in "iban|account|phone|wallet_btc|other") {
            let shown = mask(&kind, &value).chars().filter(|c| *c != '…').count();
            prop_assert!(shown <= 10 && shown < value.len());
        }
        #[test]
        fn same_key_same_report(key in ".{1,40}", other in ".{1,40}") {
            prop_assert_eq!(derived_id("a", "b", &key), derived_id("a", "b", &key));
            if key != other { prop_assert_ne!(derived_id("a", "b", &key), derived_id("a", "b", &other)); }
        }
    }

    #[test]
    fn amounts_end_somewhere() {
        let kzt = kernel::Asset::new("KZT", 2).unwrap();
        let of = |minor| check_amount(Money::from_minor(minor, kzt));
        assert_eq!((of(1), of(MAX_AMOUNT_MINOR)), (Ok(()), Ok(())));
        assert_eq!(
            (of(0), of(i64::MIN)),
            (Err(FilingError::AmountNotPositive), Err(FilingError::AmountNotPositive))
        );
        assert_eq!(
            (of(MAX_AMOUNT_MINOR + 1), of(i64::MAX)),
            (Err(FilingError::AmountTooLarge), Err(FilingError::AmountTooLarge))
        );
    }

    #[test]
    fn the_platform_writes_less_and_less() {
        let now = Timestamp::from_secs(1_800_000_000);
        let after = |kept| next_promise(now, 1_800, kept).micros_since(now) / 60_000_000;
        assert_eq!([0, 1, 2, 5].map(after), [30, 60, 120, 960], "minutes");
        assert_eq!([9, 40, i64::MAX].map(after), [7 * 1_440; 3], "a week at most");
        assert_eq!(after(-1), 30);
    }

    #[test]
    fn times_of_payments() {
        let now = Timestamp::from_secs(1_800_000_000);
        let at = |secs| check_when(&When::exactly(now.plus_secs(secs)), now);
        assert_eq!(at(0), Ok(()));
        assert_eq!(at(FUTURE_TOLERANCE_SECS), Ok(()));
        assert_eq!(at(FUTURE_TOLERANCE_SECS + 1), Err(FilingError::PaymentInFuture));
        assert_eq!(at(-MAX_AGE_SECS), Ok(()));
        assert_eq!(at(-MAX_AGE_SECS - 1), Err(FilingError::PaymentTooOld));
    }
}
