//! The graph as callers see it: build, append, compact.

use crate::base::{Base, Packed};
use crate::delta::Delta;
use crate::error::FlatError;
use crate::{EPOCH_SECS, coarse};

/// How far beyond the accounts in use an appended account number may lie. Numbers are given out one by one,
/// so only a few are ever in flight; one far beyond is a mistake and must not make tables grow.
pub const ACCOUNT_SLACK: u32 = 1 << 20;

/// The delta is worth merging when it is larger than one in this many transfers of the base.
const COMPACT_AT: usize = 64;

/// A transfer as the caller knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// The caller's number of the transfer, dense.
    pub id: u32,
    /// Sending account, dense.
    pub from: u32,
    /// Receiving account, dense.
    pub to: u32,
    /// Booking time, seconds since 1970 UTC.
    pub at_secs: i64,
    /// Amount in smallest units of the graph's asset.
    pub amount: i64,
}

/// Transfers of one asset, searchable by sender and time.
#[derive(Debug, Clone, Default)]
pub struct Transfers {
    base: Base,
    delta: Delta,
    accounts: u32,
}

impl Transfers {
    /// Packs `rows`, in any order, of accounts numbered below `accounts`. A transfer given twice counts once.
    ///
    /// # Errors
    /// [`FlatError`] names the first transfer that cannot be kept.
    pub fn build(accounts: u32, rows: impl IntoIterator<Item = Transfer>) -> Result<Self, FlatError> {
        let packed: Result<Vec<Packed>, FlatError> = rows
            .into_iter()
            .map(|row| {
                let account = row.from.max(row.to);
                let ok = account < accounts;
                ok.then_some(row).ok_or(FlatError::AccountTooFar { account, accounts }).and_then(pack)
            })
            .collect();
        Ok(Self { base: Base::build(packed?)?, delta: Delta::default(), accounts })
    }

    /// Adds one transfer that the next search sees. `false` if it is there already, so a feed that delivers
    /// at least once may be replayed. Costs a hash look-up and a shift inside the sender's short list.
    ///
    /// # Errors
    /// [`FlatError`]; the graph is then unchanged.
    pub fn append(&mut self, row: Transfer) -> Result<bool, FlatError> {
        let account = row.from.max(row.to);
        if account >= self.accounts.saturating_add(ACCOUNT_SLACK) {
            return Err(FlatError::AccountTooFar { account, accounts: self.accounts });
        }
        let packed = pack(row)?;
        let room = self.len() < crate::at(u32::MAX);
        if !room {
            return Err(FlatError::TooMany);
        }
        let (from, to) = self.base.window(packed.from, packed.time, packed.time);
        if self.base.arcs(from, to).iter().any(|arc| arc.id == packed.id) {
            return Ok(false);
        }
        // INVARIANT: `accounts` is above every number in the graph.
        self.accounts = self.accounts.max(account.saturating_add(1));
        Ok(self.delta.insert(packed))
    }

    /// Whether the delta has grown enough for [`Self::compacted`] to pay.
    #[must_use]
    pub fn wants_compaction(&self) -> bool {
        crate::at(self.delta.len()) > 4_096.max(self.base.len() / COMPACT_AT)
    }

    /// The same transfers with an empty delta. Reads `self` only: a caller builds it beside the live graph,
    /// then appends [`Self::late`] from the number it started with, and swaps.
    ///
    /// # Errors
    /// [`FlatError::TooMany`].
    pub fn compacted(&self) -> Result<Self, FlatError> {
        let rows = self.base.rows().chain(self.delta.all().map(|late| late.row)).collect();
        Ok(Self { base: Base::build(rows)?, delta: Delta::default(), accounts: self.accounts })
    }

    /// Appended transfers from arrival number `since` on, in order of arrival, with coarse amounts (encoding
    /// them again gives the same code).
    #[must_use]
    pub fn late(&self, since: u32) -> Vec<Transfer> {
        let mut late: Vec<_> = self.delta.all().filter(|late| late.arrival >= since).collect();
        late.sort_unstable_by_key(|late| late.arrival);
        late.into_iter().map(|late| unpack(late.row)).collect()
    }

    /// Transfers appended since the build: the number to give to [`Self::late`].
    #[must_use]
    pub const fn appended(&self) -> u32 {
        self.delta.len()
    }

    /// Number of transfers.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.base.len() + crate::at(self.delta.len())
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One more than the highest account number.
    #[must_use]
    pub const fn accounts(&self) -> u32 {
        self.accounts
    }

    /// Bytes of the packed columns, without the delta.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.base.bytes()
    }

    pub(crate) const fn base(&self) -> &Base {
        &self.base
    }
    pub(crate) const fn delta(&self) -> &Delta {
        &self.delta
    }
}

/// Seconds of the graph; `None` outside its 136 years.
pub(crate) fn seconds(at_secs: i64) -> Option<u32> {
    at_secs.checked_sub(EPOCH_SECS).and_then(|s| u32::try_from(s).ok())
}

fn pack(row: Transfer) -> Result<Packed, FlatError> {
    let time = seconds(row.at_secs).ok_or(FlatError::TimeOutOfRange(row.at_secs))?;
    let amount = u64::try_from(row.amount).map_err(|_| FlatError::NegativeAmount(row.amount))?;
    Ok(Packed { from: row.from, time, id: row.id, to: row.to, amount: coarse::encode(amount) })
}

fn unpack(row: Packed) -> Transfer {
    let amount = i64::try_from(coarse::decode(row.amount)).unwrap_or(i64::MAX);
    Transfer { id: row.id, from: row.from, to: row.to, at_secs: i64::from(row.time) + EPOCH_SECS, amount }
}
