//! What a report says that makes it part of a scheme: things, story, where and of whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use app::App;
use db::{DbError, Tx};
use identifier::Kind;
use kernel::{Actor, Purpose};
use partner::Partner;
use registry::beforehand::Allowed;
use report::Source;
use report::service::Full;
use uuid::Uuid;

use crate::error::SchemeError;
use crate::joins::joint;
use crate::kind::{Known, Reader};
use crate::learn::Learnt;
use crate::model::{How, KindBy, Member, Ruling, Thing};
use crate::near::{Key, Rows};
use crate::rules;
use crate::store::learnt;

/// From so much on the words of the profile speak for themselves.
const SURE: u32 = 3;
/// Below so much they say nothing.
const LEAST: u32 = 2;
/// Things that one story names, at most, if they are to join anybody.
const MOST_TOLD: usize = 12;
/// The most that one report adds to the losses of a scheme, smallest units: what is told beyond it is a slip or a lie.
const MOST_LOST: i64 = 1_000_000_000_000;
/// Bits of what was learnt that say as much as one point of the profile's words.
const BITS_A_SIGN: u32 = 5;

/// As who reports are read.
#[must_use]
pub fn part() -> Actor {
    Actor::system("schemes")
}

/// What is got ready once to listen to reports.
#[derive(Clone)]
pub struct Ear {
    reader: Reader,
    public: BTreeSet<String>,
    key: Key,
    /// What was learnt last, as far as it was asked for.
    learnt: Arc<Mutex<Option<Held>>>,
}

impl std::fmt::Debug for Ear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ear").finish_non_exhaustive()
    }
}

/// What was learnt, and under which id it is kept.
type Held = (Uuid, Arc<Learnt>);

/// What was heard of a report.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub member: Member,
    pub things: BTreeMap<Uuid, (Thing, How)>,
}

impl Ear {
    /// Gets ready for a country, with the node's own key for stories.
    #[must_use]
    pub fn new(app: &App) -> Self {
        let lists = app.profile.identifiers();
        let public = lists.known.iter().chain(&lists.shared).flat_map(|own| own.domains.iter().cloned());
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = app.vault.blind("story", "rows");
        Self {
            reader: Reader::new(app.profile.schemes()),
            public: public.collect(),
            key: Key::new([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]),
            learnt: Arc::default(),
        }
    }

    /// What a named thing joins reports by.
    pub(crate) fn joint(&self, kind: Kind, value: &str) -> Option<crate::joins::Joint> {
        joint(kind, value, &self.public)
    }

    /// Under what words and rows are hashed.
    pub(crate) const fn key(&self) -> Key {
        self.key
    }

    /// How the fraud of a story is done: by words of the profile, and where they say too little by what was learnt.
    pub(crate) fn kind(&self, tx: &mut Tx<'_>, story: &str) -> Result<(KindBy, Option<Known>), DbError> {
        let known = self.reader.read(story);
        if known.as_ref().is_some_and(|k| k.says >= SURE) {
            return Ok((KindBy::Words, known));
        }
        let guess = self.learnt(tx)?.and_then(|model| model.read(story, self.key));
        Ok(match (guess, known) {
            (Some(guess), known) if known.as_ref().is_none_or(|k| k.code != guess.code) => {
                let why = guess.why.into_iter().map(|(word, _)| word).collect();
                let says = guess.bits.checked_div(BITS_A_SIGN).unwrap_or(1).max(1);
                (KindBy::Learnt, Some(Known { code: guess.code, says, why, signs: Vec::new() }))
            }
            (_, None) => (KindBy::Nobody, None),
            // One weak word makes no kind.
            (_, known) => match known.filter(|k| k.says >= LEAST) {
                None => (KindBy::Nobody, None),
                known => (KindBy::Words, known),
            },
        })
    }

    /// What was learnt last; read once.
    fn learnt(&self, tx: &mut Tx<'_>) -> Result<Option<Arc<Learnt>>, DbError> {
        let Some(latest) = learnt::latest_id(tx)? else { return Ok(None) };
        let mut held = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, model)) = held.as_ref().filter(|(id, _)| *id == latest) {
            return Ok(Some(Arc::clone(model)));
        }
        let Some((id, _, body)) = learnt::latest(tx)? else { return Ok(None) };
        let model: Learnt = serde_json::from_slice(&body)
            .map_err(|e| DbError::Bug(format!("`scheme_learnt.body` cannot be read: {e}")))?;
        let model = Arc::new(model);
        *held = Some((id, Arc::clone(&model)));
        Ok(Some(model))
    }

    /// Listens to a report as it stands now.
    pub(crate) fn hear(&self, tx: &mut Tx<'_>, app: &App, full: &Full) -> Result<Heard, SchemeError> {
        let story = full.told.story.open(Purpose::Investigate);
        let (kind_by, known) = self.kind(tx, story)?;
        let reporter = full.told.reporter.open(Purpose::Investigate);
        let report = &full.report;
        let further =
            full.payments.iter().map(|p| p.when.earliest).filter(|at| *at > report.header.created_at);
        let member = Member {
            report: report.id,
            scheme: None,
            alone: false,
            organisation: report.header.organisation_id.clone(),
            unit: report.header.unit_id.clone(),
            marking: report.header.marking.clone(),
            number: report.number.clone(),
            at: report.header.created_at,
            region: report::region(full).unwrap_or_default(),
            age: age(app, &reporter.iin, report.header.created_at).unwrap_or_default().to_owned(),
            lang: report.header.lang.clone(),
            bank: full
                .payments
                .iter()
                .map(|p| p.own_institution.clone())
                .find(|b| !b.is_empty())
                .unwrap_or_default(),
            loss_minor: app.profile.rough(report.loss).minor().clamp(0, MOST_LOST),
            kind: known.as_ref().map(|k| k.code.clone()).unwrap_or_default(),
            kind_by,
            says: known.as_ref().map_or(0, |k| i64::from(k.says)),
            signs: known.map(|k| k.signs).unwrap_or_default(),
            paying_at: further.max(),
            told: Rows::of(story, self.key),
        };
        Ok(Heard { member, things: self.things(tx, app, full)? })
    }

    /// Things by which it is joined to others, each once and by what says most of it.
    fn things(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        full: &Full,
    ) -> Result<BTreeMap<Uuid, (Thing, How)>, SchemeError> {
        let partners: Vec<Partner> = partner::store::all(tx)?;
        let own: BTreeSet<String> =
            report::owned(app, full).iter().map(|n| n.value.open(Purpose::Investigate).clone()).collect();
        let mut named: Vec<(Kind, String, How)> = Vec::new();
        for n in report::named(app, full) {
            let how = match n.source {
                Source::Payment(_) => How::Paid,
                Source::Clue => How::Clue,
                Source::Story => How::Told,
            };
            named.push((n.kind, n.value.open(Purpose::Investigate).clone(), how));
        }
        for (kind, value) in trail::service::reached(tx, app, full)? {
            named.push((kind, value, How::Money));
        }
        let mut things = BTreeMap::new();
        // A list of numbers copied from somewhere names other people's fraudsters: it would make one scheme of all of them.
        let listed = named.iter().filter(|(_, _, how)| *how == How::Told).count() > MOST_TOLD;
        named.retain(|(_, _, how)| !listed || *how != How::Told);
        for (kind, value, how) in named {
            if own.contains(&value) || self.says_nothing(tx, app, &partners, (kind, &value))? {
                continue;
            }
            let Some(joint) = joint(kind, &value, &self.public) else { continue };
            if self.says_nothing(tx, app, &partners, (joint.kind, &joint.value))? {
                continue;
            }
            let thing = Thing {
                id: identifier::identifier_id(&app.vault, joint.kind, &joint.value),
                kind: joint.kind,
                masked: identifier::mask(joint.kind, &joint.value),
                own: joint.own,
                imitates: Allowed::here(app, &partners)
                    .imitated(joint.kind, &joint.value)
                    .unwrap_or_default()
                    .to_owned(),
                ruling: Ruling::Nothing,
            };
            let known = things.entry(thing.id).or_insert((thing, how));
            known.1 = known.1.min(how);
        }
        Ok(things)
    }

    /// Whether a thing is an organisation's that everybody deals with, or leads nowhere.
    fn says_nothing(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        partners: &[Partner],
        (kind, value): (Kind, &str),
    ) -> Result<bool, SchemeError> {
        let known = Allowed::here(app, partners).beforehand(kind, value);
        // A page on a site that everybody uses is somebody's own; the site is not.
        let shared = known.shared && kind != Kind::Url;
        if known.verified || known.reserved || shared {
            return Ok(true);
        }
        Ok(registry::service::is_spared(tx, app, kind, value)?)
    }
}

/// How old the reporter was when reporting, in groups.
fn age(app: &App, iin: &str, at: kernel::Timestamp) -> Option<&'static str> {
    let (year, month, day) = identifier::birth_date(iin)?;
    let today = app.profile.civil_date(at);
    let had = (today.month(), today.day()) >= (month, day);
    let years = i64::from(today.year()) - i64::from(year) - i64::from(!had);
    Some(rules::age_group(years))
}
