//! Closed lists of words: one spelling for columns, messages and keys of texts.

/// Declares a closed list of words with its spelling: `words!(/// How. How { /// By hand. Hand = "hand", });` gives the enum `How` with
/// `ALL`, `as_str` and `parse`.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// As in columns, messages and keys of texts.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
            /// Reads [`Self::as_str`]; `None` for any other word.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    words!(
        /// How.
        How {
            /// By hand.
            Hand = "hand",
            /// By a machine.
            Machine = "by_machine",
        }
    );

    proptest! {
        #[test]
        fn a_word_is_read_as_it_is_written_and_no_other(text in "(hand|by_machine|[a-z_]{0,12})") {
            match How::parse(&text) {
                Some(word) => prop_assert_eq!(word.as_str(), text),
                None => prop_assert!(How::ALL.iter().all(|word| word.as_str() != text)),
            }
        }
    }
}
