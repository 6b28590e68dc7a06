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
    /// Whoever is away may sign.
    AwaySigns,
}

impl Mutant {
    /// All of them.
    pub(super) const ALL: [Self; 11] = [
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
        Self::AwaySigns,
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
            Self::AwaySigns => "whoever is away signs",
        }
    }

    /// The world in which it must be caught.
    #[must_use]
    pub(super) const fn world(self) -> &'static str {
        match self {
            Self::OneIsEnough | Self::AuthorCounts | Self::OutCount | Self::TwiceCounts => "hands",
            Self::Unsanctioned => "sanction",
            Self::StandingByOne | Self::RevokedCovers => "standing",
            Self::LawByOne => "law",
            Self::LentIsAnother | Self::EndedLentCounts | Self::AwaySigns => "deputies",
        }
    }

    pub(super) fn at_first(self, shelf: &Shelf) -> anyhow::Result<()> {
        if self == Self::OneIsEnough {
            let (two, one) = (r#""approvers":{"count":2"#, r#""approvers":{"count":1"#);
            let changed =
                shelf.touch(&format!("UPDATE legal_basis SET body = replace(body, '{two}', '{one}')"))?;
            anyhow::ensure!(changed > 0, "the law is not written as expected");
        }
        Ok(())
    }

    pub(super) fn before(self, shelf: &Shelf, op: Op, stage: &Stage) -> anyhow::Result<()> {
        match (self, op) {
            (Self::AuthorCounts, Op::Sign(..)) => {
                shelf.touch("UPDATE orders SET author = 'put-by:' || author")?;
            }
            (Self::OutCount, Op::Sign(..)) => {
                shelf.touch("UPDATE staff_account SET active = 1, roles = 'duty_officer,approver' WHERE roles <> 'prosecutor'")?;
            }
            (Self::LentIsAnother, Op::Sign(..)) => {
                // As if the power were that of somebody who stands and has nothing to do with it.
                if let Some(other) = stage.lawmakers.first() {
                    let (id, label) = (other.id.simple(), format!("staff:{}", other.id));
                    shelf.touch(&format!(
                        "UPDATE delegation SET region = hex(delegator_id), delegator_id = X'{id}'"
                    ))?;
                    shelf.touch(&format!(
                        "UPDATE order_approval SET stead = '{label}' WHERE delegation_id IS NOT NULL"
                    ))?;
                }
            }
            (Self::EndedLentCounts, Op::Sign(..)) => {
                shelf.touch(
                    "UPDATE delegation SET region = 'ended', ended_at = NULL WHERE ended_at IS NOT NULL",
                )?;
            }
            (Self::AwaySigns, Op::Sign(..)) => {
                shelf
                    .touch("UPDATE staff_absence SET region = 'away', ended_at = 1 WHERE ended_at IS NULL")?;
            }
            (Self::LawByOne, Op::Enact(..)) => {
                // As if somebody else, who stands, had written it.
                if let Some(other) = stage.lawmakers.first() {
                    let author = format!("staff:{}", other.id);
                    shelf.touch(&format!(
                        "UPDATE legal_basis_draft SET reason = author, author = '{author}'"
                    ))?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn after(
        self,
        shelf: &Shelf,
        op: Op,
        done: bool,
        (stage, ghost, seen): (&Stage, &Ghost, &Seen),
    ) -> anyhow::Result<()> {
        match (self, op) {
            (Self::AuthorCounts, Op::Sign(..)) => {
                shelf.touch("UPDATE orders SET author = replace(author, 'put-by:', '')")?;
            }
            (Self::OutCount, Op::Sign(..)) => {
                for (person, stands) in stage.people.iter().zip(&ghost.people) {
                    let (login, open) = (&person.login, i32::from(stands.open));
                    shelf.touch(&format!(
                        "UPDATE staff_account SET active = {open} WHERE login = '{login}'"
                    ))?;
                    if !stands.office {
                        shelf.touch(&format!(
                            "UPDATE staff_account SET roles = 'duty_officer' WHERE login = '{login}'"
                        ))?;
                    }
                }
            }
            (Self::LentIsAnother | Self::EndedLentCounts | Self::AwaySigns, Op::Sign(..)) => {
                self.put_back(shelf, stage, ghost)?;
            }
            (Self::LawByOne, Op::Enact(..)) => {
                shelf.touch("UPDATE legal_basis_draft SET author = reason, reason = 'a reason'")?;
            }
            (Self::TwiceCounts, Op::Sign(..)) if done => {
                let signed = seen.orders.iter().flat_map(|o| o.signers.iter().flatten());
                let other = stage.people.iter().enumerate().rev().skip(1).find(|(w, _)| {
                    !signed.clone().any(|s| s == w) && !matches!(op, Op::Sign(_, signer) if signer == *w)
                });
                if let Some((_, other)) = other {
                    shelf.touch(&format!(
                        "INSERT OR IGNORE INTO order_approval (id, order_id, approver, at) \
                         SELECT randomblob(16), order_id, 'staff:{}', at FROM order_approval LIMIT 1",
                        other.id
                    ))?;
                }
            }
            (Self::Unsanctioned, Op::Sign(..)) => {
                shelf.touch("UPDATE order_sanction SET decision = 'given' WHERE decision = ''")?;
            }
            (Self::StandingByOne, Op::SignStanding(..)) if done => {
                shelf.touch("UPDATE standing_approval SET status = 'in_force' WHERE status = 'draft'")?;
            }
            (Self::RevokedCovers, Op::Revoke(..)) => {
                shelf.touch("UPDATE standing_approval SET status = 'in_force' WHERE status = 'revoked'")?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Puts back what was lent to whom, and who is away.
    fn put_back(self, shelf: &Shelf, stage: &Stage, ghost: &Ghost) -> anyhow::Result<()> {
        match self {
            Self::LentIsAnother => {
                shelf.touch("UPDATE delegation SET delegator_id = unhex(region), region = ''")?;
                for (no, lent) in ghost.lent.iter().enumerate() {
                    let Some(giver) = stage.people.get(lent.giver) else { continue };
                    shelf.touch(&format!(
                        "UPDATE order_approval SET stead = 'staff:{}' WHERE delegation_id = \
                         (SELECT id FROM delegation ORDER BY rowid LIMIT 1 OFFSET {no})",
                        giver.id
                    ))?;
                }
            }
            Self::EndedLentCounts => {
                shelf.touch(
                    "UPDATE delegation SET region = '', ended_at = starts_at WHERE region = 'ended'",
                )?;
            }
            Self::AwaySigns => {
                shelf.touch("UPDATE staff_absence SET region = '', ended_at = NULL WHERE region = 'away'")?;
            }
            _ => {}
        }
        Ok(())
    }
}
