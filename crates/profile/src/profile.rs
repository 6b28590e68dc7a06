//! The profile as a whole.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Asset, Lang, Localised, Money, Timestamp};

use crate::basis::BasisRecord;
use crate::calendar::{Calendar, Term};
use crate::cases::{Article, Cases};
use crate::country::{
    AssetInfo, Country, Emergency, InstitutionKind, Organisation, PartnerTerms, PurposeName, Region,
    Retention, Unit,
};
use crate::error::{ProfileError, ProfileErrors};
use crate::files::{self, Files, NAMES};
use crate::identifiers::Identifiers;
use crate::institution::Institutions;
use crate::measures::{Breaker, Clocks, Limits, Measures, RetryTable, Route};
use crate::notice::NoticeText;
use crate::read::{Node, Sink};
use crate::registers::Register;
use crate::schemes::{SchemeKind, SchemeLimits};
use crate::taxonomy::{Choice, Taxonomy};
use crate::trail::TrailSigns;
use crate::words::{AddresseeKind, Measure, ObjectKind};
use crate::{
    basis_read, calendar_read, cases, country, identifiers, institution, measures, notice, registers,
    schemes, taxonomy, texts, trail,
};

/// One country as data. Immutable; another version of a file is another profile with another hash.
#[derive(Debug, Clone)]
pub struct Profile {
    version: String,
    country: Country,
    regions: Vec<Region>,
    calendar: Calendar,
    measures: Measures,
    bases: Vec<BasisRecord>,
    institutions: Institutions,
    taxonomy: Taxonomy,
    notices: Vec<NoticeText>,
    registers: Vec<Register>,
    cases: Cases,
    identifiers: Identifiers,
    schemes: (SchemeLimits, Vec<SchemeKind>),
    trail: TrailSigns,
    texts: BTreeMap<Lang, String>,
}

/// Reads one file of the profile, gathering its mistakes.
struct Reading<'f> {
    files: &'f Files,
    langs: Vec<Lang>,
    errors: Vec<ProfileError>,
}

impl Reading<'_> {
    fn file<T>(&mut self, name: &str, with: impl FnOnce(&Node<'_>) -> Option<T>) -> Option<T> {
        let Some(file) = self.files.files.get(name) else {
            let missing = ProfileErrors::whole(&self.files.id, format!("expected the file `{name}`"));
            self.errors.extend(missing.0);
            return None;
        };
        let sink = Sink::new(&file.shown, &file.text, &self.langs);
        let read = sink.document(with);
        self.errors.extend(sink.into_errors());
        read
    }
}

impl Profile {
    /// Reads the profile in `dir`, whose name is its id.
    ///
    /// # Errors
    /// Every mistake of every file, with its place.
    pub fn load(dir: &Path) -> Result<Self, ProfileErrors> {
        Self::read(&Files::load(dir)?)
    }

    /// A profile that is compiled into the program.
    ///
    /// # Errors
    /// There is none of that name; or (never in a tested build) it has mistakes.
    pub fn embedded(id: &str) -> Result<Self, ProfileErrors> {
        Self::read(&Files::embedded(id)?)
    }

    /// The directory's profile if one is given, else the compiled-in one.
    ///
    /// # Errors
    /// As [`Profile::load`] and [`Profile::embedded`].
    pub fn open(id: &str, dir: Option<&Path>) -> Result<Self, ProfileErrors> {
        dir.map_or_else(|| Self::embedded(id), Self::load)
    }

    /// Ids of the compiled-in profiles.
    #[must_use]
    pub fn embedded_ids() -> Vec<&'static str> {
        files::embedded_ids()
    }

    fn read(files: &Files) -> Result<Self, ProfileErrors> {
        let mut reading = Reading { files, langs: Vec::new(), errors: Vec::new() };
        // Languages come first: every text of every file must exist in each of them. What else is wrong
        // with the file is found in the second pass.
        let langs = reading.file("profile.toml", |n| {
            let langs = country::languages(n);
            n.take_all();
            langs
        });
        let Some(langs) = langs else { return Err(ProfileErrors(reading.errors)) };
        reading = Reading { files, langs: langs.clone(), errors: Vec::new() };
        let country = reading.file("profile.toml", |n| country::country(n, &files.id));
        let zone = country.as_ref().map_or(TimeZone::UTC, |c| c.zone.clone());
        let regions = reading.file("regions.toml", country::regions);
        let calendar = reading.file("calendar.toml", |n| calendar_read::calendar(n, &zone));
        let measures = reading.file("measures.toml", measures::measures);
        let bases = reading.file("legal_basis.toml", basis_read::bases);
        let first = langs.first().cloned().unwrap_or(Lang::EN);
        let mut used = Vec::new();
        let institutions = reading.file("institutions.toml", |n| {
            institution::institutions(n, &first, |name| {
                let text = files::data_set(name)?;
                used.push(name.to_owned());
                Some(text)
            })
        });
        let taxonomy = reading.file("taxonomy.toml", taxonomy::taxonomy);
        let notices = reading.file("notice.toml", notice::notices);
        let registers = reading.file("registers.toml", registers::registers);
        let cases = reading.file("cases.toml", cases::cases);
        let identifiers = reading.file("identifiers.toml", identifiers::identifiers);
        let schemes = reading.file("schemes.toml", schemes::schemes);
        let known =
            |code: &str| country.as_ref()?.assets.iter().map(|a| a.asset).find(|asset| asset.code() == code);
        let trail = reading.file("trail.toml", |n| trail::trail(n, known));
        let texts = texts::texts(files, &langs, &mut reading.errors);
        let version = files.hash(&used.iter().map(String::as_str).collect::<Vec<_>>());
        let errors = reading.errors;
        let whole = (|| {
            Some(Self {
                version,
                country: country?,
                regions: regions?,
                calendar: calendar?,
                measures: measures?,
                bases: bases?,
                institutions: institutions?,
                taxonomy: taxonomy?,
                notices: notices?,
                registers: registers?,
                cases: cases?,
                identifiers: identifiers?,
                schemes: schemes?,
                trail: trail?,
                texts,
            })
        })();
        match whole {
            Some(profile) if errors.is_empty() => Ok(profile),
            _ if errors.is_empty() => Err(ProfileErrors::whole(&files.id, "could not be read")),
            _ => Err(ProfileErrors(errors)),
        }
    }

    /// The profile's id, its directory's name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.country.id
    }
    /// Hash over all its files, 64 hexadecimal digits: kept with each act.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
    /// ISO 3166-1 alpha-2 code of the country.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.country.country
    }
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &Localised {
        &self.country.name
    }
    /// Languages in their order; the first is the default.
    #[must_use]
    pub fn languages(&self) -> &[Lang] {
        &self.country.languages
    }
    /// The default language.
    #[must_use]
    pub fn default_lang(&self) -> Lang {
        self.country.languages.first().cloned().unwrap_or(Lang::EN)
    }
    /// IANA name of the zone.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        &self.country.zone_name
    }
    /// The zone's rules.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.country.zone
    }
    /// The civil date at `at`, by the profile's zone.
    #[must_use]
    pub fn civil_date(&self, at: Timestamp) -> Date {
        self.calendar.date_at(at).unwrap_or(Date::MAX)
    }
    /// The year at `at`, by the profile's zone.
    #[must_use]
    pub fn civil_year(&self, at: Timestamp) -> i16 {
        self.civil_date(at).year()
    }
    /// The first moment of the civil day of `at`: caps per day count from there.
    #[must_use]
    pub fn day_start(&self, at: Timestamp) -> Timestamp {
        self.calendar.start_of(self.civil_date(at))
    }
    /// RFC 3339 with the zone's offset at that moment, `2026-11-23T14:05:00.000000+05:00`: for messages.
    #[must_use]
    pub fn rfc3339(&self, at: Timestamp) -> String {
        let Ok(moment) = jiff::Timestamp::from_microsecond(at.as_micros()) else { return at.rfc3339() };
        format!("{:.6}", moment.display_with_offset(self.country.zone.to_offset(moment)))
    }
    /// Working days and terms.
    #[must_use]
    pub const fn calendar(&self) -> &Calendar {
        &self.calendar
    }
    /// The end of `term` that begins to run at `at`.
    #[must_use]
    pub fn term_end(&self, at: Timestamp, term: Term) -> Timestamp {
        self.calendar.term_end(at, term)
    }
    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Asset {
        self.country.currency
    }
    /// An asset by its code, `None` if the profile does not know it.
    #[must_use]
    pub fn asset(&self, code: &str) -> Option<Asset> {
        self.asset_info(code).map(|a| a.asset)
    }
    /// An asset with its sign and name.
    #[must_use]
    pub fn asset_info(&self, code: &str) -> Option<&AssetInfo> {
        self.country.assets.iter().find(|a| a.asset.code() == code)
    }
    /// About how much a sum is in the country's currency: for the order of lists, where sums of
    /// different assets stand side by side. No sum is computed with it, nobody is shown it.
    #[must_use]
    pub fn rough(&self, money: Money) -> Money {
        let own = self.currency();
        if money.asset() == own {
            return money;
        }
        let rate = self.asset_info(money.asset().code()).map_or(1, |a| i128::from(a.rough));
        let power = |scale: u8| 10_i128.saturating_pow(u32::from(scale));
        let sum = i128::from(money.minor()).saturating_mul(rate).saturating_mul(power(own.scale()));
        let rough = sum.checked_div(power(money.asset().scale())).unwrap_or(0);
        Money::from_minor(i64::try_from(rough).unwrap_or(i64::MAX), own)
    }
    /// All assets; the first is the currency.
    #[must_use]
    pub fn assets(&self) -> &[AssetInfo] {
        &self.country.assets
    }
    /// The organisation that runs the platform.
    #[must_use]
    pub const fn organisation(&self) -> &Organisation {
        &self.country.organisation
    }
    /// How long the power to sign may be delegated at a time, calendar days.
    #[must_use]
    pub const fn delegation_max_days(&self) -> u16 {
        self.country.organisation.delegation_max_days
    }
    /// Its units.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.country.units
    }
    /// Regions with their tiles.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }
    /// A region by its code.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.iter().find(|r| r.code == code)
    }
    /// Region for reading phone numbers.
    #[must_use]
    pub fn phone_region(&self) -> &str {
        &self.country.phone_region
    }
    /// Whom to call in need; the first is the police.
    #[must_use]
    pub fn emergency(&self) -> &[Emergency] {
        &self.country.emergency
    }
    /// Prefix of receipt numbers, `R`.
    #[must_use]
    pub fn receipt_prefix(&self) -> &str {
        &self.country.receipt_prefix
    }
    /// Within how many seconds the citizen hears from us next.
    #[must_use]
    pub fn next_message_secs(&self) -> i64 {
        i64::from(self.country.next_message_minutes) * 60
    }
    /// Within how many seconds the first order shall have left.
    #[must_use]
    pub fn first_action_secs(&self) -> i64 {
        i64::from(self.country.first_action_seconds)
    }
    /// Whether somebody born on `birth` is a minor at `at`.
    #[must_use]
    pub fn is_minor(&self, birth: Date, at: Timestamp) -> bool {
        let years = jiff::Span::new().years(i64::from(self.country.of_age_years));
        birth.checked_add(years).is_ok_and(|of_age| self.civil_date(at) < of_age)
    }
    /// A retention class.
    #[must_use]
    pub fn retention(&self, code: &str) -> Option<&Retention> {
        self.country.retention.iter().find(|r| r.code == code)
    }
    /// All retention classes.
    #[must_use]
    pub fn retention_classes(&self) -> &[Retention] {
        &self.country.retention
    }
    /// Purposes of reading personal data, in words.
    #[must_use]
    pub fn purposes(&self) -> &[PurposeName] {
        &self.country.purposes
    }
    /// Kinds of institution that may take part, in the order in which they are offered.
    #[must_use]
    pub fn institution_kinds(&self) -> &[InstitutionKind] {
        &self.country.institution_kinds
    }
    /// What the country calls a kind of institution; `None` for one that cannot take part here.
    #[must_use]
    pub fn institution_kind(&self, kind: AddresseeKind) -> Option<&Localised> {
        self.country.institution_kinds.iter().find(|k| k.kind == kind).map(|k| &k.name)
    }
    /// What holds for institutions where their agreements say nothing else.
    #[must_use]
    pub const fn partner_terms(&self) -> PartnerTerms {
        self.country.partner_terms
    }
    /// Clocks of a measure as they stood at `at`.
    #[must_use]
    pub fn clocks(&self, measure: Measure, at: Timestamp) -> Option<&Clocks> {
        let date = self.civil_date(at);
        self.measures.clocks.iter().find(|c| c.measure == measure && c.validity.covers(date))
    }
    /// Bounds of automatic work as they stood at `at`; `None` means that nothing may open by itself.
    #[must_use]
    pub fn limits(&self, at: Timestamp) -> Option<&Limits> {
        let date = self.civil_date(at);
        self.measures.limits.iter().find(|l| l.validity.covers(date))
    }
    /// By when a sanction that is asked for at `at` is wanted; `None` where the profile sets no clock.
    #[must_use]
    pub fn sanction_due(&self, at: Timestamp) -> Option<Timestamp> {
        let date = self.civil_date(at);
        let clock = self.measures.sanctions.iter().find(|s| s.validity.covers(date))?;
        Some(self.term_end(at, clock.within))
    }
    /// The way of an order about such an object to such an executor as it stood at `at`; `None` means that
    /// there is no lawful way.
    #[must_use]
    pub fn route(
        &self,
        measure: Measure,
        object: ObjectKind,
        executor: AddresseeKind,
        at: Timestamp,
    ) -> Option<&Route> {
        self.routes_for(measure, object, at).find(|r| r.executors.contains(&executor))
    }
    /// All ways of an order about such an object as they stood at `at`, one for each kind of executor.
    pub fn routes_for(
        &self,
        measure: Measure,
        object: ObjectKind,
        at: Timestamp,
    ) -> impl Iterator<Item = &Route> {
        let date = self.civil_date(at);
        self.measures.routes.iter().filter(move |r| {
            r.measures.contains(&measure) && r.objects.contains(&object) && r.validity.covers(date)
        })
    }
    /// All routes.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.measures.routes
    }
    /// A retry table by name (`urgent`, `notice`).
    #[must_use]
    pub fn retry(&self, name: &str) -> Option<&RetryTable> {
        self.measures.retries.iter().find(|r| r.name == name)
    }
    /// How partners that do not answer are treated.
    #[must_use]
    pub const fn breaker(&self) -> Breaker {
        self.measures.breaker
    }
    /// Every version of every legal basis, by key in the order of the file, then by version.
    #[must_use]
    pub fn legal_bases(&self) -> &[BasisRecord] {
        &self.bases
    }
    /// Institutions that can be recognised in an IBAN or on a card.
    #[must_use]
    pub const fn institutions(&self) -> &Institutions {
        &self.institutions
    }
    /// What a holder is told when something of theirs is restricted; `None` where the profile says nothing.
    #[must_use]
    pub fn notice(&self, measure: Measure) -> Option<&NoticeText> {
        self.notices.iter().find(|n| n.measures.contains(&measure))
    }
    /// Kinds of scheme, and the words by which each is known.
    #[must_use]
    pub fn schemes(&self) -> &[SchemeKind] {
        &self.schemes.1
    }
    /// From when on a scheme's page suggests something.
    #[must_use]
    pub const fn scheme_limits(&self) -> SchemeLimits {
        self.schemes.0
    }
    /// What is worth looking at on the path of money.
    #[must_use]
    pub const fn trail(&self) -> &TrailSigns {
        &self.trail
    }
    /// What the registry of identifiers goes by.
    #[must_use]
    pub const fn identifiers(&self) -> &Identifiers {
        &self.identifiers
    }
    /// The registers that a matter of this kind goes into, as they stood at `at`, in their order.
    pub fn registers(&self, subject_kind: &str, at: Timestamp) -> impl Iterator<Item = &Register> {
        let (date, kind) = (self.civil_date(at), subject_kind.to_owned());
        self.registers.iter().filter(move |r| r.validity.covers(date) && r.holds(&kind))
    }
    /// A register by its code as it stood at `at`.
    #[must_use]
    pub fn register(&self, code: &str, at: Timestamp) -> Option<&Register> {
        let date = self.civil_date(at);
        self.registers.iter().find(|r| r.code == code && r.validity.covers(date))
    }
    /// A register by its code, whatever the day: as its newest entry has it.
    #[must_use]
    pub fn register_named(&self, code: &str) -> Option<&Register> {
        self.registers.iter().rev().find(|r| r.code == code)
    }
    /// What cases go by.
    #[must_use]
    pub const fn cases(&self) -> &Cases {
        &self.cases
    }
    /// Offences as they are worded at `at`, in the order of the file.
    pub fn articles(&self, at: Timestamp) -> impl Iterator<Item = &Article> {
        let date = self.civil_date(at);
        self.cases.articles.iter().filter(move |a| a.validity.covers(date))
    }
    /// Kinds of fraud.
    #[must_use]
    pub fn fraud_kinds(&self) -> &[Choice] {
        &self.taxonomy.fraud_kinds
    }
    /// Kinds of loss.
    #[must_use]
    pub fn loss_kinds(&self) -> &[Choice] {
        &self.taxonomy.loss_kinds
    }
    /// Ways in which fraudsters reach people.
    #[must_use]
    pub fn channels(&self) -> &[Choice] {
        &self.taxonomy.channels
    }
    /// The profile's own Fluent catalogue in `lang`.
    #[must_use]
    pub fn fluent(&self, lang: &Lang) -> Option<&str> {
        self.texts.get(lang).map(String::as_str)
    }
    /// Names of the TOML files a profile consists of.
    #[must_use]
    pub const fn file_names() -> [&'static str; 13] {
        NAMES
    }
}
