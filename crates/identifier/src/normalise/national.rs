//! The individual and the business identification number of Kazakhstan (Law No. 223-III of 12 January 2007
//! on national registers of identification numbers): twelve digits, the last of them a check digit.
//!
//! An IIN begins with the date of birth and a digit for century and sex; a BIN with year and month of
//! registration and a digit for the type, 4 to 6. A day never begins with 4, so no number is both.

use super::digits_only;
use crate::Reason;

/// The canonical IIN: twelve digits.
///
/// # Errors
/// Why it is none.
pub fn iin(text: &str) -> Result<String, Reason> {
    let digits = twelve(text)?;
    if !is_birth_date(&digits) {
        return Err(Reason::BirthDate);
    }
    checked(digits)
}

/// The canonical BIN: twelve digits.
///
/// # Errors
/// Why it is none.
pub fn bin(text: &str) -> Result<String, Reason> {
    let digits = twelve(text)?;
    if !is_registration(&digits) {
        return Err(Reason::Registration);
    }
    checked(digits)
}

fn twelve(text: &str) -> Result<String, Reason> {
    let digits = digits_only(text)?;
    match digits.len() {
        0..=11 => Err(Reason::TooShort),
        12 => Ok(digits),
        _ => Err(Reason::TooLong),
    }
}

fn checked(digits: String) -> Result<String, Reason> {
    if check_digit(&digits) { Ok(digits) } else { Err(Reason::CheckDigits) }
}

fn number(digits: &str, from: usize, to: usize) -> u32 {
    digits.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0)
}

/// Year, month and day of birth that a canonical IIN begins with; `None` for foreigners, of whom no century is told, and
/// for what is no IIN.
#[must_use]
pub fn birth_date(iin: &str) -> Option<(i16, i8, i8)> {
    let century = match number(iin, 6, 7) {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return None,
    };
    let fits = iin.len() == 12 && is_birth_date(iin);
    let year = i16::try_from(century + number(iin, 0, 2)).ok().filter(|_| fits)?;
    Some((year, i8::try_from(number(iin, 2, 4)).ok()?, i8::try_from(number(iin, 4, 6)).ok()?))
}

/// Digit 7: 1 and 2 for men and women born in the 19th century, 3 and 4 in the 20th, 5 and 6 in the 21st,
/// 0 for foreigners, of whom no century is told.
pub(crate) fn is_birth_date(digits: &str) -> bool {
    let (year, month, day) = (number(digits, 0, 2), number(digits, 2, 4), number(digits, 4, 6));
    let century = match number(digits, 6, 7) {
        1 | 2 => Some(1800_u32),
        3 | 4 => Some(1900),
        5 | 6 => Some(2000),
        0 => None,
        _ => return false,
    };
    let leap = century.map_or(year.is_multiple_of(4), |base| {
        let full = base.saturating_add(year);
        full.is_multiple_of(4) && (!full.is_multiple_of(100) || full.is_multiple_of(400))
    });
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Digits 3 and 4 are the month of registration, digit 5 the type: 4 resident, 5 non-resident legal entity,
/// 6 individual entrepreneurs acting jointly.
pub(crate) fn is_registration(digits: &str) -> bool {
    (1..=12).contains(&number(digits, 2, 4)) && (4..=6).contains(&number(digits, 4, 5))
}

/// The weighted sum modulo 11; when it gives 10, a second weighting; when that gives 10 too, the number is
/// never issued.
pub(crate) fn check_digit(digits: &str) -> bool {
    let weigh = |weights: [u32; 11]| {
        let values = digits.chars().filter_map(|c| c.to_digit(10));
        values.zip(weights).fold(0_u32, |sum, (v, w)| sum.saturating_add(v.saturating_mul(w))) % 11
    };
    let first = weigh([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    let sum = if first == 10 { weigh([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) } else { first };
    digits.len() == 12 && digits.chars().nth(11).and_then(|c| c.to_digit(10)) == Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number with the check digit that belongs to it; `None` where none is issued.
    fn completed(body: &str) -> Option<String> {
        (0..10).map(|d| format!("{body}{d}")).find(|n| check_digit(n))
    }

    #[test]
    fn both_weightings_are_used() {
        let mut seconds = 0;
        for serial in 0..2_000_u32 {
            let body = format!("9101013{serial:04}");
            let first: u32 =
                body.chars().zip(1..).map(|(c, w)| c.to_digit(10).unwrap() * w).sum::<u32>() % 11;
            if first == 10 && completed(&body).is_some() {
                seconds += 1;
            }
        }
        assert!(seconds > 100, "{seconds}");
    }

    #[test]
    fn dates_and_centuries() {
        for (body, good) in [
            ("91010130012", true),
            ("00022950012", true),  // 29 February 2000
            ("00022930012", false), // 1900 was no leap year
            ("91130130012", false),
            ("91023030012", false),
            ("91010170012", false),
            ("91010100012", true), // a foreigner
        ] {
            if let Some(number) = completed(body) {
                assert_eq!(iin(&number).is_ok(), good, "{number}");
            }
        }
    }

    #[test]
    fn when_somebody_was_born() {
        for (body, born) in [
            ("91010130012", Some((1991, 1, 1))),
            ("10022950012", None), // no 29 February in 2010
            ("10022850012", Some((2010, 2, 28))),
            ("91010100012", None),
        ] {
            if let Some(number) = completed(body) {
                assert_eq!(birth_date(&number), born, "{number}");
            }
        }
        assert_eq!(birth_date("910101"), None);
    }

    #[test]
    fn one_number_is_never_both() {
        for body in ["91010130012", "05074000123", "18035000012", "20126000123"] {
            if let Some(number) = completed(body) {
                assert!(!(iin(&number).is_ok() && bin(&number).is_ok()), "{number}");
                assert!(iin(&number).is_ok() || bin(&number).is_ok(), "{number}");
            }
        }
    }

    #[test]
    fn refusals_say_why() {
        let good = completed("91010130012").unwrap();
        let wrong = format!("{}{}", &good[..11], (good[11..].parse::<u32>().unwrap() + 1) % 10);
        assert_eq!(iin(&wrong), Err(Reason::CheckDigits));
        assert_eq!(iin("9101013001"), Err(Reason::TooShort));
        assert_eq!(iin("9101013001234"), Err(Reason::TooLong));
        assert_eq!(iin("91010130012a"), Err(Reason::Characters));
        assert_eq!(bin(&good), Err(Reason::Registration));
        assert_eq!(iin(&format!("{} {} {}", &good[..6], &good[6..9], &good[9..])), Ok(good));
    }
}
