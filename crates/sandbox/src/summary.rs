//! What truly happened, in sums: the figures that the platform's are compared with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bank::answer::kind;
use crate::bodies::Referred;
use crate::money::Minor;
use crate::register::Entry;
use crate::stage::{Stage, Told};
use crate::wire::checks::Ended;
use crate::wire::{Amount, Named};
use crate::world::model::Freed;
use crate::world::{HoldLine, World};

/// One hold by an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldSummary {
    /// The order.
    pub order_id: String,
    /// Its object.
    pub object_id: String,
    /// Who holds.
    pub executor: String,
    /// Where.
    pub account: Named,
    /// Most that might be held.
    pub cap: Amount,
    /// Held at first.
    pub held_ever: Amount,
    /// Held now.
    pub held_now: Amount,
    /// What ended it: `L60`, `L61`, `L62`; `null` while anything is held.
    pub freed_by: Option<String>,
    /// Since when.
    pub at: String,
    /// Id of the answer that told of it.
    pub answer_id: String,
    /// What became of that answer. Only accepted ones can be known to the node.
    pub told: Told,
}

/// One answer about money of which its institution believes that the node has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSummary {
    /// The order.
    pub order_id: String,
    /// Its object.
    pub object_id: String,
    /// What was said, line by line.
    pub codes: Vec<String>,
}

/// One report that was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledSummary {
    /// Its number at the node.
    pub number: String,
    /// What was truly lost.
    pub lost: Amount,
    /// What was told.
    pub told: Amount,
    /// Which network of fraudsters truly did it.
    pub network: usize,
}

/// `GET /truth/summary`. Amounts are as in the partner API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The seed.
    pub seed: u64,
    /// Office time.
    pub office_now: String,
    /// ISO 4217.
    pub currency: String,
    /// Whether every law of the ledger holds: no tiyn made or lost, nothing below zero.
    pub conserved: bool,
    /// Lost in the reports that were filed.
    pub lost: Amount,
    /// Held now by orders.
    pub held_now: Amount,
    /// Ever held by orders.
    pub held_ever: Amount,
    /// Held now, of the holds that were told of: what the node must show.
    pub held_now_told: Amount,
    /// Ever held, of the holds that were told of: what the node must show.
    pub held_ever_told: Amount,
    /// Reports by what became of them and by tongue.
    pub reports: BTreeMap<String, u64>,
    /// Every report filed.
    pub filed: Vec<FiledSummary>,
    /// Every hold that was told of, whatever the node said to it.
    pub holds: Vec<HoldSummary>,
    /// Holds whose answer never arrived before the end: the node cannot know of them.
    pub holds_untold: Vec<HoldSummary>,
    /// Every answer about money that was accepted, those without a hold too: the node must know each.
    pub answered: Vec<AnswerSummary>,
    /// Measures other than holds by how often they were answered.
    pub measures: BTreeMap<String, u64>,
    /// What people at the desk did.
    pub staff: BTreeMap<String, u64>,
    /// Things restricted now.
    pub restricted: u64,
    /// Every report that the country's first register holds, with its number there.
    #[serde(default)]
    pub registered: Vec<Entry>,
    /// Reports whose file it did not take.
    #[serde(default)]
    pub turned_away: Vec<String>,
    /// Every case that it holds.
    #[serde(default)]
    pub registered_cases: Vec<Entry>,
    /// Every case that was referred to a body, and what that does with it.
    #[serde(default)]
    pub referred: Vec<Referred>,
    /// What came to the register and how it answered.
    #[serde(default)]
    pub registers: BTreeMap<String, u64>,
    /// Payments before which a house asked, by what came of them.
    #[serde(default)]
    pub screen: BTreeMap<String, u64>,
    /// The least that was prevented, as the node must show it.
    #[serde(default)]
    pub prevented: Option<Amount>,
    /// Payers of whom it was prevented.
    #[serde(default)]
    pub prevented_payers: u64,
    /// Stolen money's moves by hop.
    pub moves_by_hop: BTreeMap<String, u64>,
    /// Messages that came.
    pub messages: BTreeMap<String, u64>,
    /// Messages refused at the gateways: badly signed or not understood. Empty with a node that keeps to the page.
    pub gateway: BTreeMap<String, u64>,
    /// Answers by what became of them.
    pub answers: BTreeMap<String, u64>,
    /// Honest answers that the node refused, by its code.
    pub refused: BTreeMap<String, u64>,
    /// Wrong things that were sent on purpose.
    pub faults: BTreeMap<String, u64>,
    /// How the node refused them.
    pub fault_refused: BTreeMap<String, u64>,
    /// Wrong things that the node took: must be empty.
    pub swallowed: BTreeMap<String, u64>,
}

/// Payments that were asked about with a warning and of which the node was told: by house and payer the largest that was stopped,
/// all that was paid, and whether one was honest.
#[derive(Debug, Clone, Default)]
pub struct Screened(BTreeMap<(String, String), (Minor, Minor, bool)>);

impl Screened {
    /// Adds what was told.
    pub fn add(&mut self, code: &str, told: &[Ended]) {
        for one in told {
            let (most, paid, honest) = self.0.entry((code.to_owned(), one.payer.clone())).or_default();
            let amount = one.amount.minor().unwrap_or(0);
            match one.outcome.as_str() {
                "declined" | "given_up" => *most = (*most).max(amount),
                "carried_out" => *paid += amount,
                _ => *honest = true,
            }
        }
    }
    fn kept(&self) -> impl Iterator<Item = Minor> + '_ {
        let honest = |(_, _, honest): &&(Minor, Minor, bool)| !honest;
        self.0.values().filter(honest).map(|(most, paid, _)| most - paid).filter(|kept| *kept > 0)
    }
    /// The least that was prevented.
    #[must_use]
    pub fn least(&self) -> Minor {
        self.kept().sum()
    }
    /// Of how many payers.
    #[must_use]
    pub fn payers(&self) -> u64 {
        u64::try_from(self.kept().count()).unwrap_or(u64::MAX)
    }
}

/// Sums up.
#[must_use]
pub fn summary(stage: &Stage) -> Summary {
    let world = stage.world();
    let (told, untold): (Vec<HoldLine>, Vec<HoldLine>) =
        world.hold_lines().into_iter().partition(|l| stage.told(l.id).0 != Told::Pending);
    let sum = |lists: &[&Vec<HoldLine>], pick: fn(&HoldLine) -> Minor| -> Amount {
        Amount::kzt(lists.iter().flat_map(|l| l.iter()).map(pick).sum())
    };
    let holds = |lines: &[HoldLine]| lines.iter().map(|line| hold(stage, &world, line)).collect();
    let (filed, screened) = (stage.filed(), stage.screened());
    let lost: Minor = filed.iter().map(|(loss, ..)| world.lost_in(*loss)).sum();
    let tally = world.tally();
    Summary {
        seed: stage.country.seed,
        office_now: world.now().rfc3339(),
        currency: stage.country.currency.clone(),
        conserved: tally.conserved,
        lost: Amount::kzt(lost),
        held_now: sum(&[&told, &untold], |l| l.now),
        held_ever: sum(&[&told, &untold], |l| l.ever),
        held_now_told: sum(&[&told], |l| l.now),
        held_ever_told: sum(&[&told], |l| l.ever),
        reports: stage.counts.below("reports."),
        filed: filed
            .iter()
            .map(|(loss, number, told)| FiledSummary {
                number: number.clone(),
                lost: Amount::kzt(world.lost_in(*loss)),
                told: Amount::kzt(*told),
                network: world.losses[*loss].network,
            })
            .collect(),
        holds: holds(&told),
        holds_untold: holds(&untold),
        answered: stage.answered(),
        measures: stage.counts.below("measures."),
        staff: stage.counts.below("staff."),
        restricted: stage.with_restricted(|all| u64::try_from(all.count()).unwrap_or(u64::MAX)),
        registered_cases: stage.with_register(|r| r.cases()),
        referred: stage.with_bodies(|b| b.entries()),
        registered: stage.with_register(|r| r.entries()),
        turned_away: stage.with_register(|r| r.turned_away()),
        registers: stage.counts.below("registers."),
        screen: stage.counts.below("screen."),
        prevented: Some(Amount::kzt(screened.least())),
        prevented_payers: screened.payers(),
        moves_by_hop: stage.counts.below("hop."),
        messages: stage.counts.below("messages."),
        gateway: stage.counts.below("gateway."),
        answers: stage.counts.below("answers."),
        refused: stage.counts.below("refused."),
        faults: stage.counts.below("faults."),
        fault_refused: stage.counts.below("fault_refused."),
        swallowed: stage.counts.below("swallowed."),
    }
}

fn hold(stage: &Stage, world: &World, line: &HoldLine) -> HoldSummary {
    let account = &world.book.accounts[world.book.holds[line.id].account];
    let by = account.best_name();
    let (told, answer_id) = stage.told(line.id);
    let ended = line.freed.filter(|_| line.now == 0);
    HoldSummary {
        order_id: line.order.clone(),
        object_id: line.object.clone(),
        executor: account.house.map(|h| world.book.houses[h].code.clone()).unwrap_or_default(),
        account: Named { kind: kind(by).to_owned(), value: account.called(by).unwrap_or_default() },
        cap: Amount::kzt(line.cap),
        held_ever: Amount::kzt(line.ever),
        held_now: Amount::kzt(line.now),
        freed_by: ended.map(|why| code(why).to_owned()),
        at: line.at.rfc3339(),
        answer_id,
        told,
    }
}

const fn code(why: Freed) -> &'static str {
    match why {
        Freed::Lapsed => "L60",
        Freed::ByOrder | Freed::Settled => "L61",
        Freed::ByProof => "L62",
        Freed::Returned => "P70",
    }
}
