//! The other direction: where money can have come from.

use crate::EPOCH_SECS;
use crate::error::FlatError;
use crate::graph::{Transfer, Transfers};
use crate::search::{Found, Rules, Scratch, Start};

/// Transfers, searchable by receiver and back in time.
///
/// The same columns with both ends exchanged and the clock turned round: what carries money on there, brought it here. So
/// one search serves both directions, and one oracle judges it. It costs as much memory again as the graph that it is
/// made from, so only whoever asks for sources pays for it.
#[derive(Debug, Clone, Default)]
pub struct Sources(Transfers);

impl Sources {
    /// Packs `rows`, in any order, of accounts numbered below `accounts`.
    ///
    /// # Errors
    /// [`FlatError`] names the first transfer that cannot be kept.
    pub fn build(accounts: u32, rows: impl IntoIterator<Item = Transfer>) -> Result<Self, FlatError> {
        let rows: Result<Vec<Transfer>, FlatError> = rows.into_iter().map(turned).collect();
        Transfers::build(accounts, rows?).map(Self)
    }

    /// Adds one transfer that the next search sees; `false` if it is there already.
    ///
    /// # Errors
    /// [`FlatError`]; nothing is changed then.
    pub fn append(&mut self, row: Transfer) -> Result<bool, FlatError> {
        self.0.append(turned(row)?)
    }

    /// Transfers that can have brought the money to where `start` stands: the account that *sent* it, and when.
    /// `rules` are read backwards: a transfer precedes another if it came at the same second or up to the window before, and a
    /// hub is who receives more than so many.
    pub fn backward(&self, scratch: &mut Scratch, start: Start, rules: &Rules) -> Found {
        mirrored(start.at_secs)
            .map(|at_secs| self.0.forward(scratch, Start { account: start.account, at_secs }, rules))
            .unwrap_or_default()
    }

    /// Bytes of the packed columns.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

/// Both ends exchanged, the clock turned round.
fn turned(row: Transfer) -> Result<Transfer, FlatError> {
    let at_secs = mirrored(row.at_secs).ok_or(FlatError::TimeOutOfRange(row.at_secs))?;
    Ok(Transfer { from: row.to, to: row.from, at_secs, ..row })
}

/// The moment that lies as far before the end of the graph's time as this one lies behind its beginning.
fn mirrored(at_secs: i64) -> Option<i64> {
    let since = u32::try_from(at_secs.checked_sub(EPOCH_SECS)?).ok()?;
    Some(EPOCH_SECS + i64::from(u32::MAX - since))
}
