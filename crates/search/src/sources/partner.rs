//! Institutions that take part: names in each language, code.

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use kernel::{Actor, Timestamp};
use partner::Partner;
use uuid::Uuid;

use crate::error::SearchError;
use crate::model::{About, Document, Part, Shown};
use crate::source::Source;

/// Institutions.
pub(super) struct Partners;

fn state(partner: &Partner) -> &'static str {
    if partner.active { "active" } else { "stopped" }
}

fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Partner>, SearchError> {
    Ok(partner::store::all(tx)?.into_iter().find(|p| p.id.uuid() == id))
}

impl Source for Partners {
    fn kind(&self) -> &'static str {
        "partner"
    }
    fn thing(&self) -> Thing {
        Thing::Partner
    }
    fn states(&self) -> &'static [&'static str] {
        &["active", "stopped"]
    }
    fn events(&self) -> &'static [&'static str] {
        &[]
    }
    fn page(
        &self,
        tx: &mut Tx<'_>,
        _: &App,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<(Uuid, String)>, SearchError> {
        let mut all = partner::store::all(tx)?;
        all.retain(|p| p.id.uuid() > after);
        all.sort_by_key(|p| p.id.uuid());
        all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(all.iter().map(|p| (p.id.uuid(), format!("{} {:?} {}", p.code, p.names, p.active))).collect())
    }

    /// Institutions are the node's own organisation's, as the rules for their pages have it.
    fn read(&self, tx: &mut Tx<'_>, app: &App, id: Uuid) -> Result<Vec<Document>, SearchError> {
        let Some(partner) = find(tx, id)? else { return Ok(Vec::new()) };
        let mut document = Document {
            organisation: app.node.code.clone(),
            unit: app.node.unit.clone(),
            red: false,
            region: String::new(),
            at: Timestamp::from_secs(0),
            state: state(&partner),
            parts: vec![Part::Name(partner.code.clone())],
        };
        document.named(&partner.names);
        Ok(vec![document])
    }

    fn show(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<Shown>, SearchError> {
        let Some(partner) = find(tx, id)? else { return Ok(None) };
        if !access::allowed(actor, Action::ViewPartner, &Resource::bare(Thing::Partner, id, &app.node.code)) {
            return Ok(None);
        }
        Ok(Some(Shown {
            number: partner.code.clone(),
            title: Vec::new(),
            href: format!("/admin/institutions/{}", partner.code),
            at: Timestamp::from_secs(0),
            state: state(&partner),
            region: String::new(),
            about: vec![About::Name(partner.names)],
            text: None,
            lang: String::new(),
        }))
    }
}
