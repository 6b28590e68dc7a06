//! Why a transfer is not taken into the graph.

/// Why a transfer is not taken into the graph. Nothing is half-taken: the graph stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FlatError {
    /// Account numbers are dense; this one is far beyond those in use and would make empty tables grow.
    #[error("account `{account}` is beyond the `{accounts}` in use")]
    AccountTooFar {
        /// The number given.
        account: u32,
        /// Accounts in use.
        accounts: u32,
    },
    /// Before 2000 or after 2136.
    #[error("time `{0}` does not lie between 2000 and 2136")]
    TimeOutOfRange(i64),
    /// Amounts are not negative.
    #[error("amount `{0}` is negative")]
    NegativeAmount(i64),
    /// More transfers than one graph numbers.
    #[error("one graph holds at most 4294967295 transfers")]
    TooMany,
}
