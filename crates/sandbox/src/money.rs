//! Tenge as whole tiyn (1/100), written as decimal text. The sandbox keeps its own arithmetic on purpose:
//! it is the yardstick for the platform's.

/// Smallest units of the country's currency (tiyn).
pub type Minor = i64;

/// Tiyn in a tenge.
pub const UNIT: Minor = 100;

/// `620000.00`.
#[must_use]
pub fn to_text(minor: Minor) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let whole = minor.unsigned_abs();
    format!("{sign}{}.{:02}", whole / UNIT.unsigned_abs(), whole % UNIT.unsigned_abs())
}

/// Reads decimal text with at most two decimals; `None` for anything else, signs but a leading minus included.
#[must_use]
pub fn from_text(text: &str) -> Option<Minor> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(cents) || cents.len() > 2 || digits.ends_with('.') {
        return None;
    }
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    let minor = whole.parse::<i64>().ok()?.checked_mul(UNIT)?.checked_add(cents)?;
    Some(if negative { -minor } else { minor })
}

/// `part` permille of `amount`, rounded down.
#[must_use]
pub fn permille(amount: Minor, part: i64) -> Minor {
    let wide = i128::from(amount) * i128::from(part) / 1_000;
    i64::try_from(wide).unwrap_or(amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_round_trip(minor in -1_000_000_000_000_i64..1_000_000_000_000) {
            prop_assert_eq!(from_text(&to_text(minor)), Some(minor));
        }
    }

    #[test]
    fn what_is_not_an_amount() {
        for text in ["", "-", "1.", "1.234", "1,5", "1e3", "+1", ".5", "99999999999999999999", " 1"] {
            assert_eq!(from_text(text), None, "{text}");
        }
        assert_eq!(from_text("1.5"), Some(150));
        assert_eq!(to_text(-5), "-0.05");
    }
}
