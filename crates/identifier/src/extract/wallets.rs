//! Addresses of wallets: only what passes its checksum.

use super::Scan;
use crate::Kind;
use crate::normalise::wallet;

/// Claims wallets among the runs of Latin letters and digits.
pub(super) fn wallets(scan: &mut Scan) {
    let mut i = 0;
    while i < scan.text.len() {
        if !scan.text.at(i).is_ascii_alphanumeric() || scan.is_taken(i) {
            i = i.saturating_add(1);
            continue;
        }
        let end = scan.text.run(i, usize::MAX, |c| c.is_ascii_alphanumeric());
        if (26..=90).contains(&end.saturating_sub(i)) {
            let word = scan.text.text(i, end);
            let found = match word.get(..1) {
                Some("0") => wallet::eth(&word).ok().map(|w| (Kind::WalletEth, w)),
                Some("T") => wallet::tron(&word).ok().map(|w| (Kind::WalletTron, w)),
                Some("1" | "3" | "b" | "B") => wallet::btc(&word).ok().map(|w| (Kind::WalletBtc, w)),
                _ => None,
            };
            if let Some((kind, value)) = found {
                scan.hit(kind, i, end, value);
            }
        }
        i = end;
    }
}
