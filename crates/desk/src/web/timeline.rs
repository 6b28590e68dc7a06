//! What happened, from the tamper-evident record, in words.

use app::{App, SealedWords};
use audit::RecordView;
use kernel::{Actor, Asset, Money, Purpose};
use order::words;
use profile::Measure;
use trail::web::Names;
use uuid::Uuid;
use web::{Arg, Ctx, Entry, Markup, Timeline};

/// Acts that have a text of their own; anything else is shown by its code.
pub(crate) const ACTS: &[&str] = &[
    "report.filed",
    "report.read",
    "report.story_told",
    "report.details_kept",
    "report.payment_added",
    "report.payment_completed",
    "report.file_added",
    "report.file_read",
    "report.file_removed",
    "report.file_put_back",
    "report.promise_kept",
    "report.message",
    "report.clue_added",
    "report.clue_taken_back",
    "report.withdrawn",
    "report.expunged",
    "report.opened_with_code",
    "order.drafted",
    "order.approved",
    "order.sanction_asked",
    "order.sanction_decided",
    "order.notice_drafted",
    "order.notice_given",
    "order.object_restored",
    "registration.opened",
    "registration.handed_over",
    "registration.file_taken",
    "registration.registered",
    "registration.corrected",
    "registration.proposed",
    "registration.decided",
    "registration.confirmed",
    "registration.sent_back",
    "registration.erased",
    "registration.posted",
    "registration.turned_away",
    "registration.prepared",
    "registration.moved",
    "registration.mistaken",
    "registration.taken_back",
    "registration.read",
    "appeal.filed",
    "appeal.decided",
    "appeal.read",
    "appeal.notice_opened",
    "order.sent",
    "order.handed_over",
    "order.paper_read",
    "order.read",
    "order.holders_read",
    "order.notice_renewed",
    "order.answered",
    "order.answer_recorded",
    "order.escalated",
    "order.lapsed",
    "order.object_lapsed",
    "order.released",
    "order.corrected",
    "order.cancelled",
    "order.not_drafted",
    "order.not_followed",
    "order.basis_changed",
    "order.lowered",
    "order.waits_on",
    "order.delivery_tried",
    "order.plan_read",
    "trail.not_followed",
    "desk.taken",
    "desk.given_back",
    "desk.snoozed",
    "desk.woken",
    "desk.woken_by_news",
    "desk.closed",
    "desk.reopened",
];

/// Acts of looking, which would bury the acts of doing.
const QUIET: &[&str] = &[
    "report.read",
    "report.file_read",
    "order.delivery_tried",
    "order.plan_read",
    "order.paper_read",
    "order.read",
    "order.holders_read",
    "registration.posted",
    "appeal.read",
    "registration.read",
];

/// Records of several things about one report, with what officers wrote as a reason: it is sealed under the
/// report's key, and gone once the report was erased.
///
/// # Errors
/// The database's.
pub async fn records(app: &App, report: Uuid, subjects: Vec<Uuid>) -> Result<Vec<RecordView>, db::DbError> {
    let me = app.clone();
    let read = app.db.read(move |tx| {
        let mut all = Vec::new();
        for subject in &subjects {
            all.extend(audit::records_for(tx, *subject)?);
        }
        for record in &mut all {
            if let Some(reason) = reason(tx, &me, report, record)
                && let Some(facts) = record.facts.as_object_mut()
            {
                facts.insert("reason".to_owned(), reason.into());
            }
        }
        Ok::<_, db::DbError>(all)
    });
    read.await
}

/// The reason in the facts of a record, opened. A ciphertext that does not open is no reason to hide the rest.
fn reason(tx: &mut db::Tx<'_>, app: &App, report: Uuid, record: &RecordView) -> Option<String> {
    let sealed = record.facts.get("reason_sealed")?.as_str()?;
    let words = SealedWords::from_fact(sealed)?;
    let field =
        if record.record.act.starts_with("desk.") { crate::service::REASON } else { order::service::REASON };
    let opened = app.open_words(tx, report, field, &words).ok()??;
    Some(opened.into_inner(Purpose::HandleReport))
}

/// The timeline of these records, the newest first, for a reader.
#[must_use]
pub fn timeline_of(ctx: &Ctx, names: &Names, reader: &Actor, records: &[RecordView]) -> Timeline {
    let shown = records.iter().filter(|r| !QUIET.contains(&r.record.act.as_str()));
    Timeline::newest_first(ctx, shown.map(|r| entry(ctx, names, reader, r)).collect())
}

fn entry(ctx: &Ctx, names: &Names, reader: &Actor, r: &RecordView) -> Entry {
    let actor = &r.record.actor;
    let own = *actor == reader.label();
    let who = match actor.split_once(':') {
        _ if own => ctx.t("desk-actor-you"),
        Some(("staff", _)) => ctx.t("desk-actor-staff"),
        // Who of its people it was is the institution's business; the record has the account.
        Some(("partner", code)) => names.name(ctx, code.split(':').next().unwrap_or(code)),
        Some(("system", _)) => ctx.t("product-name"),
        // Whoever came to the portal with a code, or without: not the reporter.
        None if actor == "public" => ctx.t("desk-actor-public"),
        _ => ctx.t("desk-actor-citizen"),
    };
    Entry {
        at: r.record.office_at,
        actor: who,
        machine: actor.starts_with("system:"),
        what: what(ctx, names, r),
        basis: if r.record.approval.is_some() { ctx.t("order-by-standing") } else { String::new() },
        proof: String::new(),
    }
}

fn what(ctx: &Ctx, names: &Names, r: &RecordView) -> Markup {
    let act = r.record.act.as_str();
    if !ACTS.contains(&act) {
        return ctx.tm("desk-log-other", [("act", act)]);
    }
    let text =
        |name: &str| r.facts.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    // What goes by itself, as when a hold is released before its extension is signed, has no reason of its own.
    if act == "order.cancelled" && text("reason").is_empty() {
        return ctx.tm("desk-cancelled", [("act", act)]);
    }
    if act == "desk.closed" && !text("reason").is_empty() {
        return ctx.tm("desk-log-desk-closed.why", [("reason", text("reason"))]);
    }
    let stead = r.facts.get("stead").and_then(|s| s.get("number")).and_then(serde_json::Value::as_str);
    if let Some(paper) = stead.filter(|_| act == "order.approved") {
        return ctx.tm("desk-log-order-approved-stead", [("number", paper)]);
    }
    let number = |name: &str| r.facts.get(name).and_then(serde_json::Value::as_i64);
    let sum = number("cap_minor").or_else(|| number("freed_minor")).zip(Asset::new(&text("asset"), 2));
    let sum = sum.filter(|(minor, _)| *minor > 0);
    let sum = sum.map(|(minor, asset)| ctx.money(Money::from_minor(minor, asset)));
    // What is asked, and how much where it is about a sum.
    let measure = Measure::parse(&text("measure")).map(|m| words::measure(ctx, m));
    let what: Vec<String> = measure.into_iter().chain(sum).collect();
    let given = r.facts.get("given").and_then(serde_json::Value::as_bool) == Some(true);
    let decision = if given { "desk-sanction-give" } else { "desk-sanction-refuse" };
    let codes = r.facts.get("codes").and_then(serde_json::Value::as_array).map(|all| {
        all.iter()
            .filter_map(serde_json::Value::as_str)
            .map(|c| words::code(ctx, c))
            .collect::<Vec<_>>()
            .join("; ")
    });
    // A register by its name in the reader's language, as it was when the act was recorded.
    let named = r.facts.get("register").and_then(|names| names.get(ctx.lang().tag())?.as_str());
    let outcome = text("outcome");
    let outcome = match outcome.as_str() {
        "" => outcome,
        word => ctx.t(&format!("registration-state-{}", words::key_part(word))),
    };
    let args: [(&str, Arg); 10] = [
        ("register", named.map_or_else(|| text("system"), str::to_owned).into()),
        ("number", text("number").into()),
        ("outcome", outcome.into()),
        ("who", names.name(ctx, &text("executor")).into()),
        ("what", what.join(", ").into()),
        ("decision", ctx.t(decision).into()),
        ("codes", codes.unwrap_or_default().into()),
        ("why", words::why(ctx, &text("why")).into()),
        ("reason", text("reason").into()),
        ("channel", text("channel").into()),
    ];
    ctx.tm(&format!("desk-log-{}", words::key_part(act)), args)
}
