//! What statements of accounts tell of the money, beside what institutions answer: movements of an account on the path, out of exhibits
//! that somebody had read as rows.
//!
//! [`lines`] is pure: which entries of a statement are what came by the path, and what left after it. [`gather`] finds the accounts on the
//! path of which there are statements, and goes on from where their money went.

mod lines;
mod statements;

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use db::Tx;
use evidence::ExhibitId;
use kernel::{Actor, Asset, Money, Timestamp};
use report::ReportId;

use self::lines::{APART_MICROS, Arrival, Entry, Known, last_moment, lines};
use self::statements::{Source, Statements};
use crate::TrailError;
use crate::model::{Account, Asked, Exit, Line, TrailFact, What};
/// How often it is gone on from accounts that statements lead to.
const ROUNDS: usize = 16;

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
    let statements = Statements { app, partners: &partners, region, asset };
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
                read.insert(account.clone(), statements.entries(&account, &movements));
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
