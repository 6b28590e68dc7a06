//! One exhibit with its custody; its content; the proof of one event on paper.

use access::Staff;
use app::App;
use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use kernel::{Purpose, Timestamp};
use tokio::sync::mpsc;
use web::{Choice, Ctx, Field, Markup, Page, Problem, Status as Shown};

use super::list::matter_link;
use super::{Office, look, page_of, words};
use crate::error::EvidenceError;
use crate::model::{Acquisition, Content, EventKind};
use crate::service::{self, Custody, May, Opened};
use crate::shelf::Frames;

/// One line of its custody.
struct Line {
    no: i64,
    what: String,
    at: Markup,
    by: String,
    beside: String,
    words: String,
    log: String,
}

#[derive(Template)]
#[template(path = "evidence_show.html")]
struct Show {
    ctx: Ctx,
    number: String,
    href: String,
    title: String,
    status: Shown,
    facts: Vec<(String, String)>,
    hashes: Vec<(String, String)>,
    seal: String,
    matter: Option<(String, String)>,
    parent: Option<(String, String)>,
    made: Vec<(String, String)>,
    lines: Vec<Line>,
    proposed: Option<String>,
    damaged: bool,
    look: Option<look::Section>,
    may: May,
    places: Option<Field>,
    colleagues: Option<Field>,
    panels: Vec<Markup>,
}

/// The moment as people write it; what does not read as one stands as it was told.
fn taken_at(ctx: &Ctx, told: &str) -> String {
    Timestamp::parse_rfc3339(told).map_or_else(|| told.to_owned(), |at| ctx.date_time(at))
}

fn told(ctx: &Ctx, a: &Acquisition) -> Vec<(String, String)> {
    let at = taken_at(ctx, &a.taken_at);
    [
        ("evidence-sort.label", words::sort(ctx, &a.sort)),
        ("evidence-taken-by.label", a.taken_by.clone()),
        ("evidence-taken-from.label", a.taken_from.clone()),
        ("evidence-taken-at.label", at),
        ("evidence-taken-place.label", a.place.clone()),
        ("evidence-how.label", a.how.clone()),
        ("evidence-tool.label", a.tool.clone()),
        ("evidence-basis.label", a.basis.clone()),
        ("evidence-file-name", a.file_name.clone()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| (ctx.t(key), value))
    .collect()
}

fn line(ctx: &Ctx, c: &Custody) -> Line {
    let words = c.words.clone().map(|w| w.into_inner(Purpose::HandleReport).text).unwrap_or_default();
    Line {
        no: c.event.no,
        what: words::event(ctx, c.event.kind),
        at: ctx.time_exact(c.event.at),
        by: if c.by.is_empty() { ctx.t("evidence-by-machine") } else { c.by.clone() },
        beside: match c.event.kind {
            EventKind::Moved => c.place.clone().unwrap_or_default(),
            EventKind::Linked | EventKind::Derived => c.event.counterpart.clone(),
            _ => c.counterpart.clone(),
        },
        words,
        log: c.log_no.map_or_else(
            || ctx.t("evidence-log-waits"),
            |n| i64::try_from(n).map_or_else(|_| n.to_string(), |n| ctx.number(n)),
        ),
    }
}

fn facts(ctx: &Ctx, o: &Opened) -> Vec<(String, String)> {
    let mut all = vec![
        (ctx.t("evidence-col-custodian"), o.custodian.clone()),
        (ctx.t("evidence-col-form"), words::form(ctx, o.exhibit.form)),
    ];
    if let Some(place) = &o.place {
        all.push((ctx.t("evidence-lies.label"), place.name.clone()));
    }
    if o.exhibit.size_bytes.is_some() {
        all.push((ctx.t("evidence-size"), words::size(ctx, o.exhibit.size_bytes)));
    }
    let sealed = if o.under_seal { "evidence-under-seal" } else { "evidence-no-seal" };
    all.push((ctx.t("evidence-seal-now"), ctx.t(sealed)));
    all
}

/// `GET /desk/evidence/{number}`.
pub(super) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    here: Option<Extension<Office>>,
    above: Option<axum::Extension<super::Above>>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let o = service::open(&app, &actor, &number).await.map_err(|e| Problem::of(&e))?;
    let mut all = facts(&ctx, &o);
    let (mut hashes, mut title) = (Vec::new(), ctx.t("evidence-no-title"));
    let mut file_name = String::new();
    if let Some(about) = &o.about {
        let acquisition = about.acquisition.clone().into_inner(Purpose::HandleReport);
        all.extend(told(&ctx, &acquisition));
        file_name = acquisition.file_name;
        let content: Content = about.content.clone().into_inner(Purpose::HandleReport);
        if !content.sha256.is_empty() {
            hashes = vec![("SHA-256".to_owned(), content.sha256), ("BLAKE3".to_owned(), content.blake3)];
        }
        title = about.title.clone().into_inner(Purpose::HandleReport);
    }
    let panels = match above {
        Some(axum::Extension(above)) => above.show((&app, &ctx, &actor), o.exhibit.id).await,
        None => Vec::new(),
    };
    let link = |e: &crate::model::Exhibit| (page_of(&e.number), e.number.clone());
    let places = o.places.iter().map(|p| Choice::new(&p.id.to_string(), p.name.clone())).collect();
    let colleagues =
        o.colleagues.iter().map(|(id, name)| Choice::new(&id.to_string(), name.clone())).collect();
    let page = Show {
        href: page_of(&o.exhibit.number),
        title,
        status: words::state(&ctx, &o.exhibit),
        facts: all,
        hashes,
        seal: hex::encode(o.exhibit.seal),
        matter: matter_link(o.exhibit.matter.as_ref()),
        parent: o.parent.as_ref().map(link),
        made: o.made.iter().map(link).collect(),
        lines: o.custody.iter().map(|c| line(&ctx, c)).collect(),
        proposed: o.exhibit.proposed.map(|fate| words::fate(&ctx, fate)),
        damaged: o.exhibit.damaged,
        look: look::section(&ctx, &o.look, &file_name, here.is_some_and(|here| here.looks)),
        places: (o.may.keep && !o.places.is_empty())
            .then(|| Field::select(&ctx, "place", "evidence-move-to", places)),
        colleagues: (o.may.offer && !o.colleagues.is_empty())
            .then(|| Field::select(&ctx, "to", "evidence-offer-to", colleagues)),
        may: o.may,
        panels,
        number: o.exhibit.number,
        ctx,
    };
    Ok(Page(page).into_response())
}

/// The bytes, frame by frame; a frame that is not what was taken in breaks the line, so that nobody takes what came for the whole.
pub(super) fn streamed(mut frames: Frames) -> Body {
    let (send, receive) = mpsc::channel::<Result<Bytes, std::io::Error>>(2);
    tokio::task::spawn_blocking(move || {
        loop {
            let next = match frames.next_frame() {
                Ok(Some(part)) => Ok(Bytes::from(part)),
                Ok(None) => return,
                Err(error) => Err(std::io::Error::other(error.to_string())),
            };
            let over = next.is_err();
            if send.blocking_send(next).is_err() || over {
                return;
            }
        }
    });
    Body::from_stream(Received(receive))
}

/// What a channel receives, as a stream.
pub(super) struct Received(pub(super) mpsc::Receiver<Result<Bytes, std::io::Error>>);

impl futures_core::Stream for Received {
    type Item = Result<Bytes, std::io::Error>;
    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(cx)
    }
}

/// `POST /desk/evidence/{number}/content`: saved, never shown: whatever it is runs nowhere here.
pub(super) async fn content(
    Staff(actor): Staff,
    State(app): State<App>,
    office: Office,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let found = service::content(&app, &office.shelf, &actor, &number).await;
    let (exhibit, name, frames) = found.map_err(|e| Problem::of(&e))?;
    let name = name.into_inner(Purpose::HandleReport);
    let extension = name.rsplit_once('.').map_or("bin", |(_, e)| e);
    let plain: String = extension.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}.{plain}\"", exhibit.number)),
    ];
    Ok((headers, streamed(frames)).into_response())
}

#[derive(Template)]
#[template(path = "evidence_proof.html")]
struct Proof {
    ctx: Ctx,
    number: String,
    href: String,
    no: i64,
    slip: String,
    entry: String,
}

/// `POST /desk/evidence/{number}/proof/{no}`: on paper.
pub(super) async fn proof(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path((number, no)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let proven =
        service::slip(&app, &actor, &number, no).await.map_err(|e: EvidenceError| Problem::of(&e))?;
    let page = Proof {
        href: page_of(&number),
        number,
        no,
        slip: proven.slip.to_string(),
        entry: hex::encode(proven.entry),
        ctx,
    };
    Ok(Page(page).into_response())
}
