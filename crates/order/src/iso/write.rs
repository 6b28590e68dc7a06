//! What is asked, as ISO 20022.

use iso20022::{
    Account, Agent, Amount, Assignment, CancellationReason, CancellationRequest, Case, Fault, Identifier,
    Inquiry, InvestigationDetail, InvestigationReason, InvestigationRequest, InvestigationSubType,
    InvestigationType, Notes, Original, Participant, Parties, Question, Reason, RecalledPayment, Scheme,
    Subject, tag,
};

use super::digits;
use crate::details::{DataClass, Details};
use crate::message::{ObjectRef, OrderMessage, TriggerRef};

/// Content type of what is posted.
pub const CONTENT_TYPE: &str = "application/xml";

/// Who asks, and when.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Name of the office.
    pub name: String,
    /// Its short code.
    pub code: String,
    /// When the message is written, RFC 3339.
    pub now: String,
}

/// The order as ISO 20022 has it; `None` for what has no message there.
///
/// # Errors
/// What the schema would refuse.
pub fn write(order: &OrderMessage, from: &Sender) -> Option<Result<String, Fault>> {
    match order.measure.as_str() {
        "hold" => Some(recall(order, from).to_xml()),
        // One account a message: the standard asks about one subject at a time.
        "disclosure" => match order.objects.as_slice() {
            [one] if one.trigger.is_none() => Some(inquiry(order, one, from).to_xml()),
            _ => None,
        },
        _ => None,
    }
}

fn office(from: &Sender) -> Participant {
    let id = Identifier::new(from.code.as_str()).of(Scheme::own("OFFICE"));
    Participant::organisation_with(from.name.as_str(), id)
}

fn case(order: &OrderMessage, from: &Sender) -> Case {
    Case { id: digits(&order.order_id).to_owned(), creator: office(from), reopened: None }
}

fn grounds(order: &OrderMessage, object: &ObjectRef) -> Notes {
    let basis = format!("{} {}", order.basis.act, order.basis.article);
    Notes::new()
        .with(tag::ORDER, order.order_id.as_str())
        .with(tag::OBJECT, object.object_id.as_str())
        .with(tag::BASIS, basis.trim())
        .with(tag::DUE, order.action_due.as_str())
        .with(tag::TERM, order.expires_at.as_str())
}

fn recall(order: &OrderMessage, from: &Sender) -> CancellationRequest {
    CancellationRequest {
        assignment: Assignment {
            id: digits(&order.message_id).to_owned(),
            assigner: office(from),
            assignee: Participant::member(order.executor.as_str()),
            created: from.now.clone(),
        },
        case: Some(case(order, from)),
        payments: order.objects.iter().map(|o| payment(order, o)).collect(),
    }
}

fn payment(order: &OrderMessage, object: &ObjectRef) -> RecalledPayment {
    let mut notes = grounds(order, object);
    if let Some(cap) = &object.cap {
        notes = notes.with(tag::CAP, format!("{} {}", cap.amount, cap.currency));
    }
    let trigger = object.trigger.as_ref();
    if let Some(client) = trigger.and_then(|t| t.from_client.as_ref()) {
        let iin = client.iin.as_ref().map(|iin| format!("IIN {iin}"));
        let phone = client.phone.as_ref().map(|phone| format!("TEL {phone}"));
        notes = notes.with(tag::PAYER, iin.into_iter().chain(phone).collect::<Vec<_>>().join(" "));
    }
    let disputed = trigger.map(|t| &t.amount).or(object.cap.as_ref());
    RecalledPayment {
        cancellation_id: Some(digits(&object.object_id).to_owned()),
        original: trigger.map(original).unwrap_or_default(),
        amount: disputed.map(|a| Amount::new(a.amount.as_str(), a.currency.as_str())),
        reasons: vec![Reason::new(CancellationReason::Fraud).saying(notes)],
        parties: parties(object, trigger),
        ..RecalledPayment::default()
    }
}

fn original(trigger: &TriggerRef) -> Original {
    // A reference that is no identifier of the standard stays in the notes of nobody: the accounts say which payment.
    let fits = |text: &&String| (1..=35).contains(&text.chars().count());
    Original { transaction_id: trigger.reference.as_ref().filter(fits).cloned(), ..Original::default() }
}

/// An account of ours in the place that the standard has for its kind.
fn account(kind: &str, value: &str) -> Account {
    match kind {
        "iban" => Account::iban(value),
        "phone" => Account::proxy(value, Scheme::code("TELE")),
        "wallet_btc" | "wallet_eth" | "wallet_tron" => Account::proxy(value, Scheme::own(kind)),
        _ => Account::other(Identifier::new(value).of(Scheme::own(kind))),
    }
}

fn parties(object: &ObjectRef, trigger: Option<&TriggerRef>) -> Parties {
    let named = Some(account(&object.kind, &object.value));
    let from = trigger.and_then(|t| t.from_account.as_ref()).map(|a| account(&a.kind, &a.value));
    let agent = trigger.and_then(|t| t.from_institution.clone());
    // The payer's institution is asked about the payer's account, or, where that was not told, about the receiver's.
    let of_payer = trigger.is_some_and(|t| t.direction == "out" && t.from_account.is_some());
    Parties {
        debtor_account: if of_payer { named.clone() } else { from },
        debtor_agent: agent.map(|code| Agent { member_id: Some(code), ..Agent::default() }),
        creditor_account: if of_payer { None } else { named },
        ..Parties::default()
    }
}

fn inquiry(order: &OrderMessage, object: &ObjectRef, from: &Sender) -> InvestigationRequest {
    let data = match &object.details {
        Some(Details::Disclosure { data, .. }) => data.as_slice(),
        _ => &[],
    };
    let question = |(no, class): (u64, &DataClass)| match class {
        DataClass::Owner => {
            Question::new(no, InvestigationReason::Creditor).detail(InvestigationDetail::FullName)
        }
        DataClass::Statement => Question::new(no, InvestigationReason::StatementEntry),
        other => Question::new(no, InvestigationReason::Creditor)
            .detail(iso20022::Choice::own(other.as_str().to_uppercase())),
    };
    let mut questions: Vec<Question> = (1..).zip(data).map(question).collect();
    if let Some(first) = questions.first_mut() {
        first.notes = grounds(order, object);
    }
    InvestigationRequest {
        inquiry: Inquiry {
            message_id: digits(&object.object_id).to_owned(),
            requester_case: Some(digits(&order.order_id).to_owned()),
            kind: Some(InvestigationType::Account.into()),
            sub_kind: Some(InvestigationSubType::Fraud.into()),
            about: Some(Subject::Account(account(&object.kind, &object.value))),
            requester: office(from),
            responder: Participant::member(order.executor.as_str()),
            ..Inquiry::default()
        },
        questions,
    }
}
