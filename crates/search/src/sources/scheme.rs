//! Schemes: their number and how the fraud is done. What their reports name is found by the reports: it may be no reader's business.

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use db::outbox::Event;
use kernel::Actor;
use report::ReportId;
use scheme::model::{Scheme, SchemeId};
use uuid::Uuid;

use crate::error::SearchError;
use crate::model::{About, Document, Part, Shown};
use crate::source::Source;

/// Schemes.
pub(super) struct Schemes;

fn state(scheme: &Scheme) -> &'static str {
    if scheme.alarms > 0 { "alarm" } else { "quiet" }
}

impl Source for Schemes {
    fn kind(&self) -> &'static str {
        "scheme"
    }
    fn thing(&self) -> Thing {
        Thing::Scheme
    }
    fn states(&self) -> &'static [&'static str] {
        &["quiet", "alarm"]
    }
    fn events(&self) -> &'static [&'static str] {
        &[report::RECEIVED, report::STORY_TOLD, report::WITHDRAWN, report::EXPUNGED]
    }
    fn touched(&self, tx: &mut Tx<'_>, event: &Event) -> Result<Vec<Uuid>, SearchError> {
        let place = scheme::store::member::place_of(tx, ReportId::from_uuid(event.subject))?;
        Ok(place.and_then(|(scheme, _)| scheme).map(|id| id.uuid()).into_iter().collect())
    }
    fn page(
        &self,
        tx: &mut Tx<'_>,
        _: &App,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<(Uuid, String)>, SearchError> {
        Ok(scheme::store::page(tx, after, limit)?)
    }

    fn read(&self, tx: &mut Tx<'_>, app: &App, id: Uuid) -> Result<Vec<Document>, SearchError> {
        let Some(scheme) = scheme::store::find(tx, SchemeId::from_uuid(id))? else { return Ok(Vec::new()) };
        // One whose reports are all red, or gone, is not in lists either.
        if scheme.into.is_some() || scheme.reports == 0 {
            return Ok(Vec::new());
        }
        let mut document = Document::of(&scheme.header, state(&scheme));
        document.at = scheme.last_at;
        document.parts.push(Part::Number(scheme.number()));
        if let Some(kind) = app.profile.schemes().iter().find(|k| k.code == scheme.kind) {
            document.named(&kind.name);
        }
        Ok(vec![document])
    }

    fn show(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<Shown>, SearchError> {
        let Some(scheme) = scheme::store::find(tx, SchemeId::from_uuid(id))? else { return Ok(None) };
        let thing = Resource::new(Thing::Scheme, id, &scheme.header);
        if scheme.into.is_some() || scheme.reports == 0 || !access::allowed(actor, Action::ViewScheme, &thing)
        {
            return Ok(None);
        }
        let kind = app.profile.schemes().iter().find(|k| k.code == scheme.kind);
        Ok(Some(Shown {
            number: scheme.number(),
            title: Vec::new(),
            href: format!("/desk/schemes/{}", scheme.number()),
            at: scheme.last_at,
            state: state(&scheme),
            region: String::new(),
            about: kind.map(|k| About::Name(k.name.clone())).into_iter().collect(),
            text: None,
            lang: String::new(),
        }))
    }
}
