//! Words as they are kept: eight bytes under the node's own key. Whoever steals the index must not find out, by trying words, what was
//! told. The hash is `SipHash-1-3`, whose values are the same on every machine and with every compiler.

use std::hash::Hasher as _;

use siphasher::sip::SipHasher13;
use uuid::Uuid;
use vault::Vault;

/// Under what words are hashed.
#[derive(Clone, Copy)]
pub struct Key(u64, u64);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

/// A form of a word, or something else by which a document is found. Forms of two kinds never meet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form<'a> {
    /// A word by its sound.
    Word(&'a str),
    /// A word without its endings.
    Stem(&'a str),
    /// A stem without one of its signs.
    Less(&'a str),
    /// A word of a name by its consonants.
    Coarse(&'a str),
    /// The beginning of a word of a name.
    Start(&'a str),
    /// A number by which people call something, letters and digits alone.
    Number(&'a str),
    /// The number of what something belongs to.
    Of(&'a str),
    /// The last digits of an account, a telephone, a card, a person's number.
    Tail(&'a str),
    /// The last digits of a number by which people call something. Such numbers are no secret, so whoever holds one must not find by it
    /// whose telephone ends alike.
    End(&'a str),
    /// An identifier, by the keyed hash that is its id.
    Thing(Uuid),
}

/// Nothing of what was told or typed.
impl std::fmt::Debug for Form<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Form")
    }
}

impl Key {
    /// The node's own.
    #[must_use]
    pub fn of(vault: &Vault) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = vault.blind("search", "words");
        Self(u64::from_le_bytes([a, b, c, d, e, f, g, h]), u64::from_le_bytes([i, j, k, l, m, n, o, p]))
    }

    /// A key that everybody knows: for texts that are in hand anyhow.
    #[must_use]
    pub const fn open() -> Self {
        Self(0, 0)
    }

    fn hash(self, kind: u8, bytes: &[u8]) -> u64 {
        let mut hasher = SipHasher13::new_with_keys(self.0, self.1);
        hasher.write(&[kind]);
        hasher.write(bytes);
        hasher.finish()
    }

    /// A form as it is kept.
    #[must_use]
    pub fn token(self, form: Form<'_>) -> u64 {
        match form {
            Form::Word(text) => self.hash(1, text.as_bytes()),
            Form::Stem(text) => self.hash(2, text.as_bytes()),
            Form::Less(text) => self.hash(3, text.as_bytes()),
            Form::Coarse(text) => self.hash(4, text.as_bytes()),
            Form::Start(text) => self.hash(5, text.as_bytes()),
            Form::Number(text) => self.hash(6, text.as_bytes()),
            Form::Tail(text) => self.hash(7, text.as_bytes()),
            Form::Thing(id) => self.hash(8, id.as_bytes()),
            Form::Of(text) => self.hash(10, text.as_bytes()),
            Form::End(text) => self.hash(11, text.as_bytes()),
        }
    }

    /// Who may see documents of a kind: those of an organisation that are open, or the red ones of a unit.
    #[must_use]
    pub fn scope(self, kind: &str, organisation: &str, red_unit: Option<&str>) -> u64 {
        let parts = [
            kind,
            organisation,
            if red_unit.is_some() { "red" } else { "open" },
            red_unit.unwrap_or_default(),
        ];
        // Parts may hold any sign, so each says how long it is.
        let text: String = parts.iter().map(|part| format!("{}:{part}", part.len())).collect();
        self.hash(9, text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_keys_do_not_meet() {
        let (key, other) =
            (Key::of(&Vault::from_key_bytes([1; 32])), Key::of(&Vault::from_key_bytes([2; 32])));
        let forms = [
            Form::Word("a"),
            Form::Stem("a"),
            Form::Less("a"),
            Form::Coarse("a"),
            Form::Start("a"),
            Form::Number("a"),
            Form::Of("a"),
            Form::Tail("a"),
            Form::End("a"),
        ];
        let mut all: Vec<u64> = forms.iter().flat_map(|f| [key.token(*f), other.token(*f)]).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 18);
        assert_ne!(key.scope("report", "a", Some("b")), key.scope("report", "ab", Some("")));
        assert_ne!(key.scope("report", "a", None), key.scope("report", "a", Some("")));
    }

    /// Kept indexes are asked by later versions of the program: values never change.
    #[test]
    fn the_same_for_ever() {
        assert_eq!(Key::open().token(Form::Word("bank")), Key(0, 0).hash(1, b"bank"));
        assert_eq!(Key::open().token(Form::Word("bank")), 17_486_252_048_267_110_284);
    }
}
