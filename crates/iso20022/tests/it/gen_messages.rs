//! Random messages that are right.

use iso20022::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

/// One line of Kazakh, Russian, marks of XML and of notes, 1 to `max` characters.
pub(crate) fn text(max: usize) -> BoxedStrategy<String> {
    vec(
        proptest::char::ranges(
            vec!['a'..='z', '0'..='9', 'А'..='я', '\u{400}'..='\u{4ff}', ' '..='/', '<'..='?', '😀'..='😂']
                .into(),
        ),
        1..=max,
    )
    .prop_map(|chars| chars.into_iter().collect::<String>().trim().to_owned())
    .prop_filter("not empty", |text| !text.is_empty())
    .boxed()
}

fn id() -> BoxedStrategy<String> {
    text(35)
}

fn day() -> BoxedStrategy<String> {
    (2020..2040_u32, 1..=12_u32, 1..=28_u32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")).boxed()
}

fn time() -> BoxedStrategy<String> {
    let zone = prop_oneof![Just("Z"), Just("+05:00"), Just("-14:00"), Just("")];
    (day(), 0..24_u32, 0..60_u32, zone, of(0..1000_u32))
        .prop_map(|(day, h, m, zone, f)| {
            let fraction = f.map(|f| format!(".{f:03}")).unwrap_or_default();
            format!("{day}T{h:02}:{m:02}:59{fraction}{zone}")
        })
        .boxed()
}

fn uuid() -> BoxedStrategy<String> {
    "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}".boxed()
}

fn bic() -> BoxedStrategy<String> {
    "[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?".boxed()
}

fn lei() -> BoxedStrategy<String> {
    "[A-Z0-9]{18}[0-9]{2}".boxed()
}

/// Check digits by long division of the text, another way than the crate's.
fn iban() -> BoxedStrategy<String> {
    ("[A-Z]{2}", "[A-Z0-9]{1,30}")
        .prop_map(|(country, rest)| {
            let digits: String =
                format!("{rest}{country}00").chars().map(|c| c.to_digit(36).unwrap().to_string()).collect();
            let remainder = digits.chars().fold(0, |r, c| (r * 10 + c.to_digit(10).unwrap()) % 97);
            format!("{country}{:02}{rest}", 98 - remainder)
        })
        .boxed()
}

/// An amount that is not zero, of a currency, at most `max` whole units.
fn amount(max: u64) -> BoxedStrategy<Amount> {
    (1..=max, of("[0-9]{1,5}"))
        .prop_map(|(whole, fraction)| match fraction {
            Some(fraction) => Amount::new(format!("{whole}.{fraction}"), "KZT"),
            None => Amount::new(whole.to_string(), "KZT"),
        })
        .boxed()
}

fn whole() -> BoxedStrategy<Amount> {
    amount(9_999_999_999_999)
}

fn choice<C: Code + std::fmt::Debug + Clone + 'static>(
    known: &'static [&'static str],
) -> BoxedStrategy<Choice<C>> {
    prop_oneof![
        3 => proptest::sample::select(known).prop_map(|code| Choice::Code(C::from_code(code))),
        1 => "[A-Z0-9]{1,4}".prop_map(|code| Choice::Code(C::from_code(&code))),
        1 => id().prop_map(Choice::Proprietary),
    ]
    .boxed()
}

fn scheme(code: &'static str) -> BoxedStrategy<Scheme> {
    prop_oneof![code.prop_map(Scheme::Code), id().prop_map(Scheme::Proprietary)].boxed()
}

fn identifier(max: usize) -> BoxedStrategy<Identifier> {
    (text(max), of(scheme("[A-Z]{1,4}")), of(id()))
        .prop_map(|(id, scheme, issuer)| Identifier { id, scheme, issuer })
        .boxed()
}

fn party() -> BoxedStrategy<Party> {
    let organisation = (of(bic()), of(lei()), vec(identifier(35), 1..3))
        .prop_map(|(bic, lei, other)| PartyId::Organisation { bic, lei, other });
    let person = vec(identifier(35), 1..3).prop_map(PartyId::Private);
    (of(text(140)), of(prop_oneof![organisation, person]), of("[A-Z]{2}"))
        .prop_map(|(name, id, country)| Party { name, id, country })
        .prop_filter("somebody", |party| *party != Party::default())
        .boxed()
}

fn agent() -> BoxedStrategy<Agent> {
    let member = of((id(), of(scheme("[A-Z]{1,5}"))));
    (of(bic()), member, of(lei()), of(text(140)), of(identifier(35)))
        .prop_map(|(bic, member, lei, name, other)| {
            let (member_id, clearing_system) = member.unzip();
            Agent { bic, member_id, clearing_system: clearing_system.flatten(), lei, name, other }
        })
        .prop_filter("some bank", |agent| *agent != Agent::default())
        .boxed()
}

fn participant() -> BoxedStrategy<Participant> {
    prop_oneof![party().prop_map(Participant::Party), agent().prop_map(Participant::Agent)].boxed()
}

fn account() -> BoxedStrategy<Account> {
    let number = prop_oneof![iban().prop_map(AccountId::Iban), identifier(34).prop_map(AccountId::Other)];
    let proxy = (text(90), of(scheme("[A-Z]{1,4}"))).prop_map(|(id, kind)| Proxy { id, kind });
    (of(number), of("[A-Z]{3}"), of(text(70)), of(proxy))
        .prop_map(|(id, currency, name, proxy)| Account { id, currency, name, proxy })
        .prop_filter("some account", |account| *account != Account::default())
        .boxed()
}

fn parties() -> BoxedStrategy<Parties> {
    (of(participant()), of(account()), of(agent()), of(agent()), of(participant()), of(account()))
        .prop_map(|(debtor, debtor_account, debtor_agent, creditor_agent, creditor, creditor_account)| {
            Parties { debtor, debtor_account, debtor_agent, creditor_agent, creditor, creditor_account }
        })
        .boxed()
}

/// Identifiers, one at least.
fn original() -> BoxedStrategy<Original> {
    let message =
        (id(), id(), of(time())).prop_map(|(id, name, created)| OriginalMessage { id, name, created });
    (of(message), of(id()), id(), of(id()), of(uuid()))
        .prop_map(|(message, instruction_id, end_to_end_id, transaction_id, uetr)| Original {
            message,
            instruction_id,
            end_to_end_id: Some(end_to_end_id),
            transaction_id,
            uetr,
        })
        .boxed()
}

fn notes(max: usize, many: usize) -> BoxedStrategy<Notes> {
    let tag = prop_oneof![Just("ORDER".to_owned()), "[A-Z0-9]{1,8}"]
        .prop_filter("kept for free text", |t| t != "TEXT");
    vec((of(tag), text(max)), 0..=many)
        .prop_map(|notes| Notes(notes.into_iter().map(|(tag, text)| Note { tag, text }).collect()))
        .prop_filter("lines that go on have something to go on from", |notes| {
            notes.0.iter().all(|note| note.tag.is_some() || !note.text.starts_with("//"))
        })
        .boxed()
}

fn reason<C: Code + std::fmt::Debug + Clone + 'static>(
    known: &'static [&'static str],
) -> BoxedStrategy<Reason<C>> {
    (of(party()), of(choice(known)), notes(400, 4))
        .prop_map(|(originator, reason, notes)| Reason { originator, reason, notes })
        .prop_filter("some reason", |r| r.originator.is_some() || r.reason.is_some() || !r.notes.is_empty())
        .boxed()
}

fn case() -> BoxedStrategy<Case> {
    (id(), participant(), any::<Option<bool>>())
        .prop_map(|(id, creator, reopened)| Case { id, creator, reopened })
        .boxed()
}

fn assignment() -> BoxedStrategy<Assignment> {
    (id(), participant(), participant(), time())
        .prop_map(|(id, assigner, assignee, created)| Assignment { id, assigner, assignee, created })
        .boxed()
}

fn recall() -> BoxedStrategy<CancellationRequest> {
    let reasons = vec(reason(CancellationReason::KNOWN), 0..3);
    let payment = (of(id()), of(case()), original(), of(whole()), of(day()), reasons, parties()).prop_map(
        |(cancellation_id, case, original, amount, settled_on, reasons, parties)| RecalledPayment {
            cancellation_id,
            case,
            original,
            amount,
            settled_on,
            reasons,
            parties,
        },
    );
    (assignment(), of(case()), vec(payment, 1..4))
        .prop_map(|(assignment, case, payments)| CancellationRequest { assignment, case, payments })
        .boxed()
}

fn resolution() -> BoxedStrategy<Resolution> {
    let outcome = prop_oneof![
        "[A-Z]{4}".prop_map(|code| Outcome::Confirmed(Confirmation::from_code(&code))),
        proptest::sample::select(Confirmation::KNOWN)
            .prop_map(|c| Outcome::Confirmed(Confirmation::from_code(c))),
        vec(choice::<String>(&["UM01"]), 1..3).prop_map(Outcome::ModificationRejected),
        case().prop_map(|case| Outcome::DuplicateOf(Box::new(case))),
        any::<bool>().prop_map(Outcome::AssignmentCancelled),
    ];
    let ids = (of(id()), of(case()), original());
    let status = of(proptest::sample::select(CancellationStatus::KNOWN));
    let reasons = vec(reason(CancellationRejection::KNOWN), 0..3);
    let sums = (
        of(amount(99)),
        of(day()),
        of(amount(9_999).prop_filter("whole", |a| a.units().unwrap() > 10_000_000)),
        of(day()),
    );
    let payment =
        (ids, status, reasons, sums, parties()).prop_map(|(ids, status, reasons, sums, parties)| {
            PaymentOutcome {
                status_id: ids.0,
                case: ids.1,
                original: ids.2,
                status: status.map(CancellationStatus::from_code),
                reasons,
                part: sums.0,
                part_settled_on: sums.1,
                amount: sums.2,
                settled_on: sums.3,
                parties,
            }
        });
    (assignment(), of(case()), outcome, vec(payment, 0..4))
        .prop_map(|(assignment, case, outcome, payments)| Resolution { assignment, case, outcome, payments })
        .boxed()
}

fn subject() -> BoxedStrategy<Subject> {
    let payment = (original(), of(whole()), of(day()), parties()).prop_map(
        |(original, amount, settled_on, parties)| {
            Subject::payment(AskedPayment { original, amount, settled_on, parties })
        },
    );
    let entry = (of(account()), of(id()), id(), of(uuid()), of(whole())).prop_map(
        |(account, statement_id, entry_ref, uetr, amount)| {
            Subject::entry(AskedEntry { account, statement_id, entry_ref: Some(entry_ref), uetr, amount })
        },
    );
    let other =
        (id(), of(id()), of(id())).prop_map(|(id, scheme, issuer)| Subject::Other { id, scheme, issuer });
    prop_oneof![payment, entry, account().prop_map(Subject::Account), other].boxed()
}

fn inquiry() -> BoxedStrategy<Inquiry> {
    let ids = (id(), of(id()), of(id()), of(uuid()));
    let kinds = (
        choice(InvestigationType::KNOWN),
        of(choice(InvestigationSubType::KNOWN)),
        of(choice(Instrument::KNOWN)),
    );
    (ids, kinds, subject(), participant(), participant(), of(participant()))
        .prop_map(|(ids, kinds, about, requester, responder, originator)| Inquiry {
            message_id: ids.0,
            requester_case: ids.1,
            responder_case: ids.2,
            eir: ids.3,
            kind: Some(kinds.0),
            sub_kind: kinds.1,
            instrument: kinds.2,
            about: Some(about),
            requester,
            responder,
            originator,
        })
        .boxed()
}

fn request() -> BoxedStrategy<InvestigationRequest> {
    let question = (
        of(0..=999_u64),
        choice(InvestigationReason::KNOWN),
        of(choice(InvestigationDetail::KNOWN)),
        notes(100, 4),
    )
        .prop_map(|(sequence, reason, detail, notes)| Question {
            sequence,
            reason: Some(reason),
            detail,
            notes,
        });
    (inquiry(), vec(question, 1..4))
        .prop_map(|(inquiry, questions)| InvestigationRequest { inquiry, questions })
        .boxed()
}

fn response() -> BoxedStrategy<InvestigationResponse> {
    let file = (id(), of(text(140)), of(text(140)), of(text(200)))
        .prop_map(|(id, name, network_ref, address)| FileRef { id, name, network_ref, address });
    let words = notes(100, 4).prop_filter("an answer", |notes| !notes.is_empty());
    let asked =
        (of(0..=999_u64), of(choice(InvestigationReason::KNOWN)), of(choice(InvestigationDetail::KNOWN)));
    let answer =
        (asked, words, vec(file, 0..3), of(participant())).prop_map(|(asked, words, files, originator)| {
            let data = AnswerData::Narrative(words);
            Answer { sequence: asked.0, reason: asked.1, detail: asked.2, data, files, originator }
        });
    let status =
        proptest::sample::select(InvestigationStatus::KNOWN).prop_map(InvestigationStatus::from_code);
    let head = (id(), of(id()), status, of(choice(InvestigationStatusReason::KNOWN)), of(participant()));
    (head, vec(answer, 0..4), inquiry(), any::<bool>())
        .prop_map(|(head, answers, mut inquiry, about)| {
            inquiry.about = inquiry.about.filter(|_| about);
            InvestigationResponse {
                message_id: head.0,
                responder_case: head.1,
                status: head.2,
                status_reason: head.3,
                next_responder: head.4,
                answers,
                inquiry,
            }
        })
        .boxed()
}

fn money_back() -> BoxedStrategy<PaymentReturn> {
    let reasons = vec(reason(ReturnReason::KNOWN), 0..3);
    let sums = (
        of(amount(9_999).prop_filter("whole", |a| a.units().unwrap() > 10_000_000)),
        of(day()),
        amount(99),
        of(day()),
    );
    let returned = (of(id()), original(), sums, reasons, parties()).prop_map(
        |(return_id, original, sums, reasons, parties)| ReturnedPayment {
            return_id,
            original,
            amount: sums.0,
            settled_on: sums.1,
            returned: sums.2,
            return_settled_on: sums.3,
            reasons,
            parties,
        },
    );
    let settlement = proptest::sample::select(SettlementMethod::KNOWN).prop_map(SettlementMethod::from_code);
    let agents = (of(agent()), of(agent()));
    (
        id(),
        time(),
        of(day()),
        settlement,
        of(scheme("[A-Z]{1,3}")),
        agents,
        vec(returned, 1..4),
        any::<bool>(),
    )
        .prop_map(|(id, created, settled_on, settlement, clearing_system, agents, returns, total)| {
            let sum: u128 = returns.iter().map(|r| r.returned.units().unwrap()).sum();
            let sum = Amount::new(format!("{}.{:05}", sum / 100_000, sum % 100_000), "KZT");
            PaymentReturn {
                total: total.then_some(sum),
                settled_on,
                clearing_system,
                instructing: agents.0,
                instructed: agents.1,
                returns,
                ..PaymentReturn::new(id, created, settlement)
            }
        })
        .boxed()
}

/// Any message.
pub(crate) fn message() -> BoxedStrategy<Message> {
    prop_oneof![
        recall().prop_map(|m| Message::CancellationRequest(Box::new(m))),
        resolution().prop_map(|m| Message::Resolution(Box::new(m))),
        request().prop_map(|m| Message::InvestigationRequest(Box::new(m))),
        response().prop_map(|m| Message::InvestigationResponse(Box::new(m))),
        money_back().prop_map(|m| Message::PaymentReturn(Box::new(m))),
    ]
    .boxed()
}
