//! Whoever something is restricted for is told who did it, how much, why, until when and how to object. The notice is
//! made as soon as something is in force and handed over by the institution that carries the order out.

use app::App;
use audit::Act;
use db::Tx;
use kernel::{Money, Purpose, Timestamp};
use partner::notify::Topic;
use profile::{NotifyWhom, Term};
use serde_json::json;
use vault::SubjectKey;

use super::drafting::part;
use super::posting::{self, Says};
use crate::model::{HolderNotice, Object, ObjectId, Order};
use crate::store::delivery;
use crate::store::notice;
use crate::{OrderError, measure};

/// Field under which the code of a notice is sealed.
pub(crate) const CODE: &str = "notice_code";

/// Makes the notice about an object that is in force now, if the law wants the holder told.
pub(crate) fn draft(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    object: &Object,
    key: &SubjectKey,
    now: Timestamp,
) -> Result<(), OrderError> {
    if !measure::restricts(order.measure) || app.profile.notice(order.measure).is_none() {
        return Ok(());
    }
    let Some(within) = holder_within(tx, order)? else { return Ok(()) };
    if notice::find(tx, object.id)?.is_some() {
        return Ok(());
    }
    let code = report::rules::draw_code(&app.entropy);
    let made = HolderNotice {
        object: object.id,
        order: order.id,
        report: object.report,
        code_sealed: key.seal(&app.entropy, CODE, &code),
        drafted_at: now,
        due_at: app.profile.term_end(now, within),
        told_at: None,
    };
    if !notice::insert(tx, &made, code_hash(app, &code))? {
        return Ok(());
    }
    // Whoever waits to be told is no less urgent for a small sum, but what can still be held goes first.
    let says = Says { kind: Topic::Notice, object: Some(object.id), code: String::new(), amount_minor: 0 };
    posting::post(tx, app, order, says, now)?;
    let facts = json!({"object": object.id, "due": made.due_at.rfc3339()});
    let act = Act {
        basis: order.header.basis,
        facts,
        ..Act::about("order.notice_drafted", "order", order.id.uuid())
    };
    Ok(app.record(tx, &part(), &act)?)
}

/// What a holder was told has changed: it goes on till later. The same code stays good.
pub(crate) fn renew(
    tx: &mut Tx<'_>,
    app: &App,
    order: &Order,
    object: &Object,
    now: Timestamp,
) -> Result<(), OrderError> {
    let Some(known) = notice::find(tx, object.id)? else { return Ok(()) };
    let Some(within) = holder_within(tx, order)? else { return Ok(()) };
    let due = app.profile.term_end(now, within);
    notice::renew(tx, object.id, due)?;
    let says = Says { kind: Topic::Notice, object: Some(object.id), code: String::new(), amount_minor: 0 };
    posting::post(tx, app, order, says, now)?;
    let facts = json!({"object": object.id, "due": due.rfc3339(), "first": known.drafted_at.rfc3339()});
    let about = Act::about("order.notice_renewed", "order", order.id.uuid());
    Ok(app.record(tx, &part(), &Act { basis: order.header.basis, facts, ..about })?)
}

/// Within which time the law wants the holder told; `None` if it does not.
fn holder_within(tx: &mut Tx<'_>, order: &Order) -> Result<Option<Term>, OrderError> {
    let Some((id, version)) = super::extending::basis_now(tx, order)? else { return Ok(None) };
    let basis = legal_basis::get(tx, id, version)?;
    Ok(basis.and_then(|b| b.record.notify.iter().find(|n| n.whom == NotifyWhom::Holder).map(|n| n.within)))
}

/// The keyed hash by which a typed code finds its notice.
pub(crate) fn code_hash(app: &App, code: &str) -> [u8; 32] {
    app.vault.blind("holder_notice", code)
}

/// The institution says that the holder was told.
pub(crate) fn told(tx: &mut Tx<'_>, app: &App, object: ObjectId, at: Timestamp) -> Result<(), OrderError> {
    delivery::done_about(tx, object, "notice")?;
    if notice::told(tx, object, at)? {
        let facts = json!({"object": object, "at": at.rfc3339()});
        let Some(known) = notice::find(tx, object)? else { return Ok(()) };
        app.record(
            tx,
            &part(),
            &Act { facts, ..Act::about("order.notice_given", "order", known.order.uuid()) },
        )?;
    }
    Ok(())
}

/// The text for the holder in each language of the profile.
pub(crate) fn texts(
    app: &App,
    order: &Order,
    object: &Object,
    basis: &legal_basis::Basis,
    (executor, code): (&kernel::Localised, &str),
) -> std::collections::BTreeMap<String, String> {
    let Some(template) = app.profile.notice(order.measure) else { return std::collections::BTreeMap::new() };
    let record = &basis.record;
    let spaced = ::web::grouped(code, 4);
    let of = |lang: &kernel::Lang| {
        let formats = ::web::Formats::new(lang, app.profile.zone().clone());
        let held: Money = if object.held.is_positive() { object.held } else { object.cap };
        let facts = [
            ("organisation", app.profile.organisation().name.get(lang).to_owned()),
            ("executor", executor.get(lang).to_owned()),
            ("what", object.masked.clone()),
            ("sum", formats.money(held)),
            ("basis", format!("{}, {}", record.act_name.get(lang), record.article)),
            ("until", formats.date_time(order.ends_at())),
            ("appeal", record.appeal.body.get(lang).to_owned()),
            ("address", format!("{}/object", app.node.public_url)),
            ("code", spaced.clone()),
        ];
        template.fill(lang, &facts)
    };
    app.profile.languages().iter().map(|lang| (lang.tag().to_owned(), of(lang))).collect()
}

/// The code of a notice, for its message.
pub(crate) fn code_of(n: &HolderNotice, key: &SubjectKey) -> Result<String, OrderError> {
    Ok(key.open(CODE, &n.code_sealed)?.into_inner(Purpose::ExecuteOrder))
}

/// The notice that a typed code opens, with its order and object. For whoever objects: the code is all they need.
///
/// # Errors
/// The database's.
pub fn notice_by_code(
    tx: &mut Tx<'_>,
    app: &App,
    typed: &str,
) -> Result<Option<(HolderNotice, Order, Object)>, OrderError> {
    let Some(code) = report::rules::read_code(typed) else { return Ok(None) };
    let Some(found) = notice::by_code(tx, code_hash(app, &code))? else { return Ok(None) };
    let order = crate::store::find(tx, found.order)?;
    let object = crate::store::objects::find(tx, found.object)?;
    Ok(order.zip(object).map(|(order, object)| (found, order, object)))
}

/// The notices about these objects.
///
/// # Errors
/// The database's.
pub fn notices_of(tx: &mut Tx<'_>, objects: &[ObjectId]) -> Result<Vec<HolderNotice>, OrderError> {
    let mut all = Vec::new();
    for object in objects {
        all.extend(notice::find(tx, *object)?);
    }
    Ok(all)
}
