//! What all pages of one installation share: texts, zone, clocks, names, navigation.

use std::sync::Arc;

use jiff::tz::TimeZone;
use kernel::{Entropy, Lang, Localised, OfficeClock, WallClock};

use crate::assets::Assets;
use crate::texts::Texts;

/// A line of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Key of its words.
    pub key: &'static str,
    /// Where it leads, a path of this site.
    pub href: &'static str,
    /// The letter behind `g` that goes there on the desk, as the physical key (`q`); empty for none.
    pub letter: &'static str,
}

/// What [`Site::new`] needs. All fields are public: the binary fills them from the application and profile.
#[derive(Debug)]
pub struct SiteConfig {
    /// All slices' texts; see [`Texts::load`]. This crate's own ([`crate::LOCALES`]) must be among them.
    pub texts: Texts,
    /// Languages offered in the switch, in its order.
    pub langs: Vec<Lang>,
    /// The language of a visitor who asks for none of them.
    pub default_lang: Lang,
    /// IANA name of the zone all times are shown in, `Asia/Almaty`.
    pub zone: String,
    /// Deadlines and "ago".
    pub office: OfficeClock,
    /// How many times faster office time runs; 1 in production.
    pub factor: u32,
    /// Request ids and durations in the log.
    pub wall: WallClock,
    /// Request ids and idempotency keys.
    pub entropy: Entropy,
    /// The institution's full name, under the pages of the portal.
    pub institution: Localised,
    /// The number that helps at once, `102`.
    pub help_phone: String,
    /// Further origins that forms may be sent from besides the request's own host: the public address behind a
    /// proxy that rewrites `Host`, `https://example.kz`.
    pub origins: Vec<String>,
    /// Whether visitors come by TLS: cookies `Secure`, `Strict-Transport-Security`.
    pub https: bool,
    /// Development or demonstration: shows `/kit` and the demonstration bar.
    pub demo: bool,
    /// Links of the portal's footer and head.
    pub portal_nav: Vec<NavItem>,
    /// Links of the desk.
    pub desk_nav: Vec<NavItem>,
    /// Largest request body in bytes for any route; single routes have 1 MiB unless they set their own
    /// `axum::extract::DefaultBodyLimit`.
    pub body_limit_bytes: usize,
}

/// Why a site could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// No such zone.
    #[error("`{0}` is not a time zone")]
    Zone(String),
    /// A language of the switch has no texts.
    #[error("there are no texts in `{0}`")]
    Language(Lang),
}

pub(crate) struct Inner {
    pub(crate) config: SiteConfig,
    pub(crate) zone: TimeZone,
    pub(crate) assets: Assets,
}

/// What all pages share. Cheap to clone.
#[derive(Clone)]
pub struct Site(pub(crate) Arc<Inner>);

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site").field("langs", &self.0.config.langs).finish_non_exhaustive()
    }
}

impl Site {
    /// Checks the zone and languages.
    ///
    /// # Errors
    /// [`SiteError`].
    pub fn new(config: SiteConfig) -> Result<Self, SiteError> {
        let zone = TimeZone::get(&config.zone).map_err(|_| SiteError::Zone(config.zone.clone()))?;
        if let Some(lang) = config.langs.iter().find(|l| !config.texts.langs().any(|have| have == *l)) {
            return Err(SiteError::Language(lang.clone()));
        }
        Ok(Self(Arc::new(Inner { config, zone, assets: Assets::load() })))
    }

    /// A site for tests: this crate's texts and `more`, Almaty, a clock that stands at `now`, seeded randomness.
    ///
    /// # Errors
    /// Texts that do not load, as a sentence.
    pub fn for_tests(more: &[crate::Locale], now: kernel::Timestamp) -> Result<Self, String> {
        let all: Vec<crate::Locale> = crate::LOCALES.iter().chain(more).cloned().collect();
        let hand = kernel::time::ManualClock::at(now);
        let config = SiteConfig {
            texts: Texts::load(&all).map_err(|e| e.to_string())?,
            langs: vec![Lang::KK, Lang::RU, Lang::EN],
            default_lang: Lang::KK,
            zone: "Asia/Almaty".to_owned(),
            office: hand.office(),
            factor: 1,
            wall: hand.wall(),
            entropy: Entropy::seeded(1),
            institution: Localised::from_pairs([
                (Lang::KK, "Киберқылмысқа қарсы күрес департаменті"),
                (Lang::RU, "Департамент по противодействию киберпреступности"),
                (Lang::EN, "Department for Combating Cybercrime"),
            ]),
            help_phone: "102".to_owned(),
            origins: Vec::new(),
            https: false,
            demo: true,
            portal_nav: Vec::new(),
            desk_nav: Vec::new(),
            body_limit_bytes: 21 * 1024 * 1024,
        };
        Self::new(config).map_err(|e| e.to_string())
    }

    /// Languages of the switch.
    #[must_use]
    pub fn langs(&self) -> &[Lang] {
        &self.0.config.langs
    }
    /// The texts.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.0.config.texts
    }
    pub(crate) fn config(&self) -> &SiteConfig {
        &self.0.config
    }
}
