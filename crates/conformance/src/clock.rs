//! Time and chance. The one place of this crate where the machine's clock is read, real time is waited for and
//! randomness is drawn: a kit that judges real sockets has no other time than the real one.

use std::time::Duration;

/// One second in microseconds.
pub const SECOND: i64 = 1_000_000;

/// Wall clock, microseconds since 1970.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of this crate where the machine's clock is read"
)]
pub fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
}

/// Waits by the wall clock.
#[expect(clippy::disallowed_methods, reason = "the one place of this crate where real time is waited for")]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// A duration in microseconds.
#[must_use]
pub fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// `micros` since 1970 as RFC 3339 in UTC.
#[must_use]
pub fn rfc3339(micros: i64) -> String {
    // Whole seconds: deadlines are never finer, and a partner must not stumble over a fraction.
    let whole = micros.div_euclid(SECOND);
    jiff::Timestamp::from_second(whole).map_or_else(|_| whole.to_string(), |t| t.to_string())
}

/// The same with microseconds, for whoever sets a clock by it.
#[must_use]
pub fn exact(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| micros.to_string(), |t| t.to_string())
}

/// Reads RFC 3339 with an offset; microseconds since 1970.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    // jiff also reads what RFC 3339 does not know (a zone in brackets, a comma, a day without time).
    let plain = text.is_ascii() && !text.contains(['[', ',']) && text.len() >= 20;
    text.parse::<jiff::Timestamp>().ok().filter(|_| plain).map(jiff::Timestamp::as_microsecond)
}

/// Sixteen random bytes in hexadecimal: ids and nonces.
///
/// # Errors
/// If the operating system has no randomness.
pub fn token() -> anyhow::Result<String> {
    Ok(hex::encode(random::<16>()?))
}

/// Random bytes.
///
/// # Errors
/// If the operating system has no randomness.
pub fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_with_an_offset_only() {
        assert_eq!(parse("2026-11-23T14:05:00+05:00"), parse("2026-11-23T09:05:00Z"));
        assert_eq!(exact(1_800_000_000_250_000), "2027-01-15T08:00:00.25Z");
        assert_eq!(parse("2026-11-23T09:05:00.5Z").map(rfc3339).as_deref(), Some("2026-11-23T09:05:00Z"));
        for bad in
            ["", "yesterday", "2026-11-23", "2026-11-23T14:05:00", "2026-11-23T14:05:00+05[Asia/Almaty]"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
