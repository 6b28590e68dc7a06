//! Passwords: what is taken, how they are kept (Argon2id, RFC 9106).

use std::collections::HashSet;
use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error as HashError, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Entropy, Secret};

use super::error::PasswordFault;

/// Fewest characters of a password.
pub(crate) const MIN_CHARS: usize = 12;
/// Most characters of a password; beyond, hashing would be a way to keep the machine busy.
pub(crate) const MAX_CHARS: usize = 200;
/// A password of fewer different characters is a pattern.
const MIN_DIFFERENT: usize = 5;
/// Argon2id: 19 MiB, 2 passes, 1 lane: OWASP's recommendation, some 20 ms of one core.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt").lines().filter(|l| !l.is_empty() && !l.starts_with('#')).collect()
});

/// Whether a password can be taken for `login`. No rule about kinds of characters, and none about age: they make
/// people choose worse ones.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check(password: &str, login: &str) -> Result<(), PasswordFault> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Err(PasswordFault::TooShort);
    }
    if chars > MAX_CHARS {
        return Err(PasswordFault::TooLong);
    }
    let lower = password.to_lowercase();
    // What is left without the login must not be digits and signs only.
    if lower.contains(login) && !lower.replace(login, "").chars().any(char::is_alphabetic) {
        return Err(PasswordFault::LikeLogin);
    }
    let different = lower.chars().collect::<HashSet<_>>().len();
    if different < MIN_DIFFERENT || is_run(&lower) || made_of_common(&lower) {
        return Err(PasswordFault::Common);
    }
    Ok(())
}

/// Whether nothing is left of `text` but digits, signs and common words, each once or some times in a row.
fn made_of_common(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).peekable();
    words.peek().is_some() && words.all(is_common)
}

/// `password`, and `passwordpassword` too.
fn is_common(word: &str) -> bool {
    let chars = word.chars().count();
    (1..=4).filter(|times| chars.is_multiple_of(*times)).any(|times| {
        let first: String = word.chars().take(chars.checked_div(times).unwrap_or(chars)).collect();
        COMMON.contains(first.as_str()) && word == first.repeat(times)
    })
}

/// Whether each character is the one before it plus or minus a fixed small step: `123456789012`, `abcdefghijkl`.
fn is_run(text: &str) -> bool {
    let points: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let follows = |step: i64| {
        points.windows(2).all(|pair| match pair {
            // A run of digits goes on from 9 to 0 and back.
            [a, b] => b - a == step || (b - a == -9 * step && (48..=57).contains(a) && (48..=57).contains(b)),
            _ => true,
        })
    };
    follows(1) || follows(-1) || follows(0)
}

/// A random password of four groups of five signs, some 100 bits. Crockford's alphabet: no sign looks like another
/// when it is read from paper.
pub(crate) fn random(entropy: &Entropy) -> Secret<String> {
    const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut text = String::new();
    for (i, byte) in entropy.bytes::<20>().into_iter().enumerate() {
        if i > 0 && i % 5 == 0 {
            text.push('-');
        }
        text.extend(SIGNS.get(usize::from(byte & 31)).map(|sign| char::from(*sign)));
    }
    Secret::new(text)
}

/// The hash of a password in the PHC string format. Slow on purpose: call it off the async threads and outside
/// write closures.
///
/// # Errors
/// The hasher's words; it fails for want of memory only.
pub(crate) fn hash(password: &str, salt: [u8; SALT_BYTES]) -> Result<String, String> {
    hasher()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|h| h.to_string())
        .map_err(|e| e.to_string())
}

/// Whether the password is the one of `hash`. Takes the time of [`hash`] whatever the answer.
///
/// # Errors
/// The hash is not in the PHC string format, or the hasher failed.
pub(crate) fn verify(password: &str, hash: &str) -> Result<bool, String> {
    let parsed = PasswordHash::new(hash).map_err(|e| e.to_string())?;
    match hasher()?.verify_password(password.as_bytes(), &parsed) {
        Ok(()) => Ok(true),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(e) => Err(e.to_string()),
    }
}

/// A hash of nobody's password, with the same parameters: checked for logins that do not exist, so that they take
/// as long as others.
pub(crate) fn nobody() -> Result<&'static str, String> {
    static NOBODY: LazyLock<Result<String, String>> = LazyLock::new(|| hash("", [0; SALT_BYTES]));
    NOBODY.as_ref().map(String::as_str).map_err(Clone::clone)
}

fn hasher() -> Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| e.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_refused() {
        use PasswordFault::{Common, LikeLogin, TooLong, TooShort};
        for (password, fault) in [
            ("", TooShort),
            ("correct-hor", TooShort),
            ("құпиясөз-aa", TooShort),
            (&"x1y2z3".repeat(34), TooLong),
            ("password1234", Common),
            ("Password2026!", Common),
            ("qwertyuiop[]", Common),
            ("passwordpassword", Common),
            ("Qwerty123456!", Common),
            ("йцукен123456", Common),
            ("Құпиясөз2026", Common),
            ("Қазақстан-2026", Common),
            ("gfhjkm123456", Common),
            ("admin.admin.admin", Common),
            ("123456789012", Common),
            ("210987654321", Common),
            ("abcdefghijkl", Common),
            ("aaaaaaaaaaaa", Common),
            ("abababababab", Common),
            ("September-2026", Common),
            ("aliya.s-2026-2026", LikeLogin),
            ("Aliya.sALIYA.S", LikeLogin),
            ("2026/11/23aliya.s", LikeLogin),
        ] {
            assert_eq!(check(password, "aliya.s"), Err(fault), "{password}");
        }
    }

    #[test]
    fn what_is_taken() {
        for password in [
            "correct horse battery staple",
            "Көк тау, ақ бұлт",
            "три зелёных трамвая",
            "password of my late grandmother",
            "8d2k-44mz-p0qa",
            "qorgan-mountain-17",
            &"x1y2z3 ".repeat(28),
        ] {
            assert_eq!(check(password, "marat"), Ok(()), "{password}");
        }
    }

    #[test]
    fn random_ones_are_taken_and_differ() {
        let entropy = Entropy::seeded(5);
        let all: Vec<String> = (0..50).map(|_| random(&entropy).expose().clone()).collect();
        for one in &all {
            assert_eq!((one.len(), one.matches('-').count()), (23, 3), "{one}");
            assert_eq!(check(one, "marat"), Ok(()), "{one}");
        }
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn hash_and_back() {
        let stored = hash("correct horse battery staple", [7; SALT_BYTES]).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(verify("correct horse battery staple", &stored), Ok(true));
        assert_eq!(verify("correct horse battery stapl", &stored), Ok(false));
        assert_eq!(verify("", &stored), Ok(false));
        assert!(verify("x", "no hash").is_err());
        assert_ne!(stored, hash("correct horse battery staple", [8; SALT_BYTES]).unwrap());
        assert_eq!(verify("anything", nobody().unwrap()), Ok(false));
    }

    proptest! {
        #[test]
        fn checking_never_panics_and_random_ones_pass(text in ".{0,40}", random in "[a-z0-9]{24}") {
            let _ = check(&text, "marat");
            prop_assert_eq!(check(&random, "marat"), Ok(()));
        }
    }
}
