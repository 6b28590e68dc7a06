//! What the plan of a scheme begins with: what its rules advise to suppress, by the limit that takes least from anybody. Pure; the officer
//! ticks whatever else is needed.

use std::collections::BTreeSet;

use identifier::Kind;
use identifier::normalise::url::{host, registrable};
use profile::Measure;

/// A thing that reports name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    /// What sort of thing.
    pub kind: Kind,
    /// Its canonical writing.
    pub value: &'a str,
    /// How many reports name it.
    pub reports: i64,
    /// Whether the rules of the scheme advise to suppress it: several of its reports name it, and it is this fraud's own.
    pub advised: bool,
}

/// A measure that may lawfully be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Could {
    /// Place of the thing among those that are named.
    pub named: usize,
    /// The measure.
    pub measure: Measure,
}

/// Places of the measures that are ticked beforehand: for each thing that the rules advise one, by the institution that comes first. Of a
/// site of which one page does the harm the page, not the site; of an address of the network none, since others stand behind it; nothing
/// that asks for data of persons, and nothing that stops all money of an account.
pub(crate) fn picks(named: &[Named<'_>], could: &[Could]) -> BTreeSet<usize> {
    let limits = |c: &Could| matches!(c.measure, Measure::NumberBlock | Measure::ResourceRestriction);
    let first = |place: usize| could.iter().position(|c| c.named == place && limits(c));
    let on = |page: &Named<'_>, site: &Named<'_>| {
        page.kind == Kind::Url
            && site.kind == Kind::Domain
            && host(page.value).is_some_and(|h| h == site.value || registrable(&h) == Some(site.value))
    };
    let other = |does: &dyn Fn(&Named<'_>) -> bool| {
        named.iter().enumerate().any(|(place, n)| n.advised && does(n) && first(place).is_some())
    };
    let wanted = |n: &Named<'_>| match n.kind {
        Kind::Ip => false,
        Kind::Domain => !other(&|page| on(page, n) && page.reports >= n.reports),
        Kind::Url => !other(&|site| on(n, site) && site.reports > n.reports),
        _ => true,
    };
    named
        .iter()
        .enumerate()
        .filter(|(_, n)| n.advised && n.reports > 1 && wanted(n))
        .filter_map(|(place, _)| first(place))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_that_does_it() {
        let thing = |kind, value, reports, advised| Named { kind, value, reports, advised };
        let named = [
            thing(Kind::Phone, "+77001112233", 6, true),
            thing(Kind::Phone, "+77001112244", 9, false),
            thing(Kind::Domain, "gain.example", 4, true),
            thing(Kind::Url, "https://gain.example/pay", 4, true),
            thing(Kind::Domain, "loss.example", 5, true),
            thing(Kind::Url, "https://loss.example/one", 2, true),
            thing(Kind::Ip, "192.0.2.7", 5, true),
            thing(Kind::Iban, "KZ1", 5, true),
            thing(Kind::Phone, "+77001112255", 1, true),
        ];
        let could = |named, measure| Could { named, measure };
        let all = [
            could(0, Measure::NumberBlock),
            could(0, Measure::NumberBlock),
            could(0, Measure::Disclosure),
            could(1, Measure::NumberBlock),
            could(2, Measure::ResourceRestriction),
            could(3, Measure::ResourceRestriction),
            could(4, Measure::ResourceRestriction),
            could(5, Measure::ResourceRestriction),
            could(6, Measure::ResourceRestriction),
            could(7, Measure::IncomingStop),
            could(7, Measure::Disclosure),
            could(8, Measure::NumberBlock),
        ];
        // The number once; the page where it is named as often as its site, else the site alone; neither the address of the network, nor
        // an account, nor what one report names.
        assert_eq!(picks(&named, &all), BTreeSet::from([0, 5, 6]));
        assert!(picks(&[], &all).is_empty());
    }
}
