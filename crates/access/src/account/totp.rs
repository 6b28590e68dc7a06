//! One-time codes: TOTP (RFC 6238) with HMAC-SHA-1, 6 digits, 30 seconds, as authenticators have it.

use kernel::{Secret, Timestamp};
use totp_rs::{Algorithm, Builder, Totp};

/// Seconds of one step.
pub(crate) const STEP_SECS: u64 = 30;
/// Steps before and after the present one that are taken, for clocks that go wrong and slow fingers.
const SKEW: u16 = 1;
const DIGITS: u8 = 6;
/// RFC 4226 4 R6 recommends 160 bits.
pub(crate) const SECRET_BYTES: usize = 20;
const ISSUER: &str = "Qorgan";

fn totp(secret: &Secret<Vec<u8>>, login: &str) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_skew(SKEW)
        .with_step_duration(STEP_SECS)
        .with_secret(secret.expose().clone())
        .with_account_name(login)
        .with_issuer(Some(ISSUER))
        .build()
        .ok()
}

fn secs(at: Timestamp) -> u64 {
    u64::try_from(at.as_secs()).unwrap_or(0)
}

/// The step that `code` belongs to, if it is right now and later than `last`: each code is taken once (RFC 6238
/// 5.2). Blanks in the code do no harm; people copy them with it.
pub(crate) fn check(secret: &Secret<Vec<u8>>, code: &str, now: Timestamp, last: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != usize::from(DIGITS) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let step = totp(secret, "")?.check(&digits, secs(now))?;
    i64::try_from(step).ok().filter(|step| *step > last)
}

/// The code of the earliest step that would still be taken, and not the one after the next: what a demonstration
/// shows. `None` if both have been used, for at most half a minute.
pub(crate) fn next_code(secret: &Secret<Vec<u8>>, now: Timestamp, last: i64) -> Option<String> {
    let present = secs(now).checked_div(STEP_SECS)?;
    let step = present.max(u64::try_from(last.saturating_add(1)).unwrap_or(0));
    let code = || Some(totp(secret, "")?.generate(step.checked_mul(STEP_SECS)?).to_string());
    if step <= present.saturating_add(1) { code() } else { None }
}

/// The secret in base 32 and as `otpauth://` address.
pub(crate) fn for_person(secret: &Secret<Vec<u8>>, login: &str) -> Option<(String, String)> {
    let totp = totp(secret, login)?;
    let url = totp.to_url().ok()?;
    Some((totp.secret().to_base32(), url))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, SHA-1; the table there has 8 digits, of which these are the last 6.
    #[test]
    fn codes_of_rfc_6238() {
        let secret = Secret::new(b"12345678901234567890".to_vec());
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Timestamp::from_secs(at);
            assert_eq!(check(&secret, code, now, -1), Some(at / 30), "{code}");
            assert_eq!(next_code(&secret, now, -1).unwrap(), code);
        }
    }

    #[test]
    fn one_step_early_or_late_and_no_more() {
        let secret = Secret::new(vec![9; SECRET_BYTES]);
        let at = |secs| Timestamp::from_secs(secs);
        let code = next_code(&secret, at(3_000), -1).unwrap();
        for (now, taken) in
            [(2_939, false), (2_969, false), (2_970, true), (3_000, true), (3_059, true), (3_060, false)]
        {
            assert_eq!(check(&secret, &code, at(now), -1).is_some(), taken, "{now}");
        }
    }

    #[test]
    fn each_code_once_and_none_from_before() {
        let secret = Secret::new(vec![9; SECRET_BYTES]);
        let now = Timestamp::from_secs(3_000);
        let code = next_code(&secret, now, -1).unwrap();
        assert_eq!(check(&secret, &code, now, 99), Some(100));
        assert_eq!(check(&secret, &code, now, 100), None);
        assert_eq!(check(&secret, &code, now, 101), None);
        let fresh = next_code(&secret, now, 100).unwrap();
        assert_eq!(check(&secret, &fresh, now, 100), Some(101));
        assert_eq!(next_code(&secret, now, 101), None);
    }

    #[test]
    fn what_is_no_code() {
        let secret = Secret::new(vec![9; SECRET_BYTES]);
        let now = Timestamp::from_secs(3_000);
        let code = next_code(&secret, now, -1).unwrap();
        let spaced = format!(" {} {}\u{a0}", &code[..3], &code[3..]);
        assert_eq!(check(&secret, &spaced, now, -1), Some(100));
        for junk in ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", &format!("{code}0"), &"9".repeat(10_000)]
        {
            assert_eq!(check(&secret, junk, now, -1), None);
        }
        assert_eq!(check(&Secret::new(vec![1; 3]), &code, now, -1), None, "a secret too short is no secret");
    }

    #[test]
    fn handed_over_once() {
        let secret = Secret::new(b"12345678901234567890".to_vec());
        let (base32, url) = for_person(&secret, "aliya").unwrap();
        assert_eq!(base32, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(url.starts_with("otpauth://totp/Qorgan:aliya?"), "{}", url);
        assert!(url.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    }
}
