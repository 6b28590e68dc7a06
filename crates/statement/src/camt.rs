//! Statements, reports and notices of ISO 20022 (camt.053, 052, 054), any version.
//!
//! Elements go by their local name; of what versions call differently both are known. One row is one entry, or each payment of an entry
//! that collects several and gives their amounts. Entries count in the sums as the account was booked, that is once.

use quick_xml::Reader;
use quick_xml::errors::Error as XmlError;
use quick_xml::events::Event;

use crate::amount::Decimal;
use crate::input::{Counted, Place};
use crate::limits::{DEPTH, FIELD_CHARS, SUMS};
use crate::rows::{Code, Direction, Movement, Out, Participant, ReadError, Row, Sums, Trouble};

const ROOTS: [&str; 3] = ["BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn"];

/// Whether XML is one of these by its beginning.
#[must_use]
pub fn is_one(start: &str) -> bool {
    let start: String = start.chars().take(4096).collect();
    start.contains(":camt.05") || ROOTS.iter().any(|root| start.contains(root))
}

/// One payment of an entry.
#[derive(Default)]
struct Payment {
    amount: String,
    currency: String,
    direction: Option<Direction>,
    debtor: Participant,
    creditor: Participant,
    purpose: String,
    reference: String,
    code: String,
    more: String,
}

/// An entry that is being read.
#[derive(Default)]
struct Entry {
    line: u64,
    amount: String,
    currency: String,
    direction: Option<Direction>,
    reversal: bool,
    status: String,
    booked: String,
    value: String,
    reference: String,
    servicer_reference: String,
    code: String,
    more: String,
    payments: Vec<Payment>,
}

/// A balance that is being read.
#[derive(Default)]
struct Balance {
    sort: String,
    amount: String,
    currency: String,
    debit: bool,
}

/// What stands of one account.
#[derive(Default)]
struct Account {
    sums: Sums,
    begun: bool,
    previous_closing: Option<Decimal>,
}

struct State<'o, 'a> {
    out: &'o mut Out<'a>,
    path: Vec<String>,
    text: String,
    currency: String,
    account: Account,
    entry: Option<Entry>,
    balance: Option<Balance>,
    seen: bool,
}

/// Reads one.
///
/// # Errors
/// Not well-formed; a document type; a piece too long; nothing of the kind in it.
pub fn read<R: std::io::Read>(input: &mut Counted<R>, out: &mut Out<'_>) -> Result<(), ReadError> {
    let place = input.place();
    let mut reader = Reader::from_reader(input);
    reader.config_mut().expand_empty_elements = true;
    let mut state = State {
        out,
        path: Vec::new(),
        text: String::new(),
        currency: String::new(),
        account: Account::default(),
        entry: None,
        balance: None,
        seen: false,
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        place.done();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(_) if place.is_over() => return Err(ReadError::TooLong { line: place.line() }),
            Err(XmlError::Io(error)) => return Err(ReadError::Io(error.kind().to_string())),
            Err(error) => {
                let why = error.to_string().chars().take(200).collect();
                return Err(ReadError::Malformed { line: place.line(), why });
            }
        };
        match event {
            Event::Eof => break,
            Event::DocType(_) => return Err(ReadError::Doctype),
            Event::Start(start) => {
                let name = start.local_name().into_inner().to_owned();
                let mut currency = None;
                for attribute in start.attributes().take(32).flatten() {
                    match attribute.key.into_inner() {
                        "Ccy" => currency = Some(attribute.value.chars().take(8).collect()),
                        "xmlns" if state.path.is_empty() => state.version(&attribute.value),
                        _ => {}
                    }
                }
                state.start(name, currency, &place)?;
            }
            Event::End(_) => state.end(&place)?,
            Event::Text(text) => state.push(&text.xml10_content()),
            Event::CData(text) => state.push(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let c = match &*reference {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "apos" => '\'',
                    "quot" => '"',
                    // Any other would have to be declared, and nothing is.
                    _ => reference.resolve_char_ref().ok().flatten().unwrap_or('\u{fffd}'),
                };
                state.push(c.encode_utf8(&mut [0; 4]));
            }
            Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
        }
    }
    state.finish(&place)
}

impl State<'_, '_> {
    fn version(&mut self, namespace: &str) {
        let version: String = namespace.rsplit(':').next().unwrap_or_default().chars().take(40).collect();
        self.out.summary.version = version;
    }

    fn push(&mut self, text: &str) {
        if self.text.len() < FIELD_CHARS.saturating_mul(2) {
            self.text.push_str(text);
        }
    }

    fn start(&mut self, name: String, currency: Option<String>, place: &Place) -> Result<(), ReadError> {
        if self.path.len() >= DEPTH {
            return Err(ReadError::Malformed { line: place.line(), why: "too deep".to_owned() });
        }
        self.text.clear();
        if let Some(currency) = currency {
            self.currency = currency;
        }
        match name.as_str() {
            "Stmt" | "Rpt" | "Ntfctn" if self.path.len() == 2 => {
                self.seen = true;
                self.account = Account { begun: true, ..Account::default() };
            }
            "Ntry" if self.path.len() == 3 => {
                self.entry = Some(Entry { line: place.line(), ..Entry::default() })
            }
            "Bal" if self.path.len() == 3 => self.balance = Some(Balance::default()),
            "TxDtls" => {
                if let Some(entry) = &mut self.entry {
                    // So many in one entry would be a file of its own; what is beyond stands in the entry's amount.
                    if entry.payments.len() < 100_000 {
                        entry.payments.push(Payment::default());
                    }
                }
            }
            _ => {}
        }
        self.path.push(name);
        Ok(())
    }

    /// The path from the account downwards.
    fn inside(&self) -> Vec<&str> {
        self.path.iter().skip(3).map(String::as_str).collect()
    }

    fn end(&mut self, place: &Place) -> Result<(), ReadError> {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        let inside: Vec<String> = self.inside().into_iter().map(str::to_owned).collect();
        let path: Vec<&str> = inside.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["Ntry"] => {
                if let Some(entry) = self.entry.take() {
                    self.emit(entry)?;
                }
            }
            ["Ntry", rest @ ..] => {
                let currency = self.currency.clone();
                if let Some(entry) = &mut self.entry {
                    entry.take(rest, text, &currency);
                }
            }
            ["Bal"] => {
                if let Some(balance) = self.balance.take() {
                    self.weigh(&balance);
                }
            }
            ["Bal", rest @ ..] => {
                let currency = self.currency.clone();
                if let Some(balance) = &mut self.balance {
                    balance.take(rest, text, &currency);
                }
            }
            ["Acct", "Id", "IBAN"] | ["Acct", "Id", "Othr", "Id"] => {
                text.clone_into(&mut self.account.sums.account)
            }
            ["Acct", "Ccy"] => text.clone_into(&mut self.account.sums.currency),
            ["TxsSummry", "TtlCdtNtries", "Sum"] => {
                self.account.sums.credits_told = Decimal::from_machine(text)
            }
            ["TxsSummry", "TtlDbtNtries", "Sum"] => {
                self.account.sums.debits_told = Decimal::from_machine(text)
            }
            ["TxsSummry", "TtlNtries", "NbOfNtries"] => self.account.sums.movements_told = text.parse().ok(),
            [] if self.path.len() == 3 && self.account.begun => self.close(place)?,
            _ => {}
        }
        self.path.pop();
        Ok(())
    }

    fn weigh(&mut self, balance: &Balance) {
        let Some(amount) = Decimal::from_machine(&balance.amount) else { return };
        let amount = if balance.debit { amount.negated() } else { amount };
        let sums = &mut self.account.sums;
        if sums.currency.is_empty() {
            sums.currency.clone_from(&balance.currency);
        }
        match balance.sort.as_str() {
            "OPBD" => sums.opening = Some(amount),
            "PRCD" => self.account.previous_closing = Some(amount),
            "CLBD" => sums.closing = Some(amount),
            _ => {}
        }
    }

    fn emit(&mut self, entry: Entry) -> Result<(), ReadError> {
        let line = entry.line;
        let base = match self.base(&entry)? {
            Some(base) => base,
            None => return Ok(()),
        };
        self.account.sums.add(&base);
        let priced = entry.payments.iter().filter(|p| !p.amount.is_empty()).count();
        if priced < 2 || priced < entry.payments.len() {
            let payment = entry.payments.into_iter().next().unwrap_or_default();
            return self.hand_out(base, payment);
        }
        let mut sum = Decimal::ZERO;
        for payment in entry.payments {
            let Some(amount) = Decimal::from_machine(&payment.amount).filter(|a| !a.is_negative()) else {
                self.out.trouble(Trouble { line, code: Code::Amount, told: payment.amount })?;
                continue;
            };
            let mut one = base.clone();
            one.direction = payment.direction.or(base.direction);
            // Parts of an entry in another currency do not add up to it.
            let same = payment.currency.is_empty() || payment.currency == base.currency;
            if same && one.direction == base.direction {
                sum = sum.checked_add(amount).unwrap_or(sum);
            } else if same {
                sum = sum.checked_sub(amount).unwrap_or(sum);
            }
            one.amount = amount;
            if !payment.currency.is_empty() {
                one.currency.clone_from(&payment.currency);
            }
            self.hand_out(one, payment)?;
        }
        if sum != base.amount {
            let told = format!("{}, {sum}", base.amount);
            self.out.trouble(Trouble { line, code: Code::BatchWrong, told })?;
        }
        Ok(())
    }

    /// What an entry says of all its payments; `None` where it has no amount.
    fn base(&mut self, entry: &Entry) -> Result<Option<Movement>, ReadError> {
        let line = entry.line;
        let Some(amount) = Decimal::from_machine(&entry.amount).filter(|a| !a.is_negative()) else {
            self.out.trouble(Trouble { line, code: Code::Amount, told: entry.amount.clone() })?;
            return Ok(None);
        };
        if entry.direction.is_none() {
            self.out.trouble(Trouble { line, code: Code::Direction, told: String::new() })?;
        }
        if entry.booked.is_empty() && entry.value.is_empty() {
            self.out.trouble(Trouble { line, code: Code::Date, told: String::new() })?;
        }
        let currency = if entry.currency.is_empty() { &self.account.sums.currency } else { &entry.currency };
        let status = match entry.status.as_str() {
            "BOOK" | "" => "booked",
            "PDNG" => "pending",
            "INFO" => "info",
            "FUTR" => "pending",
            other => other,
        };
        let reference =
            if entry.servicer_reference.is_empty() { &entry.reference } else { &entry.servicer_reference };
        Ok(Some(Movement {
            line,
            account: self.account.sums.account.clone(),
            booked_at: if entry.booked.is_empty() { entry.value.clone() } else { entry.booked.clone() },
            value_date: entry.value.clone(),
            amount,
            currency: currency.clone(),
            direction: entry.direction,
            purpose: entry.more.clone(),
            reference: reference.clone(),
            code: entry.code.clone(),
            status: status.to_owned(),
            reversal: entry.reversal,
            ..Movement::default()
        }))
    }

    fn hand_out(&mut self, mut movement: Movement, payment: Payment) -> Result<(), ReadError> {
        movement.row = self.out.next_row();
        movement.counter = match movement.direction {
            // A payment that is taken back keeps its debtor and its creditor.
            Some(Direction::Credit) if movement.reversal => payment.creditor,
            Some(Direction::Debit) if movement.reversal => payment.debtor,
            Some(Direction::Credit) => payment.debtor,
            Some(Direction::Debit) => payment.creditor,
            None => Participant::default(),
        };
        let purpose = if payment.purpose.is_empty() { payment.more } else { payment.purpose };
        if !purpose.is_empty() {
            movement.purpose = purpose;
        }
        if !payment.reference.is_empty() {
            movement.reference = payment.reference;
        }
        if !payment.code.is_empty() {
            movement.code = payment.code;
        }
        let line = movement.line;
        movement.purpose = self.out.text(line, &movement.purpose)?;
        self.out.row(Row::Movement(movement))
    }

    fn close(&mut self, place: &Place) -> Result<(), ReadError> {
        let account = std::mem::take(&mut self.account);
        let mut sums = account.sums;
        sums.opening = sums.opening.or(account.previous_closing);
        for trouble in sums.check(place.line()) {
            self.out.trouble(trouble)?;
        }
        if self.out.summary.sums.len() < SUMS {
            self.out.summary.sums.push(sums);
        }
        Ok(())
    }

    fn finish(mut self, place: &Place) -> Result<(), ReadError> {
        if !self.seen {
            return Err(ReadError::Unknown);
        }
        if !self.path.is_empty() {
            if self.account.begun {
                self.close(place)?;
            }
            self.out.trouble(Trouble { line: place.line(), code: Code::Unfinished, told: String::new() })?;
        }
        Ok(())
    }
}

fn direction_of(text: &str) -> Option<Direction> {
    match text {
        "CRDT" => Some(Direction::Credit),
        "DBIT" => Some(Direction::Debit),
        _ => None,
    }
}

fn add_line(to: &mut String, text: &str) {
    if text.is_empty() || to.len() > FIELD_CHARS.saturating_mul(4) {
        return;
    }
    if !to.is_empty() {
        to.push(' ');
    }
    to.push_str(text);
}

fn put(to: &mut String, text: &str) {
    if to.is_empty() {
        *to = text.chars().take(512).collect();
    }
}

/// A date as it goes out; what stands there otherwise is kept out.
fn at(text: &str) -> String {
    crate::when::told(text, crate::when::Order::DayFirst).unwrap_or_default()
}

impl Entry {
    fn take(&mut self, path: &[&str], text: &str, currency: &str) {
        match path {
            ["Amt"] => {
                text.clone_into(&mut self.amount);
                currency.clone_into(&mut self.currency);
            }
            ["CdtDbtInd"] => self.direction = direction_of(text),
            ["RvslInd"] => self.reversal = matches!(text, "true" | "1"),
            // Older versions have the code itself.
            ["Sts"] | ["Sts", "Cd" | "Prtry"] => put(&mut self.status, text),
            ["BookgDt", "Dt" | "DtTm"] => self.booked = at(text),
            ["ValDt", "Dt" | "DtTm"] => self.value = at(text),
            ["NtryRef"] => put(&mut self.reference, text),
            ["AcctSvcrRef"] => put(&mut self.servicer_reference, text),
            ["BkTxCd", ..] => code(&mut self.code, path, text),
            ["AddtlNtryInf"] => add_line(&mut self.more, text),
            ["NtryDtls", "TxDtls", rest @ ..] => {
                if let Some(payment) = self.payments.last_mut() {
                    payment.take(rest, text, currency);
                }
            }
            _ => {}
        }
    }
}

/// `PMNT.RCDT.ESCT`, or the bank's own.
fn code(to: &mut String, path: &[&str], text: &str) {
    match path {
        ["BkTxCd", "Domn", "Cd"] | ["BkTxCd", "Prtry", "Cd"] => text.clone_into(to),
        ["BkTxCd", "Domn", "Fmly", "Cd" | "SubFmlyCd"] if !text.is_empty() && to.len() < 64 => {
            to.push('.');
            to.push_str(text);
        }
        _ => {}
    }
}

impl Payment {
    fn take(&mut self, path: &[&str], text: &str, currency: &str) {
        match path {
            // Older versions keep it in the details.
            ["Amt"] | ["AmtDtls", "TxAmt", "Amt"] if self.amount.is_empty() => {
                text.clone_into(&mut self.amount);
                currency.clone_into(&mut self.currency);
            }
            ["CdtDbtInd"] => self.direction = direction_of(text),
            ["Refs", "AcctSvcrRef"] => text.clone_into(&mut self.reference),
            ["Refs", "TxId" | "EndToEndId" | "InstrId" | "UETR"] if text != "NOTPROVIDED" => {
                put(&mut self.reference, text)
            }
            ["BkTxCd", ..] => code(&mut self.code, path, text),
            ["Purp", "Cd" | "Prtry"] => text.clone_into(&mut self.code),
            ["RmtInf", "Ustrd"] => add_line(&mut self.purpose, text),
            ["RmtInf", "Strd", "CdtrRefInf", "Ref"] | ["RmtInf", "Strd", "AddtlRmtInf"] => {
                add_line(&mut self.purpose, text)
            }
            ["AddtlTxInf"] => add_line(&mut self.more, text),
            ["RltdPties", "Dbtr", rest @ ..] => party(&mut self.debtor, rest, text),
            ["RltdPties", "Cdtr", rest @ ..] => party(&mut self.creditor, rest, text),
            ["RltdPties", "DbtrAcct", "Id", "IBAN"] | ["RltdPties", "DbtrAcct", "Id", "Othr", "Id"] => {
                put(&mut self.debtor.account, text);
            }
            ["RltdPties", "CdtrAcct", "Id", "IBAN"] | ["RltdPties", "CdtrAcct", "Id", "Othr", "Id"] => {
                put(&mut self.creditor.account, text);
            }
            ["RltdAgts", "DbtrAgt", "FinInstnId", rest @ ..] => bank(&mut self.debtor, rest, text),
            ["RltdAgts", "CdtrAgt", "FinInstnId", rest @ ..] => bank(&mut self.creditor, rest, text),
            _ => {}
        }
    }
}

fn party(to: &mut Participant, path: &[&str], text: &str) {
    match path {
        ["Nm"] | ["Pty" | "Agt", "Nm"] | ["Agt", "FinInstnId", "Nm"] => put(&mut to.name, text),
        ["Id", "OrgId" | "PrvtId", "Othr", "Id"] | ["Pty", "Id", "OrgId" | "PrvtId", "Othr", "Id"] => {
            put(&mut to.number, text);
        }
        _ => {}
    }
}

fn bank(to: &mut Participant, path: &[&str], text: &str) {
    match path {
        ["BICFI" | "BIC"] => text.clone_into(&mut to.bank),
        ["ClrSysMmbId", "MmbId"] | ["Othr", "Id"] | ["Nm"] => put(&mut to.bank, text),
        _ => {}
    }
}

impl Balance {
    fn take(&mut self, path: &[&str], text: &str, currency: &str) {
        match path {
            ["Tp", "CdOrPrtry", "Cd"] | ["Tp", "Cd"] => text.clone_into(&mut self.sort),
            ["Amt"] => {
                text.clone_into(&mut self.amount);
                currency.clone_into(&mut self.currency);
            }
            ["CdtDbtInd"] => self.debit = text == "DBIT",
            _ => {}
        }
    }
}
