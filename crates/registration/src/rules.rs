//! How a matter moves through a register, and what a number and a decision must say. Pure.

use jiff::civil::Date;
use kernel::Timestamp;
use profile::{DecisionRule, NumberForm, Outcome, OutcomeRule};

use crate::error::RegistrationError;
use crate::model::{NewDecision, Posting, Receipt, Registration, State};

/// Longest number, name, articles and addressee, characters.
pub const MAX_LINE: usize = 200;
/// Longest number of a register, characters.
pub const MAX_NUMBER: usize = 60;
/// Longest text of a reasoned document, characters.
pub const MAX_TEXT: usize = 20_000;
/// Longest text for the reporter, characters.
pub const MAX_WORDS: usize = 2_000;
/// A register's clock may be ahead of ours by so much.
const AHEAD_SECS: i64 = 5 * 60;

/// A register's number as it is kept: without blanks around, one blank where there were several.
///
/// # Errors
/// Nothing is left, it is too long, or it does not look as the register's numbers do.
pub fn number(form: Option<&NumberForm>, typed: &str) -> Result<String, RegistrationError> {
    let kept = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if kept.is_empty() || kept.chars().count() > MAX_NUMBER || kept.chars().any(char::is_control) {
        return Err(RegistrationError::Field("number"));
    }
    match form {
        Some(form) if !form.fits(&kept) => Err(RegistrationError::NumberForm(form.as_str().to_owned())),
        _ => Ok(kept),
    }
}

/// Checks what a register answered; gives it as it is kept. A matter can have been entered there before it came here,
/// so a time before its filing is no mistake; one in the future is.
///
/// # Errors
/// The first field that cannot be right.
pub fn receipt(
    form: Option<&NumberForm>,
    told: &Receipt,
    now: Timestamp,
) -> Result<Receipt, RegistrationError> {
    let number = number(form, &told.number)?;
    if told.registered_at > now.plus_secs(AHEAD_SECS) || told.registered_at < Timestamp::from_secs(0) {
        return Err(RegistrationError::Field("at"));
    }
    let registrar = told.registrar.trim().to_owned();
    if registrar.chars().count() > MAX_LINE || registrar.chars().any(char::is_control) {
        return Err(RegistrationError::Field("registrar"));
    }
    Ok(Receipt { number, registered_at: told.registered_at, registrar })
}

/// Fields of a decision that are missing or cannot be right, in the order of the form. A refusal is a reasoned document:
/// its number, day, articles and text, and, where somebody reported it (`told`), why in words that its reporter understands.
#[must_use]
pub fn faults(new: &NewDecision, today: Date, told: bool) -> Vec<&'static str> {
    let line = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.chars().count() <= MAX_LINE && !text.chars().any(char::is_control)
    };
    let text = |text: &str, most: usize| {
        let text = text.trim();
        // Dots and dashes are no reasons.
        text.chars().filter(|c| c.is_alphabetic()).count() >= 10 && text.chars().count() <= most
    };
    let day = new.paper.day.is_some_and(|day| day <= today);
    let wanted: &[(&'static str, bool)] = match new.outcome {
        Outcome::Registered => &[("number", new.receipt.is_some())],
        Outcome::Refused => &[
            ("paper", line(&new.paper.number)),
            ("day", day),
            ("articles", line(&new.paper.articles)),
            ("reasons", text(&new.reasons, MAX_TEXT)),
            ("words", !told || text(&new.words, MAX_WORDS)),
        ],
        Outcome::Referred => {
            &[("addressee", line(&new.addressee)), ("reasons", text(&new.reasons, MAX_TEXT))]
        }
    };
    wanted.iter().filter(|(_, fits)| !fits).map(|(field, _)| *field).collect()
}

/// Whether a file that was made is the one still: a refused one is not, nor one whose keeper is another; one that somebody is
/// to carry is, until an institution takes messages (`by_message`) for the register.
#[must_use]
pub const fn still_stands(posting: Posting, state: State, by_message: bool) -> bool {
    match posting {
        Posting::Refused | Posting::Moved => false,
        Posting::None => !(by_message && matches!(state, State::Waiting)),
        // Answered, and the answer was taken back as a mistake.
        Posting::Done => !matches!(state, State::Waiting),
        Posting::Waiting => true,
    }
}

impl Registration {
    /// It is handed over. Twice is once.
    ///
    /// # Errors
    /// The register has it already.
    pub fn hand_over(mut self) -> Result<Self, RegistrationError> {
        match self.state {
            State::Waiting | State::HandedOver => {
                self.state = State::HandedOver;
                Ok(self)
            }
            _ => Err(RegistrationError::Settled),
        }
    }

    /// The register does not take the file as it is: it waits again, and its clock has not stopped.
    #[must_use]
    pub fn turn_away(mut self) -> Self {
        if self.state == State::HandedOver {
            self.state = State::Waiting;
        }
        self
    }

    /// The register took it. It may answer what nobody handed over here: somebody has entered it there by hand.
    ///
    /// # Errors
    /// The register has it already.
    pub fn take(mut self, at: Timestamp) -> Result<Self, RegistrationError> {
        match self.state {
            State::Waiting | State::HandedOver => {
                self.state = State::Registered;
                self.settled_at = Some(at);
                Ok(self)
            }
            _ => Err(RegistrationError::Settled),
        }
    }

    /// What was written down about it was a mistake: the register does not hold it, and it waits again. Its clock has not
    /// stopped.
    ///
    /// # Errors
    /// Nothing was written down.
    pub fn unenter(mut self) -> Result<Self, RegistrationError> {
        if self.state != State::Registered {
            return Err(RegistrationError::NothingToCorrect);
        }
        self.state = State::Waiting;
        self.settled_at = None;
        Ok(self)
    }

    /// Something is decided, or proposed where a second person must agree.
    ///
    /// # Errors
    /// A decision waits or stands.
    pub fn decide(mut self, rule: &OutcomeRule, at: Timestamp) -> Result<Self, RegistrationError> {
        match self.state {
            State::Waiting if rule.second_person => {
                self.state = State::Proposed;
                Ok(self)
            }
            State::Waiting => Ok(self.settle(rule.kind, at)),
            State::Proposed => Err(RegistrationError::Waits),
            _ => Err(RegistrationError::Settled),
        }
    }

    /// The second person agrees with the decision that waits.
    ///
    /// # Errors
    /// None waits.
    pub fn agree(self, outcome: Outcome, at: Timestamp) -> Result<Self, RegistrationError> {
        if self.state != State::Proposed {
            return Err(RegistrationError::NothingToConfirm);
        }
        Ok(self.settle(outcome, at))
    }

    /// The second person does not agree: the clock has not stopped meanwhile.
    ///
    /// # Errors
    /// None waits.
    pub fn send_back(mut self) -> Result<Self, RegistrationError> {
        if self.state != State::Proposed {
            return Err(RegistrationError::NothingToConfirm);
        }
        self.state = State::Waiting;
        Ok(self)
    }

    /// What was told was erased by law. What the register holds already stays there, and here.
    #[must_use]
    pub fn erase(mut self) -> Self {
        if self.state.is_open() {
            self.state = State::Erased;
        }
        self
    }

    /// Its clock begins anew from the right time of the entry before it.
    #[must_use]
    pub fn from_entry(mut self, since: Timestamp, due_at: Timestamp) -> Self {
        if self.state.is_open() {
            self.since = since;
            self.due_at = due_at;
        }
        self
    }

    fn settle(mut self, outcome: Outcome, at: Timestamp) -> Self {
        self.state = State::of(outcome);
        self.settled_at = Some(at);
        self
    }

    /// Whether it is open past its time.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.state.is_open() && self.due_at < now
    }
}

/// The other register may be behind ours by so much: people write down minutes.
const BEHIND_SECS: i64 = 60;

/// Whether a register that decides can have entered a matter `at`, which came to it at `since`: nothing is decided about
/// before it came.
#[must_use]
pub fn came_first(since: Timestamp, at: Timestamp) -> bool {
    at.plus_secs(BEHIND_SECS) >= since
}

/// The rule of one decision.
///
/// # Errors
/// It cannot be taken in this register.
pub fn outcome(rule: &DecisionRule, outcome: Outcome) -> Result<&OutcomeRule, RegistrationError> {
    rule.outcome(outcome).ok_or(RegistrationError::OtherWay)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
