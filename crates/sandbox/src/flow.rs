//! How fraud flows: every number the world is made of, read from the one committed file `flow.toml`.
//! Each has a unit, a distribution and either a source or the honest mark `assumption = true`.
//! Distributions are quantile tables in whole numbers, so that every machine draws the same world.

use serde::{Deserialize, Serialize};

use crate::draw::Draw;

/// The committed file.
const FLOW: &str = include_str!("../flow.toml");

/// Why a parameter file was refused.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// Not TOML, or a parameter is missing or unknown.
    #[error("flow parameters cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// A parameter that makes no sense.
    #[error("flow parameter `{name}`: {why}")]
    Bad {
        /// Its name in the file.
        name: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// How a value is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "distribution", rename_all = "lowercase", deny_unknown_fields)]
pub enum Shape {
    /// Always the same.
    Constant {
        /// The value.
        value: i64,
    },
    /// Straight lines between `[permille, value]` points from 0 to 1000.
    Quantiles {
        /// The points.
        quantiles: Vec<(i64, i64)>,
    },
    /// One of `[value, weight]`.
    Choice {
        /// Values and weights.
        choice: Vec<(i64, i64)>,
    },
}

/// One parameter with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// Unit of the drawn value: `s`, `KZT` (whole tenge), `permille`, `count`, `weight`, `hour`.
    pub unit: String,
    /// The distribution.
    #[serde(flatten)]
    pub shape: Shape,
    /// Where the figure comes from, a section of the domain text with its source number; empty for a bare assumption.
    #[serde(default)]
    pub source: String,
    /// Whether the figure is assumed: the bench varies these by half either way.
    #[serde(default)]
    pub assumption: bool,
    /// What a reader must know.
    #[serde(default)]
    pub note: String,
}

impl Param {
    /// A value by the given dice.
    #[must_use]
    pub fn draw(&self, dice: &mut Draw) -> i64 {
        match &self.shape {
            Shape::Constant { value } => *value,
            Shape::Choice { choice } => dice.weighted(choice).unwrap_or(0),
            Shape::Quantiles { quantiles } => interpolate(quantiles, dice.between(0, 1_000_000)),
        }
    }
    /// The value of a constant; the median of anything else.
    #[must_use]
    pub fn typical(&self) -> i64 {
        match &self.shape {
            Shape::Constant { value } => *value,
            Shape::Quantiles { quantiles } => interpolate(quantiles, 500_000),
            Shape::Choice { choice } => choice.iter().max_by_key(|(_, w)| *w).map_or(0, |(v, _)| *v),
        }
    }
    /// Whether chance, with this parameter as odds in permille, says yes.
    pub fn happens(&self, dice: &mut Draw) -> bool {
        let odds = self.draw(dice);
        dice.chance(odds)
    }
    /// The same parameter with every value at `percent` of itself (counts at least 1, odds at most 1000).
    #[must_use]
    pub fn scaled(&self, percent: i64) -> Self {
        let bend = |value: i64| {
            let scaled = (value * percent + 50) / 100;
            match self.unit.as_str() {
                "permille" => scaled.clamp(0, 1_000),
                "count" => scaled.max(1),
                "hour" => value,
                _ => scaled.max(0),
            }
        };
        let shape = match &self.shape {
            Shape::Constant { value } => Shape::Constant { value: bend(*value) },
            Shape::Quantiles { quantiles } => {
                Shape::Quantiles { quantiles: quantiles.iter().map(|(p, v)| (*p, bend(*v))).collect() }
            }
            Shape::Choice { choice } => {
                Shape::Choice { choice: choice.iter().map(|(v, w)| (bend(*v), *w)).collect() }
            }
        };
        Self { shape, ..self.clone() }
    }

    fn check(&self, name: &'static str, unit: &str) -> Result<(), FlowError> {
        let bad = |why| Err(FlowError::Bad { name, why });
        if self.unit != unit {
            return bad("has another unit than the model reads it in");
        }
        if self.source.is_empty() && !self.assumption {
            return bad("has neither a source nor the mark of an assumption");
        }
        match &self.shape {
            Shape::Constant { value } if *value < 0 => bad("is negative"),
            Shape::Choice { choice } if choice.iter().all(|(_, w)| *w <= 0) => bad("has no weight at all"),
            Shape::Quantiles { quantiles } => {
                let ends =
                    quantiles.first().map(|q| q.0) == Some(0) && quantiles.last().map(|q| q.0) == Some(1_000);
                let rising =
                    quantiles.iter().zip(quantiles.iter().skip(1)).all(|(a, b)| a.0 < b.0 && a.1 <= b.1);
                if ends && rising { Ok(()) } else { bad("is not a rising table from 0 to 1000 permille") }
            }
            _ => Ok(()),
        }
    }
}

/// The value at `millionth` of a quantile table, on the straight line between its neighbours.
fn interpolate(points: &[(i64, i64)], millionth: i64) -> i64 {
    let at = |p: i64| p * 1_000;
    let after = points.iter().position(|(p, _)| at(*p) >= millionth).unwrap_or(0);
    let (Some(high), Some(low)) = (points.get(after), points.get(after.saturating_sub(1))) else { return 0 };
    let span = at(high.0) - at(low.0);
    if span == 0 {
        return high.1;
    }
    let climb = i128::from(high.1 - low.1) * i128::from(millionth - at(low.0)) / i128::from(span);
    low.1 + i64::try_from(climb).unwrap_or(0)
}

macro_rules! parameters {
    ($($(#[$doc:meta])* $name:ident: $unit:literal),* $(,)?) => {
        /// All parameters of the flow.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Flow {
            $($(#[$doc])* pub $name: Param,)*
        }
        impl Flow {
            /// Every parameter with its name, in the order of the file's documentation.
            #[must_use]
            pub fn each(&self) -> Vec<(&'static str, &Param)> {
                vec![$((stringify!($name), &self.$name),)*]
            }
            /// The same flow with the parameter `name` at `percent` of itself; unchanged if there is none of that name.
            #[must_use]
            pub fn with_scaled(&self, name: &str, percent: i64) -> Self {
                let mut flow = self.clone();
                $(if name == stringify!($name) { flow.$name = self.$name.scaled(percent); })*
                flow
            }
            fn check(&self) -> Result<(), FlowError> {
                $(self.$name.check(stringify!($name), $unit)?;)*
                Ok(())
            }
        }
    };
}

parameters! {
    /// Payments that one victim makes.
    payments_per_victim: "count",
    /// One payment.
    payment_amount: "KZT",
    /// From one payment of a victim to the next.
    payment_gap: "s",
    /// From the victim's order to the money's arrival; until then the paying bank can still stop it.
    settlement_delay: "s",
    /// From the last payment to the report.
    report_delay: "s",
    /// Share of reporters who are still being worked on when they report (only within an hour of the payment).
    still_going_on: "permille",
    /// Share of victims who give a payment up when their bank asks them about it.
    gives_up_when_asked: "permille",
    /// Share of reports that come through the victim's bank.
    report_by_bank: "permille",
    /// Share of reports where nothing was paid.
    report_without_payment: "permille",
    /// How the victim addressed the payment: by IBAN.
    pay_by_iban: "weight",
    /// By card number.
    pay_by_card: "weight",
    /// By phone number.
    pay_by_phone: "weight",
    /// Share of payments whose receiver the victim cannot name.
    payee_unknown: "permille",
    /// Share of victims who cannot say from which account or card they paid.
    payer_unknown: "permille",
    /// Of the others: share who tell the card instead of the account.
    payer_by_card: "permille",
    /// Of those: share who know no more of it than the last four digits.
    payer_by_four: "permille",
    /// Share of victims who tell of another account of theirs than they paid from.
    payer_mistaken: "permille",
    /// Share of payments whose time the victim rounds to a quarter of an hour.
    time_rounded: "permille",
    /// Share of payments whose amount the victim gets wrong.
    amount_wrong: "permille",
    /// Victims that one mule network serves.
    victims_per_network: "count",
    /// Accounts the money passes before it leaves the accounts of the country.
    hops: "count",
    /// Mule accounts side by side at one hop.
    accounts_per_hop: "count",
    /// Share of private accounts, mules among them, held at the e-wallet.
    account_at_wallet: "permille",
    /// What lies in a mule's account when the network takes it over.
    mule_balance: "KZT",
    /// Parts into which a mule's forward is split.
    split_parts: "count",
    /// From one part of a split to the next.
    part_gap: "s",
    /// From arrival to the mule's next step where the network works at once.
    dwell_fast: "s",
    /// From arrival to the next step where the mule waits: asleep, limits, told to let it cool.
    dwell_slow: "s",
    /// Share of steps that are slow.
    dwell_slow_share: "permille",
    /// Share of forwards that go on together with all other money of the account.
    merge: "permille",
    /// Share of steps before the last hop where money leaves early.
    early_exit: "permille",
    /// What a mule keeps of what passes.
    mule_keeps: "permille",
    /// From arrival to when a mule spends what it kept.
    keep_spent_after: "s",
    /// Way out: cash machine.
    exit_cash: "weight",
    /// Way out: crypto asset through the exchange.
    exit_crypto: "weight",
    /// Way out: purchases.
    exit_spend: "weight",
    /// Way out: transfer abroad.
    exit_abroad: "weight",
    /// One withdrawal at a cash machine.
    cash_per_withdrawal: "KZT",
    /// Most that one account gives out in cash a day.
    cash_per_day: "KZT",
    /// From one withdrawal to the next.
    cash_gap: "s",
    /// From arrival at the exchange to the withdrawal to a chain.
    exchange_dwell: "s",
    /// Share of forwards that name the receiver's card, not its account.
    forward_by_card: "permille",
    /// A partner's machine acknowledges receipt.
    partner_ack: "s",
    /// A partner's person looks and acts.
    partner_person: "s",
    /// The Antifraud Centre passes a message on.
    centre_pass: "s",
    /// Tenge for one unit of an opening deposit in the background set.
    deposit_rate: "KZT",
    /// Tenge for one unit of a background transfer.
    transfer_rate: "KZT",
    /// Hour of the day of a background transfer.
    transfer_hour: "hour",
}

impl Flow {
    /// The committed file.
    ///
    /// # Errors
    /// Never with the file as committed (a test reads it).
    pub fn committed() -> Result<Self, FlowError> {
        Self::parse(FLOW)
    }
    /// Reads a parameter file.
    ///
    /// # Errors
    /// [`FlowError`] names the parameter.
    pub fn parse(text: &str) -> Result<Self, FlowError> {
        let flow: Self = toml::from_str(text)?;
        flow.check()?;
        Ok(flow)
    }
    /// The same flow with every delay `times` as long: a demonstration at a high clock factor only.
    #[must_use]
    pub fn stretched(&self, times: i64) -> Self {
        let delays: Vec<&str> = self.each().iter().filter(|(_, p)| p.unit == "s").map(|(n, _)| *n).collect();
        delays.iter().fold(self.clone(), |flow, name| flow.with_scaled(name, times.saturating_mul(100)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_file_is_whole() {
        let flow = Flow::committed().unwrap();
        assert!(flow.each().len() > 35);
        for (name, param) in flow.each() {
            assert!(param.assumption || param.source.contains("domain.md"), "`{name}` names no source");
        }
    }

    /// The page for people names every parameter, and no other.
    #[test]
    fn the_page_names_every_parameter() {
        let page = include_str!("../../../docs/sandbox.md");
        let table = page.split("## Parameters").nth(1).unwrap();
        let named: Vec<&str> =
            table.lines().filter_map(|l| l.strip_prefix("| `")?.split('`').next()).collect();
        let flow = Flow::committed().unwrap();
        let mut known: Vec<&str> = flow.each().iter().map(|(name, _)| *name).collect();
        let mut sorted = named.clone();
        sorted.sort_unstable();
        known.sort_unstable();
        assert_eq!(sorted, known);
    }

    #[test]
    fn tables_are_read_between_their_points() {
        let points = [(0, 0), (500, 100), (1_000, 1_000)];
        assert_eq!(interpolate(&points, 0), 0);
        assert_eq!(interpolate(&points, 250_000), 50);
        assert_eq!(interpolate(&points, 750_000), 550);
        assert_eq!(interpolate(&points, 1_000_000), 1_000);
    }

    #[test]
    fn what_is_refused() {
        let text = FLOW.replacen("unit = \"s\"", "unit = \"min\"", 1);
        assert!(matches!(Flow::parse(&text), Err(FlowError::Bad { .. })));
        assert!(matches!(Flow::parse("x = 1"), Err(FlowError::Toml(_))));
        let text = FLOW.replace("assumption = true", "assumption = false");
        assert!(matches!(Flow::parse(&text), Err(FlowError::Bad { .. })), "an unmarked assumption");
    }

    #[test]
    fn half_more_and_half_less() {
        let flow = Flow::committed().unwrap();
        let half = flow.with_scaled("report_delay", 50);
        assert!(half.report_delay.typical() < flow.report_delay.typical());
        assert_eq!(half.hops, flow.hops);
        assert_eq!(flow.merge.scaled(1_000_000).typical(), 1_000);
        assert_eq!(flow.stretched(10).partner_ack.typical(), flow.partner_ack.typical() * 10);
    }
}
