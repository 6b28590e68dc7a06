//! Facts as short sentences.

use kernel::{Asset, Money, Timestamp};
use trail::model::{Account, Asked, End, EndKind, Exit, Line, Payment, Trail, TrailFact, What};

pub fn kzt() -> Asset {
    Asset::new("KZT", 2).unwrap()
}
pub fn money(minor: i64) -> Money {
    Money::from_minor(minor, kzt())
}
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_secs(1_764_000_000 + second)
}
/// `"alt/1"` is account 1 at the bank Alt.
pub fn account(key: &str) -> Account {
    let (bank, number) = key.split_once('/').unwrap();
    Account { key: key.into(), institution: bank.to_uppercase(), masked: format!("KZ** **** {number}") }
}

/// A list of facts that grows.
#[derive(Debug, Clone, Default)]
pub struct Story(pub Vec<TrailFact>);

impl Story {
    pub fn paid(self, key: &str, from: &str, to: &str, amount: i64, second: i64) -> Self {
        let to = (!to.is_empty()).then(|| account(to));
        let (key, reporter, amount, at) = (key.into(), from.to_owned(), money(amount), at(second));
        let from = account(from);
        let payment = Payment { key, from, to, amount, at, latest: at, reference: None, reporter };
        self.and(TrailFact::Payment(payment))
    }
    pub fn asked(self, key: &str, who: &str, because: &str, cap: i64) -> Self {
        self.order(key, who, because, cap, true)
    }
    pub fn asked_and_closed(self, key: &str, who: &str, because: &str, cap: i64) -> Self {
        self.order(key, who, because, cap, false)
    }
    fn order(self, key: &str, who: &str, because: &str, cap: i64, open: bool) -> Self {
        let (key, account, because, cap) = (key.into(), account(who), because.into(), money(cap));
        self.and(TrailFact::Asked(Asked { key, account, because, cap, open }))
    }
    pub fn says(self, order: &str, key: &str, what: What, amount: i64, second: i64) -> Self {
        let amount = (amount >= 0).then(|| money(amount));
        let (key, order, at) = (key.into(), order.into(), at(second));
        self.and(TrailFact::Line(Line { key, order, what, amount, at, reference: None, stood_before: None }))
    }
    pub fn moved(self, order: &str, key: &str, to: &str, amount: i64, second: i64) -> Self {
        let what = What::Left { how: Exit::Moved, next: Some(account(to)) };
        self.says(order, key, what, amount, second)
    }
    pub fn held(self, order: &str, key: &str, amount: i64, second: i64) -> Self {
        self.says(order, key, What::Held, amount, second)
    }
    pub fn left(self, order: &str, key: &str, how: Exit, amount: i64, second: i64) -> Self {
        self.says(order, key, What::Left { how, next: None }, amount, second)
    }
    /// The last line states the balance before, or has a reference.
    pub fn with(mut self, change: impl FnOnce(&mut Line)) -> Self {
        let Some(TrailFact::Line(line)) = self.0.last_mut() else { panic!("the last fact is no line") };
        change(line);
        self
    }
    pub fn silent(self, order: &str) -> Self {
        self.and(TrailFact::Silent { order: order.into() })
    }
    pub fn and(mut self, fact: TrailFact) -> Self {
        self.0.push(fact);
        self
    }
    /// The trail; its books are always right.
    pub fn trail(&self) -> Trail {
        let trail = trail::rules::build(kzt(), &self.0);
        assert_books(&trail);
        trail
    }
}

/// Every node adds up, and the ends add up to what was disputed.
pub fn assert_books(trail: &Trail) {
    for balance in trail.check() {
        assert_eq!(balance.difference.minor(), 0, "{balance:?} in {trail:#?}");
    }
    let ended: i64 = trail.ends.iter().map(|end| end.amount.minor()).sum();
    assert_eq!(ended, trail.disputed().minor());
    assert!(trail.ends.iter().all(|end| end.amount.is_positive()));
}

/// Ends in short: account, kind, amount.
pub fn ends(trail: &Trail) -> Vec<(&str, EndKind, i64)> {
    let key = |end: &End| trail.nodes[end.node].account.key.as_str();
    trail.ends.iter().map(|end| (key(end), end.kind, end.amount.minor())).collect()
}

/// Movements in short: from, to, disputed amount.
pub fn edges(trail: &Trail) -> Vec<(&str, &str, i64)> {
    let key = |node: usize| trail.nodes[node].account.key.as_str();
    trail.edges.iter().map(|edge| (key(edge.from), key(edge.to), edge.amount.minor())).collect()
}

/// One payment, held whole.
pub fn one_held() -> Story {
    Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .held("o1", "l1", 900, 60)
}

/// One payment, split into three: one held, one taken in cash, one silent.
pub fn split_in_three() -> Story {
    Story::default()
        .paid("p1", "own/1", "alt/1", 900, 0)
        .asked_and_closed("o1", "alt/1", "p1", 900)
        .moved("o1", "l1", "bek/2", 300, 60)
        .moved("o1", "l2", "car/3", 400, 61)
        .moved("o1", "l3", "dos/4", 200, 62)
        .asked_and_closed("o2", "bek/2", "l1", 300)
        .held("o2", "l4", 300, 90)
        .asked_and_closed("o3", "car/3", "l2", 400)
        .left("o3", "l5", Exit::Cash, 400, 80)
        .asked("o4", "dos/4", "l3", 200)
        .silent("o4")
}

/// Three payments from two accounts meet in one, by way of two.
pub fn merged() -> Story {
    Story::default()
        .paid("p1", "own/1", "alt/1", 500, 0)
        .paid("p2", "own/1", "bek/2", 300, 10)
        .paid("p3", "own/9", "bek/2", 100, 20)
        .asked_and_closed("o1", "alt/1", "p1", 500)
        .moved("o1", "l1", "car/3", 500, 60)
        .asked_and_closed("o2", "bek/2", "p2", 300)
        .moved("o2", "l2", "car/3", 350, 70)
        .asked("o4", "bek/2", "p3", 100)
        .asked_and_closed("o3", "car/3", "l1", 500)
        .held("o3", "l3", 500, 100)
        .left("o3", "l4", Exit::Crypto, 200, 110)
}

/// Six hops in a row, something left behind at each, the last refused.
pub fn six_hops() -> Story {
    let mut story = Story::default().paid("p1", "own/0", "b1/1", 1_000, 0);
    let mut because = "p1".to_owned();
    for hop in 1..=6_i64 {
        let (order, line) = (format!("o{hop}"), format!("m{hop}"));
        let here = format!("b{hop}/{hop}");
        let amount = 1_100 - 100 * hop;
        story = story.asked_and_closed(&order, &here, &because, amount);
        if hop < 6 {
            story = story.moved(&order, &line, &format!("b{}/{}", hop + 1, hop + 1), amount - 100, hop * 60);
            story = story.held(&order, &format!("h{hop}"), 100, hop * 60 + 30);
        } else {
            story = story.says(&order, "r6", What::Refused, -1, 500);
        }
        because = line;
    }
    story
}
