//! The section "Notifications" on the page of an institution: addresses, their state, what was sent, what can be done.

use ::web::{Ctx, Markup, Status, Tone};
use askama::Template;
use kernel::Timestamp;

use crate::notify::service::EndpointView;
use crate::notify::{EndpointState, Fault, Mode, Notification, NotificationState, Topic};

/// Spans of a replay, in hours.
pub(super) const SPANS_HOURS: [i64; 4] = [1, 6, 24, 168];

#[derive(Template)]
#[template(path = "_partner_endpoints.html")]
struct Section {
    ctx: Ctx,
    href: String,
    may: bool,
    endpoints: Vec<Block>,
}

struct Block {
    id: String,
    href: String,
    host: String,
    states: Vec<Status>,
    topics: String,
    mode: String,
    added: Markup,
    last_success: Markup,
    failures: String,
    previous_until: Option<Markup>,
    active: bool,
    spans: Vec<(i64, String)>,
    history: Vec<Line>,
}

struct Line {
    id: String,
    created: Markup,
    topic: String,
    state: Status,
    tries: String,
    tried: Option<Markup>,
    answer: String,
}

/// The section. `may`: with what can be done. `wall` is the present moment of the wall clock, `break_after` how many
/// failures in a row make an address one that does not answer.
pub(super) fn section(
    ctx: &Ctx,
    href: &str,
    all: &[EndpointView],
    may: bool,
    wall: Timestamp,
    break_after: i64,
) -> Markup {
    let endpoints = all.iter().map(|v| block(ctx, href, v, wall, break_after)).collect();
    ::web::render(&Section { ctx: ctx.clone(), href: href.to_owned(), may, endpoints })
}

fn block(ctx: &Ctx, href: &str, v: &EndpointView, wall: Timestamp, break_after: i64) -> Block {
    let e = &v.endpoint;
    let mut states = vec![match e.state {
        EndpointState::Active => Status::new(ctx, "partner-endpoint-active", Tone::Green),
        EndpointState::Paused => Status::new(ctx, "partner-endpoint-paused", Tone::Grey),
        EndpointState::Disabled => Status::new(ctx, "partner-endpoint-disabled", Tone::Red),
    }];
    if e.state == EndpointState::Active && e.failures >= break_after {
        states.push(Status::new(ctx, "partner-silent", Tone::Red));
    }
    let topics: Vec<String> = e.topics.iter().map(|t| topic_words(ctx, *t)).collect();
    let span = |hours: i64| (hours, ctx.duration(hours.saturating_mul(3_600_000_000)));
    Block {
        id: e.id.to_string(),
        href: format!("{href}/endpoints/{}", e.id),
        host: e.host().to_owned(),
        states,
        topics: topics.join(", "),
        mode: mode_words(ctx, e.mode),
        added: ctx.time_exact(e.created_at),
        last_success: match e.last_success {
            Some(at) => ctx.time_exact(at),
            None => Markup::text(&ctx.t("partner-endpoint-never")),
        },
        failures: ctx.number(e.failures),
        previous_until: e.previous_until.filter(|until| wall < *until).map(|until| ctx.time_exact(until)),
        active: e.state == EndpointState::Active,
        spans: SPANS_HOURS.into_iter().map(span).collect(),
        history: v.history.iter().map(|n| line(ctx, n)).collect(),
    }
}

fn line(ctx: &Ctx, n: &Notification) -> Line {
    Line {
        id: n.id.to_string(),
        created: ctx.time_exact(n.created),
        topic: topic_words(ctx, n.topic),
        state: match n.state {
            NotificationState::Pending => Status::new(ctx, "partner-notification-pending", Tone::Blue),
            NotificationState::Done => Status::new(ctx, "partner-notification-done", Tone::Green),
            NotificationState::GivenUp => Status::new(ctx, "partner-notification-given-up", Tone::Red),
        },
        tries: ctx.number(n.tries),
        tried: n.tried.map(|at| ctx.time_exact(at)),
        answer: answer(ctx, n),
    }
}

/// The last answer: its status, why it failed, or both.
fn answer(ctx: &Ctx, n: &Notification) -> String {
    let status = n.last_status.map(|status| status.to_string());
    let fault = n.last_error.map(|fault| ctx.t(fault_key(fault)));
    [status, fault].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn topic_words(ctx: &Ctx, topic: Topic) -> String {
    ctx.t(match topic {
        Topic::Order => "partner-topic-order",
        Topic::Release => "partner-topic-release",
        Topic::Reminder => "partner-topic-reminder",
        Topic::Notice => "partner-topic-notice",
        Topic::Correction => "partner-topic-correction",
        Topic::Clearance => "partner-topic-clearance",
        Topic::Resumed => "partner-topic-resumed",
        Topic::Test => "partner-topic-test",
    })
}

pub(super) fn mode_words(ctx: &Ctx, mode: Mode) -> String {
    ctx.t(match mode {
        Mode::Live => "partner-mode-live",
        Mode::Test => "partner-mode-test",
    })
}

const fn fault_key(fault: Fault) -> &'static str {
    match fault {
        Fault::Timeout => "partner-fault-timeout",
        Fault::Unreachable => "partner-fault-unreachable",
        Fault::Name => "partner-fault-name",
        Fault::Inside => "partner-fault-inside",
        Fault::Tls => "partner-fault-tls",
        Fault::Broken => "partner-fault-broken",
        Fault::Status => "partner-fault-status",
        Fault::Gone => "partner-fault-gone",
        Fault::Paused => "partner-fault-paused",
        Fault::Removed => "partner-fault-removed",
        Fault::Key => "partner-fault-key",
    }
}

/// Every text that is chosen here and stands in no template, for the test that looks for missing ones.
pub const TEXTS: &[&str] = &[
    "partner-endpoint-active",
    "partner-endpoint-paused",
    "partner-endpoint-disabled",
    "partner-endpoint-never",
    "partner-notification-pending",
    "partner-notification-done",
    "partner-notification-given-up",
    "partner-topic-order",
    "partner-topic-release",
    "partner-topic-reminder",
    "partner-topic-resumed",
    "partner-topic-test",
    "partner-mode-live",
    "partner-mode-live-hint",
    "partner-mode-test",
    "partner-mode-test-hint",
    "partner-endpoint-rotate.title",
    "partner-endpoint-rotate.text",
    "partner-endpoint-remove.title",
    "partner-endpoint-remove.text",
    "partner-endpoint-remove-done",
    "partner-endpoint-pause-done",
    "partner-endpoint-resume-done",
    "partner-endpoint-test-done",
    "partner-replay-done",
    "partner-fault-timeout",
    "partner-fault-unreachable",
    "partner-fault-name",
    "partner-fault-inside",
    "partner-fault-tls",
    "partner-fault-broken",
    "partner-fault-status",
    "partner-fault-gone",
    "partner-fault-paused",
    "partner-fault-removed",
    "partner-fault-key",
];
