//! What reports say reaches the registry: which things they name, how, and who says so. Looked at as it is now, so that
//! a report that is corrected, withdrawn or erased takes back what it said.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use db::{Tx, outbox};
use identifier::Kind;
use kernel::{Actor, Purpose, Timestamp};
use report::service::Full;
use report::{Named, ReportId, Source};
use uuid::Uuid;

use crate::error::RegistryError;
use crate::model::{Decided, Entry, EntryId, How, Mention, Tally};
use crate::{rules, store};

/// As who the registry reads reports.
#[must_use]
pub fn part() -> Actor {
    Actor::system("registry")
}

/// Channels on which somebody has made sure that there is such a reporter: an officer has spoken with them, or their
/// institution knows its client.
const VERIFIED: [&str; 2] = ["phone", "walk_in"];
/// Before the code of the institution that reported.
const BY_PARTNER: &str = "partner:";

/// Something that a report names, ready to be kept.
struct Heard {
    id: EntryId,
    kind: Kind,
    masked: String,
    mention: Mention,
}

/// News of a report: what it names is counted anew.
///
/// # Errors
/// The database's.
pub fn on_report_event(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), RegistryError> {
    let id = ReportId::from_uuid(event.subject);
    let heard = match report::service::load(tx, app, &part(), id) {
        Ok(full) if full.report.withdrawn_at.is_none() => gather(app, &full),
        Ok(_) | Err(report::ReportError::Erased | report::ReportError::NotFound) => BTreeMap::new(),
        Err(e) => return Err(e.into()),
    };
    let before = store::of_report(tx, id.uuid())?;
    let after: Vec<(EntryId, Mention)> = heard.values().map(|h| (h.id, h.mention.clone())).collect();
    if before == after {
        return Ok(());
    }
    store::mention(tx, id.uuid(), &after)?;
    let touched: BTreeSet<EntryId> = before.iter().chain(&after).map(|(entry, _)| *entry).collect();
    for entry in touched {
        recount(tx, app, entry, heard.get(&entry))?;
    }
    Ok(())
}

/// What a report names, each thing once and by what says most of it.
fn gather(app: &App, full: &Full) -> BTreeMap<EntryId, Heard> {
    let channel = full.report.channel.as_str();
    let partner = channel.strip_prefix(BY_PARTNER).map(str::to_owned);
    let verified = partner.is_some() || VERIFIED.contains(&channel);
    let reporter = reporter(app, full);
    let mut all = BTreeMap::new();
    let mut add = |named: &Named, how: How| {
        let value = named.value.open(Purpose::Investigate);
        let id = entry_id(app, named.kind, value);
        let mention = Mention {
            report: full.report.id.uuid(),
            how,
            reporter,
            verified,
            partner: partner.clone(),
            at: full.report.header.created_at,
        };
        let heard = Heard { id, kind: named.kind, masked: identifier::mask(named.kind, value), mention };
        all.entry(id).or_insert(heard);
    };
    for named in report::owned(app, full) {
        add(&named, How::Own);
    }
    let mut named = report::named(app, full);
    named.sort_by_key(how);
    for named in &named {
        add(named, how(named));
    }
    all
}

const fn how(named: &Named) -> How {
    match named.source {
        Source::Payment(_) => How::PaidTo,
        Source::Clue => How::Clue,
        Source::Story if rules::speaks_for_itself(named.kind) => How::Address,
        Source::Story => How::Told,
    }
}

/// Who reports, as far as it can be told: by telephone, else by number, else nobody else is this one.
fn reporter(app: &App, full: &Full) -> Uuid {
    let reporter = full.told.reporter.open(Purpose::Investigate);
    let known = [(Kind::Phone, &reporter.phone), (Kind::Iin, &reporter.iin)];
    known
        .into_iter()
        .find(|(_, value)| !value.is_empty())
        .map_or(full.report.id.uuid(), |(kind, value)| identifier::identifier_id(&app.vault, kind, value))
}

/// The entry of a thing in its canonical writing, whether there is one or not.
#[must_use]
pub fn entry_id(app: &App, kind: Kind, canonical: &str) -> EntryId {
    EntryId::from_uuid(identifier::identifier_id(&app.vault, kind, canonical))
}

/// Counts anew what reports say of an entry. Nobody's word and nobody's decision is no entry.
fn recount(tx: &mut Tx<'_>, app: &App, id: EntryId, heard: Option<&Heard>) -> Result<(), RegistryError> {
    tx.lock_row("registry_entry", id.uuid())?;
    let mentions = store::mentions(tx, id)?;
    let counted = rules::tally(&mentions);
    match (store::find(tx, id)?, heard) {
        (Some(entry), _) if mentions.is_empty() && entry.decided == Decided::Nothing => {
            Ok(store::remove(tx, &entry)?)
        }
        (Some(entry), _) => {
            let first = [entry.tally.first, counted.first].into_iter().flatten().min();
            let tally = Tally { first, ..counted };
            let entry = Entry { tally, ..entry };
            Ok(store::save(tx, &Entry { expires_at: expires(app, &entry), ..entry })?)
        }
        (None, Some(heard)) => {
            let entry = Entry {
                id,
                header: app.header(&part(), app.profile.default_lang(), "report"),
                kind: heard.kind,
                masked: heard.masked.clone(),
                whole: heard.kind != Kind::Card,
                tally: counted,
                decided: Decided::Nothing,
                decided_at: None,
                basis: None,
                until_at: None,
                disputed_at: None,
                review_at: None,
                expires_at: Timestamp::from_secs(0),
                version: 0,
            };
            Ok(store::insert(tx, &Entry { expires_at: expires(app, &entry), ..entry })?)
        }
        // Named before it had an entry, and no more.
        (None, None) => Ok(()),
    }
}

/// When an entry ends by itself, by the profile's time for its kind.
pub(super) fn expires(app: &App, entry: &Entry) -> Timestamp {
    let life = app.profile.identifiers().life(entry.kind.as_str());
    rules::expires(entry, |from| life.map_or(from, |l| app.profile.term_end(from, l.expires)))
}

/// When a person must look at a decision again.
pub(super) fn review(app: &App, entry: &Entry, now: Timestamp) -> Timestamp {
    let life = app.profile.identifiers().life(entry.kind.as_str());
    life.map_or(now, |l| app.profile.term_end(now, l.review))
}
