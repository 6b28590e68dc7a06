//! What is read: rows, what is wrong with them, and what they add up to.

use serde::{Deserialize, Serialize};

use crate::amount::Decimal;
use crate::input::Format;
use crate::table::Plan;

fn is_empty(text: &str) -> bool {
    text.is_empty()
}

/// Which way money went, seen from the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It came in.
    Credit,
    /// It went out.
    Debit,
}

/// The other side of a payment, as far as it was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Participant {
    /// Its account.
    #[serde(skip_serializing_if = "is_empty")]
    pub account: String,
    /// Its name.
    #[serde(skip_serializing_if = "is_empty")]
    pub name: String,
    /// Its bank: a BIC, a code or a name.
    #[serde(skip_serializing_if = "is_empty")]
    pub bank: String,
    /// Its number with the state.
    #[serde(skip_serializing_if = "is_empty")]
    pub number: String,
}

/// One movement on an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Movement {
    /// Its number among the rows, from 1.
    pub row: u64,
    /// The line of the file it began on, from 1.
    pub line: u64,
    /// The account.
    #[serde(skip_serializing_if = "is_empty")]
    pub account: String,
    /// When it was booked, ISO 8601, as precisely as it was told and without a zone where none was.
    pub booked_at: String,
    /// When it counts.
    #[serde(skip_serializing_if = "is_empty")]
    pub value_date: String,
    /// How much; never below zero.
    pub amount: Decimal,
    /// ISO 4217, as far as it is known.
    #[serde(skip_serializing_if = "is_empty")]
    pub currency: String,
    /// Which way; absent where the file does not tell.
    pub direction: Option<Direction>,
    /// The other side.
    pub counter: Participant,
    /// What for.
    #[serde(skip_serializing_if = "is_empty")]
    pub purpose: String,
    /// The bank's or the payer's number of it.
    #[serde(skip_serializing_if = "is_empty")]
    pub reference: String,
    /// Code of the purpose or of the kind of movement.
    #[serde(skip_serializing_if = "is_empty")]
    pub code: String,
    /// `booked`, `pending`, or as the bank says it.
    #[serde(skip_serializing_if = "is_empty")]
    pub status: String,
    /// Whether it takes an earlier one back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reversal: bool,
    /// The balance after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<Decimal>,
}

/// One call, text message or session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Call {
    /// Its number among the rows, from 1.
    pub row: u64,
    /// The line of the file it began on, from 1.
    pub line: u64,
    /// When it began, ISO 8601.
    pub started_at: String,
    /// When it ended.
    #[serde(skip_serializing_if = "is_empty")]
    pub ended_at: String,
    /// How long, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<u64>,
    /// Who called; empty where the file does not tell.
    pub from: String,
    /// Who was called.
    pub to: Vec<String>,
    /// `outgoing`, `incoming`, `bridge`, or as the file says it.
    #[serde(skip_serializing_if = "is_empty")]
    pub direction: String,
    /// Call, text message, data: as the file says it.
    #[serde(skip_serializing_if = "is_empty")]
    pub sort: String,
    /// Number of the device.
    #[serde(skip_serializing_if = "is_empty")]
    pub imei: String,
    /// Number of the card.
    #[serde(skip_serializing_if = "is_empty")]
    pub imsi: String,
    /// Cell, as the operator names it.
    #[serde(skip_serializing_if = "is_empty")]
    pub cell: String,
    /// Where the cell stands.
    #[serde(skip_serializing_if = "is_empty")]
    pub place: String,
    /// What it was made with.
    #[serde(skip_serializing_if = "is_empty")]
    pub application: String,
}

/// One message of a chat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// Its number among the rows, from 1.
    pub row: u64,
    /// The line of the file it began on, from 1.
    pub line: u64,
    /// The chat.
    #[serde(skip_serializing_if = "is_empty")]
    pub chat: String,
    /// Its id in the file.
    #[serde(skip_serializing_if = "is_empty")]
    pub id: String,
    /// When it was sent, ISO 8601.
    pub sent_at: String,
    /// Who wrote it; empty of what the program itself says.
    pub from: String,
    /// The program's id of who wrote it.
    #[serde(skip_serializing_if = "is_empty")]
    pub from_id: String,
    /// To whom, where it is told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// What was written.
    pub text: String,
    /// Files that came with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// What the program says happened: joined, called, deleted.
    #[serde(skip_serializing_if = "is_empty")]
    pub event: String,
    /// Which message it answers.
    #[serde(skip_serializing_if = "is_empty")]
    pub answers: String,
    /// From whom it was forwarded.
    #[serde(skip_serializing_if = "is_empty")]
    pub forwarded_from: String,
    /// What it was sent with.
    #[serde(skip_serializing_if = "is_empty")]
    pub application: String,
}

/// An account with some service, and whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountRow {
    /// Its number among the rows, from 1.
    pub row: u64,
    /// The line of the file it began on, from 1.
    pub line: u64,
    /// Its id in the file.
    #[serde(skip_serializing_if = "is_empty")]
    pub id: String,
    /// `phone`, `email`, `digital`, `application`, as the file says it.
    pub sort: String,
    /// The number, address or name it is known by.
    pub identifier: String,
    /// Who gives it out.
    #[serde(skip_serializing_if = "is_empty")]
    pub issuer: String,
    /// What name it shows.
    #[serde(skip_serializing_if = "is_empty")]
    pub display_name: String,
    /// What is typed to sign in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logins: Vec<String>,
    /// Name of its owner, where it is told.
    #[serde(skip_serializing_if = "is_empty")]
    pub owner: String,
    /// Other accounts it is tied to, by their identifier.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tied_to: Vec<String>,
}

/// What a trouble is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// No time can be read.
    Date,
    /// No amount can be read.
    Amount,
    /// `1.234` may be a thousand or one and a bit, and the file does not say which.
    AmbiguousAmount,
    /// It is not told whether money came or went.
    Direction,
    /// Opening balance and movements do not make the closing balance.
    SumWrong,
    /// What the file says the movements add up to is not what they add up to.
    TotalWrong,
    /// What the file says of their number is wrong.
    CountWrong,
    /// A balance after a movement is not the one before with the movement.
    BalanceWrong,
    /// The parts of a collected payment are not its whole.
    BatchWrong,
    /// The row has less cells than its columns need.
    ShortRow,
    /// A text was cut.
    Cut,
    /// A record is too long to be one.
    TooLong,
    /// Bytes that are no text in the file's encoding.
    NotText,
    /// The file ends in the middle.
    Unfinished,
    /// Day and month cannot be told apart anywhere in the file; the day was taken to come first.
    DayOrMonth,
    /// It refers to something that is not in the file.
    Dangling,
}

/// Something that could not be read, or is wrong in itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The line, from 1; 0 for the file as a whole.
    pub line: u64,
    /// What is wrong.
    pub code: Code,
    /// What stood there, or both sums.
    #[serde(skip_serializing_if = "is_empty", default)]
    pub told: String,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Row {
    /// Money moved.
    Movement(Movement),
    /// Somebody called.
    Call(Call),
    /// Somebody wrote.
    Message(Message),
    /// An account.
    Account(AccountRow),
    /// Something is wrong.
    Trouble(Trouble),
}

/// What movements of one account in one currency add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sums {
    /// The account.
    pub account: String,
    /// The currency.
    pub currency: String,
    /// Balance before, as the file says.
    pub opening: Option<Decimal>,
    /// Balance after, as the file says.
    pub closing: Option<Decimal>,
    /// What came in, added up.
    pub credits: Decimal,
    /// What went out, added up.
    pub debits: Decimal,
    /// What came in, as the file says.
    pub credits_told: Option<Decimal>,
    /// What went out, as the file says.
    pub debits_told: Option<Decimal>,
    /// How many movements.
    pub movements: u64,
    /// Of them pending; they count in no sum.
    pub pending: u64,
    /// How many, as the file says.
    pub movements_told: Option<u64>,
    /// Whether every sum that could be checked is right; absent where none could be.
    pub sound: Option<bool>,
}

impl Sums {
    /// Adds one.
    pub fn add(&mut self, movement: &Movement) {
        self.movements = self.movements.saturating_add(1);
        if movement.status == "pending" || movement.status == "info" {
            self.pending = self.pending.saturating_add(1);
            return;
        }
        let side = match movement.direction {
            Some(Direction::Credit) => &mut self.credits,
            Some(Direction::Debit) => &mut self.debits,
            None => return,
        };
        if let Some(sum) = side.checked_add(movement.amount) {
            *side = sum;
        }
    }

    /// Checks what can be checked; says at `line` what is wrong.
    #[must_use]
    pub fn check(&mut self, line: u64) -> Vec<Trouble> {
        let mut wrong = Vec::new();
        let mut checked = false;
        let mut hold = |told: Option<Decimal>, is: Option<Decimal>, code: Code, what: &str| {
            let (Some(told), Some(is)) = (told, is) else { return };
            checked = true;
            if told != is {
                let told = format!(
                    "{what}{}: {told}, {is}",
                    if self.account.is_empty() { "" } else { " " }.to_owned() + &self.account
                );
                wrong.push(Trouble { line, code, told });
            }
        };
        let end = self.opening.and_then(|o| o.checked_add(self.credits)?.checked_sub(self.debits));
        hold(self.closing, end, Code::SumWrong, "closing");
        hold(self.credits_told, Some(self.credits), Code::TotalWrong, "credits");
        hold(self.debits_told, Some(self.debits), Code::TotalWrong, "debits");
        if let Some(told) = self.movements_told {
            checked = true;
            if told != self.movements {
                wrong.push(Trouble {
                    line,
                    code: Code::CountWrong,
                    told: format!("{told}, {}", self.movements),
                });
            }
        }
        if checked {
            self.sound = Some(wrong.is_empty());
        }
        wrong
    }
}

/// How often something was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What.
    pub code: Code,
    /// How often.
    pub times: u64,
}

/// What was read, as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// In what format.
    pub format: Option<Format>,
    /// Its version, where it has one.
    #[serde(skip_serializing_if = "is_empty")]
    pub version: String,
    /// In which encoding.
    #[serde(skip_serializing_if = "is_empty")]
    pub encoding: String,
    /// How sure that is.
    #[serde(skip_serializing_if = "is_empty")]
    pub encoding_sure: String,
    /// How many rows.
    pub rows: u64,
    /// From when, ISO 8601.
    #[serde(skip_serializing_if = "is_empty")]
    pub from: String,
    /// Until when.
    #[serde(skip_serializing_if = "is_empty")]
    pub until: String,
    /// What the columns mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// What movements add up to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<Sums>,
    /// How often what is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub troubles: Vec<Count>,
}

/// Why a file is not read, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is none of what is read here.
    #[error("the file is in no format that is read")]
    Unknown,
    /// No line looks like a heading; what may be columns, for a person to say what they are.
    #[error("no heading was found in the first lines; say by a mapping which column is what")]
    NoHeading(Box<Plan>),
    /// A column is missing; what is known of the others.
    #[error("no column for `{0}` was found; say by a mapping which it is")]
    NoColumn(&'static str, Box<Plan>),
    /// The mapping names a column that the file has not.
    #[error("the mapping names column `{0}`, which the file has not")]
    Mapping(String),
    /// XML that declares a document type: it could make much out of little.
    #[error("the file declares a document type, which is refused")]
    Doctype,
    /// Not well-formed.
    #[error("not well-formed at line {line}: {why}")]
    Malformed {
        /// Where, from 1.
        line: u64,
        /// Why.
        why: String,
    },
    /// One piece of it is longer than any can be.
    #[error("one piece at line {line} is longer than it can be")]
    TooLong {
        /// Where, from 1.
        line: u64,
    },
    /// A spreadsheet that is larger, or unpacks to more, than is read.
    #[error("the spreadsheet is too large")]
    TooLarge,
    /// It could not be read from where it is.
    #[error("cannot read: {0}")]
    Io(String),
    /// Whoever takes the rows wants no more.
    #[error("stopped")]
    Stopped,
}

impl ReadError {
    /// The columns as far as they are known, where a person could say what they mean.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        match self {
            Self::NoHeading(plan) | Self::NoColumn(_, plan) => Some(plan),
            _ => None,
        }
    }

    /// A word that does not change.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown_format",
            Self::NoHeading(_) => "no_heading",
            Self::NoColumn(..) => "no_column",
            Self::Mapping(_) => "mapping",
            Self::Doctype => "doctype",
            Self::Malformed { .. } => "malformed",
            Self::TooLong { .. } => "too_long",
            Self::TooLarge => "too_large",
            Self::Io(_) => "io",
            Self::Stopped => "stopped",
        }
    }
}

/// Takes rows one by one; `Break` ends the reading.
pub type Sink<'a> = dyn FnMut(Row) -> std::ops::ControlFlow<()> + 'a;

/// Where readers put what they read: counts, cuts, notes the span.
pub struct Out<'a> {
    sink: &'a mut Sink<'a>,
    /// What is told at the end.
    pub summary: Summary,
}

impl<'a> Out<'a> {
    /// Begins.
    pub fn new(sink: &'a mut Sink<'a>) -> Self {
        Self { sink, summary: Summary::default() }
    }

    /// The number the next row gets.
    #[must_use]
    pub const fn next_row(&self) -> u64 {
        self.summary.rows.saturating_add(1)
    }

    /// Hands a row out.
    ///
    /// # Errors
    /// Whoever takes them wants no more.
    pub fn row(&mut self, row: Row) -> Result<(), ReadError> {
        let at = match &row {
            Row::Movement(m) => m.booked_at.as_str(),
            Row::Call(c) => c.started_at.as_str(),
            Row::Message(m) => m.sent_at.as_str(),
            Row::Account(_) => "",
            Row::Trouble(trouble) => return self.trouble(trouble.clone()),
        };
        let told = &mut self.summary;
        if !at.is_empty() {
            if told.from.is_empty() || at < told.from.as_str() {
                at.clone_into(&mut told.from);
            }
            if told.until.as_str() < at {
                at.clone_into(&mut told.until);
            }
        }
        told.rows = told.rows.saturating_add(1);
        match (self.sink)(row) {
            std::ops::ControlFlow::Continue(()) => Ok(()),
            std::ops::ControlFlow::Break(()) => Err(ReadError::Stopped),
        }
    }

    /// Says that something is wrong.
    ///
    /// # Errors
    /// Whoever takes them wants no more.
    pub fn trouble(&mut self, mut trouble: Trouble) -> Result<(), ReadError> {
        let counts = &mut self.summary.troubles;
        let times = match counts.iter_mut().find(|c| c.code == trouble.code) {
            Some(known) => {
                known.times = known.times.saturating_add(1);
                known.times
            }
            None => {
                counts.push(Count { code: trouble.code, times: 1 });
                1
            }
        };
        if times > crate::limits::TROUBLES {
            return Ok(());
        }
        trouble.told = trouble.told.chars().take(200).collect();
        match (self.sink)(Row::Trouble(trouble)) {
            std::ops::ControlFlow::Continue(()) => Ok(()),
            std::ops::ControlFlow::Break(()) => Err(ReadError::Stopped),
        }
    }

    /// Text as it goes out: white space at its ends gone, cut where it is too long.
    ///
    /// # Errors
    /// Whoever takes them wants no more.
    pub fn text(&mut self, line: u64, text: &str) -> Result<String, ReadError> {
        let text = text.trim();
        if text.len() <= crate::limits::FIELD_CHARS {
            return Ok(text.to_owned());
        }
        let mut chars = text.chars();
        let cut: String = chars.by_ref().take(crate::limits::FIELD_CHARS).collect();
        if chars.next().is_some() {
            self.trouble(Trouble { line, code: Code::Cut, told: String::new() })?;
        }
        Ok(cut)
    }
}

impl std::fmt::Debug for Out<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Out").field("summary", &self.summary).finish_non_exhaustive()
    }
}
