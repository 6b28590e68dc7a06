//! `measures.toml`: targets and clocks of each measure, limits of automatic work, retries, routes.

use crate::calendar::Term;
use crate::dated::Validity;
use crate::read::Node;
use crate::words::{AddresseeKind, GatewayKind, Measure, ObjectKind, StepRole};

/// Clocks of one measure, counted from the moment it is sent. These are the organisation's targets; what
/// the law itself demands stands in the legal basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocks {
    /// The measure.
    pub measure: Measure,
    /// When these clocks apply.
    pub validity: Validity,
    /// The addressee acknowledges within this many minutes.
    pub ack_minutes: u32,
    /// The addressee acts within this many minutes.
    pub action_minutes: u32,
    /// The measure lapses after this; `None` for what has no end (a return, a release).
    pub expires: Option<Term>,
    /// Which table says when it is sent again.
    pub retry: String,
}

/// When an unacknowledged message is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryTable {
    /// Its name, `urgent` or `notice`.
    pub name: String,
    /// Waits before the second, third, … attempt, in seconds of the wall clock.
    pub waits_seconds: Vec<u32>,
    /// Afterwards again and again after this many seconds; `None` to give up after the last wait.
    pub then_every_seconds: Option<u32>,
    /// Share of each wait that is drawn at random on top, in percent.
    pub jitter_percent: u8,
}

impl RetryTable {
    /// Seconds to wait before attempt `attempt` (the first is 1 and waits for nothing); `None` if that
    /// attempt is not made.
    #[must_use]
    pub fn wait_before(&self, attempt: u32) -> Option<u32> {
        let Some(no) = attempt.checked_sub(2) else { return Some(0) };
        let listed = usize::try_from(no).ok().and_then(|n| self.waits_seconds.get(n)).copied();
        listed.or(self.then_every_seconds)
    }
    /// How long to wait before the next attempt after `made` of them, in seconds of the wall clock; `None` gives up.
    /// Up to `jitter_percent` of the wait is drawn on top by `draw`, so that partners are not struck in step.
    #[must_use]
    pub fn wait_secs(&self, made: i64, draw: u64) -> Option<i64> {
        let next = u32::try_from(made.saturating_add(1)).unwrap_or(u32::MAX);
        let base = u64::from(self.wait_before(next)?);
        let spread = base.saturating_mul(u64::from(self.jitter_percent)) / 100;
        let drawn = draw.checked_rem(spread.saturating_add(1)).unwrap_or(0);
        i64::try_from(base.saturating_add(drawn)).ok()
    }
}

/// Bounds of what opens by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// When these bounds apply.
    pub validity: Validity,
    /// Deepest hop that opens by itself; the victim's own transfer is hop 1.
    pub max_hops: u8,
    /// A next hop opens by itself only within this many hours of the victim's payment.
    pub hop_window_hours: u32,
    /// An account with more counterparties than this is a hub (a shop, a payroll): a person decides.
    pub hub_counterparties: u32,
    /// Most objects of one order.
    pub max_objects: u32,
    /// How many minutes a hold on what somebody has told of as their own account waits, if no institution confirms
    /// anything of what they told.
    pub own_account_minutes: u32,
}

/// The prosecutor's sanction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SanctionClock {
    /// When it applies.
    pub validity: Validity,
    /// Within what time of being asked it is wanted.
    pub within: Term,
}

/// How partners that do not answer are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    /// Failures in a row after which only probes are sent.
    pub failures: u8,
    /// Seconds of the wall clock between probes.
    pub probe_seconds: u32,
}

/// One step of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteStep {
    /// What the step does.
    pub role: StepRole,
    /// Who it is: the platform's own organisation, the partner that keeps the object, or the one partner
    /// of a kind.
    pub who: Who,
    /// The channel that carries the order there.
    pub gateway: GatewayKind,
}

/// Who stands at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The organisation that runs the platform.
    Own,
    /// The partner that keeps the object: its bank, operator, hoster.
    Keeper,
    /// The partner of this kind.
    Kind(AddresseeKind),
}

/// The way of an order to whoever carries it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Measures that go this way.
    pub measures: Vec<Measure>,
    /// Objects that go this way.
    pub objects: Vec<ObjectKind>,
    /// Kinds of institution that can be the executor.
    pub executors: Vec<AddresseeKind>,
    /// When it applies.
    pub validity: Validity,
    /// Submitter first, executor last.
    pub steps: Vec<RouteStep>,
}

/// Everything that `measures.toml` says.
#[derive(Debug, Clone)]
pub(crate) struct Measures {
    pub clocks: Vec<Clocks>,
    pub retries: Vec<RetryTable>,
    pub limits: Vec<Limits>,
    pub sanctions: Vec<SanctionClock>,
    pub breaker: Breaker,
    pub routes: Vec<Route>,
}

/// Reads the whole file.
pub(crate) fn measures(node: &Node<'_>) -> Option<Measures> {
    let clocks = node.each("measure", clocks);
    let retries = node.each("retry", retry);
    let limits = node.each("limits", limits);
    let sanctions = node.each("sanction", |n| {
        let (validity, within) = (Validity::read(n), n.req("within"));
        Some(SanctionClock { validity: validity?, within: within? })
    });
    let breaker = node.value("breaker").map(|v| {
        v.table(|n| {
            let (failures, probe) = (n.req("failures"), n.req("probe_seconds"));
            Some(Breaker { failures: failures?, probe_seconds: probe? })
        })
    });
    if breaker.is_none() {
        node.wrong("expected the table `breaker`");
    }
    let routes = node.each("route", route);
    if node.is_clean() {
        check(node, &clocks, &retries, &limits, &routes);
    }
    Some(Measures { clocks, retries, limits, sanctions, breaker: breaker??, routes })
}

fn clocks(node: &Node<'_>) -> Option<Clocks> {
    let (measure, validity) = (node.req("kind"), Validity::read(node));
    let (ack, action) = (node.req::<u32>("ack_minutes"), node.req::<u32>("action_minutes"));
    let (expires, retry) = (node.opt("expires"), node.req("retry"));
    let (ack_minutes, action_minutes) = (ack?, action?);
    if ack_minutes == 0 || action_minutes < ack_minutes {
        node.wrong_at(
            "action_minutes",
            "expected `ack_minutes` above zero and `action_minutes` not below it",
        );
    }
    let (measure, validity) = (measure?, validity?);
    Some(Clocks { measure, validity, ack_minutes, action_minutes, expires: expires?, retry: retry? })
}

fn retry(node: &Node<'_>) -> Option<RetryTable> {
    let (name, waits_seconds) = (node.req("name"), node.req::<Vec<u32>>("waits_seconds"));
    let (then_every_seconds, jitter) = (node.opt("then_every_seconds"), node.or("jitter_percent", 0_u8));
    if jitter.is_some_and(|j| j > 100) {
        node.wrong_at("jitter_percent", "expected at most 100");
    }
    if waits_seconds.as_ref().is_some_and(|w| w.contains(&0)) {
        node.wrong_at("waits_seconds", "expected waits above zero");
    }
    Some(RetryTable {
        name: name?,
        waits_seconds: waits_seconds?,
        then_every_seconds: then_every_seconds?,
        jitter_percent: jitter?,
    })
}

fn limits(node: &Node<'_>) -> Option<Limits> {
    let (validity, max_hops) = (Validity::read(node), node.req("max_hops"));
    let (window, hub, objects) =
        (node.req("hop_window_hours"), node.req("hub_counterparties"), node.req("max_objects"));
    let own = node.req("own_account_minutes");
    Some(Limits {
        validity: validity?,
        max_hops: max_hops?,
        hop_window_hours: window?,
        hub_counterparties: hub?,
        max_objects: objects?,
        own_account_minutes: own?,
    })
}

fn route(node: &Node<'_>) -> Option<Route> {
    let (measures, objects) = (node.req::<Vec<Measure>>("measures"), node.req::<Vec<ObjectKind>>("objects"));
    let (executors, validity) = (node.req::<Vec<AddresseeKind>>("executors"), Validity::read(node));
    let steps = node.each("step", |n| {
        let (role, who, gateway) = (n.req("role"), who(n), n.req("gateway"));
        Some(RouteStep { role: role?, who: who?, gateway: gateway? })
    });
    let roles: Vec<StepRole> = steps.iter().map(|s| s.role).collect();
    let shape_ok = matches!(roles.as_slice(), [StepRole::Submitter, between @ .., StepRole::Executor]
        if between.iter().all(|r| *r == StepRole::Authority));
    if !shape_ok {
        node.wrong_at("step", "expected a submitter first, an executor last and only authorities between");
        return None;
    }
    Some(Route { measures: measures?, objects: objects?, executors: executors?, validity: validity?, steps })
}

fn who(node: &Node<'_>) -> Option<Who> {
    let value = node.value("who");
    if value.is_none() {
        node.wrong("expected the key `who`");
    }
    let value = value?;
    match value.text()? {
        "own" => Some(Who::Own),
        "keeper" => Some(Who::Keeper),
        other => {
            let kind = AddresseeKind::parse(other);
            if kind.is_none() {
                value.expected("`own`, `keeper` or a kind of institution", &format!("`{other}`"));
            }
            kind.map(Who::Kind)
        }
    }
}

/// What no single entry can show: clashes between entries, and tables that are named but not there.
fn check(node: &Node<'_>, clocks: &[Clocks], retries: &[RetryTable], limits: &[Limits], routes: &[Route]) {
    for (i, c) in clocks.iter().enumerate() {
        if clocks.iter().take(i).any(|o| o.measure == c.measure && o.validity.overlaps(&c.validity)) {
            node.wrong_item(
                "measure",
                i,
                format!("expected clocks of `{}` that do not overlap in time", c.measure),
            );
        }
        if !retries.iter().any(|r| r.name == c.retry) {
            node.wrong_item(
                "measure",
                i,
                format!("expected a retry table `{}` for `{}`", c.retry, c.measure),
            );
        }
    }
    for (i, l) in limits.iter().enumerate() {
        if limits.iter().take(i).any(|o| o.validity.overlaps(&l.validity)) {
            node.wrong_item("limits", i, "expected limits that do not overlap in time");
        }
    }
    if limits.is_empty() {
        node.wrong_at("limits", "expected at least one `limits`");
    }
    for (i, r) in routes.iter().enumerate() {
        for m in &r.measures {
            if !clocks.iter().any(|c| c.measure == *m) {
                node.wrong_item("route", i, format!("expected clocks for `{m}`, which has a route"));
            }
            let twice = routes.iter().take(i).any(|o| {
                o.validity.overlaps(&r.validity)
                    && o.measures.contains(m)
                    && o.objects.iter().any(|k| r.objects.contains(k))
                    && o.executors.iter().any(|e| r.executors.contains(e))
            });
            if twice {
                let text =
                    format!("expected one route a day for `{m}`, each object and each kind of executor");
                node.wrong_item("route", i, text);
            }
        }
    }
}
