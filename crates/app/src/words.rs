//! What people type as a reason. It may name somebody, and the record keeps what it is given for ever: so it is
//! sealed under the key of whom it is about, and goes out of reach with that key.

use db::Tx;
use kernel::Personal;
use uuid::Uuid;
use vault::VaultError;

use crate::App;

/// Longest reason that is taken, in characters.
pub const MAX_REASON_CHARS: usize = 500;

/// Whether a text says anything: it has a letter or a digit. Blanks, dashes and characters that nobody sees say nothing.
#[must_use]
pub fn says(typed: &str) -> bool {
    typed.chars().any(char::is_alphanumeric)
}

/// Whether what was typed is a line that says something, and no longer than so many characters.
#[must_use]
pub fn is_line(typed: &str, most: usize) -> bool {
    let typed = typed.trim();
    says(typed) && typed.chars().count() <= most && !typed.chars().any(char::is_control)
}

/// What was typed as a reason, without blanks around it; `None` if it says nothing or is too long.
#[must_use]
pub fn reason(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (says(typed) && typed.chars().count() <= MAX_REASON_CHARS).then(|| typed.to_owned())
}

/// Words sealed under the key of one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedWords(Vec<u8>);

impl SealedWords {
    /// For a column. Empty if nothing was kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
    /// For the facts of a record: hexadecimal.
    #[must_use]
    pub fn fact(&self) -> String {
        hex::encode(&self.0)
    }
    /// Back from the facts of a record.
    #[must_use]
    pub fn from_fact(text: &str) -> Option<Self> {
        hex::decode(text).ok().map(Self)
    }
    /// Back from a column.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl App {
    /// Seals what somebody typed about `subject`. A subject without a key gets one; of one whose key was destroyed
    /// nothing more is kept.
    ///
    /// # Errors
    /// The vault's, the database's.
    pub fn seal_words(
        &self,
        tx: &mut Tx<'_>,
        subject: Uuid,
        field: &str,
        words: &str,
    ) -> Result<SealedWords, VaultError> {
        if let Some(key) = self.vault.subject(tx, subject)? {
            return Ok(SealedWords(key.seal(&self.entropy, field, words)));
        }
        let key = self.vault.new_subject(&self.entropy, subject);
        // A forgotten subject has a tombstone, which refuses the new key.
        match tx.attempt(|tx| self.vault.store(tx, &key)) {
            Ok(()) => Ok(SealedWords(key.seal(&self.entropy, field, words))),
            Err(VaultError::Db(db::DbError::Unique { .. })) => Ok(SealedWords(Vec::new())),
            Err(e) => Err(e),
        }
    }

    /// Opens them; `None` if nothing was kept or the key was destroyed since.
    ///
    /// # Errors
    /// The vault's, the database's.
    pub fn open_words(
        &self,
        tx: &mut Tx<'_>,
        subject: Uuid,
        field: &str,
        sealed: &SealedWords,
    ) -> Result<Option<Personal<String>>, VaultError> {
        if sealed.0.is_empty() {
            return Ok(None);
        }
        match self.vault.subject(tx, subject)? {
            Some(key) => key.open(field, &sealed.0).map(Some),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_not_empty_and_not_endless() {
        assert_eq!(reason("  \n "), None);
        // Bug: one character that nobody sees was a reason.
        for unseen in ["\u{200b}", "\u{2060}\u{feff}", " \u{ad} ", "\u{202e}", "–", "\0"] {
            assert_eq!(reason(unseen), None, "{unseen:?}");
        }
        assert_eq!(reason(" Әлия демалыста "), Some("Әлия демалыста".to_owned()));
        assert_eq!(reason(&"ә".repeat(MAX_REASON_CHARS)).map(|r| r.chars().count()), Some(MAX_REASON_CHARS));
        assert_eq!(reason(&"ә".repeat(MAX_REASON_CHARS + 1)), None);
    }

    #[test]
    fn facts_read_back() {
        let words = SealedWords(vec![0, 1, 0xab, 0xff]);
        assert_eq!(words.fact(), "0001abff");
        assert_eq!(SealedWords::from_fact("0001abff"), Some(words));
        assert_eq!(SealedWords::from_fact(""), Some(SealedWords(vec![])));
        for junk in ["xy", "аб", "0g"] {
            assert_eq!(SealedWords::from_fact(junk), None, "{junk}");
        }
    }
}
