//! Taking an exhibit in by a form: a thing, or a file that fits into one. Larger files come part by part (`send`).

use access::Staff;
use app::App;
use axum::extract::{Multipart, Query as InAddress, State};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Class};
use serde::Deserialize;
use web::{Choice, Ctx, Field, FieldError, Problem, SeeOther, Toast};

use super::{Above, Office, ask, words};
use crate::error::EvidenceError;
use crate::model::{Acquisition, Exhibit, ExhibitId, FoundMatter, Matter, Place};
use crate::rules::SORTS;
use crate::service::{self, Begun};

/// So much is handed to the shelf at a time.
const PART: usize = 4 * 1024 * 1024;

/// What is typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    title: String,
    sort: String,
    taken_by: String,
    taken_from: String,
    place: String,
    how: String,
    tool: String,
    basis: String,
    taken_at: String,
    report: String,
    parent: String,
    lies: String,
    sha256: String,
    pub(super) file_name: String,
}

impl Typed {
    fn set(&mut self, name: &str, value: String) {
        let to = match name {
            "title" => &mut self.title,
            "sort" => &mut self.sort,
            "taken_by" => &mut self.taken_by,
            "taken_from" => &mut self.taken_from,
            "place" => &mut self.place,
            "how" => &mut self.how,
            "tool" => &mut self.tool,
            "basis" => &mut self.basis,
            "taken_at" => &mut self.taken_at,
            "report" => &mut self.report,
            "parent" => &mut self.parent,
            "lies" => &mut self.lies,
            "sha256" => &mut self.sha256,
            _ => return,
        };
        *to = value;
    }

    fn fields(&self, ctx: &Ctx, places: &[Place], errors: &[FieldError]) -> Vec<Field> {
        let line =
            |name: &str, key: &str, value: &str| Field::text(ctx, name, key).value(value).errors(errors);
        let sorts = SORTS.iter().map(|s| Choice::new(s, words::sort(ctx, s))).collect();
        let shelves =
            places.iter().filter(|p| p.open).map(|p| Choice::new(&p.id.to_string(), p.name.clone()));
        let mut all = vec![
            line("title", "evidence-title", &self.title),
            Field::select(ctx, "sort", "evidence-sort", sorts).value(self.sort.clone()).errors(errors),
            line("taken_by", "evidence-taken-by", &self.taken_by),
            line("taken_from", "evidence-taken-from", &self.taken_from).optional(),
            line("taken_at", "evidence-taken-at", &self.taken_at).width(20).optional(),
            line("place", "evidence-taken-place", &self.place).optional(),
            line("how", "evidence-how", &self.how),
            line("tool", "evidence-tool", &self.tool).optional(),
            line("basis", "evidence-basis", &self.basis),
            line("report", "evidence-report", &self.report).width(20).optional(),
        ];
        if !places.is_empty() {
            let lies = Field::select(ctx, "lies", "evidence-lies", shelves.collect());
            all.push(lies.value(self.lies.clone()).errors(errors).optional());
        }
        all.push(line("sha256", "evidence-told-hash", &self.sha256).optional());
        all.push(Field::file(ctx, "file", "evidence-file", "", false).errors(errors).optional());
        all
    }

    /// What is told, with the matter and the parent that the reader may see.
    pub(super) async fn begun(
        &self,
        ctx: &Ctx,
        (app, above): (&App, &Above),
        actor: &Actor,
    ) -> Result<Begun, EvidenceError> {
        let taken_at = match self.taken_at.trim() {
            "" => None,
            text => Some(web::day::read_moment(text, ctx.zone()).ok_or(EvidenceError::Field("taken_at"))?),
        };
        let matter = match self.report.trim() {
            "" => None,
            number => match above.matter(app, actor, number).await {
                Some(found) => Some(found),
                None => Some(report_of(app, actor, number).await?),
            },
        };
        let parent = match self.parent.trim() {
            "" => None,
            id => Some(id.parse::<ExhibitId>().map_err(|_| EvidenceError::NotFound)?),
        };
        let place = match self.lies.trim() {
            "" => None,
            id => Some(id.parse().map_err(|_| EvidenceError::Field("lies"))?),
        };
        Ok(Begun { told: self.told(), taken_at, matter, parent, sha256: self.sha256.clone(), place })
    }

    fn told(&self) -> Acquisition {
        Acquisition {
            title: self.title.clone(),
            sort: self.sort.clone(),
            taken_by: self.taken_by.clone(),
            taken_from: self.taken_from.clone(),
            place: self.place.clone(),
            how: self.how.clone(),
            tool: self.tool.clone(),
            basis: self.basis.clone(),
            taken_at: String::new(),
            file_name: self.file_name.clone(),
        }
    }
}

/// The report of that number, if the reader may see it.
async fn report_of(app: &App, actor: &Actor, number: &str) -> Result<FoundMatter, EvidenceError> {
    let (who, number) = (actor.clone(), number.to_owned());
    app.db
        .read(move |tx| {
            let wrong = || EvidenceError::Field("matter");
            let found = report::store::by_number(tx, &number)?.ok_or_else(wrong)?;
            let resource = access::Resource::new("report", found.id.uuid(), &found.header);
            access::require(&who, access::Action::ViewReport, &resource).map_err(|_| wrong())?;
            let matter = Matter { kind: "report".to_owned(), id: found.id.uuid(), number: found.number };
            Ok(FoundMatter { matter, under: found.header, closed: false, readers: Vec::new() })
        })
        .await
}

async fn page(
    ctx: &Ctx,
    app: &App,
    actor: &Actor,
    typed: &Typed,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let places = service::place_names(app, actor).await.map_err(|e| Problem::of(&e))?;
    let ask = ask::Ask {
        key: "evidence-take",
        action: "/desk/evidence/new".to_owned(),
        back: ("/desk/evidence".to_owned(), ctx.t("evidence-nav")),
        fields: typed.fields(ctx, &places, &errors),
        file: true,
        ..ask::Ask::default()
    };
    Ok(ask::page(ctx, ask, errors))
}

/// What the form begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    report: String,
}

/// `GET /desk/evidence/new`.
pub(super) async fn form(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    InAddress(from): InAddress<From>,
) -> Result<Response, Problem> {
    if !super::list::may_take(&actor) {
        return Err(Problem::not_found());
    }
    let name = ctx.viewer().map(|v| v.name.clone()).unwrap_or_default();
    let typed = Typed { taken_by: name, report: from.report, ..Typed::default() };
    page(&ctx, &app, &actor, &typed, Vec::new()).await
}

fn broken() -> Problem {
    Problem::new(Class::Invalid, "evidence.form_broken")
}

/// `POST /desk/evidence/new`.
pub(super) async fn take(
    Staff(actor): Staff,
    ctx: Ctx,
    State(app): State<App>,
    office: Office,
    above: Option<axum::Extension<Above>>,
    mut form: Multipart,
) -> Result<Response, Problem> {
    let (mut typed, mut bytes) = (Typed::default(), Vec::new());
    while let Some(mut field) = form.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            // Two would become one exhibit made of both.
            if !bytes.is_empty() {
                return Err(broken());
            }
            typed.file_name = field.file_name().unwrap_or_default().to_owned();
            while let Some(part) = field.chunk().await.map_err(|_| broken())? {
                bytes.extend_from_slice(&part);
            }
        } else {
            typed.set(&name, field.text().await.map_err(|_| broken())?);
        }
    }
    let wrong = crate::rules::wrong(&typed.told());
    if !wrong.is_empty() {
        let told = |field| words::field_error(&ctx, &EvidenceError::Field(field));
        return page(&ctx, &app, &actor, &typed, wrong.into_iter().filter_map(told).collect()).await;
    }
    let taken =
        whole(&ctx, (&app, &above.map(|a| a.0).unwrap_or_default()), &office, &actor, (&typed, bytes)).await;
    match taken {
        Ok(exhibit) => {
            let toast = Toast::new("evidence-toast-taken").with("number", exhibit.number.clone());
            Ok(SeeOther::to(super::page_of(&exhibit.number)).with_toast(toast).into_response())
        }
        Err(error) => match words::field_error(&ctx, &error) {
            Some(wrong) => page(&ctx, &app, &actor, &typed, vec![wrong]).await,
            None => Err(Problem::of(&error)),
        },
    }
}

async fn whole(
    ctx: &Ctx,
    (app, above): (&App, &Above),
    office: &Office,
    actor: &Actor,
    (typed, bytes): (&Typed, Vec<u8>),
) -> Result<Exhibit, EvidenceError> {
    let begun = typed.begun(ctx, (app, above), actor).await?;
    if bytes.is_empty() {
        if typed.file_name.is_empty() {
            return service::take_item(app, actor, begun).await;
        }
        return Err(EvidenceError::Empty);
    }
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let upload = service::begin(app, actor, size).await?;
    let mut at = 0;
    for part in bytes.chunks(PART) {
        at = service::append(app, &office.shelf, actor, (upload.id, at), part.to_vec()).await?.received_bytes;
    }
    service::finish(app, &office.shelf, actor, upload.id, begun).await
}
