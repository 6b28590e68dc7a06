//! One scheme: why its reports belong together, when and where they come from, what people decided.

use access::Staff;
use app::App;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use profile::SchemeKind;
use serde::Deserialize;
use web::{BulkAct, BulkBar, Ctx, Markup, Page as Shown, Problem, SeeOther, Status, Timeline, Tone};

use super::list::{AlarmRow, Banks, loss};
use super::{Panels, page_of, pictures, words};
use crate::model::{Decision, Ruling, What};
use crate::next::Next;
use crate::service::{self, Asked, Named, Opened, Page, Shared};
use crate::store::figures::Count;

/// A thing that reports share.
struct ThingRow {
    what: String,
    kind: String,
    how: String,
    reports: String,
    registry: Option<(String, String)>,
    /// It is a hub, or people have said something of it.
    note: Option<Status>,
    /// It is written in letters of two alphabets.
    letters: Option<Status>,
    /// Where something is said of it: address and words.
    acts: Vec<(String, String)>,
}

/// A report.
struct ReportRow {
    number: String,
    href: String,
    at: Markup,
    loss: String,
    region: String,
    why: Vec<String>,
    orders: String,
    paying: Option<Status>,
}

/// Another scheme that tells alike.
struct LikeRow {
    href: String,
    number: String,
    alike: String,
    join: Option<String>,
}

/// A count beside its share.
struct CountRow {
    what: String,
    reports: String,
    share: String,
    loss: String,
}

/// Something that people decided.
struct DecisionRow {
    what: String,
    at: Markup,
    who: String,
    reason: String,
    undone: Option<Markup>,
    undo: Option<String>,
}

/// A table of counts under a heading.
struct Counted {
    title: &'static str,
    rows: Vec<CountRow>,
}

#[derive(Template)]
#[template(path = "scheme_show.html")]
struct ShowPage {
    ctx: Ctx,
    panels: Vec<Markup>,
    number: String,
    here: String,
    kind: String,
    kind_by: Option<String>,
    kind_act: Option<String>,
    join_act: Option<String>,
    suppress: Option<String>,
    reports: String,
    loss: String,
    first: Markup,
    last: Markup,
    alarms: Vec<AlarmRow>,
    /// What may be done next: words, and where it is done.
    next: Vec<(String, Option<String>)>,
    /// What others call this kind, in the words of MISP.
    galaxy: Vec<String>,
    signs: Vec<String>,
    things: Vec<ThingRow>,
    told: bool,
    like: Vec<LikeRow>,
    days: Markup,
    day_rows: Vec<(String, String, String)>,
    map: Option<Markup>,
    counts: Vec<Counted>,
    rows: Vec<ReportRow>,
    bulk: Option<BulkBar>,
    earlier: Option<String>,
    later: Option<String>,
    hidden: bool,
    decisions: Vec<DecisionRow>,
    history: Option<Timeline>,
    may_sort: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ShowQuery {
    page: String,
}

/// `GET /desk/schemes/{number}`.
pub(crate) async fn show(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    Path(number): Path<String>,
    Query(query): Query<ShowQuery>,
    panels: Option<Extension<Panels>>,
) -> Result<Response, Problem> {
    let page = query.page.parse::<i64>().unwrap_or(0).clamp(0, 10_000);
    let asked = Asked { no: service::no(&number)?, page };
    let opened = match service::open(&app, &actor, asked).await? {
        Page::Moved(number) => return Ok(SeeOther::to(page_of(&number)).into_response()),
        Page::Here(opened) => *opened,
    };
    let banks = Banks::read(&app).await?;
    let (id, number) = (opened.scheme.id.uuid(), opened.scheme.number());
    let panels = match panels {
        Some(Extension(panels)) => panels.show((&app, &ctx, &actor), (id, &number)).await,
        None => Vec::new(),
    };
    let shown = ShowPage { panels, ..view(ctx, &app, &actor, &banks, opened, page) };
    Ok(Shown(shown).into_response())
}

fn view(ctx: Ctx, app: &App, actor: &kernel::Actor, banks: &Banks, o: Opened, page: i64) -> ShowPage {
    let here = page_of(&o.scheme.number());
    let shown = i64::try_from(o.reports.len()).unwrap_or(0);
    let before = page.saturating_mul(service::REPORTS);
    let path = |page: i64| ctx.path_with(&[("page", &page.to_string())]);
    let acts =
        [BulkAct { value: "out", key: "scheme-act-out" }, BulkAct { value: "part", key: "scheme-act-part" }];
    let decide = |act: &str| o.may_sort.then(|| format!("{here}/decide?act={act}"));
    ShowPage {
        panels: Vec::new(),
        kind: words::kind(&ctx, app, &o.scheme.kind),
        kind_by: words::kind_by(&ctx, o.scheme.kind_by, (o.telling, o.seen)),
        kind_act: decide("kind"),
        join_act: decide("in"),
        suppress: access::allowed(actor, access::Action::DraftOrder, &access::Resource::any("order"))
            .then(|| format!("{here}/suppress")),
        reports: ctx.number(o.scheme.reports),
        loss: loss(&ctx, app, o.scheme.loss_minor),
        first: ctx.time(o.scheme.first_at),
        last: ctx.time(o.scheme.last_at),
        alarms: alarms(&ctx, app, banks, &o),
        next: o.next.iter().map(|n| next(&ctx, app, actor, &o, *n)).collect(),
        galaxy: app
            .profile
            .schemes()
            .iter()
            .filter(|k| k.code == o.scheme.kind)
            .flat_map(SchemeKind::tags)
            .collect(),
        signs: o
            .signs
            .iter()
            .map(|(sign, n)| {
                ctx.ta(
                    "scheme-sign",
                    [("sign", sign.clone()), ("n", ctx.number(i64::try_from(*n).unwrap_or(0)))],
                )
            })
            .collect(),
        things: o
            .shared
            .iter()
            .filter(|s| s.reports > 1)
            .map(|s| thing(&ctx, &here, o.may_sort, s))
            .collect(),
        told: o.reports.iter().any(|r| r.like.is_some()),
        like: o
            .like
            .iter()
            .map(|(number, alike)| LikeRow {
                href: page_of(number),
                number: number.clone(),
                alike: ctx
                    .ta("scheme-like-told", [("alike", ctx.number(i64::try_from(*alike).unwrap_or(0)))]),
                join: o.may_sort.then(|| format!("{here}/decide?act=in&number={number}")),
            })
            .collect(),
        days: pictures::days(&ctx, &o.days, o.from),
        day_rows: (0_i64..)
            .zip(&o.days)
            .filter(|(_, (n, _))| *n > 0)
            .map(|(d, (n, minor))| {
                (ctx.date(pictures::day(o.from, d)), ctx.number(*n), loss(&ctx, app, *minor))
            })
            .collect(),
        map: o.regions.iter().any(|c| !c.what.is_empty()).then(|| pictures::regions(&ctx, app, &o.regions)),
        counts: vec![
            counted("scheme-regions", &o.regions, &ctx, app, |code| words::region(&ctx, app, code)),
            counted("scheme-ages", &o.ages, &ctx, app, |code| words::age(&ctx, code)),
            counted("scheme-banks", &o.banks, &ctx, app, |code| banks.name(&ctx, code)),
            counted("scheme-langs", &o.langs, &ctx, app, |code| lang(&ctx, code)),
        ],
        rows: o.reports.iter().map(|r| report(&ctx, app, r)).collect(),
        bulk: o.may_sort.then(|| BulkBar::new(&ctx, &acts)),
        earlier: (before.saturating_add(shown) < o.seen).then(|| path(page.saturating_add(1))),
        later: (page > 0).then(|| path(page.saturating_sub(1))),
        hidden: o.seen == 0,
        decisions: o
            .decisions
            .iter()
            .map(|(d, reason)| decision(&ctx, app, actor, &o, (d, reason.as_deref())))
            .collect(),
        history: history(&ctx, app, actor, &o),
        may_sort: o.may_sort,
        number: o.scheme.number(),
        here,
        ctx: ctx.clone(),
    }
}

/// A suggestion in words, and where it is done.
fn next(ctx: &Ctx, app: &App, actor: &kernel::Actor, o: &Opened, next: Next) -> (String, Option<String>) {
    let here = page_of(&o.scheme.number());
    let may_draft = access::allowed(actor, access::Action::DraftOrder, &access::Resource::any("order"));
    match next {
        Next::CallPaying(n) => {
            let queue = format!("/desk?q=scheme%3A{}+is%3Apaying", o.scheme.number());
            (ctx.ta("scheme-next-paying", [("n", n)]), Some(queue))
        }
        Next::Suppress(n) => {
            (ctx.ta("scheme-next-suppress", [("n", n)]), may_draft.then(|| format!("{here}/suppress")))
        }
        Next::Warn(n) => (ctx.ta("scheme-next-warn", [("n", n)]), None),
        Next::OpenCase { reports, regions } => {
            let lost = loss(ctx, app, o.scheme.loss_minor);
            let args = [("n", ctx.number(reports)), ("regions", ctx.number(regions)), ("sum", lost)];
            // Where nobody has said where they live, there is nothing to count.
            let key = if regions > 0 { "scheme-next-case" } else { "scheme-next-case-anywhere" };
            (ctx.ta(key, args), None)
        }
    }
}

fn alarms(ctx: &Ctx, app: &App, banks: &Banks, o: &Opened) -> Vec<AlarmRow> {
    o.alarms
        .iter()
        .map(|a| AlarmRow {
            what: words::alarm(ctx, app, banks, a),
            scheme: None,
            at: ctx.time(a.last_at),
            reports: None,
            seen: o.may_sort.then(|| format!("/desk/schemes/alarms/{}/seen", a.id)),
        })
        .collect()
}

fn thing(ctx: &Ctx, here: &str, may_sort: bool, s: &Shared) -> ThingRow {
    let say = |ruling: Ruling, key: &str| {
        (format!("{here}/decide?act=rule&thing={}&ruling={}", s.thing.id, ruling.as_str()), ctx.t(key))
    };
    let acts = match s.thing.ruling {
        Ruling::Nothing if s.joins => vec![say(Ruling::Everybody, "scheme-rule-everybody")],
        Ruling::Nothing => {
            vec![say(Ruling::Own, "scheme-rule-own"), say(Ruling::Everybody, "scheme-rule-everybody")]
        }
        Ruling::Everybody | Ruling::Own => Vec::new(),
    };
    let note = match s.thing.ruling {
        Ruling::Nothing if s.joins => None,
        Ruling::Nothing => Some(Status::new(ctx, "scheme-note-hub", Tone::Amber)),
        Ruling::Everybody => Some(Status::new(ctx, "scheme-note-everybody", Tone::Grey)),
        Ruling::Own => Some(Status::new(ctx, "scheme-note-own", Tone::Blue)),
    };
    ThingRow {
        what: s.thing.masked.clone(),
        kind: words::thing_kind(ctx, &s.thing),
        how: words::how(ctx, s.how),
        reports: ctx.number(s.reports),
        registry: s.registry.map(|status| {
            let id = registry::EntryId::from_uuid(s.thing.id);
            (format!("/desk/registry/{id}"), ctx.t(&format!("registry-status-{}", status.as_str())))
        }),
        note,
        letters: identifier::is_deceiving(&s.thing.masked)
            .then(|| Status::new(ctx, "scheme-note-letters", Tone::Red)),
        acts: if may_sort { acts } else { Vec::new() },
    }
}

/// Why a report is in its scheme, in words: what it shares, else how alike it is told.
pub(super) fn why(ctx: &Ctx, r: &Named) -> Vec<String> {
    let mut all: Vec<String> = r
        .things
        .iter()
        .take(3)
        .map(|(t, n)| {
            let kind = words::thing_kind(ctx, t);
            ctx.ta("scheme-why-thing", [("kind", kind), ("what", t.masked.clone()), ("n", ctx.number(*n))])
        })
        .collect();
    if let Some((number, alike)) = &r.like {
        let alike = ctx.number(i64::try_from(*alike).unwrap_or(0));
        all.push(ctx.ta("scheme-why-told", [("alike", alike), ("number", number.clone())]));
    }
    if all.is_empty() {
        all.push(ctx.t("scheme-why-person"));
    }
    all
}

fn report(ctx: &Ctx, app: &App, r: &Named) -> ReportRow {
    ReportRow {
        number: r.member.number.clone(),
        href: format!("/desk/reports/{}", r.member.number),
        at: ctx.time(r.member.at),
        loss: loss(ctx, app, r.member.loss_minor),
        region: if r.member.region.is_empty() {
            "–".to_owned()
        } else {
            words::region(ctx, app, &r.member.region)
        },
        why: why(ctx, r),
        orders: ctx.number(i64::try_from(r.orders).unwrap_or(0)),
        paying: r.member.paying_at.map(|_| Status::new(ctx, "scheme-tag-paying", Tone::Red)),
    }
}

fn counted(
    title: &'static str,
    counts: &[Count],
    ctx: &Ctx,
    app: &App,
    name: impl Fn(&str) -> String,
) -> Counted {
    let all: i64 = counts.iter().map(|c| c.reports).sum();
    let rows = counts.iter().take(20).map(|c| CountRow {
        what: name(&c.what),
        reports: ctx.number(c.reports),
        share: ctx.share(c.reports, all),
        loss: loss(ctx, app, c.loss_minor),
    });
    Counted { title, rows: rows.collect() }
}

fn lang(ctx: &Ctx, tag: &str) -> String {
    let key = format!("desk-lang-{tag}");
    if ctx.has_text(&key) { ctx.t(&key) } else { tag.to_owned() }
}

fn decision(
    ctx: &Ctx,
    app: &App,
    actor: &kernel::Actor,
    o: &Opened,
    (d, reason): (&Decision, Option<&str>),
) -> DecisionRow {
    let other = d.other.and_then(|id| o.numbers.get(&id)).cloned().unwrap_or_default();
    let own = o.numbers.get(&d.scheme).cloned().unwrap_or_default();
    let n = ctx.number(d.reports);
    let said = d.word.split('>').nth(1).unwrap_or_default();
    let what = match d.what {
        What::Out => ctx.ta("scheme-did-out", [("n", n)]),
        What::Parted => ctx.ta("scheme-did-parted", [("n", n), ("from", own), ("other", other)]),
        What::In => ctx.t("scheme-did-in"),
        What::Joined => ctx.ta("scheme-did-joined", [("one", own), ("other", other)]),
        What::Ruled => {
            let thing = d.thing.and_then(|id| o.ruled.get(&id)).map(|t| t.masked.clone()).unwrap_or_default();
            let ruling = words::ruling(ctx, Ruling::parse(said).unwrap_or(Ruling::Nothing));
            ctx.ta("scheme-did-ruled", [("thing", thing), ("ruling", ruling)])
        }
        What::Kind => ctx.ta("scheme-did-kind", [("kind", words::kind(ctx, app, said))]),
    };
    DecisionRow {
        what,
        at: ctx.time(d.header.created_at),
        who: ctx.t(if d.header.author == actor.label() {
            "registry-actor-you"
        } else {
            "registry-actor-staff"
        }),
        reason: reason.map_or_else(|| ctx.t("scheme-reason-gone"), str::to_owned),
        undone: d.undone_at.map(|at| ctx.time(at)),
        undo: (o.may_sort && d.undone_at.is_none()).then(|| format!("/desk/schemes/decisions/{}/undo", d.id)),
    }
}

/// What was done, by people and by itself; `None` where nothing was.
fn history(ctx: &Ctx, app: &App, reader: &kernel::Actor, o: &Opened) -> Option<Timeline> {
    let lines = o.history.iter().filter_map(|(r, deed)| {
        let what = match deed {
            Some(deed) => words::deed(ctx, app, deed),
            None => words::act(ctx, &r.record.act)?,
        };
        let own = r.record.actor == reader.label();
        let machine = deed.is_some() || r.record.act == "scheme.alarm_raised";
        let actor = ctx.t(match machine {
            true => "registry-actor-system",
            false if own => "registry-actor-you",
            false => "registry-actor-staff",
        });
        Some(web::Entry {
            at: r.record.office_at,
            actor,
            machine,
            what: Markup::text(&what),
            basis: String::new(),
            proof: String::new(),
        })
    });
    let lines: Vec<web::Entry> = lines.collect();
    (!lines.is_empty()).then(|| Timeline::newest_first(ctx, lines))
}
