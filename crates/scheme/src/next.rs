//! What may be done next about a scheme, and why. Suggestions for people; nothing is done by them.

use profile::SchemeLimits;

/// A suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Call the victims who paid on after reporting: so many.
    CallPaying(i64),
    /// Suppress what it uses: so many shared things are in no registry.
    Suppress(i64),
    /// Warn the public: so many reports since yesterday.
    Warn(i64),
    /// Open a case.
    OpenCase {
        /// Its reports.
        reports: i64,
        /// Regions that they come from.
        regions: i64,
    },
}

/// How a scheme stands, as far as the reader sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Reports.
    pub reports: i64,
    /// Of them since yesterday.
    pub new: i64,
    /// Victims who paid on after reporting, lately.
    pub paying: i64,
    /// Regions that reports come from.
    pub regions: i64,
    /// Shared things that are in no registry.
    pub unknown: i64,
    /// It grows faster than chance.
    pub growing: bool,
    /// It is no fraud, as officers or the stories say: nothing is suppressed or opened for it.
    pub no_fraud: bool,
}

/// What to do, the most urgent first.
#[must_use]
pub fn next(is: Standing, limits: SchemeLimits) -> Vec<Next> {
    let mut all = Vec::new();
    if is.paying > 0 {
        all.push(Next::CallPaying(is.paying));
    }
    if is.no_fraud {
        return all;
    }
    if is.unknown > 0 {
        all.push(Next::Suppress(is.unknown));
    }
    if is.new > 0 && (is.growing || is.new >= limits.warn_new) {
        all.push(Next::Warn(is.new));
    }
    if is.reports >= limits.case_reports || (is.reports > 1 && is.regions >= limits.case_regions) {
        all.push(Next::OpenCase { reports: is.reports, regions: is.regions });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: SchemeLimits = SchemeLimits { case_reports: 5, case_regions: 2, warn_new: 4 };

    #[test]
    fn what_is_suggested() {
        let one = Standing { reports: 2, regions: 1, ..Standing::default() };
        for (is, expected) in [
            (one, vec![]),
            (Standing { paying: 1, unknown: 3, ..one }, vec![Next::CallPaying(1), Next::Suppress(3)]),
            (Standing { new: 3, ..one }, vec![]),
            (Standing { new: 3, growing: true, ..one }, vec![Next::Warn(3)]),
            (Standing { new: 4, ..one }, vec![Next::Warn(4)]),
            (Standing { regions: 2, ..one }, vec![Next::OpenCase { reports: 2, regions: 2 }]),
            (Standing { reports: 5, ..one }, vec![Next::OpenCase { reports: 5, regions: 1 }]),
            (Standing { growing: true, ..Standing::default() }, vec![]),
            (Standing { no_fraud: true, reports: 9, unknown: 2, new: 9, ..one }, vec![]),
        ] {
            assert_eq!(next(is, LIMITS), expected, "{is:?}");
        }
    }
}
