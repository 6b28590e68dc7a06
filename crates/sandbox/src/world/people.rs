//! Accounts, mule networks and victims, dealt out by seed over the institutions.

use super::amlsim::background;
use super::book::{Book, Move};
use super::model::{AccountId, By, HouseId, How, Loss, LossId, Names, Owner, Payment, Stage};
use super::{Places, Setup, World};
use crate::country::Kind;
use crate::draw::{Draw, about, mix};
use crate::ids;
use crate::moment::{DAY, HOUR, Moment};
use crate::money::UNIT;
use crate::names::person;

/// Phones below this number belong to desks.
const FIRST_CLIENT_PHONE: u64 = 1_000;

/// How far back a run remembers. Reaches beyond every delay of the committed flow; only a stretched one is cut.
const MEMORY_DAYS: i64 = 40;

/// A mule network: accounts by hop, the exchange account and the chain address where money goes, and the
/// numbers, links and handles its callers use.
#[derive(Debug, Clone)]
pub struct Network {
    /// Key of all dice about this network.
    pub key: u64,
    /// Mule accounts by hop, the first receives from victims.
    pub layers: Vec<Vec<AccountId>>,
    /// Its account at the exchange.
    pub exchange: AccountId,
    /// Kind of its chain address.
    pub wallet_kind: &'static str,
    /// Its chain address.
    pub wallet: String,
}

/// Opens accounts with names that no other account has.
pub(super) struct Opener {
    opened: Vec<(HouseId, u64)>,
    key: u64,
}

impl Opener {
    pub(super) fn new(seed: u64) -> Self {
        Self { opened: Vec::new(), key: about(seed, "accounts") }
    }

    /// A client's account at `house`, empty.
    pub(super) fn open(&mut self, book: &mut Book, house: HouseId) -> AccountId {
        let serial = self.next(house);
        let key = mix(mix(self.key, house.number()), serial);
        let mut dice = Draw::keyed(key);
        let kept = &book.houses[house];
        // Counted over all houses: a telephone is one person's.
        let phone_no = FIRST_CLIENT_PHONE + self.opened.iter().map(|(_, count)| count + 1).sum::<u64>();
        let phone = (phone_no < 10_000).then(|| ids::phone(phone_no));
        let letters = if dice.chance(300) { "KZT" } else { "000" };
        let iban = kept
            .iban_code
            .as_ref()
            .map(|code| ids::iban(code, &format!("{letters}{:04}{serial:06}", dice.below(10_000))));
        let card =
            kept.bin.as_ref().map(|bin| ids::card(bin, &format!("{serial:05}{:04}", dice.below(10_000))));
        let number =
            (kept.kind == Kind::CryptoExchange).then(|| format!("U{:03}{serial:06}", dice.below(1_000)));
        let names = Names { iban, card, phone, number };
        let account = book.open(Some(house), Owner::Client, names, person(key).ru);
        book.accounts[account].who = Some(key);
        account
    }

    fn next(&mut self, house: HouseId) -> u64 {
        match self.opened.iter_mut().find(|(h, _)| *h == house) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.opened.push((house, 0));
                0
            }
        }
    }
}

/// Accounts outside the institutions.
pub(super) fn places(book: &mut Book) -> Places {
    let mut place = |owner: Owner| book.open(None, owner, Names::default(), String::new());
    Places {
        source: place(Owner::Source),
        machines: place(Owner::Machines),
        shops: place(Owner::Shops),
        chains: place(Owner::Chains),
        abroad: place(Owner::Abroad),
    }
}

impl World {
    /// Where a private account is kept: at the e-wallet now and then, else at one of the banks.
    fn house_for(&self, dice: &mut Draw) -> Option<HouseId> {
        let wallet = self.setup.flow.account_at_wallet.happens(dice);
        let wanted = if wallet { Kind::EWallet } else { Kind::Bank };
        let some =
            |kind: Kind| self.book.houses.iter().filter(move |(_, h)| h.kind == kind).map(|(id, _)| id);
        let fitting: Vec<HouseId> = some(wanted).collect();
        let banks: Vec<HouseId> = some(Kind::Bank).collect();
        dice.pick(&fitting).or_else(|| dice.pick(&banks)).copied()
    }

    /// The set's accounts, with their opening deposits.
    pub(super) fn settle_clients(&mut self, opener: &mut Opener, at: Moment) {
        let rate = self.setup.flow.deposit_rate.typical();
        for (deposit, no) in background().deposits.iter().zip(0_u64..) {
            let mut dice = Draw::keyed(mix(about(self.setup.seed, "client"), no));
            let Some(house) = self.house_for(&mut dice) else { return };
            let account = opener.open(&mut self.book, house);
            self.clients.push(account);
            self.deposit(account, deposit * rate, at);
        }
    }

    /// Puts money from outside into an account.
    pub(super) fn deposit(&mut self, to: AccountId, amount: i64, at: Moment) {
        let by = self.book.accounts[to].best_name();
        let wish = Move { from: self.places.source, to, amount, at, how: How::Opening, by };
        // The source is never short; an amount of nothing is no transfer.
        let _never_short = self.book.transfer(wish);
    }

    /// The owner of a mule's account takes out what is his before he gives it away.
    fn empty(&mut self, account: AccountId, leaves: i64) {
        let amount = self.book.accounts[account].available() - leaves;
        let at = self.now.plus(-(MEMORY_DAYS + 10) * DAY);
        let wish =
            Move { from: account, to: self.places.shops, amount, at, how: How::Purchase(0), by: By::Number };
        // Where less lies there than may stay, nothing is taken.
        let _taken = self.book.transfer(wish);
    }

    /// Mule networks for `victims` victims: first the set's marked accounts, then other clients, then accounts
    /// opened for the purpose.
    pub(super) fn recruit(&mut self, opener: &mut Opener, victims: usize) {
        let marked = &background().marked;
        let (mut pool, mut rest): (Vec<_>, Vec<_>) =
            self.clients.iter().copied().enumerate().partition(|(no, _)| marked.contains(no));
        let mut dice = Draw::keyed(about(self.setup.seed, "mules"));
        dice.shuffle(&mut pool);
        dice.shuffle(&mut rest);
        // Half of the unmarked accounts stay innocent, so that victims and other people have accounts too.
        let keep = rest.len() / 2;
        let innocent = rest.split_off(keep);
        self.innocent = innocent.into_iter().map(|(_, id)| id).collect();
        rest.extend(pool);
        let mut free: Vec<AccountId> = rest.into_iter().map(|(_, id)| id).collect();
        let each = usize::try_from(self.setup.flow.victims_per_network.typical()).unwrap_or(1).max(1);
        for no in 0..victims.div_ceil(each).max(1) {
            let key = mix(about(self.setup.seed, "network"), u64::try_from(no).unwrap_or(0));
            if let Some(network) = self.network(key, opener, &mut free) {
                self.networks.push(network);
            }
        }
    }

    fn network(&mut self, key: u64, opener: &mut Opener, free: &mut Vec<AccountId>) -> Option<Network> {
        let mut dice = Draw::keyed(key);
        let hops = self.setup.flow.hops.draw(&mut dice).max(1);
        let mut layers = Vec::new();
        for _ in 0..hops {
            let mut layer = Vec::new();
            for _ in 0..self.setup.flow.accounts_per_hop.draw(&mut dice).max(1) {
                let house = self.house_for(&mut dice)?;
                let mule = free.pop().unwrap_or_else(|| opener.open(&mut self.book, house));
                let leaves = self.setup.flow.mule_balance.draw(&mut dice) * UNIT;
                self.empty(mule, leaves);
                layer.push(mule);
            }
            layers.push(layer);
        }
        let at = self.book.houses.iter().find(|(_, h)| h.kind == Kind::CryptoExchange).map(|(id, _)| id);
        // A country without an exchange has its crypto sold by a bank's client.
        let house = at.or_else(|| self.book.houses.iter().map(|(id, _)| id).next())?;
        let exchange = opener.open(&mut self.book, house);
        let (wallet_kind, wallet) = match dice.between(0, 9) {
            0..=5 => ("wallet_tron", ids::wallet_tron(&mut dice)),
            6..=7 => ("wallet_btc", ids::wallet_btc(&mut dice)),
            _ => ("wallet_eth", ids::wallet_eth(&mut dice)),
        };
        Some(Network { key, layers, exchange, wallet_kind, wallet })
    }

    /// Victim number `no`, who reports at `report_at`; the payments lie before it.
    pub(super) fn victim(&mut self, opener: &mut Opener, no: u64, report_at: Moment) {
        let flow = std::sync::Arc::clone(&self.setup.flow);
        let key = mix(about(self.setup.seed, "loss"), no);
        let mut dice = Draw::keyed(key);
        let Some(house) = self.house_for(&mut dice) else { return };
        let account = self.innocent.pop().unwrap_or_else(|| opener.open(&mut self.book, house));
        let network =
            usize::try_from(dice.below(u64::try_from(self.networks.len()).unwrap_or(0))).unwrap_or(0);
        let by_bank = flow.report_by_bank.happens(&mut dice);
        let nothing_paid = !by_bank && flow.report_without_payment.happens(&mut dice);
        let delay = flow.report_delay.draw(&mut dice).min(MEMORY_DAYS * DAY);
        let ongoing = delay < HOUR && flow.still_going_on.happens(&mut dice);
        let loss = Loss { key, account, payments: Vec::new(), report_at, by_bank, ongoing, network };
        let id = self.losses.push(loss);
        if !nothing_paid {
            self.plan_payments(id, report_at.plus(-delay), &mut dice);
        }
    }

    fn plan_payments(&mut self, loss: LossId, last: Moment, dice: &mut Draw) {
        let flow = std::sync::Arc::clone(&self.setup.flow);
        let first_layer =
            self.networks.get(self.losses[loss].network).and_then(|n| n.layers.first()).cloned();
        let mut at = last;
        let mut ids = Vec::new();
        for _ in 0..flow.payments_per_victim.draw(dice).max(1) {
            let Some(payee) = dice.pick(first_layer.as_deref().unwrap_or_default()).copied() else {
                continue;
            };
            // Whole hundreds of tenge, as people pay.
            let amount = (flow.payment_amount.draw(dice) / 100).max(1) * 100 * UNIT;
            let payer = self.losses[loss].account;
            let by = self.way_to_name(payee, dice);
            ids.push(self.payments.push(Payment {
                loss,
                payer,
                payee,
                by,
                amount,
                at,
                stage: Stage::Planned,
            }));
            at = at.plus(-flow.payment_gap.draw(dice).clamp(1, MEMORY_DAYS * DAY / 20));
        }
        ids.reverse();
        self.losses[loss].payments = ids;
    }

    fn way_to_name(&self, payee: AccountId, dice: &mut Draw) -> By {
        let flow = &self.setup.flow;
        let names = &self.book.accounts[payee].names;
        let weight = |has: bool, w: i64| if has { w } else { 0 };
        let ways = [
            (By::Iban, weight(names.iban.is_some(), flow.pay_by_iban.typical())),
            (By::Card, weight(names.card.is_some(), flow.pay_by_card.typical())),
            (By::Phone, weight(names.phone.is_some(), flow.pay_by_phone.typical())),
        ];
        dice.weighted(&ways).unwrap_or_else(|| self.book.accounts[payee].best_name())
    }
}

/// Opens the houses of a country.
pub(super) fn houses(book: &mut Book, setup: &Setup) {
    for house in &setup.houses {
        book.houses.push(house.clone());
    }
}
