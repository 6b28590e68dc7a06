//! What is answered, from ISO 20022.

use iso20022::{
    CancellationRejection as Why, CancellationStatus, Code, Confirmation, InvestigationResponse,
    InvestigationStatus, Message, Notes, Outcome, Participant, PaymentOutcome, PaymentReturn, ReadError,
    Resolution, ReturnedPayment, tag,
};
use uuid::Uuid;

use super::uuid;
use crate::message::{Account, Amount, Line};
use crate::rules;

/// Why a message of ISO 20022 is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IsoFault {
    /// It cannot be read.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// It is one that we write, or answers nothing.
    #[error("this message answers no order")]
    NoAnswer,
    /// Neither its case nor its notes name an order of ours.
    #[error("neither the case nor a line /ORDER/ names an order")]
    NoOrder,
}

/// What is said about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The order, by its digits.
    pub order: Uuid,
    /// The object, if the message names it; else the only one of the order.
    pub object: Option<Uuid>,
    /// When it was written, as it stood.
    pub at: String,
    /// The message's own id.
    pub message: String,
    /// Who says so, by code, where the message tells.
    pub who: Option<String>,
    /// What happened.
    pub lines: Vec<Line>,
}

/// Reads an answer: what it says, thing by thing.
///
/// # Errors
/// [`IsoFault`].
pub fn read(bytes: &[u8]) -> Result<Vec<Said>, IsoFault> {
    let all = match Message::read(bytes)? {
        Message::Resolution(m) => resolution(&m)?,
        Message::InvestigationResponse(m) => vec![response(&m)?],
        Message::PaymentReturn(m) => returns(&m)?,
        Message::CancellationRequest(_) | Message::InvestigationRequest(_) => return Err(IsoFault::NoAnswer),
    };
    if all.is_empty() { Err(IsoFault::NoAnswer) } else { Ok(all) }
}

/// Puts a line to those about the same thing.
fn add(
    all: &mut Vec<Said>,
    (order, object): (Uuid, Option<Uuid>),
    (at, message, who): (&str, &str, Option<&String>),
    line: Line,
) {
    match all.iter_mut().find(|s| (s.order, s.object) == (order, object)) {
        Some(said) => said.lines.push(line),
        None => all.push(Said {
            order,
            object,
            at: at.to_owned(),
            message: message.to_owned(),
            who: who.cloned(),
            lines: vec![line],
        }),
    }
}

/// The code under which somebody stands in a message of ours: a bank as a member of the clearing.
fn code_of(who: &Participant) -> Option<String> {
    match who {
        Participant::Agent(agent) => agent.member_id.clone(),
        Participant::Party(_) => None,
    }
}

fn amount(a: &iso20022::Amount) -> Amount {
    Amount { amount: a.value.clone(), currency: a.currency.clone() }
}

/// What the notes beside a code add to a line.
fn noted(notes: Option<&Notes>, line: Line) -> Line {
    let Some(notes) = notes else { return line };
    let of = |name| notes.get(name).map(str::to_owned);
    let free: Vec<&str> = notes.free().collect();
    Line {
        at: of(tag::AT).or(line.at),
        institution: of(tag::TO).or(line.institution),
        account: of(tag::ACCOUNT)
            .map(|value| Account { kind: rules::account_kind(&value).to_owned(), value })
            .or(line.account),
        reference: of(tag::REF).or(line.reference),
        terminal: of(tag::ATM),
        merchant: of(tag::MERCHANT),
        until: of(tag::TERM),
        text: (!free.is_empty()).then(|| free.join(" ")).or(line.text),
        ..line
    }
}

fn resolution(m: &Resolution) -> Result<Vec<Said>, IsoFault> {
    let mut all = Vec::new();
    let of_case = m.case.as_ref().and_then(|c| uuid(&c.id));
    let who = code_of(&m.assignment.assigner);
    let from = (m.assignment.created.as_str(), m.assignment.id.as_str(), who.as_ref());
    for payment in &m.payments {
        let notes = payment.native_notes().or_else(|| payment.reasons.first().map(|r| &r.notes));
        let own = payment.case.as_ref().and_then(|c| uuid(&c.id));
        let order = notes.and_then(|n| n.get(tag::ORDER)).and_then(uuid).or(own).or(of_case);
        let order = order.ok_or(IsoFault::NoOrder)?;
        let object = notes.and_then(|n| n.get(tag::OBJECT)).and_then(uuid);
        let (code, said) = match payment.native_code() {
            Some(code) => (code.to_owned(), None),
            None => (by_status(payment).to_owned(), Some(status_words(payment))),
        };
        let part = payment.part.as_ref().or_else(|| (code == "H10").then_some(payment.amount.as_ref())?);
        let line = Line {
            code,
            amount: part.map(amount),
            at: Some(m.assignment.created.clone()),
            reference: payment.status_id.clone(),
            // What refuses must say why: where the bank says no more, the standard's own words do.
            text: said,
            ..Line::default()
        };
        let line = noted(notes, line);
        add(&mut all, (order, object), from, line);
    }
    // Nothing but a word about the whole: pending, it has come; anything else is for a person to read.
    if m.payments.is_empty() {
        let order = of_case.ok_or(IsoFault::NoOrder)?;
        let line = match &m.outcome {
            Outcome::Confirmed(Confirmation::Pending | Confirmation::AnswerPending) => {
                Line { code: "A00".to_owned(), ..Line::default() }
            }
            Outcome::Confirmed(word) => Line { code: word.as_str().to_owned(), ..Line::default() },
            _ => Line { code: "CAMT029".to_owned(), ..Line::default() },
        };
        add(&mut all, (order, None), from, line);
    }
    Ok(all)
}

/// What a bank means that knows only the standard's own statuses. What is not clear is a word without effect, looked at
/// by a person.
fn by_status(payment: &PaymentOutcome) -> &'static str {
    let why = payment.reasons.iter().find_map(|r| match &r.reason {
        Some(iso20022::Choice::Code(code)) => Some(code),
        _ => None,
    });
    match (&payment.status, why) {
        (Some(CancellationStatus::Pending), _) => "A00",
        (Some(CancellationStatus::Rejected), Some(Why::NeverReceived)) => "N31",
        (Some(CancellationStatus::Rejected), Some(Why::InsufficientFunds)) => "N33",
        (Some(CancellationStatus::Rejected), Some(Why::Legal)) => "R40",
        (Some(CancellationStatus::Rejected), Some(Why::Regulatory)) => "R42",
        (Some(CancellationStatus::Accepted), _) => "ACCR",
        _ => "RJCR",
    }
}

/// What the standard's codes say, for whoever reads the answer.
fn status_words(payment: &PaymentOutcome) -> String {
    let reasons = payment.reasons.iter().filter_map(|r| Some(r.reason.as_ref()?.as_str()));
    payment.status.iter().map(Code::as_str).chain(reasons).collect::<Vec<_>>().join(" ")
}

fn response(m: &InvestigationResponse) -> Result<Said, IsoFault> {
    let notes = m.answers.iter().map(|a| a.notes());
    let order = m.inquiry.requester_case.as_deref().and_then(uuid);
    let order = order.or_else(|| notes.clone().find_map(|n| n?.get(tag::ORDER).and_then(uuid)));
    let order = order.ok_or(IsoFault::NoOrder)?;
    let file = m.answers.iter().flat_map(|a| &a.files).map(|f| f.id.clone()).next();
    let mut lines: Vec<Line> = Vec::new();
    for notes in notes.flatten() {
        if let Some(code) = notes.get(tag::CODE) {
            let line = Line { code: code.to_owned(), reference: file.clone(), ..Line::default() };
            lines.push(noted(Some(notes), line));
        }
    }
    if lines.is_empty() {
        // Handed over is only what can be fetched; a refusal or words alone are for a person to read.
        let words: Vec<&str> = m.answers.iter().filter_map(|a| a.notes()).flat_map(Notes::free).collect();
        let code = match &m.status {
            InvestigationStatus::Closed if file.is_some() => "D10",
            InvestigationStatus::Pending => "A00",
            other => other.as_str(),
        };
        let text = (!words.is_empty()).then(|| words.join(" "));
        lines.push(Line { code: code.to_owned(), reference: file, text, ..Line::default() });
    }
    Ok(Said {
        order,
        object: uuid(&m.inquiry.message_id),
        at: String::new(),
        message: m.message_id.clone(),
        who: code_of(&m.inquiry.responder),
        lines,
    })
}

fn returns(m: &PaymentReturn) -> Result<Vec<Said>, IsoFault> {
    let mut all = Vec::new();
    for one in &m.returns {
        let notes = one.reasons.iter().map(|r| &r.notes).find(|n| n.get(tag::ORDER).is_some());
        let order = notes.and_then(|n| n.get(tag::ORDER)).and_then(uuid).ok_or(IsoFault::NoOrder)?;
        let object = notes.and_then(|n| n.get(tag::OBJECT)).and_then(uuid);
        let who = m.instructing.as_ref().and_then(|a| a.member_id.as_ref());
        add(&mut all, (order, object), (&m.created, &m.message_id, who), returned(m, one, notes));
    }
    Ok(all)
}

fn returned(m: &PaymentReturn, one: &ReturnedPayment, notes: Option<&Notes>) -> Line {
    let own = one.reasons.iter().filter_map(|r| r.reason.as_ref()?.proprietary()).next();
    let line = Line {
        code: own.unwrap_or("P70").to_owned(),
        amount: Some(amount(&one.returned)),
        at: Some(m.created.clone()),
        reference: one.return_id.clone().or_else(|| Some(m.message_id.clone())),
        ..Line::default()
    };
    noted(notes, line)
}
