//! Rows of statements as entries: one statement behind the other, what two of them tell taken once.

use std::collections::BTreeMap;

use app::App;
use evidence::ExhibitId;
use import::ImportId;
use kernel::{Asset, Money};
use statement::{Direction, Movement};

use super::lines::Entry;
use crate::model::Exit;

/// Where an entry stands, and the account of the other side in plain.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) exhibit: ExhibitId,
    pub(super) plain: Option<(String, String)>,
}

/// Makes entries of what statements hold.
pub(super) struct Statements<'a> {
    pub(super) app: &'a App,
    pub(super) partners: &'a [partner::Partner],
    pub(super) region: identifier::Region,
    pub(super) asset: Asset,
}

impl Statements<'_> {
    /// Entries of all statements of one account, one statement behind the other.
    pub(super) fn entries(
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
