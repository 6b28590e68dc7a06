//! Counting what reports say of a thing.

use std::collections::{BTreeMap, BTreeSet};

use identifier::Kind;
use uuid::Uuid;

use crate::model::{How, Mention, Role, Tally};

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Counts mentions. Whoever reports the same thing ten times is one reporter, and a report that comes twice is one report.
#[must_use]
pub fn tally(mentions: &[Mention]) -> Tally {
    // Of one report the mention that says most; `How` begins with it. What is the reporter's own is no harm in it.
    let mut reports: BTreeMap<Uuid, &Mention> = BTreeMap::new();
    let mut own: BTreeMap<Uuid, bool> = BTreeMap::new();
    for mention in mentions {
        if mention.how == How::Own {
            let verified = own.entry(mention.report).or_default();
            *verified |= mention.verified;
            continue;
        }
        let best = reports.entry(mention.report).or_insert(mention);
        if mention.how < best.how {
            *best = mention;
        }
    }
    let named: Vec<&Mention> = reports.values().copied().filter(|m| !own.contains_key(&m.report)).collect();
    let harm: Vec<&Mention> = named.iter().copied().filter(|m| m.how != How::Told).collect();
    let different = |all: &[&Mention], verified: bool| {
        let counted = all.iter().filter(|m| m.verified || !verified);
        count(counted.map(|m| m.reporter).collect::<BTreeSet<_>>().len())
    };
    // Whose list it is, is what an officer said who brought it: it makes no second institution.
    let partners: BTreeSet<&str> =
        harm.iter().filter(|m| m.how != How::Listing).filter_map(|m| m.partner.as_deref()).collect();
    let last = harm.iter().map(|m| m.at).max();
    Tally {
        harmful: count(harm.len()),
        paid: count(harm.iter().filter(|m| m.how == How::PaidTo).count()),
        lists: count(harm.iter().filter(|m| m.how == How::Listing).count()),
        told: count(named.len().saturating_sub(harm.len())),
        reporters: different(&harm, false),
        verified: different(&harm, true),
        heard: different(&named, true),
        partners: count(partners.len()),
        own: count(own.len()),
        own_verified: count(own.values().filter(|verified| **verified).count()),
        first: mentions.iter().map(|m| m.at).min(),
        last: last.or_else(|| mentions.iter().map(|m| m.at).max()),
    }
}

/// Whose a thing is. A victim's own is told by the victim's bank or to an officer; somebody's bare word that a mule's
/// account is theirs shields nothing, and accuses nobody either.
#[must_use]
pub const fn role(kind: Kind, tally: &Tally) -> Role {
    // A list takes no victim's silence away: fraud shows honest people's numbers.
    match (tally.own_verified, tally.own, tally.harmful.saturating_sub(tally.lists)) {
        (0, 0, 0) if tally.lists > 0 && is_infrastructure(kind) => Role::Infrastructure,
        (0, 0, 0) if tally.lists > 0 => Role::Suspect,
        (1.., _, 0) => Role::Victim,
        (0, 0, 1..) if is_infrastructure(kind) => Role::Infrastructure,
        (0, 0, 1..) => Role::Suspect,
        _ => Role::Unknown,
    }
}

/// Whether such a thing is no person's.
#[must_use]
pub const fn is_infrastructure(kind: Kind) -> bool {
    matches!(kind, Kind::Url | Kind::Domain | Kind::Ip | Kind::Sender | Kind::App | Kind::Advertisement)
}

#[cfg(test)]
pub(crate) mod tests {
    use kernel::Timestamp;
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn mention(report: u128, how: How, reporter: u128, verified: bool) -> Mention {
        Mention {
            report: Uuid::from_u128(report),
            how,
            reporter: Uuid::from_u128(reporter),
            verified,
            partner: None,
            at: Timestamp::from_secs(i64::try_from(report).unwrap()),
        }
    }

    #[test]
    fn one_reporter_is_one_however_often() {
        let all = [
            mention(1, How::PaidTo, 7, true),
            mention(2, How::PaidTo, 7, true),
            mention(3, How::Clue, 8, false),
            mention(3, How::Told, 8, false),
            mention(4, How::Told, 9, true),
        ];
        let found = tally(&all);
        assert_eq!((found.harmful, found.paid, found.told), (3, 2, 1));
        assert_eq!((found.reporters, found.verified, found.heard), (2, 1, 2));
        assert_eq!((found.first, found.last), (Some(Timestamp::from_secs(1)), Some(Timestamp::from_secs(3))));
    }

    #[test]
    fn institutions_count_once_each() {
        let of = |report, code: &str| Mention {
            partner: Some(code.into()),
            ..mention(report, How::PaidTo, report, true)
        };
        assert_eq!(tally(&[of(1, "AAAA"), of(2, "AAAA"), of(3, "BBBB")]).partners, 2);
    }

    #[test]
    fn whose_it_is() {
        for (all, kind, expected) in [
            (vec![mention(1, How::PaidTo, 1, false)], Kind::Iban, Role::Suspect),
            (vec![mention(1, How::Clue, 1, false)], Kind::Domain, Role::Infrastructure),
            (vec![mention(1, How::Told, 1, false)], Kind::Phone, Role::Unknown),
            (vec![mention(1, How::Own, 1, true)], Kind::Phone, Role::Victim),
            (vec![mention(1, How::Own, 1, false)], Kind::Phone, Role::Unknown),
            // A mule's helper reports, and names the mule's account as their own.
            (
                vec![mention(1, How::PaidTo, 1, true), mention(2, How::Own, 2, false)],
                Kind::Iban,
                Role::Unknown,
            ),
            // Somebody was paid by mistake and is a victim elsewhere: people decide.
            (
                vec![mention(1, How::PaidTo, 1, true), mention(2, How::Own, 2, true)],
                Kind::Iban,
                Role::Unknown,
            ),
            // In their own report it is theirs, also where the story says it again.
            (vec![mention(1, How::Own, 1, true), mention(1, How::Told, 1, true)], Kind::Phone, Role::Victim),
            (vec![], Kind::Phone, Role::Unknown),
        ] {
            assert_eq!(role(kind, &tally(&all)), expected, "{all:?}");
        }
    }

    pub(crate) fn any_mention() -> impl Strategy<Value = Mention> {
        (0_u128..12, 0_usize..How::ALL.len(), 0_u128..5, any::<bool>(), 0_u8..4).prop_map(
            |(report, how, reporter, verified, code)| Mention {
                partner: (code > 0).then(|| format!("BANK{code}")),
                ..mention(report, How::ALL[how], reporter, verified)
            },
        )
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_nothing(mut all in proptest::collection::vec(any_mention(), 0..24)) {
            // A report has one reporter, who was verified or not.
            for m in &mut all { m.reporter = Uuid::from_u128(m.report.as_u128() % 5); m.verified = m.report.as_u128() % 2 == 0; m.partner = None; }
            let before = tally(&all);
            let twice: Vec<Mention> = all.iter().rev().chain(&all).cloned().collect();
            let after = tally(&twice);
            prop_assert_eq!(before, after);
        }

        #[test]
        fn no_count_is_above_what_it_is_a_part_of(all in proptest::collection::vec(any_mention(), 0..24)) {
            let t = tally(&all);
            prop_assert!(t.paid <= t.harmful && t.reporters <= t.harmful && t.verified <= t.reporters);
            prop_assert!(t.verified <= t.heard && t.heard <= t.harmful + t.told);
            prop_assert!(t.partners <= t.harmful && t.own_verified <= t.own);
            prop_assert!(t.first <= t.last);
        }
    }
}
