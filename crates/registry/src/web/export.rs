//! What was decided, as a file: a table, JSON, or the names of listed sites, one a line.

use access::Staff;
use app::{App, sheet};
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
        "names" => "names",
        _ => "json",
    };
    let all = export(&app, &actor, format).await.map_err(|e| Problem::of(&e))?;
    let (media, name, body) = match format {
        "csv" => ("text/csv; charset=utf-8", "registry.csv", table(&all)),
        "names" => ("text/plain; charset=utf-8", "sites.txt", names(&all)),
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

fn table(all: &[Decision]) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
    // Writing into memory does not fail.
    let _ = out.write_record(["kind", "value", "class", "since", "until"]);
    for d in all {
        let _ = out.write_record([
            d.kind.as_str(),
            &sheet::guarded(&d.value),
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

/// Names of sites that are listed, one a line. No warning list in the format of MISP: such a list says what is *no* sign of fraud.
fn names(all: &[Decision]) -> Vec<u8> {
    let listed = |d: &&Decision| d.kind == Kind::Domain && d.class == Class::Listed;
    let mut names: Vec<&str> = all.iter().filter(listed).map(|d| d.value.as_str()).collect();
    names.sort_unstable();
    names.into_iter().flat_map(|name| [name, "\n"]).collect::<String>().into_bytes()
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
        assert!(text.contains("phone;'+7700…0001;listed;1970-01-01T00:00:00"), "{text}");
        let read: serde_json::Value = serde_json::from_slice(&lines(&all)).unwrap();
        assert_eq!(read.as_array().unwrap().len(), 3);
        // Whoever blocks by it must not block what nobody has signed.
        assert_eq!(names(&all), b"bad.example\n");
        assert_eq!(crate::rules::batch::read(&names(&all)).unwrap().lines.len(), 1);
    }
}
