//! Whose the things are that an order names, for the order's page: as institutions told it, with the person that each record is of.

use app::App;
use askama::Template;
use kernel::{Actor, Purpose};
use order::answer::{Holder, HolderKind};
use order::{ObjectId, OrderId};
use web::{Ctx, Markup, Problem};

use super::words::{Names, capacity};
use crate::service;

struct Row {
    name: String,
    /// Person's or organisation's, and what they are to the thing.
    what: String,
    href: Option<String>,
    facts: Vec<(String, String)>,
    by: String,
    at: Markup,
    by_hand: Option<String>,
}

#[derive(Template)]
#[template(path = "_person_holders.html")]
struct Panel {
    ctx: Ctx,
    rows: Vec<Row>,
}

fn facts(ctx: &Ctx, h: &Holder) -> Vec<(String, String)> {
    let phones: Vec<String> = h.phones.iter().map(|p| web::phone(p)).collect();
    let day = |text: &str| text.rsplit('-').collect::<Vec<_>>().join(".");
    let all = [
        ("person-iin.label", h.iin.clone()),
        ("order-kind-bin", h.bin.clone()),
        ("person-birth.label", day(&h.birth_date)),
        ("person-phone.label", phones.join(", ")),
        ("person-address.label", h.address.clone()),
        ("person-device.label", h.devices.join(", ")),
        ("person-holding-from.label", day(&h.from)),
        ("person-holding-until.label", day(&h.until)),
    ];
    all.into_iter().filter(|(_, v)| !v.is_empty()).map(|(key, v)| (ctx.t(key), v)).collect()
}

/// Whose the things of an order are, by thing; nothing for whoever may see no persons. That it was read is a record.
///
/// # Errors
/// Absent or hidden.
pub async fn holders_panel(
    app: &App,
    ctx: &Ctx,
    actor: &Actor,
    (order, report): (OrderId, &str),
) -> Result<Vec<(ObjectId, Markup)>, Problem> {
    let all = service::holders_of(app, actor, order).await.map_err(|e| Problem::of(&e))?;
    let names = Names::load(app).await;
    let panel = |(holders, persons): (order::service::Holders, Vec<Option<crate::PersonId>>)| {
        let told = holders.told.open(Purpose::HandleReport);
        let each = told.iter().flat_map(|t| t.holders.iter().map(move |h| (t, h)));
        let rows = each.zip(persons).map(|((t, h), person)| {
            let capacity = capacity(ctx, h.role.as_str());
            let name = h.full_name();
            Row {
                name: if name.is_empty() { ctx.t("person-holder-unnamed") } else { name },
                what: match h.kind {
                    HolderKind::Person => capacity,
                    HolderKind::Organisation => {
                        format!("{}, {capacity}", ctx.t("person-holder-organisation"))
                    }
                },
                href: person.map(|id| format!("/desk/persons/{id}?report={}", web::encode(report))),
                facts: facts(ctx, h),
                by: names.of(ctx, &t.executor),
                at: ctx.time(t.at),
                by_hand: t
                    .by_hand
                    .as_ref()
                    .map(|who| ctx.ta("person-holder-by-hand", [("who", who.as_str())])),
            }
        });
        let panel = Panel { rows: rows.collect(), ctx: ctx.clone() };
        (holders.object, web::render(&panel))
    };
    Ok(all.into_iter().map(panel).collect())
}
