//! What reports say reaches the registry: which things they name, how, and who says so. Looked at as it is now, so that
//! a report that is corrected, withdrawn or erased takes back what it said.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use audit::Act;
use db::{Tx, outbox};
use filter::OpenHash;
use identifier::Kind;
use kernel::{Actor, Purpose, Timestamp};
use partner::Partner;
use report::service::Full;
use report::{Named, ReportId, Source};
use serde_json::json;
use uuid::Uuid;

use super::leads::{self, site};
use super::private;
use crate::error::RegistryError;
use crate::model::{Decided, Entry, EntryId, How, Mention, Tally};
use crate::rules::spared::keys;
use crate::{rules, store};

/// As who the registry reads reports.
#[must_use]
pub fn part() -> Actor {
    Actor::system("registry")
}

/// Channels on which somebody has made sure that there is such a reporter: an officer has spoken with them, or their
/// institution knows its client.
const VERIFIED: [&str; 2] = ["desk:phone", "desk:walk_in"];
/// Before the code of the institution that reported.
const BY_PARTNER: &str = "partner:";

/// Something that a report names, ready to be kept.
pub(super) struct Heard {
    id: EntryId,
    kind: Kind,
    canonical: String,
    masked: String,
    /// By what it is asked about when it is not named.
    open: OpenHash,
    /// Whether it may be: not what is the reporter's own.
    askable: bool,
    mention: Mention,
}

impl Heard {
    /// Something that was named as what harm was done with.
    pub(super) fn of(app: &App, kind: Kind, value: &str, mention: Mention) -> Self {
        Self {
            id: entry_id(app, kind, value),
            kind,
            canonical: value.to_owned(),
            masked: identifier::mask(kind, value),
            open: OpenHash::of(kind.as_str(), value),
            askable: mention.how != How::Own,
            mention,
        }
    }
}

/// News of a report: what it names is counted anew.
///
/// # Errors
/// The database's.
pub fn on_report_event(tx: &mut Tx<'_>, app: &App, event: &outbox::Event) -> Result<(), RegistryError> {
    let id = ReportId::from_uuid(event.subject);
    let heard = match report::service::load(tx, app, &part(), id) {
        Ok(full) if full.report.withdrawn_at.is_none() => gather(tx, app, &full)?,
        Ok(_) | Err(report::ReportError::Erased | report::ReportError::NotFound) => BTreeMap::new(),
        Err(e) => return Err(e.into()),
    };
    let before = store::of_report(tx, id.uuid())?;
    let mut after: Vec<(EntryId, Mention)> = heard.values().map(|h| (h.id, h.mention.clone())).collect();
    // What was named before was named then; what is new is named now, whenever the report was filed.
    for (entry, mention) in &mut after {
        if let Some((_, known)) = before.iter().find(|(id, _)| id == entry) {
            mention.at = known.at;
        }
    }
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
fn gather(tx: &mut Tx<'_>, app: &App, full: &Full) -> Result<BTreeMap<EntryId, Heard>, RegistryError> {
    let partners = partner::store::all(tx)?;
    let channel = full.report.channel.as_str();
    let by = channel.strip_prefix(BY_PARTNER).map(str::to_owned);
    let reporter = reporter(app, full);
    // Somebody without a telephone and a number may be anybody, and the same one twice.
    let verified = reporter.is_some() && (by.is_some() || VERIFIED.contains(&channel));
    let mut all = BTreeMap::new();
    let mut add = |kind: Kind, value: &str, how: How| {
        let id = entry_id(app, kind, value);
        // What an officer finds out is neither the reporter's word nor the institution's; whose an account is, the
        // institution that keeps it knows, and nobody else.
        let keeps = || by.is_some() && keeper(&partners, kind, value) == by;
        let mention = Mention {
            report: full.report.id.uuid(),
            how,
            reporter: reporter.filter(|_| how != How::Clue).unwrap_or_else(|| full.report.id.uuid()),
            verified: match how {
                How::Own => keeps(),
                How::Clue | How::Listing => false,
                How::PaidTo | How::Told => verified,
            },
            partner: by.clone().filter(|_| how != How::Clue),
            at: app.office.now(),
        };
        all.entry(id).or_insert_with(|| Heard::of(app, kind, value, mention));
    };
    for named in report::owned(app, full) {
        add(named.kind, named.value.open(Purpose::Investigate), How::Own);
    }
    let mut named = report::named(app, full);
    named.sort_by_key(how);
    for named in &named {
        let value = named.value.open(Purpose::Investigate);
        add(named.kind, value, how(named));
        // A link differs from victim to victim; its host, and whom it names, do not.
        if let Some((kind, host)) = site(named.kind, value) {
            add(kind, &host, how(named));
        }
        if let Some((kind, name)) = leads::named(value).filter(|_| named.kind == Kind::Url) {
            add(kind, &name, how(named));
        }
    }
    Ok(all)
}

/// Keeps, of everything that a report names, by what it is asked about without being named: of reports that were heard before that
/// was kept.
pub(super) fn hide(tx: &mut Tx<'_>, app: &App, report: Uuid) -> Result<(), RegistryError> {
    match report::service::load(tx, app, &part(), ReportId::from_uuid(report)) {
        Ok(full) => {
            for heard in gather(tx, app, &full)?.into_values().filter(|h| h.askable) {
                private::keep(tx, app, heard.id, heard.open)?;
            }
            Ok(())
        }
        Err(report::ReportError::Erased | report::ReportError::NotFound) => Ok(()),
        Err(e) => Err(e.into()),
    }
}

/// The institution that keeps an account.
fn keeper(partners: &[Partner], kind: Kind, value: &str) -> Option<String> {
    partner::rules::keeper(partners, kind.as_str(), value).map(|p| p.code.clone())
}

const fn how(named: &Named) -> How {
    match named.source {
        Source::Payment(_) => How::PaidTo,
        Source::Clue => How::Clue,
        // It may be anything: a friend's number, the site of a bank that the fraudsters spoke of.
        Source::Story => How::Told,
    }
}

/// Who reports, as far as it can be told: by telephone, else by number.
fn reporter(app: &App, full: &Full) -> Option<Uuid> {
    let reporter = full.told.reporter.open(Purpose::Investigate);
    let known = [(Kind::Phone, &reporter.phone), (Kind::Iin, &reporter.iin)];
    let (kind, value) = known.into_iter().find(|(_, value)| !value.is_empty())?;
    Some(identifier::identifier_id(&app.vault, kind, value))
}

/// The entry of a thing in its canonical writing, whether there is one or not.
#[must_use]
pub fn entry_id(app: &App, kind: Kind, canonical: &str) -> EntryId {
    EntryId::from_uuid(identifier::identifier_id(&app.vault, kind, canonical))
}

/// Counts anew what reports say of an entry. Nobody's word and nobody's decision is no entry; an objection that waits is
/// not lost with the word that it is about.
pub(super) fn recount(
    tx: &mut Tx<'_>,
    app: &App,
    id: EntryId,
    heard: Option<&Heard>,
) -> Result<(), RegistryError> {
    tx.lock_row("registry_entry", id.uuid())?;
    let now = app.office.now();
    let mentions = store::mentions(tx, id)?;
    // A decision that is over keeps no entry alive.
    let found = match store::find(tx, id)? {
        Some(entry) => Some(ended(tx, app, entry, now)?),
        None => None,
    };
    let kind = found.as_ref().map(|e| e.kind).or_else(|| heard.map(|h| h.kind));
    if let Some(heard) = heard.filter(|h| h.askable) {
        private::keep(tx, app, id, heard.open)?;
    }
    // A number that was named too long ago may have been somebody else's.
    let fresh: Vec<Mention> =
        mentions.iter().filter(|m| kind.is_none_or(|k| lives(app, k, m.at) > now)).cloned().collect();
    let counted = rules::tally(&fresh);
    match (found, heard) {
        (Some(entry), _)
            if mentions.is_empty() && entry.decided == Decided::Nothing && entry.disputed_at.is_none() =>
        {
            Ok(store::remove(tx, &entry, app.wall.now())?)
        }
        (Some(entry), _) => {
            let first = [entry.tally.first, counted.first].into_iter().flatten().min();
            let spared = respared(tx, &entry)?;
            let entry = Entry { tally: Tally { first, ..counted }, spared, ..entry };
            Ok(store::save(tx, &Entry { expires_at: expires(app, &entry), ..entry }, app.wall.now())?)
        }
        (None, Some(heard)) => {
            let keys = keys(heard.kind, &heard.canonical, id);
            let entry = Entry { tally: counted, ..blank(tx, app, (id, heard.kind), &heard.masked, &keys)? };
            Ok(store::insert(tx, &Entry { expires_at: expires(app, &entry), ..entry }, app.wall.now())?)
        }
        // Named before it had an entry, and no more.
        (None, None) => Ok(()),
    }
}

/// The entry without a decision that is over; that it ended by its term is a record.
pub(super) fn ended(
    tx: &mut Tx<'_>,
    app: &App,
    entry: Entry,
    now: Timestamp,
) -> Result<Entry, RegistryError> {
    let (was, law) = (entry.decided, entry.basis);
    let after = rules::lapse(entry, now);
    if after.decided != was {
        let facts = json!({"kind": after.kind.as_str(), "was": was.as_str()});
        let about = Act::about("registry.lapsed", "identifier", after.id.uuid());
        app.record(tx, &part(), &Act { facts, basis: law, ..about })?;
    }
    Ok(after)
}

/// An entry of which nothing is said yet.
fn blank(
    tx: &mut Tx<'_>,
    app: &App,
    (id, kind): (EntryId, Kind),
    masked: &str,
    keys: &[String],
) -> Result<Entry, RegistryError> {
    Ok(Entry {
        id,
        header: app.header(&part(), app.profile.default_lang(), "report"),
        kind,
        masked: masked.to_owned(),
        whole: kind != Kind::Card,
        tally: Tally::default(),
        decided: Decided::Nothing,
        decided_at: None,
        basis: None,
        until_at: None,
        disputed_at: None,
        objected_by: None,
        review_at: None,
        expires_at: Timestamp::from_secs(0),
        doubted_at: None,
        spared: spares(tx, keys)?,
        version: 0,
    })
}

/// Begins an entry of an address on the network of which nobody has reported anything: so that people can clear it.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    app: &App,
    (id, kind): (EntryId, Kind),
    address: &str,
) -> Result<(), RegistryError> {
    let entry = blank(tx, app, (id, kind), address, &keys(kind, address, id))?;
    private::keep(tx, app, id, OpenHash::of(kind.as_str(), address))?;
    Ok(store::insert(tx, &Entry { expires_at: expires(app, &entry), ..entry }, app.wall.now())?)
}

/// Whether a list protects what has one of these keys.
pub(super) fn spares(tx: &mut Tx<'_>, keys: &[String]) -> Result<bool, RegistryError> {
    Ok(store::spared::by(tx, keys)?.is_some())
}

/// Whether a list protects an entry. What people have decided is cleared by people, each with a reason, and silenced by no list.
pub(super) fn respared(tx: &mut Tx<'_>, entry: &Entry) -> Result<bool, RegistryError> {
    match entry.decided {
        Decided::Suspect | Decided::Listed => Ok(entry.spared),
        Decided::Nothing | Decided::Cleared => spares(tx, &keys_of(entry)),
    }
}

/// The keys of an entry. Addresses on the network are kept as they are, everything else as a mask.
pub(super) fn keys_of(entry: &Entry) -> Vec<String> {
    keys(entry.kind, &entry.masked, entry.id)
}

/// Until when something of a kind lives that was named, or decided on, at a moment.
pub(super) fn lives(app: &App, kind: Kind, at: Timestamp) -> Timestamp {
    let life = app.profile.identifiers().life(kind.as_str());
    life.map_or(at, |l| app.profile.term_end(at, l.expires))
}

/// When what reports say of an entry is too old to be told.
pub(super) fn expires(app: &App, entry: &Entry) -> Timestamp {
    rules::expires(entry, |from| lives(app, entry.kind, from))
}

/// When a person must look at a decision again.
pub(super) fn review(app: &App, entry: &Entry, now: Timestamp) -> Timestamp {
    let life = app.profile.identifiers().life(entry.kind.as_str());
    life.map_or(now, |l| app.profile.term_end(now, l.review))
}
