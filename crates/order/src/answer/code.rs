//! The codes in which partners answer.

use serde::{Deserialize, Serialize};

/// The answer codes: F3 for money, F4 and F5 for numbers and resources, and for data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "docs/partner-api/README.md has the table of codes")]
pub enum Code {
    A00,
    H10,
    H11,
    H12,
    M20,
    M21,
    M22,
    M23,
    M24,
    M25,
    N30,
    N31,
    N32,
    N33,
    N34,
    N35,
    N36,
    R40,
    R41,
    R42,
    R43,
    Q50,
    B10,
    B11,
    B12,
    B13,
    D10,
    D11,
    K10,
    L60,
    L61,
    L62,
    P70,
    P71,
    S10,
    S20,
    E90,
    /// A code that is not in the table: kept, shown, without automatic effect.
    Native,
}

impl Code {
    /// All codes of the table.
    pub const TABLE: [Self; 37] = [
        Self::A00,
        Self::H10,
        Self::H11,
        Self::H12,
        Self::M20,
        Self::M21,
        Self::M22,
        Self::M23,
        Self::M24,
        Self::M25,
        Self::N30,
        Self::N31,
        Self::N32,
        Self::N33,
        Self::N34,
        Self::N35,
        Self::N36,
        Self::R40,
        Self::R41,
        Self::R42,
        Self::R43,
        Self::Q50,
        Self::B10,
        Self::B11,
        Self::B12,
        Self::B13,
        Self::D10,
        Self::D11,
        Self::K10,
        Self::L60,
        Self::L61,
        Self::L62,
        Self::P70,
        Self::P71,
        Self::S10,
        Self::S20,
        Self::E90,
    ];
    /// As written in messages.
    #[must_use]
    pub fn as_string(self) -> String {
        format!("{self:?}")
    }
    /// Reads a code; unknown ones are [`Code::Native`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::TABLE.into_iter().find(|c| c.as_string() == text).unwrap_or(Self::Native)
    }
    /// Money that left the account.
    #[must_use]
    pub const fn is_outflow(self) -> bool {
        matches!(self, Self::M20 | Self::M21 | Self::M22 | Self::M23 | Self::M24 | Self::M25)
    }
    /// Whether the institution does not find what it is asked about: transaction, account or client.
    #[must_use]
    pub const fn is_not_found(self) -> bool {
        matches!(self, Self::N30 | Self::N31 | Self::N32)
    }
    /// Whether a line must add its amount.
    #[must_use]
    pub const fn needs_amount(self) -> bool {
        self.is_outflow() || matches!(self, Self::H10 | Self::H11 | Self::P70 | Self::P71)
    }
    /// Whether an amount says something about it.
    #[must_use]
    pub const fn takes_amount(self) -> bool {
        self.needs_amount() || self.is_end() || matches!(self, Self::H12)
    }
    /// Whether a line must add its account.
    #[must_use]
    pub const fn needs_account(self) -> bool {
        matches!(self, Self::M20 | Self::M21 | Self::M24)
    }
    /// Whether a line must add its institution.
    #[must_use]
    pub const fn needs_institution(self) -> bool {
        matches!(self, Self::M21 | Self::M25 | Self::N34)
    }
    /// Whether a line must add its time.
    #[must_use]
    pub const fn needs_time(self) -> bool {
        self.is_outflow()
            || matches!(
                self,
                Self::L60 | Self::L61 | Self::L62 | Self::B10 | Self::B11 | Self::B13 | Self::S10 | Self::S20
            )
    }
    /// What is refused, asked, done in part or only hinted at must say more in words.
    #[must_use]
    pub const fn needs_text(self) -> bool {
        matches!(self, Self::R40 | Self::R41 | Self::R42 | Self::R43 | Self::Q50 | Self::B11 | Self::D11)
    }
    /// Whether a line must add its reference.
    #[must_use]
    pub const fn needs_reference(self) -> bool {
        matches!(self, Self::P70 | Self::P71 | Self::D10 | Self::D11 | Self::K10)
    }
    /// Whether a line says whose something is.
    #[must_use]
    pub const fn takes_holders(self) -> bool {
        matches!(self, Self::D10 | Self::D11)
    }
    /// Words that say nothing of what became of the thing: received, told, put right.
    #[must_use]
    pub const fn is_receipt(self) -> bool {
        matches!(self, Self::A00 | Self::S10 | Self::S20)
    }
    /// The end of a restriction.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::L60 | Self::L61 | Self::L62)
    }
}
