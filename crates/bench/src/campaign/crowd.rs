//! Innocents, and those who report them falsely. All invented, dealt out by seed; it changes no dice of the world.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sandbox::draw::{Draw, about, mix};
use sandbox::ids;
use sandbox::moment::{DAY, HOUR, Moment};
use sandbox::money::UNIT;
use sandbox::world::model::{AccountId, By, HouseId, How, Names, Owner, TransferId};
use sandbox::world::{Move, World};

use crate::hold::{Claimed, Rumour, TellsPayer};

/// First account number of this crowd: nobody else's.
const FIRST_ACCOUNT: u64 = 7_000_000_000;

/// What a false report is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trick {
    /// Nothing was paid; sum and time are made up.
    Nothing,
    /// As [`Trick::Nothing`], for sums so large that few of them use up what may be held in a day.
    Flood,
    /// As [`Trick::Nothing`], many against few.
    Pile,
    /// As [`Trick::Nothing`], against people who have been robbed themselves.
    Victim,
    /// A small sum was truly paid, and a thousand times as much is claimed, without and with its reference.
    Tiny,
    /// Goods were truly paid for, and the price is claimed back as stolen.
    Goods,
    /// Somebody else's payment, whose sum and time the liar knows.
    Others,
}

impl Trick {
    /// All of them with their share of the campaign in percent.
    pub const SHARES: [(Self, u64); 7] = [
        (Self::Nothing, 50),
        (Self::Flood, 10),
        (Self::Pile, 5),
        (Self::Victim, 10),
        (Self::Tiny, 10),
        (Self::Goods, 10),
        (Self::Others, 5),
    ];
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "nothing paid",
            Self::Flood => "nothing paid, very much claimed",
            Self::Pile => "nothing paid, many against few",
            Self::Victim => "nothing paid, against victims",
            Self::Tiny => "a little paid, much claimed",
            Self::Goods => "goods paid for",
            Self::Others => "somebody else's payment",
        }
    }
}

/// A false report and the truth about it.
#[derive(Debug, Clone)]
pub struct False {
    /// As the platform hears it.
    pub rumour: Rumour,
    /// What it is made of.
    pub trick: Trick,
    /// What the reporter has truly paid, tiyn.
    pub paid: i64,
}

/// Innocents and false reports about them.
#[derive(Debug, Default)]
pub struct Crowd {
    /// Accounts of innocents.
    pub innocents: Vec<AccountId>,
    /// The campaign, oldest first.
    pub reports: Vec<False>,
}

struct Maker<'a> {
    world: &'a mut World,
    seed: u64,
    source: AccountId,
    banks: Vec<(HouseId, String)>,
    opened: u64,
}

impl Crowd {
    /// Opens accounts and lets people pay before the campaign begins, which lasts a day.
    ///
    /// # Errors
    /// A world without banks.
    pub fn new(
        world: &mut World,
        seed: u64,
        (innocents, reports): (u64, u64),
        payer: TellsPayer,
    ) -> anyhow::Result<Self> {
        let source = world.book.accounts.iter().find(|(_, a)| a.owner == Owner::Source);
        let source = source.map(|(id, _)| id).context("a world without a source")?;
        let banks = world.book.houses.iter().filter_map(|(id, h)| Some((id, h.iban_code.clone()?))).collect();
        let from = world.now();
        let mut maker = Maker { world, seed, source, banks, opened: 0 };
        let mut crowd = Self::default();
        for _ in 0..innocents {
            crowd.innocents.push(maker.open(from)?);
        }
        let life = maker.ordinary_life(&crowd.innocents, from);
        let mut dice = Draw::keyed(about(seed, "campaign"));
        for no in 0..reports {
            let at = from.plus(dice.between(0, DAY - 1));
            let trick =
                dice.weighted(&Trick::SHARES.map(|(t, share)| (t, i64::try_from(share).unwrap_or(0))));
            let trick = trick.unwrap_or(Trick::Nothing);
            if let Some(one) = maker.report((no, at, from), trick, (&crowd.innocents, &life), payer)? {
                crowd.reports.push(one);
            }
        }
        crowd.reports.sort_by_key(|r| (r.rumour.at, r.rumour.key));
        Ok(crowd)
    }
}

impl Maker<'_> {
    /// An account at some bank with money in it that came from outside.
    fn open(&mut self, from: Moment) -> anyhow::Result<AccountId> {
        let number = FIRST_ACCOUNT + self.opened;
        self.opened += 1;
        let mut dice = Draw::keyed(mix(about(self.seed, "crowd"), number));
        let (house, code) = dice.pick(&self.banks).cloned().context("a world without banks")?;
        // A telephone of nobody else in the world, so that it tells its owner.
        let phone = Some(format!("+7799{:07}", number - FIRST_ACCOUNT));
        let names =
            Names { iban: Some(ids::iban(&code, &format!("{number:013}"))), phone, ..Names::default() };
        let id = self.world.book.open(
            Some(house),
            Owner::Client,
            names,
            "Үлгі Адам (ойдан шығарылған)".to_owned(),
        );
        // No round sum: nobody guesses it.
        let amount = (3_000_000 + dice.between(0, 999_999)) * UNIT + dice.between(1, 99);
        self.pay((self.source, id), amount, from.plus(-10 * DAY), How::Opening)?;
        Ok(id)
    }

    fn pay(
        &mut self,
        (from, to): (AccountId, AccountId),
        amount: i64,
        at: Moment,
        how: How,
    ) -> anyhow::Result<TransferId> {
        Ok(self.world.book.transfer(Move { from, to, amount, at, how, by: By::Iban })?)
    }

    /// Innocents pay one another round sums, as people do: about three payments each in the two days before.
    fn ordinary_life(&mut self, people: &[AccountId], from: Moment) -> BTreeMap<AccountId, Vec<TransferId>> {
        let mut life: BTreeMap<AccountId, Vec<TransferId>> = BTreeMap::new();
        let mut dice = Draw::keyed(about(self.seed, "ordinary life"));
        for to in people {
            for _ in 0..3 {
                let Some(payer) = dice.pick(people).copied().filter(|p| p != to) else { continue };
                let amount = dice.between(1, 200) * 1_000 * UNIT;
                let at = from.plus(-dice.between(1, 2 * DAY));
                // Whoever is short of money pays another day.
                if let Ok(done) = self.pay((payer, *to), amount, at, How::Background) {
                    life.entry(*to).or_default().push(done);
                }
            }
        }
        life
    }

    fn report(
        &mut self,
        (no, at, from): (u64, Moment, Moment),
        trick: Trick,
        (innocents, life): (&[AccountId], &BTreeMap<AccountId, Vec<TransferId>>),
        payer: TellsPayer,
    ) -> anyhow::Result<Option<False>> {
        let key = mix(about(self.seed, "false report"), no);
        let mut dice = Draw::keyed(key);
        let few = innocents.get(..innocents.len().min(10)).unwrap_or_default();
        let victims: Vec<AccountId> = match trick {
            Trick::Victim => self.world.losses.iter().map(|(_, l)| l.account).collect(),
            _ => Vec::new(),
        };
        let among = match trick {
            Trick::Pile => few,
            Trick::Victim => victims.as_slice(),
            _ => innocents,
        };
        let Some(target) = dice.pick(among).copied() else { return Ok(None) };
        let liar = self.open(from)?;
        // All of it lies before the campaign, what was paid on within the hour, too.
        let told_at = from.plus(-dice.between(HOUR, 12 * HOUR));
        let round = dice.between(1, 200) * 1_000 * UNIT;
        let (amount, told_at, reference, paid, payer_of) = match trick {
            Trick::Nothing | Trick::Pile | Trick::Victim => (round, told_at, None, 0, liar),
            Trick::Flood => (dice.between(10, 20) * 1_000_000 * UNIT, told_at, None, 0, liar),
            Trick::Tiny => {
                let little = dice.between(1, 10) * 100 * UNIT;
                let done = self.pay((liar, target), little, told_at, How::Background)?;
                let reference = (no % 2 == 0).then(|| self.world.reference(done));
                (little * 1_000, told_at, reference, little, liar)
            }
            Trick::Goods => {
                self.pay((liar, target), round, told_at, How::Background)?;
                self.supplier(&mut dice, (target, round), told_at, innocents)?;
                (round, told_at, None, round, liar)
            }
            Trick::Others => {
                let Some(known) = life.get(&target).and_then(|all| dice.pick(all).copied()) else {
                    return Ok(None);
                };
                let known = self.world.book.transfers[known].clone();
                (known.amount, known.at, None, 0, known.from)
            }
        };
        let (house, by, name) = self.named(target)?;
        let (own, ..) = self.named(payer_of)?;
        // Whoever lies about somebody else's payment may know the bank; the account told is the liar's own, unless they know
        // that, too.
        let knows = trick == Trick::Others && payer == TellsPayer::InsidersKnow;
        let teller = if knows { payer_of } else { liar };
        let names = &self.world.book.accounts[teller].names;
        let (account, phone) = (names.iban.clone().map(|n| (By::Iban, n)), names.phone.clone());
        let third = Draw::keyed(about(key, "what the liar tells")).below(3);
        let (own_account, phone) = match payer {
            TellsPayer::No | TellsPayer::House => (None, phone),
            _ if knows || payer == TellsPayer::Everybody || third == 0 => (account, phone),
            _ if third == 1 => (None, phone),
            _ => (None, None),
        };
        let to = Some((house, by, name));
        let claimed = Claimed { own, own_account, phone, to, amount, at: told_at, reference };
        Ok(Some(False { rumour: Rumour { key, at, claimed }, trick, paid }))
    }

    /// A third of those who sell pay most of it on to somebody else within the hour, as traders do.
    fn supplier(
        &mut self,
        dice: &mut Draw,
        (seller, price): (AccountId, i64),
        at: Moment,
        people: &[AccountId],
    ) -> anyhow::Result<()> {
        let to = dice.pick(people).copied().filter(|p| *p != seller && dice.below(3) == 0);
        let Some(to) = to else { return Ok(()) };
        // Everything older leaves first; what remains of the price is what can be held.
        let available = self.world.book.accounts[seller].available();
        let amount = available - price * 4 / 10;
        if amount > 0 {
            self.pay((seller, to), amount, at.plus(HOUR / 2), How::Background)?;
        }
        Ok(())
    }

    fn named(&self, account: AccountId) -> anyhow::Result<(HouseId, By, String)> {
        let of = &self.world.book.accounts[account];
        let by = of.best_name();
        let name = of.called(by).context("an account without a name")?;
        Ok((of.house.context("an account without a house")?, by, name))
    }
}
