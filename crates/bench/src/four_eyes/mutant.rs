//! Broken offices. Each is the true program with one rule undone: what the rule looks at is changed in the database while
//! the act runs, and put back after it, so that the program behaves as a build without the rule would.

use super::ghost::Ghost;
use super::ops::Op;
use super::seen::Seen;
use super::snapshot::Shelf;
use super::stage::Stage;

/// A rule undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mutant {
    /// One signature is enough where the law asks for two.
    OneIsEnough,
    /// Whoever drafted an order may be counted among its signers.
    AuthorCounts,
    /// Signatures of closed accounts, and of those who lost the office, count.
    OutCount,
    /// One signature is counted as two persons.
    TwiceCounts,
    /// What was put before the prosecutor counts as sanctioned.
    Unsanctioned,
    /// One signature brings a standing approval into force.
    StandingByOne,
    /// A revoked standing approval goes on.
    RevokedCovers,
    /// Whoever drafted a change of the law may enact it.
    LawByOne,
    /// A deputy counts beside the one in whose stead the signature is given.
    LentIsAnother,
    /// What was lent counts after its end.
    EndedLentCounts,
    /// What was lent counts before a third person has confirmed it.
    UnconfirmedLentCounts,
    /// Whoever is away may sign.
    AwaySigns,
    /// One signature is enough for a standing approval, when it is signed and whenever it sends.
    StandingAskedOfOne,
    /// Whoever drafted a standing approval may be counted among its signers.
    StandingAuthorCounts,
    /// A standing approval sends on whatever became of those who signed it.
    OutCover,
    /// A revoked standing approval still sends.
    RevokedSends,
    /// An old version of a standing approval sends beside the new one.
    SupersededSends,
    /// A standing approval goes on after its end.
    EndedCovers,
    /// A standing approval goes on under a text of the law that it was not given under.
    OldTextCovers,
    /// What has gone out today is not counted against the day's sum.
    DayForgotten,
    /// Whoever is away may sign a standing approval.
    AwaySignsStanding,
}

impl Mutant {
    /// All of them.
    pub(super) const ALL: [Self; 21] = [
        Self::OneIsEnough,
        Self::AuthorCounts,
        Self::OutCount,
        Self::TwiceCounts,
        Self::Unsanctioned,
        Self::StandingByOne,
        Self::RevokedCovers,
        Self::LawByOne,
        Self::LentIsAnother,
        Self::EndedLentCounts,
        Self::UnconfirmedLentCounts,
        Self::AwaySigns,
        Self::StandingAskedOfOne,
        Self::StandingAuthorCounts,
        Self::OutCover,
        Self::RevokedSends,
        Self::SupersededSends,
        Self::EndedCovers,
        Self::OldTextCovers,
        Self::DayForgotten,
        Self::AwaySignsStanding,
    ];

    /// In words.
    #[must_use]
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::OneIsEnough => "one signature is enough",
            Self::AuthorCounts => "the author counts",
            Self::OutCount => "whoever is out counts",
            Self::TwiceCounts => "one person counts twice",
            Self::Unsanctioned => "asking is as good as a sanction",
            Self::StandingByOne => "a standing approval by one",
            Self::RevokedCovers => "a revoked standing approval covers",
            Self::LawByOne => "the law changed by one",
            Self::LentIsAnother => "a deputy counts beside the one signed for",
            Self::EndedLentCounts => "what was lent counts after its end",
            Self::UnconfirmedLentCounts => "what was lent counts before it is confirmed",
            Self::AwaySigns => "whoever is away signs",
            Self::StandingAskedOfOne => "one is enough for a standing approval",
            Self::StandingAuthorCounts => "the author of a standing approval counts",
            Self::OutCover => "a standing approval sends on, whoever has left",
            Self::RevokedSends => "a revoked standing approval sends",
            Self::SupersededSends => "an old version of a standing approval sends",
            Self::EndedCovers => "a standing approval covers after its end",
            Self::OldTextCovers => "a standing approval covers under another text of the law",
            Self::DayForgotten => "the day's sum is not counted",
            Self::AwaySignsStanding => "whoever is away signs a standing approval",
        }
    }

    /// The world in which it must be caught.
    #[must_use]
    pub(super) const fn world(self) -> &'static str {
        match self {
            Self::OneIsEnough | Self::AuthorCounts | Self::OutCount | Self::TwiceCounts => "hands",
            Self::Unsanctioned => "sanction",
            Self::StandingByOne
            | Self::RevokedCovers
            | Self::StandingAskedOfOne
            | Self::StandingAuthorCounts
            | Self::OutCover
            | Self::RevokedSends
            | Self::SupersededSends
            | Self::EndedCovers
            | Self::DayForgotten => "standing",
            Self::OldTextCovers => "standing and law",
            Self::AwaySignsStanding => "standing and deputies",
            Self::LawByOne => "law",
            Self::LentIsAnother | Self::EndedLentCounts | Self::UnconfirmedLentCounts | Self::AwaySigns => {
                "deputies"
            }
        }
    }

    /// The acts that it does otherwise, beyond what it has changed at first.
    pub(super) const fn breaks(self, op: Op) -> bool {
        match self {
            Self::OneIsEnough | Self::StandingAskedOfOne => false,
            Self::AuthorCounts
            | Self::OutCount
            | Self::TwiceCounts
            | Self::Unsanctioned
            | Self::LentIsAnother
            | Self::EndedLentCounts
            | Self::UnconfirmedLentCounts
            | Self::AwaySigns => matches!(op, Op::Sign(..)),
            Self::LawByOne => matches!(op, Op::Enact(..)),
            Self::RevokedCovers => matches!(op, Op::Revoke(..)),
            Self::StandingByOne | Self::AwaySignsStanding => matches!(op, Op::SignStanding(..)),
            Self::StandingAuthorCounts => matches!(op, Op::SignStanding(..) | Op::Draft(..)),
            Self::OutCover
            | Self::RevokedSends
            | Self::SupersededSends
            | Self::EndedCovers
            | Self::OldTextCovers
            | Self::DayForgotten => matches!(op, Op::Draft(..)),
        }
    }

    pub(super) fn at_first(self, shelf: &Shelf) -> anyhow::Result<()> {
        if matches!(self, Self::OneIsEnough | Self::StandingAskedOfOne) {
            let (two, one) = (r#""approvers":{"count":2"#, r#""approvers":{"count":1"#);
            let changed =
                shelf.touch(&format!("UPDATE legal_basis SET body = replace(body, '{two}', '{one}')"))?;
            anyhow::ensure!(changed > 0, "the law is not written as expected");
        }
        Ok(())
    }

    /// Undoes the rule.
    pub(super) fn before(self, shelf: &Shelf, op: Op, stage: &Stage) -> anyhow::Result<()> {
        // As if somebody had done it who stands and has nothing to do with it.
        let Some(other) = stage.lawmakers.first() else { return Ok(()) };
        let (id, label) = (other.id.simple(), format!("staff:{}", other.id));
        let changes: &[String] = if !self.breaks(op) {
            &[]
        } else {
            &match self {
                Self::AuthorCounts => vec!["UPDATE orders SET author = 'put-by:' || author".to_owned()],
                Self::StandingAuthorCounts => {
                    vec!["UPDATE standing_approval SET author = 'put-by:' || author".to_owned()]
                }
                Self::OutCount | Self::OutCover => vec![
                    "UPDATE staff_account SET active = 1, roles = 'duty_officer,approver' \
                     WHERE roles <> 'prosecutor'"
                        .to_owned(),
                ],
                Self::LentIsAnother => vec![
                    format!("UPDATE delegation SET region = hex(delegator_id), delegator_id = X'{id}'"),
                    format!("UPDATE order_approval SET stead = '{label}' WHERE delegation_id IS NOT NULL"),
                ],
                Self::EndedLentCounts => vec![
                    "UPDATE delegation SET region = 'ended', ended_at = NULL WHERE ended_at IS NOT NULL"
                        .to_owned(),
                ],
                Self::UnconfirmedLentCounts => vec![format!(
                    "UPDATE delegation SET region = 'early', confirmed_at = starts_at, confirmed_by = '{label}' \
                     WHERE confirmed_at IS NULL AND accepted_at IS NOT NULL"
                )],
                Self::AwaySigns | Self::AwaySignsStanding => vec![
                    "UPDATE staff_absence SET region = 'away', ended_at = 1 WHERE ended_at IS NULL"
                        .to_owned(),
                ],
                Self::LawByOne => {
                    vec![format!("UPDATE legal_basis_draft SET reason = author, author = '{label}'")]
                }
                Self::RevokedSends | Self::SupersededSends => {
                    let was = if self == Self::RevokedSends { "revoked" } else { "superseded" };
                    vec![format!(
                        "UPDATE standing_approval SET region = status, status = 'in_force' \
                         WHERE status = '{was}' AND in_force_at IS NOT NULL"
                    )]
                }
                Self::EndedCovers => {
                    vec![format!("UPDATE standing_approval SET valid_to = valid_to + {LONG}")]
                }
                Self::OldTextCovers => vec![
                    "UPDATE standing_approval SET region = basis_version, basis_version = \
                     (SELECT MAX(b.version) FROM legal_basis b WHERE b.id = standing_approval.basis_id)"
                        .to_owned(),
                ],
                Self::DayForgotten => vec![format!(
                    "UPDATE orders SET region = 'moved', sent_at = sent_at - {LONG} WHERE sent_at IS NOT NULL"
                )],
                _ => Vec::new(),
            }
        };
        changes.iter().try_for_each(|sql| shelf.touch(sql).map(drop))
    }

    /// Puts back what [`Self::before`] changed, or changes what came of the act.
    pub(super) fn after(
        self,
        shelf: &Shelf,
        (op, done): (Op, bool),
        (stage, ghost, seen): (&Stage, &Ghost, &Seen),
    ) -> anyhow::Result<()> {
        if !self.breaks(op) {
            return Ok(());
        }
        let sql = match self {
            Self::OutCount | Self::OutCover => return stand_as(shelf, stage, ghost),
            Self::LentIsAnother => return lent_as(shelf, stage, ghost),
            Self::TwiceCounts if done => return sign_twice(shelf, op, (stage, seen)),
            Self::StandingByOne if !done => return Ok(()),
            Self::AuthorCounts => "UPDATE orders SET author = replace(author, 'put-by:', '')",
            Self::StandingAuthorCounts => {
                "UPDATE standing_approval SET author = replace(author, 'put-by:', '')"
            }
            Self::EndedLentCounts => {
                "UPDATE delegation SET region = '', ended_at = starts_at WHERE region = 'ended'"
            }
            Self::UnconfirmedLentCounts => {
                "UPDATE delegation SET region = '', confirmed_at = NULL, confirmed_by = NULL \
                 WHERE region = 'early'"
            }
            Self::AwaySigns | Self::AwaySignsStanding => {
                "UPDATE staff_absence SET region = '', ended_at = NULL WHERE region = 'away'"
            }
            Self::LawByOne => "UPDATE legal_basis_draft SET author = reason, reason = 'a reason'",
            Self::Unsanctioned => "UPDATE order_sanction SET decision = 'given' WHERE decision = ''",
            Self::StandingByOne => "UPDATE standing_approval SET status = 'in_force' WHERE status = 'draft'",
            Self::RevokedCovers => {
                "UPDATE standing_approval SET status = 'in_force' WHERE status = 'revoked'"
            }
            Self::RevokedSends | Self::SupersededSends => {
                "UPDATE standing_approval SET status = region, region = '' WHERE region <> ''"
            }
            Self::EndedCovers => &format!("UPDATE standing_approval SET valid_to = valid_to - {LONG}"),
            Self::OldTextCovers => {
                "UPDATE standing_approval SET basis_version = CAST(region AS INTEGER), region = ''"
            }
            Self::DayForgotten => {
                &format!("UPDATE orders SET region = '', sent_at = sent_at + {LONG} WHERE region = 'moved'")
            }
            Self::TwiceCounts | Self::OneIsEnough | Self::StandingAskedOfOne => return Ok(()),
        };
        shelf.touch(sql).map(drop)
    }
}

/// Longer than any of these searches, in microseconds: a hundred days.
const LONG: i64 = 100 * 86_400 * 1_000_000;

/// Everybody stands again as they truly do.
fn stand_as(shelf: &Shelf, stage: &Stage, ghost: &Ghost) -> anyhow::Result<()> {
    for (person, stands) in stage.people.iter().zip(&ghost.people) {
        let (login, open) = (&person.login, i32::from(stands.open));
        shelf.touch(&format!("UPDATE staff_account SET active = {open} WHERE login = '{login}'"))?;
        if !stands.office {
            shelf
                .touch(&format!("UPDATE staff_account SET roles = 'duty_officer' WHERE login = '{login}'"))?;
        }
    }
    Ok(())
}

/// What was lent is again theirs who lent it.
fn lent_as(shelf: &Shelf, stage: &Stage, ghost: &Ghost) -> anyhow::Result<()> {
    shelf.touch("UPDATE delegation SET delegator_id = unhex(region), region = ''")?;
    for (no, lent) in ghost.lent.iter().enumerate() {
        let Some(giver) = stage.people.get(lent.giver) else { continue };
        shelf.touch(&format!(
            "UPDATE order_approval SET stead = 'staff:{}' WHERE delegation_id = \
             (SELECT id FROM delegation ORDER BY rowid LIMIT 1 OFFSET {no})",
            giver.id
        ))?;
    }
    Ok(())
}

/// Somebody who has not signed has signed, too.
fn sign_twice(shelf: &Shelf, op: Op, (stage, seen): (&Stage, &Seen)) -> anyhow::Result<()> {
    let signed = seen.orders.iter().flat_map(|o| o.signers.iter().flatten());
    let other =
        stage.people.iter().enumerate().rev().skip(1).find(|(w, _)| {
            !signed.clone().any(|s| s == w) && !matches!(op, Op::Sign(_, signer) if signer == *w)
        });
    let Some((_, other)) = other else { return Ok(()) };
    shelf.touch(&format!(
        "INSERT OR IGNORE INTO order_approval (id, order_id, approver, at) \
         SELECT randomblob(16), order_id, 'staff:{}', at FROM order_approval LIMIT 1",
        other.id
    ))?;
    Ok(())
}
