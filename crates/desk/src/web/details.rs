//! What an order says of a thing beside its name, in words: for whoever signs and whoever sanctions.

use order::details::Details;
use trail::web::Names;
use web::Ctx;

use super::key_part;
use super::report::shown;

/// The details in words, one line for each.
pub(crate) fn words(ctx: &Ctx, names: &Names, details: &Details) -> Vec<String> {
    let word = |list: &str, code: &str| ctx.t(&format!("order-{list}-{}", key_part(code)));
    let line = |key: &str, text: &str| ctx.ta(&format!("order-detail-{key}"), [("text", text)]);
    match details {
        Details::Block { ways, ground } => {
            let ways: Vec<String> = ways.iter().map(|w| word("way", w.as_str())).collect();
            vec![line("ways", &ways.join(", ")), line("ground", &word("ground", ground.as_str()))]
        }
        Details::Restriction { act, class, harm, narrower } => {
            let mut all = vec![
                line("act", &word("act", act.as_str())),
                line("class", &word("class", class.as_str())),
                line("harm", harm),
            ];
            if !narrower.is_empty() {
                all.push(line("narrower", narrower));
            }
            all
        }
        Details::Disclosure { data, from, to } => {
            let data: Vec<String> = data.iter().map(|d| word("data", d.as_str())).collect();
            let mut all = vec![line("data", &data.join(", "))];
            let day = |at: &Option<String>| {
                at.as_deref().and_then(order::message::time).map(|t| ctx.date_time(t)).unwrap_or_default()
            };
            if from.is_some() || to.is_some() {
                all.push(line("period", &format!("{} – {}", day(from), day(to))));
            }
            all
        }
        Details::Preservation { data } => {
            let data: Vec<String> = data.iter().map(|d| word("data", d.as_str())).collect();
            vec![line("keep", &data.join(", "))]
        }
        Details::Return { to_institution, to_kind, to_value } => {
            let to = format!("{}, {}", names.name(ctx, to_institution), shown(to_kind, to_value));
            vec![line("to", &to)]
        }
    }
}
