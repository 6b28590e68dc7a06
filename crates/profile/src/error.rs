//! What is wrong with a profile, and where.

use std::fmt;

/// One mistake in one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProfileError {
    /// The file, `kz/legal_basis.toml`.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What was expected and what was found.
    pub what: String,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.what)
    }
}

/// Every mistake that was found, in the order of files and lines; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileErrors(pub Vec<ProfileError>);

impl ProfileErrors {
    /// One mistake that belongs to a whole file or directory.
    pub(crate) fn whole(file: &str, what: impl Into<String>) -> Self {
        Self(vec![ProfileError { file: file.to_owned(), line: 1, column: 1, what: what.into() }])
    }
}

impl fmt::Display for ProfileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ProfileErrors {}

impl kernel::Coded for ProfileErrors {
    fn class(&self) -> kernel::Class {
        kernel::Class::Invalid
    }
    fn code(&self) -> &'static str {
        "profile.invalid"
    }
}
