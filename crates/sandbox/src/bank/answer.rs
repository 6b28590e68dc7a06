//! From what the ledger says to the lines of an answer.

use crate::ids;
use crate::moment::{DAY, Moment};
use crate::wire::{Amount, Line, Named, Object};
use crate::world::model::{By, How, TransferId};
use crate::world::{Ask, Direction, Facts, Finding, Moved, Payer, World};

/// Pictures of a cash machine are kept for so many days.
const CAMERA_DAYS: i64 = 30;
/// Where machines stand.
const PLACES: [&str; 8] =
    ["Almaty", "Astana", "Shymkent", "Qaraghandy", "Aqtobe", "Taraz", "Pavlodar", "Oskemen"];
/// Where money goes abroad: invented banks.
const ABROAD: [&str; 5] = ["ZZXTESTA", "ZZXTESTB", "ZZXTESTC", "ZZXTESTD", "ZZXTESTE"];

/// An object's question in the ledger's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Kind of name.
    pub by: By,
    /// The name as the ledger writes it.
    pub name: String,
    /// Which side.
    pub direction: Direction,
    /// Amount of the payment, tiyn.
    pub amount: i64,
    /// Its time as told.
    pub at: Moment,
    /// Its reference.
    pub reference: Option<String>,
    /// Institution that it came from, if told.
    pub from: Option<String>,
    /// Account that it came from, if told.
    pub from_account: Option<(By, String)>,
    /// Telephone of the payer, who is a client of the institution that is asked.
    pub from_client: Option<String>,
    /// Most that may be held, tiyn.
    pub cap: i64,
}

impl Question {
    /// Reads an object.
    ///
    /// # Errors
    /// The lines to answer with: what is defective, or that such a thing cannot exist here.
    pub fn read(object: &Object) -> Result<Self, Vec<Line>> {
        let defective = |what: &str| vec![Line { text: Some(what.to_owned()), ..Line::code("R41") }];
        let trigger =
            object.trigger.as_ref().ok_or_else(|| defective("the triggering payment is missing"))?;
        let cap = object.cap.as_ref().and_then(Amount::minor).filter(|m| *m > 0);
        let cap = cap.ok_or_else(|| defective("the cap is no amount of tenge above zero"))?;
        let amount =
            trigger.amount.minor().ok_or_else(|| defective("the payment's amount is no amount of tenge"))?;
        let at = Moment::parse(&trigger.at).ok_or_else(|| defective("the payment's time is no time"))?;
        let direction = match trigger.direction.as_str() {
            "in" => Direction::In,
            "out" => Direction::Out,
            _ => return Err(defective("the direction is neither in nor out")),
        };
        let (by, name) = read_name(&object.kind, &object.value).ok_or_else(|| vec![Line::code("N30")])?;
        let from = trigger.from_institution.clone();
        let reference = trigger.reference.clone();
        let from_account = trigger.from_account.as_ref().map(payer);
        let from_client = trigger.from_client.as_ref().and_then(|c| c.phone.clone());
        Ok(Self { by, name, direction, amount, at, reference, from, from_account, from_client, cap })
    }

    /// As the ledger is asked.
    #[must_use]
    pub fn ask<'a>(
        &'a self,
        house: crate::world::model::HouseId,
        order: &'a str,
        object: &'a str,
    ) -> Ask<'a> {
        Ask {
            house,
            order,
            object,
            by: self.by,
            name: &self.name,
            direction: self.direction,
            amount: self.amount,
            at: self.at,
            reference: self.reference.as_deref(),
            payer: Payer {
                house: self.from.as_deref(),
                account: self.from_account.as_ref().map(|(by, name)| (*by, name.as_str())),
                client: self.from_client.as_deref(),
            },
            cap: self.cap,
        }
    }
}

/// The payer's account as told. One that cannot be read is nobody's: it must not count as untold.
fn payer(told: &serde_json::Value) -> (By, String) {
    let named = serde_json::from_value::<Named>(told.clone()).ok();
    named.and_then(|a| read_name(&a.kind, &a.value)).unwrap_or((By::Number, String::new()))
}

/// A name as the ledger writes it; `None` for kinds that no account here is called by.
pub(super) fn read_name(kind: &str, value: &str) -> Option<(By, String)> {
    let bare = || value.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    match kind {
        "iban" => Some((By::Iban, bare().to_uppercase())),
        "card" => Some((By::Card, ids::card_ends(value).unwrap_or_else(bare))),
        "account" => Some((By::Number, bare().to_uppercase())),
        "phone" => {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            let national = digits.get(digits.len().saturating_sub(10)..).unwrap_or_default();
            Some((By::Phone, format!("+7{national}")))
        }
        _ => None,
    }
}

/// The lines that tell a finding.
#[must_use]
pub fn lines(world: &World, finding: &Finding) -> Vec<Line> {
    match finding {
        Finding::NoAccount => vec![Line::code("N30")],
        Finding::NoTransaction => vec![Line::code("N31")],
        Finding::NotOurs => vec![Line::code("N32")],
        Finding::Found(facts) => found(world, facts),
    }
}

fn found(world: &World, facts: &Facts) -> Vec<Line> {
    let mut lines = Vec::new();
    if facts.held > 0 {
        // All means all that is asked for: a payment that was smaller than told is held in part.
        let code = if facts.held == facts.cap { "H10" } else { "H11" };
        let balance_before = Some(Amount::kzt(facts.balance_before));
        lines.push(Line { amount: Some(Amount::kzt(facts.held)), balance_before, ..Line::code(code) });
    }
    for (order, amount) in &facts.elsewhere {
        let reference = Some(order.clone()).filter(|o| !o.is_empty());
        lines.push(Line { amount: Some(Amount::kzt(*amount)), reference, ..Line::code("H12") });
    }
    lines.extend(facts.moved.iter().map(|m| moved(world, facts, m)));
    let all_spent = !lines.is_empty() && lines.iter().all(|l| l.code == "M23");
    if all_spent && world.book.accounts[facts.account].balance == 0 {
        lines.push(Line::code("N33"));
    }
    lines
}

fn moved(world: &World, facts: &Facts, moved: &Moved) -> Line {
    let transfer = &world.book.transfers[moved.transfer];
    let base = Line {
        amount: Some(Amount::kzt(moved.amount)),
        at: Some(transfer.at.rfc3339()),
        reference: Some(world.reference(moved.transfer)),
        ..Line::default()
    };
    match &transfer.how {
        How::Cash(machine) => Line {
            code: "M22".to_owned(),
            terminal: Some(format!("ATM-{machine:02}")),
            place: nth(&PLACES, *machine),
            camera_until: Some(transfer.at.plus(CAMERA_DAYS * DAY).rfc3339()),
            ..base
        },
        How::Purchase(shop) => {
            Line { code: "M23".to_owned(), merchant: Some(format!("Sample shop {shop:02}")), ..base }
        }
        How::Chain { kind, address } => Line {
            code: "M24".to_owned(),
            account: Some(Named { kind: (*kind).to_owned(), value: address.clone() }),
            reference: Some(chain_reference(moved.transfer)),
            ..base
        },
        How::Abroad(bank) => Line { code: "M25".to_owned(), institution: nth(&ABROAD, *bank), ..base },
        How::Returned => Line { code: "P70".to_owned(), ..base },
        How::Opening | How::Background | How::Payment(_) | How::Forward => onward(world, facts, moved, base),
    }
}

/// To another account: inside this house or at another.
fn onward(world: &World, facts: &Facts, moved: &Moved, base: Line) -> Line {
    let transfer = &world.book.transfers[moved.transfer];
    let to = &world.book.accounts[transfer.to];
    let (by, value) = match to.called(transfer.by) {
        Some(value) => (transfer.by, value),
        None => (to.best_name(), to.called(to.best_name()).unwrap_or_default()),
    };
    let account = Some(Named { kind: kind(by).to_owned(), value });
    let here = world.book.accounts[facts.account].house;
    if to.house == here {
        return Line { code: "M20".to_owned(), account, ..base };
    }
    let institution = to.house.map(|h| world.book.houses[h].code.clone());
    Line { code: "M21".to_owned(), account, institution, ..base }
}

fn nth(list: &[&str], number: u64) -> Option<String> {
    let count = u64::try_from(list.len()).ok()?;
    list.get(usize::try_from(number % count).ok()?).map(|s| (*s).to_owned())
}

/// The transaction on the chain, as a hash.
fn chain_reference(transfer: TransferId) -> String {
    let number = transfer.number().to_string();
    format!("{}{}", ids::short_hash(&["chain", &number]), ids::short_hash(&["chain", &number, "2"]))
}

/// What the API calls a kind of name.
#[must_use]
pub const fn kind(by: By) -> &'static str {
    match by {
        By::Iban => "iban",
        By::Card => "card",
        By::Phone => "phone",
        By::Number => "account",
    }
}
