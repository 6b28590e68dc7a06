//! `trail.toml`: what is worth looking at on the path of money.

use kernel::Asset;

use crate::read::Node;
use crate::words::SourceMark;

/// What makes an account on a reported path one that money is passed through, and when payments look cut to size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailSigns {
    /// So many reasons together make an account worth a second look; fewer are not shown.
    pub least_reasons: u32,
    /// So many hundredths of what came must have left…
    pub quick_percent: u32,
    /// …within so many minutes.
    pub quick_minutes: u32,
    /// Before the money came there was less than so many hundredths of it.
    pub empty_percent: u32,
    /// So many payers who need not know one another.
    pub payers: u32,
    /// So many parts into which what came was cut.
    pub parts: u32,
    /// Sums from which payments are told to somebody.
    pub thresholds: Vec<Threshold>,
}

/// A sum from which a payment is told to an authority, so that those who hide stay below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// Code of the asset.
    pub asset: String,
    /// The sum, in smallest units.
    pub minor: i64,
    /// A payment of at least so many hundredths of it, and less than it, is just below.
    pub near_percent: u32,
    /// So many of them…
    pub payments: u32,
    /// …within so many hours look cut to size.
    pub hours: u32,
    /// The law behind it.
    pub basis: String,
    /// Whether somebody has compared it with the text in force.
    pub mark: SourceMark,
}

/// Reads the whole file; `asset` knows the assets of the profile.
pub(crate) fn trail(node: &Node<'_>, asset: impl Fn(&str) -> Option<Asset>) -> Option<TrailSigns> {
    let percent = |key: &str| {
        let read = node.req::<u32>(key);
        if read.is_some_and(|n| n > 100) {
            node.wrong_at(key, "expected hundredths, at most 100");
        }
        read
    };
    let (quick_percent, empty_percent) = (percent("quick_percent"), percent("empty_percent"));
    let thresholds = node.each("threshold", |n| {
        let (code, amount) = (n.req::<String>("asset"), n.req::<i64>("amount"));
        let (near, payments, hours) = (n.req("near_percent"), n.req("payments"), n.req("hours"));
        let (basis, mark) = (n.req("basis"), n.req("mark"));
        let (code, amount, near) = (code?, amount?, near?);
        if !(1..100).contains(&near) {
            n.wrong_at("near_percent", "expected hundredths from 1 to 99");
        }
        if amount < 1 {
            n.wrong_at("amount", "expected a sum above nothing");
        }
        let scale = asset(&code).map(|a| 10_i64.saturating_pow(a.scale().into()));
        if scale.is_none() {
            n.wrong_at("asset", format!("expected an asset of the profile, found `{code}`"));
        }
        let minor = amount.saturating_mul(scale?);
        Some(Threshold {
            asset: code,
            minor,
            near_percent: near,
            payments: payments?,
            hours: hours?,
            basis: basis?,
            mark: mark?,
        })
    });
    Some(TrailSigns {
        least_reasons: node.req("least_reasons")?,
        quick_percent: quick_percent?,
        quick_minutes: node.req("quick_minutes")?,
        empty_percent: empty_percent?,
        payers: node.req("payers")?,
        parts: node.req("parts")?,
        thresholds,
    })
}
