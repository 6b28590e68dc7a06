//! Writes samples of every message into a folder: `cargo run -p iso20022 --example samples -- FOLDER`. The outside
//! judge (`cargo xtask judges`) validates them, and `tests/golden` keeps them as they were. All people, banks and
//! accounts are invented.

use iso20022::*;

const ORDER: &str = "ord_0199c2a07b3c7d10a1b2c3d4e5f60718";
/// The office's ids have 36 characters with their prefix, one too many for ISO 20022: the digits alone go.
const CASE: &str = "0199c2a07b3c7d10a1b2c3d4e5f60718";
const UETR: &str = "8a562c67-ca16-48ba-b074-65581be6f001";
const VICTIM: &str = "KZ938010000000000017";
const MULE: &str = "KZ808020000000000042";
const NEXT: &str = "KZ388030000000000007";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).ok_or("which folder?")?;
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    for (name, message) in all() {
        std::fs::write(folder.join(format!("{name}.xml")), message.to_xml()?)?;
    }
    Ok(())
}

/// All samples by name.
pub fn all() -> Vec<(&'static str, Message)> {
    let mut all: Vec<(&'static str, Message)> = Vec::new();
    let recalls = [
        ("camt056-minimal", recall_minimal()),
        ("camt056-maximal-kazakh", recall_maximal()),
        ("camt056-card-and-wallet", recall_other_accounts()),
    ];
    all.extend(recalls.map(|(name, m)| (name, Message::CancellationRequest(Box::new(m)))));
    let resolutions = [
        ("camt029-held-in-part-rest-moved", held_in_part()),
        ("camt029-received", answered("A00", Notes::new())),
        ("camt029-refused", answered("R40", Notes::new().and("Заңды негіз көрсетілмеген"))),
        ("camt029-unknown-own-code", unknown_code()),
        ("camt029-duplicate", duplicate()),
        ("camt029-returned", returned_answer()),
    ];
    all.extend(resolutions.map(|(name, m)| (name, Message::Resolution(Box::new(m)))));
    let questions = [
        ("camt110-account-owner", ask_owner()),
        ("camt110-where-did-it-go", ask_path()),
        ("camt110-statement", ask_statement()),
    ];
    all.extend(questions.map(|(name, m)| (name, Message::InvestigationRequest(Box::new(m)))));
    let answers = [
        ("camt111-account-owner", tell_owner()),
        ("camt111-where-it-went", tell_path()),
        ("camt111-pending", tell_later()),
    ];
    all.extend(answers.map(|(name, m)| (name, Message::InvestigationResponse(Box::new(m)))));
    let returns = [("pacs004-minimal", return_minimal()), ("pacs004-two-parts", return_maximal())];
    all.extend(returns.map(|(name, m)| (name, Message::PaymentReturn(Box::new(m)))));
    all
}

fn office() -> Participant {
    let id = Identifier { issuer: Some("QORGAN".into()), ..Identifier::new("DCC").of(Scheme::own("OFFICE")) };
    Participant::organisation_with("Киберқылмысқа қарсы іс-қимыл департаменті", id)
}

fn bank() -> Participant {
    Participant::bic("ZBEKKZKA")
}

fn assignment(no: u32, from: Participant, to: Participant) -> Assignment {
    let created = format!("2026-11-23T14:{no:02}:00+05:00");
    Assignment { id: format!("{CASE}/{no:02}"), assigner: from, assignee: to, created }
}

fn case() -> Case {
    Case { id: CASE.into(), creator: office(), reopened: None }
}

fn original() -> Original {
    Original {
        message: Some(OriginalMessage {
            id: "ZALT20261123000417".into(),
            name: "pacs.008.001.08".into(),
            created: Some("2026-11-23T14:05:11.250+05:00".into()),
        }),
        instruction_id: Some("ZALT-417-1".into()),
        end_to_end_id: Some("NOTPROVIDED".into()),
        transaction_id: Some("417000001".into()),
        uetr: Some(UETR.into()),
    }
}

fn tenge(value: &str) -> Option<Amount> {
    Some(Amount::new(value, "KZT"))
}

fn iin(number: &str) -> Vec<Identifier> {
    vec![Identifier { issuer: Some("KZ".into()), ..Identifier::new(number).of(Scheme::code("NIDN")) }]
}

fn parties() -> Parties {
    let agent = |bic: &str, member: &str| Agent {
        bic: Some(bic.into()),
        member_id: Some(member.into()),
        clearing_system: Some(Scheme::own("KISC")),
        ..Agent::default()
    };
    Parties {
        debtor: Some(Participant::person("Әлия Нұрғалиқызы Өмірбекова", iin("900101499017"))),
        debtor_account: Some(Account { currency: Some("KZT".into()), ..Account::iban(VICTIM) }),
        debtor_agent: Some(agent("ZALTKZKA", "801")),
        creditor_agent: Some(agent("ZBEKKZKA", "802")),
        creditor: Some(Participant::person("Иванов Пётр Ёжикович", iin("850505399026"))),
        creditor_account: Some(Account {
            name: Some("Карт-счёт «Удобный»".into()), ..Account::iban(MULE)
        }),
    }
}

fn recall_minimal() -> CancellationRequest {
    CancellationRequest {
        assignment: assignment(1, Participant::organisation("DCC"), bank()),
        case: None,
        payments: vec![RecalledPayment {
            original: Original { uetr: Some(UETR.into()), ..Original::default() },
            reasons: vec![Reason::new(CancellationReason::Fraud)],
            ..RecalledPayment::default()
        }],
    }
}

fn recall_maximal() -> CancellationRequest {
    let basis = "Қазақстан Республикасының «Төлемдер және төлем жүйелері туралы» 2016 жылғы 26 шілдедегі № 11-VI Заңы, \
                 25-1-бап: алаяқтық белгілері бар төлем бойынша ақшаны уақытша бұғаттау & қайтару <үлгі>";
    let notes = Notes::new()
        .with(tag::ORDER, ORDER)
        .with(tag::OBJECT, "obj_0199c2a07b3d7e21b2c3d4e5f6071829")
        .with(tag::BASIS, basis)
        .with(tag::TERM, "2026-12-08T14:07:00+05:00")
        .with(tag::DUE, "2026-11-23T15:07:00+05:00")
        .and("Просим удержать сумму до решения; деньги пострадавшей переведены обманом.")
        .and("/бөлек жол/ тегке ұқсайды");
    let narrative = Notes::new().and("Клиент не подтверждал перевод.");
    let payment = |no: u32, amount: &str| RecalledPayment {
        cancellation_id: Some(format!("CXL-{no}")),
        case: Some(Case { id: format!("R-2026-01821493/{no}"), creator: office(), reopened: Some(no > 1) }),
        original: original(),
        amount: tenge(amount),
        settled_on: Some("2026-11-23".into()),
        reasons: vec![
            Reason {
                originator: Some(Party {
                    name: Some("Өмірбекова Ә. Н.".into()),
                    id: None,
                    country: Some("KZ".into()),
                }),
                ..Reason::new(CancellationReason::Fraud).saying(notes.clone())
            },
            Reason::new(CancellationReason::NotAuthorised).saying(narrative.clone()),
        ],
        parties: parties(),
    };
    CancellationRequest {
        assignment: assignment(2, office(), bank()),
        case: Some(case()),
        payments: vec![payment(1, "620000.00"), payment(2, "379999.99999")],
    }
}

fn recall_other_accounts() -> CancellationRequest {
    let payment = |account: Account| RecalledPayment {
        amount: Some(Amount::new("150", "USD")),
        reasons: vec![Reason::new(CancellationReason::Fraud).saying(Notes::new().with(tag::ORDER, ORDER))],
        parties: Parties { creditor_account: Some(account), ..Parties::default() },
        ..RecalledPayment::default()
    };
    let wallet = "bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297";
    CancellationRequest {
        assignment: assignment(3, office(), Participant::member("ZKRI")),
        case: Some(case()),
        payments: vec![
            payment(Account::other(Identifier::new("2720910000000017").of(Scheme::own("card")))),
            payment(Account::proxy("+77000000017", Scheme::code("TELE"))),
            payment(Account::proxy(wallet, Scheme::own("wallet_btc"))),
        ],
    }
}

/// A part of a payment with the office's code, and beside it what the proposal says.
fn part(code: &str, amount: Option<&str>, notes: Notes) -> PaymentOutcome {
    let proposal = native::proposal(code);
    let reason = proposal.as_ref().and_then(|p| p.reason.clone());
    PaymentOutcome {
        original: Original { message: None, ..original() },
        status: proposal.map(|p| p.status),
        reasons: reason.map(Reason::new).into_iter().chain([Reason::own(code).saying(notes)]).collect(),
        part: amount.and_then(tenge),
        amount: tenge("620000.00"),
        settled_on: Some("2026-11-23".into()),
        ..PaymentOutcome::default()
    }
}

fn resolution(outcome: Outcome, payments: Vec<PaymentOutcome>) -> Resolution {
    Resolution { assignment: assignment(20, bank(), office()), case: Some(case()), outcome, payments }
}

fn answered(code: &str, notes: Notes) -> Resolution {
    let confirmation = native::proposal(code).map_or(Confirmation::Pending, |p| p.confirmation);
    resolution(Outcome::Confirmed(confirmation), vec![part(code, None, notes.with(tag::ORDER, ORDER))])
}

fn held_in_part() -> Resolution {
    let moved = Notes::new()
        .with(tag::ORDER, ORDER)
        .with(tag::AT, "2026-11-23T14:06:02+05:00")
        .with(tag::TO, "ZCAR")
        .with(tag::ACCOUNT, NEXT)
        .with(tag::REF, "ZBEK-998-2")
        .and("Аударым жеке тұлғаға");
    let parts = vec![
        PaymentOutcome {
            status_id: Some("ZBEK-A-1".into()),
            part_settled_on: Some("2026-11-23".into()),
            parties: parties(),
            ..part("H11", Some("240000.00"), Notes::new().with(tag::ORDER, ORDER))
        },
        PaymentOutcome { status_id: Some("ZBEK-A-2".into()), ..part("M21", Some("380000.00"), moved) },
    ];
    let statuses: Vec<CancellationStatus> = parts.iter().filter_map(|p| p.status.clone()).collect();
    resolution(Outcome::Confirmed(native::case_status(&statuses)), parts)
}

fn unknown_code() -> Resolution {
    let words =
        Notes::new().with(tag::ORDER, ORDER).and("Счёт под арестом по другому делу, см. письмо № 17/ә");
    resolution(
        Outcome::Confirmed(Confirmation::Other("ZZ99".into())),
        vec![PaymentOutcome { status: None, ..part("BLK-7 (банк)", Some("0"), words) }],
    )
}

fn duplicate() -> Resolution {
    let first =
        Case { id: "0199c2a0000070000000000000000001".into(), creator: office(), reopened: Some(false) };
    Resolution { case: None, ..resolution(Outcome::DuplicateOf(Box::new(first)), Vec::new()) }
}

fn returned_answer() -> Resolution {
    let notes = Notes::new().with(tag::ORDER, ORDER).with(tag::REF, "RTR-2026-77");
    resolution(Outcome::Confirmed(Confirmation::Cancelled), vec![part("P70", Some("620000.00"), notes)])
}

fn inquiry(id: &str, kind: InvestigationType, about: Subject) -> Inquiry {
    Inquiry {
        message_id: id.into(),
        requester_case: Some(CASE.into()),
        kind: Some(kind.into()),
        sub_kind: Some(InvestigationSubType::Fraud.into()),
        about: Some(about),
        requester: office(),
        responder: bank(),
        ..Inquiry::default()
    }
}

fn grounds() -> Notes {
    Notes::new()
        .with(tag::ORDER, ORDER)
        .with(tag::BASIS, "Z1600000011 25-1")
        .with(tag::DUE, "2026-11-24T18:00:00+05:00")
}

fn ask_owner() -> InvestigationRequest {
    let account = Account { name: Some("Удобный".into()), ..Account::iban(MULE) };
    let words = grounds().and("Шот иесінің тегі, аты, әкесінің аты және ЖСН-і қажет.");
    InvestigationRequest {
        inquiry: inquiry("Q-0001", InvestigationType::Account, Subject::Account(account)),
        questions: vec![
            Question::new(1, InvestigationReason::Creditor)
                .detail(InvestigationDetail::FullName)
                .saying(words),
            Question::new(2, InvestigationReason::Creditor).detail(InvestigationDetail::NationalId),
            Question::new(3, InvestigationReason::Creditor).detail(Choice::own("DEVICES")),
        ],
    }
}

fn ask_path() -> InvestigationRequest {
    let payment = AskedPayment {
        original: original(),
        amount: tenge("620000.00"),
        settled_on: Some("2026-11-23".into()),
        parties: parties(),
    };
    InvestigationRequest {
        inquiry: Inquiry {
            responder_case: Some("ZBEK-INV-5".into()),
            eir: Some("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d".into()),
            instrument: Some(Instrument::Instant.into()),
            originator: Some(Participant::organisation("Антифрод орталығы")),
            ..inquiry("Q-0002", InvestigationType::UseOfFunds, Subject::payment(payment))
        },
        questions: vec![Question::new(1, InvestigationReason::UseOfFunds).saying(grounds())],
    }
}

fn ask_statement() -> InvestigationRequest {
    let entry = AskedEntry {
        account: Some(Account::iban(MULE)),
        statement_id: Some("STMT-2026-11".into()),
        entry_ref: Some("417".into()),
        uetr: Some(UETR.into()),
        amount: tenge("620000"),
    };
    InvestigationRequest {
        inquiry: inquiry("Q-0003", InvestigationType::Information, Subject::entry(entry)),
        questions: vec![
            Question::new(1, InvestigationReason::StatementEntry)
                .saying(grounds().and("Выписка за 23.11.2026 с 14:00")),
        ],
    }
}

fn tell_owner() -> InvestigationResponse {
    let InvestigationRequest { inquiry, .. } = ask_owner();
    let answers = vec![
        Answer {
            reason: Some(InvestigationReason::Creditor.into()),
            detail: Some(InvestigationDetail::FullName.into()),
            originator: Some(bank()),
            ..Answer::new(1, Notes::new().and("Иванов Пётр Ёжикович"))
        },
        Answer::new(2, Notes::new().and("850505399026")),
        Answer::new(3, Notes::new().with(tag::CODE, "N32").and("Құрылғылар туралы дерек жоқ")),
    ];
    InvestigationResponse {
        responder_case: Some("ZBEK-INV-4".into()),
        status_reason: Some(InvestigationStatusReason::AsRequested.into()),
        answers,
        ..InvestigationResponse::new("A-0001", InvestigationStatus::Closed, inquiry)
    }
}

fn tell_path() -> InvestigationResponse {
    let InvestigationRequest { inquiry, .. } = ask_path();
    let went = Notes::new()
        .with(tag::CODE, "M21")
        .with(tag::AT, "2026-11-23T14:06:02+05:00")
        .with(tag::TO, "ZCAR")
        .with(tag::ACCOUNT, NEXT)
        .and("380000.00 KZT");
    let statement = FileRef {
        id: "ZBEK-STMT-2026-11-23".into(),
        name: Some("үзінді-көшірме.xml".into()),
        network_ref: Some("camt.053/ZBEK/417".into()),
        address: Some("https://files.zbek.example/statements/417".into()),
    };
    let cash = Notes::new().with(tag::CODE, "M22").and("Снято наличными 240000.00 KZT, банкомат 0417");
    InvestigationResponse {
        answers: vec![
            Answer { files: vec![statement], ..Answer::new(1, went) },
            Answer { reason: Some(Choice::own("cash")), ..Answer::new(1, cash) },
        ],
        ..InvestigationResponse::new("A-0002", InvestigationStatus::Closed, inquiry)
    }
}

fn tell_later() -> InvestigationResponse {
    let InvestigationRequest { inquiry, .. } = ask_statement();
    InvestigationResponse {
        status_reason: Some(InvestigationStatusReason::Forwarded.into()),
        next_responder: Some(Participant::member("ZCAR")),
        ..InvestigationResponse::new(
            "A-0003",
            InvestigationStatus::Pending,
            Inquiry { about: None, ..inquiry },
        )
    }
}

fn return_minimal() -> PaymentReturn {
    PaymentReturn {
        returns: vec![ReturnedPayment {
            original: Original { end_to_end_id: Some("NOTPROVIDED-417".into()), ..Original::default() },
            returned: Amount::new("240000.00", "KZT"),
            ..ReturnedPayment::default()
        }],
        ..PaymentReturn::new("RTR-1", "2026-12-01T10:00:00Z", SettlementMethod::Clearing)
    }
}

fn return_maximal() -> PaymentReturn {
    let returned = |no: u32, value: &str, code: &str| ReturnedPayment {
        return_id: Some(format!("RTR-2-{no}")),
        original: original(),
        amount: tenge("620000.00"),
        settled_on: Some("2026-11-23".into()),
        returned: Amount::new(value, "KZT"),
        return_settled_on: Some("2026-12-01".into()),
        reasons: vec![
            Reason::new(ReturnReason::FollowingRecall),
            Reason::own(code).saying(Notes::new().with(tag::ORDER, ORDER).and("Жәбірленушіге қайтарылды")),
        ],
        parties: parties(),
    };
    let agent = |bic: &str| Some(Agent { bic: Some(bic.into()), ..Agent::default() });
    PaymentReturn {
        total: tenge("240000.5"),
        settled_on: Some("2026-12-01".into()),
        clearing_system: Some(Scheme::own("KISC")),
        instructing: agent("ZBEKKZKA"),
        instructed: agent("ZALTKZKAXXX"),
        returns: vec![returned(1, "200000", "P70"), returned(2, "40000.50", "P70")],
        ..PaymentReturn::new("RTR-2", "2026-12-01T10:00:00.5+05:00", SettlementMethod::Clearing)
    }
}
