//! What was decided, as a file: a table, JSON, or a warning list in the format of MISP, which holds sites alone.

use access::Staff;
use app::App;
use axum::extract::{Form, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use identifier::Kind;
use kernel::Timestamp;
use serde::Deserialize;
use serde_json::json;
use web::Problem;

use crate::model::Class;
use crate::service::export::{Decision, export};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ExportForm {
    format: String,
}

/// `POST /desk/registry/export`.
pub(crate) async fn take(
    Staff(actor): Staff,
    State(app): State<App>,
    Form(form): Form<ExportForm>,
) -> Result<Response, Problem> {
    let format = match form.format.as_str() {
        "csv" => "csv",
        "misp" => "misp",
        _ => "json",
    };
    let all = export(&app, &actor, format).await.map_err(|e| Problem::of(&e))?;
    let (media, name, body) = match format {
        "csv" => ("text/csv; charset=utf-8", "registry.csv", table(&all)),
        "misp" => ("application/json", "warninglist.json", warninglist(&all, app.office.now())),
        _ => ("application/json", "registry.json", lines(&all)),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers =
        [(CONTENT_TYPE, media), (CONTENT_DISPOSITION, disposition.as_str()), (CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}

fn day(at: Option<Timestamp>) -> String {
    at.map(Timestamp::rfc3339).unwrap_or_default()
}

/// A value that a spreadsheet would take for a formula begins with an apostrophe.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn table(all: &[Decision]) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
    // Writing into memory does not fail.
    let _ = out.write_record(["kind", "value", "class", "since", "until"]);
    for d in all {
        let _ = out.write_record([
            d.kind.as_str(),
            &cell(&d.value),
            d.class.as_str(),
            &day(d.since),
            &day(d.until),
        ]);
    }
    out.into_inner().unwrap_or_default()
}

fn lines(all: &[Decision]) -> Vec<u8> {
    let line = |d: &Decision| json!({"kind": d.kind.as_str(), "value": d.value, "class": d.class.as_str(), "since": day(d.since), "until": day(d.until)});
    serde_json::to_vec_pretty(&all.iter().map(line).collect::<Vec<_>>()).unwrap_or_default()
}

fn warninglist(all: &[Decision], now: Timestamp) -> Vec<u8> {
    let listed = |d: &&Decision| d.kind == Kind::Domain && d.class == Class::Listed;
    let mut names: Vec<&str> = all.iter().filter(listed).map(|d| d.value.as_str()).collect();
    names.sort_unstable();
    let list = json!({
        "name": "Sites listed by the Department", "version": now.as_secs() / 86_400, "type": "hostname",
        "description": "Sites of which several people of the office have signed that fraud is done with them.",
        "matching_attributes": ["domain", "hostname", "url"], "list": names,
    });
    serde_json::to_vec_pretty(&list).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EntryId;

    fn decision(kind: Kind, value: &str, class: Class) -> Decision {
        let (id, value) = (EntryId::from_uuid(uuid::Uuid::nil()), value.to_owned());
        Decision { id, kind, value, class, since: Some(Timestamp::from_secs(0)), until: None }
    }

    #[test]
    fn files_say_the_same_and_no_cell_is_a_formula() {
        let all = [
            decision(Kind::Phone, "+7700…0001", Class::Listed),
            decision(Kind::Domain, "bad.example", Class::Listed),
            decision(Kind::Domain, "worse.example", Class::Suspect),
        ];
        let text = String::from_utf8(table(&all)).unwrap();
        assert!(text.contains("phone;'+7700…0001;listed;1970-01-01T00:00:00Z;\n"), "{text}");
        let read: serde_json::Value = serde_json::from_slice(&lines(&all)).unwrap();
        assert_eq!(read.as_array().unwrap().len(), 3);
        // Whoever takes a warning list for a list of what to block must not block what nobody has signed.
        let misp: serde_json::Value =
            serde_json::from_slice(&warninglist(&all, Timestamp::from_secs(0))).unwrap();
        assert_eq!(misp["list"], json!(["bad.example"]));
        assert_eq!(
            crate::rules::batch::read(&warninglist(&all, Timestamp::from_secs(0))).unwrap().lines.len(),
            1
        );
    }
}
