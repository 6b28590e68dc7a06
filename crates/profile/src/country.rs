//! `profile.toml` and `regions.toml`: what the country and the organisation are called, its money, its
//! languages, its promises.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use kernel::{Asset, Lang, Localised, Purpose};

use crate::basis_check::{LONGEST_TERM_DAYS, term_fits};
use crate::calendar::Term;
use crate::read::{Node, Read, Value};
use crate::words::{AddresseeKind, SourceMark};

/// A currency or another asset that losses are told in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetInfo {
    /// Code and scale.
    pub asset: Asset,
    /// The sign shown beside amounts, `₸`.
    pub symbol: String,
    /// Its name.
    pub name: Localised,
    /// Words and signs that people write for it beside a sum, in small letters; sign and code need not be named.
    pub written: Vec<String>,
    /// About how many of the country's currency one of it is worth: for the order of lists and nothing else.
    pub rough: u32,
}

impl AssetInfo {
    /// Everything that means this asset beside a sum, in small letters.
    pub fn signs(&self) -> impl Iterator<Item = String> {
        let own = [self.symbol.to_lowercase(), self.asset.code().to_lowercase()];
        own.into_iter().chain(self.written.iter().cloned()).filter(|sign| !sign.is_empty())
    }
}

/// A name in full and abbreviated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Short code in messages to partners.
    pub code: String,
    /// Full name.
    pub name: Localised,
    /// Abbreviated name.
    pub short_name: Localised,
    /// How long the power to sign may be delegated at a time, calendar days.
    pub delegation_max_days: u16,
}

/// A unit of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Short code in records.
    pub code: String,
    /// Its name.
    pub name: Localised,
}

/// A region and its tile on the country's tile map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// ISO 3166-2 code or the country's own.
    pub code: String,
    /// Its name.
    pub name: Localised,
    /// Three letters or so for the tile.
    pub label: Localised,
    /// Row of the tile, from 0.
    pub row: u8,
    /// Column of the tile, from 0.
    pub column: u8,
}

/// A number to call in need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// The number as dialled.
    pub number: String,
    /// Whose it is.
    pub name: Localised,
}

/// How long records of one class are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Class, as in the common header.
    pub code: String,
    /// Years from the end of the matter; `None` where `days` says it.
    pub years: Option<u16>,
    /// Days, for what is short-lived.
    pub days: Option<u16>,
    /// What it covers.
    pub name: Localised,
    /// How well it has been checked.
    pub mark: SourceMark,
}

/// Why personal data may be read, in words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeName {
    /// As in the record, [`Purpose::as_str`].
    pub code: String,
    /// In words.
    pub name: Localised,
}

/// A kind of institution that takes part, in words. One that no route names gets no orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionKind {
    /// What the program does with it.
    pub kind: AddresseeKind,
    /// What the country calls it.
    pub name: Localised,
}

/// What holds for an institution where its agreement says nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerTerms {
    /// Signed requests that one institution may send in a minute.
    pub requests_per_minute: u32,
    /// Answers that are taken in a minute whatever else it sends.
    pub answers_floor: u32,
    /// Things that one institution may ask the registry about in a minute.
    pub things_per_minute: u32,
    /// Days before the end of an agreement from which the end is shown.
    pub end_notice_days: u16,
}

/// Everything that `profile.toml` says.
#[derive(Debug, Clone)]
pub struct Country {
    /// The profile's id, its directory's name.
    pub id: String,
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// Name of the profile.
    pub name: Localised,
    /// Languages in their order; the first is the default.
    pub languages: Vec<Lang>,
    /// IANA name of the zone.
    pub zone_name: String,
    /// Its rules, from the compiled-in database.
    pub zone: TimeZone,
    /// Region for reading phone numbers, ISO 3166-1 alpha-2.
    pub phone_region: String,
    /// The first of the assets.
    pub currency: Asset,
    /// Assets; the first is the currency.
    pub assets: Vec<AssetInfo>,
    /// The organisation that runs the platform.
    pub organisation: Organisation,
    /// Its units.
    pub units: Vec<Unit>,
    /// Whom to call in need.
    pub emergency: Vec<Emergency>,
    /// Prefix of receipt numbers.
    pub receipt_prefix: String,
    /// Within how many minutes the citizen hears from us next.
    pub next_message_minutes: u16,
    /// Within how many seconds the first order shall have left.
    pub first_action_seconds: u16,
    /// Who is younger, in years, is a minor.
    pub of_age_years: u8,
    /// Retention classes.
    pub retention: Vec<Retention>,
    /// Purposes of reading personal data.
    pub purposes: Vec<PurposeName>,
    /// Kinds of institution that may take part, in the order in which they are offered.
    pub institution_kinds: Vec<InstitutionKind>,
    /// What holds for institutions.
    pub partner_terms: PartnerTerms,
}

impl Read for TimeZone {
    fn read(value: &Value<'_>) -> Option<Self> {
        let text = value.text()?;
        let zone = TimeZoneDatabase::bundled().get(text).ok();
        if zone.is_none() {
            value.expected("an IANA zone such as `Asia/Almaty`", &format!("`{text}`"));
        }
        zone
    }
}

/// The languages alone: needed before any text can be read.
pub(crate) fn languages(node: &Node<'_>) -> Option<Vec<Lang>> {
    let langs = node.req::<Vec<Lang>>("languages")?;
    if langs.is_empty() {
        node.wrong_at("languages", "expected at least one language");
        return None;
    }
    Some(langs)
}

/// Reads `profile.toml` in full.
pub(crate) fn country(node: &Node<'_>, id: &str) -> Option<Country> {
    node.opt::<String>("extends");
    let given = node.req::<String>("id");
    if given.as_deref().is_some_and(|g| g != id) {
        node.wrong_at("id", format!("expected `{id}`, the name of the directory"));
    }
    let (country, name, languages) = (node.req("country"), node.req("name"), languages(node));
    let (zone_name, zone) = (node.req::<String>("zone"), node.req::<TimeZone>("zone"));
    let phone_region = node.req("phone_region");
    let assets = node.each("asset", asset);
    let organisation = node.value("organisation").map(|v| v.table(organisation));
    if organisation.is_none() {
        node.wrong("expected the table `organisation`");
    }
    let units = node.each("unit", |n| Some(Unit { code: n.req("code")?, name: n.req("name")? }));
    let emergency =
        node.each("emergency", |n| Some(Emergency { number: n.req("number")?, name: n.req("name")? }));
    let receipt_prefix = node.req::<String>("receipt_prefix");
    let (next, first) = (node.req::<u16>("next_message_minutes"), node.req::<u16>("first_action_seconds"));
    let of_age = node.req::<u8>("of_age_years");
    let retention = node.each("retention", retention);
    let purposes = node.each("purpose", |n| Some(PurposeName { code: n.req("code")?, name: n.req("name")? }));
    let institution_kinds = institution_kinds(node);
    let partner_terms = node.value("partners").map(|v| v.table(partner_terms));
    if partner_terms.is_none() {
        node.wrong("expected the table `partners`");
    }
    let known = [
        Purpose::HandleReport,
        Purpose::ExecuteOrder,
        Purpose::OwnData,
        Purpose::Investigate,
        Purpose::Audit,
        Purpose::Operate,
    ];
    let clean = node.is_clean();
    for missing in known.iter().filter(|k| clean && !purposes.iter().any(|p| p.code == k.as_str())) {
        node.wrong_at("purpose", format!("expected the purpose `{}`", missing.as_str()));
    }
    for (key, empty) in
        [("asset", assets.is_empty()), ("unit", units.is_empty()), ("emergency", emergency.is_empty())]
    {
        if empty && clean {
            node.wrong_at(key, format!("expected at least one `{key}`"));
        }
    }
    Some(Country {
        id: given?,
        country: country?,
        name: name?,
        languages: languages?,
        zone_name: zone_name?,
        zone: zone?,
        phone_region: phone_region?,
        currency: assets.first()?.asset,
        assets,
        organisation: organisation??,
        units,
        emergency,
        receipt_prefix: receipt_prefix?,
        next_message_minutes: next?,
        first_action_seconds: first?,
        of_age_years: of_age?,
        retention,
        purposes,
        institution_kinds,
        partner_terms: partner_terms??,
    })
}

fn institution_kinds(node: &Node<'_>) -> Vec<InstitutionKind> {
    let kinds = node.each("institution_kind", |n| {
        let (kind, name) = (n.req("kind"), n.req("name"));
        Some(InstitutionKind { kind: kind?, name: name? })
    });
    for (i, one) in kinds.iter().enumerate().filter(|_| node.is_clean()) {
        if kinds.iter().take(i).any(|k| k.kind == one.kind) {
            node.wrong_item("institution_kind", i, format!("expected each kind once, `{}` again", one.kind));
        }
    }
    kinds
}

fn partner_terms(node: &Node<'_>) -> Option<PartnerTerms> {
    let requests = node.req::<u32>("requests_per_minute");
    let (floor, days) = (node.req::<u32>("answers_floor"), node.req::<u16>("end_notice_days"));
    let things = node.req::<u32>("things_per_minute");
    if requests == Some(0) || floor == Some(0) || things.is_some_and(|n| n < 1_000) {
        node.wrong("expected at least one request, one answer and 1000 things asked about a minute");
        return None;
    }
    Some(PartnerTerms {
        requests_per_minute: requests?,
        answers_floor: floor?,
        things_per_minute: things?,
        end_notice_days: days?,
    })
}

fn asset(node: &Node<'_>) -> Option<AssetInfo> {
    let (code, scale) = (node.req::<String>("code"), node.req::<u8>("scale"));
    let (symbol, name) = (node.req("symbol"), node.req("name"));
    let written = node.or("written", Vec::<String>::new());
    let rough = node.or("rough", 1_u32);
    let asset = Asset::new(&code?, scale?);
    if asset.is_none() {
        node.wrong_at("code", "expected 3 to 8 capitals or digits, and a scale of at most 9");
    }
    Some(AssetInfo { asset: asset?, symbol: symbol?, name: name?, written: written?, rough: rough? })
}

fn organisation(node: &Node<'_>) -> Option<Organisation> {
    let (code, name, short_name) = (node.req("code"), node.req("name"), node.req("short_name"));
    let days = node.req::<u16>("delegation_max_days");
    if days.is_some_and(|days| !term_fits(Term::CalendarDays(days))) {
        node.wrong_at("delegation_max_days", format!("expected 1 to {LONGEST_TERM_DAYS} days"));
    }
    Some(Organisation { code: code?, name: name?, short_name: short_name?, delegation_max_days: days? })
}

fn retention(node: &Node<'_>) -> Option<Retention> {
    let (code, name, mark) = (node.req("code"), node.req("name"), node.req("mark"));
    let (years, days) = (node.opt::<u16>("years"), node.opt::<u16>("days"));
    let (years, days) = (years?, days?);
    if years.is_some() == days.is_some() {
        node.wrong("expected either `years` or `days`");
        return None;
    }
    Some(Retention { code: code?, years, days, name: name?, mark: mark? })
}

/// Reads `regions.toml`.
pub(crate) fn regions(node: &Node<'_>) -> Option<Vec<Region>> {
    let regions = node.each("region", |n| {
        let (code, name, label) = (n.req("code"), n.req("name"), n.req("label"));
        let (row, column) = (n.req("row"), n.req("column"));
        Some(Region { code: code?, name: name?, label: label?, row: row?, column: column? })
    });
    for (i, region) in regions.iter().enumerate().filter(|_| node.is_clean()) {
        if regions
            .iter()
            .take(i)
            .any(|r| r.code == region.code || (r.row, r.column) == (region.row, region.column))
        {
            node.wrong_item(
                "region",
                i,
                format!("expected each code and tile once, `{}` repeats one", region.code),
            );
        }
    }
    Some(regions)
}
