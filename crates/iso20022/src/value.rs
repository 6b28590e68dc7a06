//! Amounts, and the identifiers by which banks know a payment.

use crate::out::Out;
use crate::place::{Part, Place};
use crate::rule::{ID, Rule};
use crate::{Fault, Flaw};

/// Digits of an amount in all (`totalDigits`).
const DIGITS: usize = 18;
/// Digits of an amount after the point (`fractionDigits`).
const FRACTION: usize = 5;

/// An amount as decimal text with its currency: `620000.00`, `KZT`. How many decimals a currency has is not
/// known here; what is written is written as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amount {
    /// Decimal text with a point: 1 to 18 digits in all, at most 5 of them after the point, no sign.
    pub value: String,
    /// Code of ISO 4217.
    pub currency: String,
}

impl Amount {
    /// An amount. What is wrong with it is told when it is written.
    pub fn new(value: impl Into<String>, currency: impl Into<String>) -> Self {
        Self { value: value.into(), currency: currency.into() }
    }

    /// The amount in units of 1/100,000 of the currency, to compare and to add.
    ///
    /// # Errors
    /// What the schema would refuse in it.
    pub fn units(&self) -> Result<u128, Flaw> {
        Rule::Currency.check(&self.currency).map_err(|_| Flaw::Currency)?;
        if self.value.starts_with('-') {
            return Err(Flaw::Negative);
        }
        let (whole, fraction) = self.value.split_once('.').unwrap_or((&self.value, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(Flaw::Amount);
        }
        if fraction.len() > FRACTION || self.value.bytes().filter(u8::is_ascii_digit).count() > DIGITS {
            return Err(Flaw::Precision);
        }
        // INVARIANT: at most 23 digits.
        format!("{whole}{fraction:0<FRACTION$}").parse().map_err(|_| Flaw::Amount)
    }

    /// The forms of `xs:decimal` that mean the same are brought to one: `+007.500000` is read as `7.50000`.
    pub(crate) fn read(text: &str, currency: &str) -> Result<Self, Flaw> {
        let text = text.strip_prefix('+').unwrap_or(text);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let (minus, whole) = whole.strip_prefix('-').map_or(("", whole), |rest| ("-", rest));
        if whole.is_empty() && fraction.is_empty() {
            return Err(Flaw::Amount);
        }
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let mut fraction = fraction;
        while fraction.len() > FRACTION {
            fraction = fraction.strip_suffix('0').ok_or(Flaw::Precision)?;
        }
        let point = if fraction.is_empty() { "" } else { "." };
        let amount = Self::new(format!("{minus}{whole}{point}{fraction}"), currency);
        amount.units().map(|_| amount)
    }

    /// Whether it is zero. What is no amount is not zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.units() == Ok(0)
    }
}

/// The message in which a payment came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OriginalMessage {
    /// Its identifier (`OrgnlMsgId`), 1 to 35 characters.
    pub id: String,
    /// Its name (`OrgnlMsgNmId`), `pacs.008.001.08`, 1 to 35 characters.
    pub name: String,
    /// When it was made (`OrgnlCreDtTm`), ISO 8601.
    pub created: Option<String>,
}

impl Part for OriginalMessage {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.text("OrgnlMsgId", &self.id, ID)?;
        out.text("OrgnlMsgNmId", &self.name, ID)?;
        out.text_opt("OrgnlCreDtTm", self.created.as_ref(), Rule::DateTime)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: at.text("OrgnlMsgId", ID)?,
            name: at.text("OrgnlMsgNmId", ID)?,
            created: at.text_opt("OrgnlCreDtTm", Rule::DateTime)?,
        })
    }
}

/// The identifiers of a payment, as far as they are known. Its own bank gave them; none is made up here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Original {
    /// The message in which it came.
    pub message: Option<OriginalMessage>,
    /// Instruction identifier (`OrgnlInstrId`), 1 to 35 characters.
    pub instruction_id: Option<String>,
    /// End-to-end identifier (`OrgnlEndToEndId`), 1 to 35 characters.
    pub end_to_end_id: Option<String>,
    /// Transaction identifier (`OrgnlTxId`), 1 to 35 characters.
    pub transaction_id: Option<String>,
    /// Unique end-to-end transaction reference (`OrgnlUETR`): a UUID of version 4 in lower case.
    pub uetr: Option<String>,
}

impl Original {
    /// Whether it has an identifier of the payment itself. The message alone is none.
    #[must_use]
    pub const fn identifies(&self) -> bool {
        self.instruction_id.is_some()
            || self.end_to_end_id.is_some()
            || self.transaction_id.is_some()
            || self.uetr.is_some()
    }
}

/// Its elements stand in the payment's element, not in one of their own.
impl Part for Original {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.part_opt("OrgnlGrpInf", self.message.as_ref())?;
        out.text_opt("OrgnlInstrId", self.instruction_id.as_ref(), ID)?;
        out.text_opt("OrgnlEndToEndId", self.end_to_end_id.as_ref(), ID)?;
        out.text_opt("OrgnlTxId", self.transaction_id.as_ref(), ID)?;
        out.text_opt("OrgnlUETR", self.uetr.as_ref(), Rule::Uetr)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            message: at.part_opt("OrgnlGrpInf")?,
            instruction_id: at.text_opt("OrgnlInstrId", ID)?,
            end_to_end_id: at.text_opt("OrgnlEndToEndId", ID)?,
            transaction_id: at.text_opt("OrgnlTxId", ID)?,
            uetr: at.text_opt("OrgnlUETR", Rule::Uetr)?,
        })
    }
}

/// Who assigns a matter to whom (`Assgnmt`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assignment {
    /// Identifier of this assignment, 1 to 35 characters; the same at every repetition.
    pub id: String,
    /// Who asks or answers.
    pub assigner: crate::Participant,
    /// Who is asked or answered.
    pub assignee: crate::Participant,
    /// When it was made, ISO 8601 with offset.
    pub created: String,
}

impl Part for Assignment {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.text("Id", &self.id, ID)?;
        out.part("Assgnr", &self.assigner)?;
        out.part("Assgne", &self.assignee)?;
        out.text("CreDtTm", &self.created, Rule::DateTime)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: at.text("Id", ID)?,
            assigner: at.part("Assgnr")?,
            assignee: at.part("Assgne")?,
            created: at.text("CreDtTm", Rule::DateTime)?,
        })
    }
}

/// A matter as its maker counts it (`Case`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Case {
    /// Identifier, 1 to 35 characters.
    pub id: String,
    /// Who opened it.
    pub creator: crate::Participant,
    /// Whether it was closed before and is open again.
    pub reopened: Option<bool>,
}

impl Part for Case {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.text("Id", &self.id, ID)?;
        out.part("Cretr", &self.creator)?;
        out.flag_opt("ReopCaseIndctn", self.reopened);
        Ok(())
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: at.text("Id", ID)?,
            creator: at.part("Cretr")?,
            reopened: at.flag_opt("ReopCaseIndctn")?,
        })
    }
}
