//! What statements of accounts tell of the money, beside what institutions answer: movements of an account on the path, out of exhibits
//! that somebody had read as rows.
//!
//! [`lines`] is pure: which entries of a statement are what came by the path, and what left after it. [`gather`] finds the accounts on the
//! path of which there are statements, and goes on from where their money went.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use db::Tx;
use evidence::ExhibitId;
use import::ImportId;
use kernel::{Actor, Asset, Money, Timestamp};
use report::ReportId;
use statement::{Direction, Movement};

use crate::TrailError;
use crate::model::{Account, Asked, Exit, Line, TrailFact, What};

/// A day.
const DAY_MICROS: i64 = 86_400_000_000;
/// So far two clocks, or the day of a payment and the day it was booked, may lie apart.
const APART_MICROS: i64 = 2 * DAY_MICROS;
/// Movements of one statement beyond which nothing more is taken: the trail has a limit, and answers of institutions come first.
const MOST_LINES: usize = 5_000;
/// How often it is gone on from accounts that statements lead to.
const ROUNDS: usize = 16;

/// An entry of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Key of the line that it becomes.
    pub key: String,
    /// When; of a day alone its first moment.
    pub at: Timestamp,
    /// Whether the day alone was told.
    pub day: bool,
    /// Whether money came in.
    pub incoming: bool,
    /// How much.
    pub amount: Money,
    /// The balance after it.
    pub balance: Option<i64>,
    /// The other side's account.
    pub other: Option<Account>,
    /// Its reference; empty where there is none.
    pub reference: String,
    /// How it left, where it left.
    pub how: Exit,
}

/// Disputed money that came to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Key of the payment or line that brought it.
    pub key: String,
    /// How much.
    pub amount: i64,
    /// When, at the earliest.
    pub at: Timestamp,
    /// Key of the account that it came from.
    pub from: String,
    /// Its reference; empty where there is none.
    pub reference: String,
}

/// A movement out of the account that an institution has told already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// How much.
    pub amount: i64,
    /// When.
    pub at: Timestamp,
    /// Key of the account that it went to; empty where that was not told.
    pub to: String,
    /// Its reference; empty where there is none.
    pub reference: String,
}

/// An entry that left after disputed money came, and which arrival it is counted behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left<'e> {
    /// The entry.
    pub entry: &'e Entry,
    /// Place of the arrival.
    pub behind: usize,
    /// What stood on the account before that came.
    pub stood_before: Option<i64>,
}

/// Which entries left with, or after, the disputed money that came: from the entry on by which it came, where the statement shows that one,
/// else by the time. No more are taken than all that came and what stood before it: behind that nothing disputed can be left.
pub(crate) fn lines<'e>(entries: &'e [Entry], arrivals: &[Arrival], known: &[Known]) -> Vec<Left<'e>> {
    let ordered = in_time(entries);
    let found = came_by(&ordered, arrivals);
    let stood: Vec<Option<i64>> = found
        .iter()
        .map(|place| {
            let entry = place.and_then(|at| ordered.get(at))?;
            entry.balance.map(|balance| balance.saturating_sub(entry.amount.minor()).max(0))
        })
        .collect();
    let mut told: Vec<Option<&Known>> = known.iter().map(Some).collect();
    let (mut all, mut gone) = (Vec::new(), 0_i64);
    for (place, entry) in ordered.iter().enumerate().filter(|(_, e)| !e.incoming) {
        let before = |at: usize| match found.get(at).copied().flatten() {
            Some(came) => came < place,
            None => arrivals.get(at).is_some_and(|a| a.at <= last_moment(entry)),
        };
        let behind: Vec<usize> = (0..arrivals.len()).filter(|at| before(*at)).collect();
        let Some(latest) = behind.last().copied() else { continue };
        let came: i64 =
            behind.iter().filter_map(|at| arrivals.get(*at)).map(|a| a.amount).fold(0, i64::saturating_add);
        let first = behind.first().and_then(|at| stood.get(*at)).copied().flatten().unwrap_or(0);
        if gone >= came.saturating_add(first) || all.len() >= MOST_LINES {
            continue;
        }
        gone = gone.saturating_add(entry.amount.minor());
        if let Some(slot) = told.iter_mut().find(|slot| slot.is_some_and(|k| is_same(k, entry))) {
            *slot = None;
            continue;
        }
        all.push(Left { entry, behind: latest, stood_before: stood.get(latest).copied().flatten() });
    }
    all
}

/// Statements run forward or back; within a day the order of the file stands.
fn in_time(entries: &[Entry]) -> Vec<&Entry> {
    let mut all: Vec<&Entry> = entries.iter().collect();
    let back = all.first().zip(all.last()).is_some_and(|(first, last)| first.at > last.at);
    if back {
        all.reverse();
    }
    all.sort_by_key(|e| e.at);
    all
}

/// The last moment that the entry can have been.
fn last_moment(entry: &Entry) -> Timestamp {
    if entry.day { entry.at.plus_micros(DAY_MICROS.saturating_sub(1)) } else { entry.at }
}

/// The entry by which each arrival came, each at most once: by its reference, then by who sent it, then by the time.
fn came_by(ordered: &[&Entry], arrivals: &[Arrival]) -> Vec<Option<usize>> {
    let mut taken = BTreeSet::new();
    let mut found = vec![None; arrivals.len()];
    for closeness in 0..3 {
        for (slot, arrival) in found.iter_mut().zip(arrivals) {
            if slot.is_some() {
                continue;
            }
            let fits = |e: &Entry| {
                let near = (arrival.at.micros_since(e.at).abs()) <= APART_MICROS;
                let sender = e.other.as_ref().is_some_and(|o| o.key == arrival.from);
                e.incoming
                    && e.amount.minor() == arrival.amount
                    && match closeness {
                        0 => !arrival.reference.is_empty() && e.reference == arrival.reference,
                        1 => near && sender,
                        // Where the statement names another sender, it is another payment.
                        _ => {
                            near && e
                                .other
                                .as_ref()
                                .is_none_or(|_| sender || arrival.from.starts_with("payer-"))
                        }
                    }
            };
            let best = ordered
                .iter()
                .enumerate()
                .filter(|(at, e)| !taken.contains(at) && fits(e))
                .min_by_key(|(at, e)| (arrival.at.micros_since(e.at).abs(), *at));
            if let Some((at, _)) = best {
                taken.insert(at);
                *slot = Some(at);
            }
        }
    }
    found
}

/// Whether an institution has told of this very movement: by its reference, else by sum, goal and day.
fn is_same(known: &Known, entry: &Entry) -> bool {
    if known.amount != entry.amount.minor() {
        return false;
    }
    if !known.reference.is_empty() && known.reference == entry.reference {
        return true;
    }
    let to = entry.other.as_ref().map_or("", |o| o.key.as_str());
    known.to == to && known.at.micros_since(entry.at).abs() <= DAY_MICROS
}

/// A movement that a statement told of and that can be followed.
#[derive(Debug, Clone)]
pub(crate) struct ToldLead {
    /// Key of the line.
    pub line: String,
    /// Key of the account that it went to.
    pub to: String,
    /// Kind of that account's identifier, and its canonical writing.
    pub account: (String, String),
    /// Who keeps it; empty where it does not say.
    pub institution: String,
    /// How much moved, by the statement.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
    /// Its reference.
    pub reference: Option<String>,
    /// How many movements from the payer the account that it left is, at least.
    pub hop: i64,
}

/// What statements tell of one report's money.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Facts beside those of institutions.
    pub facts: Vec<TrailFact>,
    /// What can be followed.
    pub leads: Vec<ToldLead>,
    /// Exhibits that tell something, and of how many movements.
    pub exhibits: BTreeMap<ExhibitId, usize>,
}

/// What statements of accounts on the path tell, as far as the viewer is let in to them.
pub(crate) fn gather(
    tx: &mut Tx<'_>,
    app: &App,
    (viewer, report, asset): (&Actor, ReportId, Asset),
    facts: &[TrailFact],
) -> Result<Told, TrailError> {
    let imports = import::service::of_report(tx, viewer, report.uuid())?;
    let mut told = Told::default();
    if imports.is_empty() {
        return Ok(told);
    }
    let accounts: BTreeMap<String, Vec<u8>> =
        import::service::accounts(tx, &imports)?.into_iter().map(|own| (hex::encode(&own), own)).collect();
    let partners = partner::store::all(tx)?;
    let region = identifier::Region::from_code(app.profile.phone_region()).unwrap_or_default();
    let reader = Reader { app, partners: &partners, region, asset };
    // Nothing disputed moved before it was paid.
    let paid =
        facts.iter().filter_map(|f| if let TrailFact::Payment(p) = f { Some(p.at) } else { None }).min();
    let since = paid.unwrap_or_default().plus_micros(-APART_MICROS);
    let mut read: BTreeMap<String, Vec<(Entry, Source)>> = BTreeMap::new();
    let mut by_account: BTreeMap<String, (Vec<Arrival>, Told)> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let mut changed = false;
        let all = facts.iter().chain(by_account.values().flat_map(|(_, t)| &t.facts));
        for (account, came) in arrived(all, &accounts) {
            if by_account.get(&account).is_some_and(|(before, _)| *before == came.arrivals) {
                continue;
            }
            if !read.contains_key(&account) {
                let own = accounts.get(&account).map(Vec::as_slice).unwrap_or_default();
                let movements = import::service::movements(tx, app, &imports, (own, since))?;
                read.insert(account.clone(), reader.entries(&account, &movements));
            }
            let entries = read.get(&account).map(Vec::as_slice).unwrap_or_default();
            let known = known_of(facts, &account);
            let one = of_account((&came.account, came.hop), entries, &came.arrivals, &known);
            by_account.insert(account, (came.arrivals, one));
            changed = true;
        }
        if !changed {
            break;
        }
    }
    for (_, one) in by_account.into_values() {
        told.facts.extend(one.facts);
        told.leads.extend(one.leads);
        for (exhibit, n) in one.exhibits {
            let count = told.exhibits.entry(exhibit).or_default();
            *count = count.saturating_add(n);
        }
    }
    Ok(told)
}

/// Where an entry stands, and the account of the other side in plain.
#[derive(Debug, Clone)]
struct Source {
    exhibit: ExhibitId,
    plain: Option<(String, String)>,
}

struct Reader<'a> {
    app: &'a App,
    partners: &'a [partner::Partner],
    region: identifier::Region,
    asset: Asset,
}

impl Reader<'_> {
    /// Entries of all statements of one account, one statement behind the other.
    fn entries(
        &self,
        own: &str,
        movements: &BTreeMap<ImportId, import::service::Movements>,
    ) -> Vec<(Entry, Source)> {
        let mut all: Vec<(Entry, Source)> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for told in movements.values() {
            let mut here: BTreeMap<String, usize> = BTreeMap::new();
            for m in &told.all {
                let Some((entry, plain)) = self.entry(m) else { continue };
                // Two statements of overlapping months tell of the same payments; what one statement tells twice happened twice.
                // With a number of its own a payment is known by that and its day: times are told more or less exactly.
                let at = match entry.reference.as_str() {
                    "" => entry.at.as_micros().to_string(),
                    _ => self.app.profile.civil_date(entry.at).to_string(),
                };
                let other = entry.other.as_ref().map_or("", |o| o.key.as_str());
                let sum = entry.amount.minor();
                let same = format!("{own}|{at}|{}|{sum}|{}|{other}", entry.incoming, entry.reference);
                let times = here.entry(same.clone()).or_default();
                *times = times.saturating_add(1);
                if seen.get(&same).copied().unwrap_or(0) >= *times {
                    continue;
                }
                // Whichever of them tells it: what an order rests on must not change with the next statement.
                let key = line_key(&same, *times);
                all.push((Entry { key, ..entry }, Source { exhibit: told.exhibit, plain }));
            }
            for (same, times) in here {
                let most = seen.entry(same).or_default();
                *most = (*most).max(times);
            }
        }
        all
    }

    fn entry(&self, m: &Movement) -> Option<(Entry, Option<(String, String)>)> {
        let incoming = m.direction? == Direction::Credit;
        let pending = m.status == "pending" || m.status == "info" || m.reversal;
        let known = m.currency.is_empty() || m.currency == self.asset.code();
        let amount = Money::from_decimal(&m.amount.to_string(), self.asset).ok()?;
        if pending || !known || !amount.is_positive() {
            return None;
        }
        let told = if m.booked_at.is_empty() { &m.value_date } else { &m.booked_at };
        let at = import::rules::moment(told, self.app.profile.zone())?;
        let plain = import::rules::account(&m.counter.account, self.region);
        let other = plain.as_ref().map(|(kind, value)| {
            let keeper = partner::rules::keeper(self.partners, kind, value).map(|p| p.code.clone());
            let named = || self.partners.iter().find(|p| p.code == m.counter.bank).map(|p| p.code.clone());
            crate::gather::account(self.app, &keeper.or_else(named).unwrap_or_default(), kind, value)
        });
        let balance = m.balance.and_then(|b| Money::from_decimal(&b.to_string(), self.asset).ok());
        let entry = Entry {
            key: String::new(),
            at,
            day: import::rules::is_day(told),
            incoming,
            amount,
            balance: balance.map(Money::minor),
            other,
            reference: m.reference.clone(),
            // ISO 20022 external code set: cash withdrawal.
            how: if m.code.contains("CWDL") { Exit::Cash } else { Exit::Moved },
        };
        Some((entry, plain))
    }
}

/// Key of the line of a movement: of what makes it the same one whoever tells it, and of which one it is among its like.
fn line_key(same: &str, times: usize) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(format!("{same}\u{1f}{times}").as_bytes());
    let short: String = hex::encode(digest).chars().take(32).collect();
    format!("told-{short}")
}

/// What came to an account by the path.
#[derive(Debug)]
struct Came {
    /// The account as it is known.
    account: Account,
    /// Disputed money, the earliest first.
    arrivals: Vec<Arrival>,
    /// The fewest movements from the payer to it.
    hop: i64,
}

/// Whether the key of a line is one of a statement.
pub(crate) fn is_told(key: &str) -> bool {
    key.starts_with("told-")
}

/// Disputed money that came to any of these accounts.
fn arrived<'f>(
    facts: impl Iterator<Item = &'f TrailFact> + Clone,
    of: &BTreeMap<String, Vec<u8>>,
) -> BTreeMap<String, Came> {
    let asked = |f: &'f TrailFact| if let TrailFact::Asked(a) = f { Some((a.key.as_str(), a)) } else { None };
    let orders: BTreeMap<&str, &Asked> = facts.clone().filter_map(asked).collect();
    let hops = hops(facts.clone(), &orders);
    let mut found: BTreeMap<String, Came> = BTreeMap::new();
    for fact in facts {
        let (to, arrival) = match fact {
            TrailFact::Payment(p) => {
                let Some(to) = &p.to else { continue };
                let reference = p.reference.clone().unwrap_or_default();
                let (key, from) = (p.key.clone(), p.from.key.clone());
                (to, Arrival { key, amount: p.amount.minor(), at: p.at, from, reference })
            }
            TrailFact::Line(l) => {
                let (What::Left { next: Some(to), .. }, Some(amount)) = (&l.what, l.amount) else { continue };
                let from = orders.get(l.order.as_str()).map(|o| o.account.key.clone()).unwrap_or_default();
                let reference = l.reference.clone().unwrap_or_default();
                (to, Arrival { key: l.key.clone(), amount: amount.minor(), at: l.at, from, reference })
            }
            _ => continue,
        };
        if !of.contains_key(&to.key) || arrival.from == to.key {
            continue;
        }
        let hop = hops.get(to.key.as_str()).copied().unwrap_or(1);
        let new = || Came { account: to.clone(), arrivals: Vec::new(), hop };
        found.entry(to.key.clone()).or_insert_with(new).arrivals.push(arrival);
    }
    for came in found.values_mut() {
        came.arrivals.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
        came.arrivals.dedup_by(|a, b| a.key == b.key);
    }
    found
}

/// The fewest movements from the payer to each account.
fn hops<'f>(
    facts: impl Iterator<Item = &'f TrailFact>,
    orders: &BTreeMap<&str, &'f Asked>,
) -> BTreeMap<&'f str, i64> {
    let (mut hops, mut onward) = (BTreeMap::<&str, i64>::new(), BTreeMap::<&str, BTreeSet<&str>>::new());
    for fact in facts {
        match fact {
            TrailFact::Payment(p) => {
                hops.extend(p.to.as_ref().map(|to| (to.key.as_str(), 1)));
            }
            TrailFact::Line(Line { order, what: What::Left { next: Some(to), .. }, .. }) => {
                if let Some(from) = orders.get(order.as_str()) {
                    onward.entry(&from.account.key).or_default().insert(&to.key);
                }
            }
            _ => {}
        }
    }
    let mut waiting: std::collections::VecDeque<&str> = hops.keys().copied().collect();
    while let Some(from) = waiting.pop_front() {
        let next = hops.get(from).copied().unwrap_or(1).saturating_add(1);
        for to in onward.get(from).into_iter().flatten() {
            if !hops.contains_key(to) {
                hops.insert(to, next);
                waiting.push_back(to);
            }
        }
    }
    hops
}

/// Movements out of an account that institutions have told.
fn known_of(facts: &[TrailFact], account: &str) -> Vec<Known> {
    let of_it: BTreeSet<&str> = facts
        .iter()
        .filter_map(|f| match f {
            TrailFact::Asked(asked) if asked.account.key == account => Some(asked.key.as_str()),
            _ => None,
        })
        .collect();
    let known = |f: &TrailFact| match f {
        TrailFact::Line(Line {
            order,
            what: What::Left { next, .. },
            amount: Some(amount),
            at,
            reference,
            ..
        }) if of_it.contains(order.as_str()) => Some(Known {
            amount: amount.minor(),
            at: *at,
            to: next.as_ref().map(|n| n.key.clone()).unwrap_or_default(),
            reference: reference.clone().unwrap_or_default(),
        }),
        _ => None,
    };
    facts.iter().filter_map(known).collect()
}

/// Facts of one account.
fn of_account(
    (keeper, hop): (&Account, i64),
    entries: &[(Entry, Source)],
    arrivals: &[Arrival],
    known: &[Known],
) -> Told {
    let plain: Vec<Entry> = entries.iter().map(|(entry, _)| entry.clone()).collect();
    let sources: BTreeMap<&str, &Source> = entries.iter().map(|(e, s)| (e.key.as_str(), s)).collect();
    let mut told = Told::default();
    let mut asked = BTreeSet::new();
    for left in lines(&plain, arrivals, known) {
        let Some(arrival) = arrivals.get(left.behind) else { continue };
        let order = format!("told-{}-{}", keeper.key, arrival.key);
        if asked.insert(left.behind) {
            told.facts.push(TrailFact::Asked(Asked {
                key: order.clone(),
                account: keeper.clone(),
                because: arrival.key.clone(),
                cap: Money::from_minor(arrival.amount, left.entry.amount.asset()),
                open: false,
            }));
        }
        let e = left.entry;
        // Where two accounts are one, nothing moves.
        let next = e.other.clone().filter(|o| o.key != keeper.key);
        told.facts.push(TrailFact::Line(Line {
            key: e.key.clone(),
            order,
            what: What::Left { how: e.how, next: next.clone().filter(|_| e.how == Exit::Moved) },
            amount: Some(e.amount),
            at: e.at,
            reference: Some(e.reference.clone()).filter(|r| !r.is_empty()),
            stood_before: left.stood_before.map(|n| Money::from_minor(n, e.amount.asset())),
        }));
        told.facts.push(TrailFact::ByExhibit { line: e.key.clone(), latest: last_moment(e) });
        let Some(source) = sources.get(e.key.as_str()) else { continue };
        let count = told.exhibits.entry(source.exhibit).or_default();
        *count = count.saturating_add(1);
        if let (Some(next), Some(account)) = (next, source.plain.clone()) {
            told.leads.push(ToldLead {
                line: e.key.clone(),
                to: next.key,
                account,
                institution: next.institution,
                amount: e.amount,
                at: e.at,
                reference: Some(e.reference.clone()).filter(|r| !r.is_empty()),
                hop,
            });
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kzt(n: i64) -> Money {
        Money::from_minor(n, Asset::new("KZT", 2).unwrap())
    }

    fn account(key: &str) -> Account {
        Account { key: key.into(), institution: "BANK".into(), masked: key.into() }
    }

    fn entry(row: i64, secs: i64, amount: i64, other: &str) -> Entry {
        Entry {
            key: format!("i-{row}"),
            at: Timestamp::from_secs(secs),
            day: false,
            incoming: amount > 0,
            amount: kzt(amount.abs()),
            balance: None,
            other: (!other.is_empty()).then(|| account(other)),
            reference: String::new(),
            how: Exit::Moved,
        }
    }

    fn arrival(key: &str, secs: i64, amount: i64) -> Arrival {
        let (key, from) = (key.to_owned(), "victim".to_owned());
        Arrival { key, amount, at: Timestamp::from_secs(secs), from, reference: String::new() }
    }

    fn keys(all: &[Left<'_>]) -> Vec<String> {
        all.iter().map(|l| l.entry.key.clone()).collect()
    }

    #[test]
    fn what_left_after_it_came_is_told_and_what_left_before_is_not() {
        let all = [
            entry(1, 10, -900, "shop"),
            entry(2, 20, 500, "victim"),
            entry(3, 30, -200, "a"),
            entry(4, 40, 70, "friend"),
            entry(5, 50, -300, "b"),
            entry(6, 60, -400, "c"),
        ];
        let found = lines(&all, &[arrival("p", 20, 500)], &[]);
        assert_eq!(keys(&found), ["i-3", "i-5"], "behind all that came nothing disputed is left");
        // The statement runs back: the same comes of it.
        let back: Vec<Entry> = all.iter().rev().cloned().collect();
        assert_eq!(keys(&lines(&back, &[arrival("p", 20, 500)], &[])), ["i-3", "i-5"]);
    }

    #[test]
    fn what_stood_before_leaves_first_and_is_counted() {
        let mut came = entry(1, 20, 500, "victim");
        came.balance = Some(1_500);
        let all = [
            came,
            entry(2, 30, -900, "a"),
            entry(3, 40, -500, "b"),
            entry(4, 50, -500, "c"),
            entry(5, 60, -1, "d"),
        ];
        let found = lines(&all, &[arrival("p", 20, 500)], &[]);
        assert_eq!(keys(&found), ["i-2", "i-3", "i-4"]);
        assert_eq!(found[0].stood_before, Some(1_000));
    }

    #[test]
    fn a_payment_of_another_sender_is_not_the_one_that_came() {
        let all = [
            entry(1, 20, 500, "somebody"),
            entry(2, 30, -500, "a"),
            entry(3, 3_000, 500, "victim"),
            entry(4, 4_000, -500, "b"),
        ];
        let found = lines(&all, &[arrival("p", 2_990, 500)], &[]);
        assert_eq!(keys(&found), ["i-4"]);
        // Of a payer whose account nobody told, the time decides.
        let unknown = Arrival { from: "payer-1".into(), ..arrival("p", 21, 500) };
        assert_eq!(keys(&lines(&all, &[unknown], &[])), ["i-2"]);
    }

    #[test]
    fn what_an_institution_told_is_not_told_twice() {
        let all = [entry(1, 20, 500, "victim"), entry(2, 30, -200, "a"), entry(3, 31, -200, "a")];
        let known =
            Known { amount: 200, at: Timestamp::from_secs(100), to: "a".into(), reference: String::new() };
        assert_eq!(keys(&lines(&all, &[arrival("p", 20, 500)], &[known])), ["i-3"]);
    }

    #[test]
    fn a_day_alone_is_no_moment() {
        let day = |row, amount, other| Entry { day: true, ..entry(row, 0, amount, other) };
        let all = [day(1, -50, "early"), day(2, 500, "victim"), day(3, -400, "a")];
        let found = lines(&all, &[arrival("p", 40_000, 500)], &[]);
        assert_eq!(keys(&found), ["i-3"], "the order of the file stands within a day");
        // The statement does not show what came: by the day it may have left afterwards.
        let found = lines(&all[2..], &[arrival("p", 40_000, 500)], &[]);
        assert_eq!(keys(&found), ["i-3"]);
    }

    proptest! {
        #[test]
        fn never_more_than_came_and_one_entry_over(
            rows in prop::collection::vec((0_i64..400, -900_i64..900, 0_usize..4), 0..60),
            came in prop::collection::vec((0_i64..400, 1_i64..900), 0..5),
        ) {
            let names = ["victim", "a", "b", ""];
            let all: Vec<Entry> = rows
                .iter()
                .enumerate()
                .filter(|(_, (_, amount, _))| *amount != 0)
                .map(|(n, (at, amount, who))| entry(i64::try_from(n).unwrap(), *at, *amount, names[*who]))
                .collect();
            let mut arrivals: Vec<Arrival> =
                came.iter().enumerate().map(|(n, (at, sum))| arrival(&format!("p{n}"), *at, *sum)).collect();
            arrivals.sort_by_key(|a| a.at);
            let found = lines(&all, &arrivals, &[]);
            let mut seen = BTreeSet::new();
            for left in &found {
                prop_assert!(!left.entry.incoming && seen.insert(&left.entry.key));
                prop_assert!(left.behind < arrivals.len());
            }
            let total: i64 = arrivals.iter().map(|a| a.amount).sum();
            let without_last: i64 = found.iter().rev().skip(1).map(|l| l.entry.amount.minor()).sum();
            prop_assert!(found.is_empty() || without_last < total);
        }
    }
}
