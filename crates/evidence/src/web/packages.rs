//! Packages: asked for, made, sent as they are written.

use std::collections::BTreeSet;
use std::io::Write;

use access::Staff;
use app::App;
use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use kernel::{Actor, Lang, Purpose, Timestamp};
use tokio::sync::mpsc;
use web::{Ctx, Field, FieldError, Problem, SeeOther};

use super::show::Received;
use super::{Office, ask, words};
use crate::error::EvidenceError;
use crate::model::{EventKind, ExhibitId};
use crate::package::Manifest;
use crate::package::tape::Writer;
use crate::service::{self, Asked, Made, Package};
use crate::shelf::Shelf;

/// Numbers that an address or a form names.
fn named(text: &str) -> Vec<String> {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(
        &format!("/?{text}").parse().unwrap_or_default(),
    );
    let pairs = pairs.map(|q| q.0).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let numbers = pairs.into_iter().filter(|(name, _)| name == "exhibit").map(|(_, value)| value);
    numbers.filter(|number| seen.insert(number.clone())).take(crate::rules::MOST_OF_A_PACKAGE + 1).collect()
}

fn value(text: &str, wanted: &str) -> String {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(
        &format!("/?{text}").parse().unwrap_or_default(),
    );
    let pairs = pairs.map(|q| q.0).unwrap_or_default();
    pairs.into_iter().find(|(name, _)| name == wanted).map(|(_, value)| value).unwrap_or_default()
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    (numbers, about): (&[String], &str),
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let mut listed = Vec::new();
    for number in numbers {
        let opened = service::open(app, actor, number).await.map_err(|e| Problem::of(&e))?;
        let title = opened.about.map(|a| a.title.into_inner(Purpose::HandleReport)).unwrap_or_default();
        listed.push((number.clone(), title));
    }
    let ask = ask::Ask {
        key: "evidence-package",
        action: "/desk/evidence/package".to_owned(),
        back: ("/desk/evidence".to_owned(), ctx.t("evidence-nav")),
        fields: vec![Field::text(ctx, "reason", "evidence-package-about").value(about).errors(&errors)],
        listed,
        file: false,
        saves: (saved(ctx, numbers), address(numbers)),
    };
    Ok(ask::page(ctx, ask, errors))
}

/// What is said while a package comes.
fn saved(ctx: &Ctx, numbers: &[String]) -> String {
    ctx.ta("evidence-package-saved", [("numbers", numbers.join(", "))])
}

/// The page of these exhibits as it is loaded.
fn address(numbers: &[String]) -> String {
    let all: Vec<String> = numbers.iter().map(|n| format!("exhibit={}", web::encode(n))).collect();
    format!("/desk/evidence/package?{}", all.join("&"))
}

/// `GET /desk/evidence/package?exhibit=…`.
pub(super) async fn form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let numbers = named(&query);
    let errors = if numbers.is_empty() {
        vec![FieldError::new(&ctx, "reason", "evidence-package-none")]
    } else if value(&query, "fault") == "about" {
        vec![FieldError::new(&ctx, "reason", "error-evidence-package-about")]
    } else {
        Vec::new()
    };
    page(&ctx, &app, &actor, (&numbers, ""), errors).await
}

#[derive(Template)]
#[template(path = "evidence_index.html")]
struct Index<'a> {
    ctx: Ctx,
    manifest: &'a Manifest,
}

impl Index<'_> {
    fn at(&self, micros: &i64) -> String {
        self.ctx.date_time(Timestamp::from_micros(*micros))
    }
    /// The number of an exhibit of this package; else its id.
    fn number<'m>(&'m self, id: &'m str) -> &'m str {
        let bare = id.strip_prefix("exh_").unwrap_or(id);
        self.manifest.exhibits.iter().find(|e| e.id == bare).map_or(id, |e| &e.number)
    }
    fn event(&self, word: &str) -> String {
        EventKind::parse(word).map_or_else(|| word.to_owned(), |kind| words::event(&self.ctx, kind))
    }
}

/// What people read of a package, in each language.
pub(super) fn pages(ctx: &Ctx, manifest: &Manifest) -> Vec<(String, Vec<u8>)> {
    let in_lang = |lang: &Lang| {
        let page = Index { ctx: ctx.in_lang(lang.clone()), manifest };
        page.render().map(|text| (format!("index.{}.html", lang.tag()), text.into_bytes())).ok()
    };
    ctx.langs().iter().filter_map(in_lang).collect()
}

/// `POST /desk/evidence/package`.
pub(super) async fn make(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    office: Office,
    body: String,
) -> Result<Response, Problem> {
    let (numbers, about) = (named(&body), value(&body, "reason"));
    let mut exhibits: Vec<ExhibitId> = Vec::new();
    for number in &numbers {
        let number = number.clone();
        let found = app.db.read(move |tx| crate::store::exhibit::by_number(tx, &number)).await;
        let (found, _) = found.map_err(|e| Problem::of(&e))?.ok_or_else(Problem::not_found)?;
        exhibits.push(found.id);
    }
    if exhibits.is_empty() {
        let none = FieldError::new(&ctx, "reason", "evidence-package-none");
        return page(&ctx, &app, &actor, (&numbers, &about), vec![none]).await;
    }
    // Nothing was typed that could be lost: the page that says so can be loaded anew, and gone back to.
    if about.trim().is_empty() {
        return Ok(SeeOther::to(format!("{}&fault=about", address(&numbers))).into_response());
    }
    let asked = Asked {
        exhibits,
        about: about.trim().to_owned(),
        log: office.log,
        witnesses: office.witnesses.to_vec(),
    };
    let made = service::package(&app, &actor, asked, |manifest| pages(&ctx, manifest)).await;
    let package = match made {
        Ok(package) => package,
        Err(EvidenceError::Field(_)) => {
            let wrong = FieldError::new(&ctx, "reason", "error-evidence-package-about");
            return page(&ctx, &app, &actor, (&numbers, &about), vec![wrong]).await;
        }
        Err(error) => return Err(Problem::of(&error)),
    };
    let name = format!("package-{}.tar", package.manifest.id);
    let headers = [
        (CONTENT_TYPE, "application/x-tar".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, taped(office.shelf, package)).into_response())
}

/// Pieces that are written, for whoever receives them.
struct Pieces(mpsc::Sender<Result<Bytes, std::io::Error>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let gone = |_| std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes))).map_err(gone)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn taped(shelf: Shelf, package: Package) -> Body {
    let (send, receive) = mpsc::channel(4);
    let failed = send.clone();
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write_tape(&shelf, package, Pieces(send)) {
            tracing::warn!(%error, "a package was not sent to its end");
            let _ = failed.blocking_send(Err(error));
        }
    });
    Body::from_stream(Received(receive))
}

/// Writes a package as one file.
///
/// # Errors
/// The writer's; bytes that are not those that were taken in.
pub fn write_tape(shelf: &Shelf, package: Package, to: impl Write) -> std::io::Result<()> {
    let mut tape = Writer::new(to);
    for (name, file) in package.files {
        match file {
            Made::Bytes(bytes) => {
                let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                tape.file(&name, size, bytes.as_slice())?;
            }
            Made::Shelf { key, frames, size } => {
                let broken = |e: EvidenceError| std::io::Error::other(e.to_string());
                let frames = shelf.frames(key, frames).map_err(broken)?;
                tape.file(&name, size, Plain { frames, left: Vec::new(), at: 0 })?;
            }
        }
    }
    tape.finish()
}

/// The bytes of an exhibit, as something to be read.
struct Plain {
    frames: crate::shelf::Frames,
    left: Vec<u8>,
    at: usize,
}

impl std::io::Read for Plain {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        if self.at >= self.left.len() {
            let next = self.frames.next_frame().map_err(|e| std::io::Error::other(e.to_string()))?;
            (self.left, self.at) = (next.unwrap_or_default(), 0);
        }
        let rest = self.left.get(self.at..).unwrap_or_default();
        let n = rest.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at = self.at.saturating_add(n);
        Ok(n)
    }
}
