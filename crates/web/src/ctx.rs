//! What a page knows of its reader: language, theme, density, where they are, and how things are written.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use jiff::tz::TimeZone;
use kernel::{Lang, Money, Timestamp};

use crate::clock::{self, Clock, ClockState};
use crate::format::Formats;
use crate::markup::Markup;
use crate::negotiate::{self, Cookies};
use crate::parts::toast::Toast;
use crate::problem::Problem;
use crate::site::{NavItem, Site};
use crate::texts::Arg;

/// Colours of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark, for the night shift.
    Dark,
}

impl Theme {
    /// The value of `data-theme` and of the cookie.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
    /// From the cookie or form; anything unknown is auto.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// Height of the desk's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Density {
    /// 36 px.
    #[default]
    Comfortable,
    /// 28 px.
    Compact,
}

impl Density {
    /// The value of `data-density` and of the cookie.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }
    /// From the cookie or form; anything unknown is comfortable.
    #[must_use]
    pub fn read(text: &str) -> Self {
        if text == "compact" { Self::Compact } else { Self::Comfortable }
    }
}

/// Who is signed in, for the head of the desk. The slice that knows puts it into the request's extensions
/// before the page's extractors run (a middleware), or calls [`Ctx::for_viewer`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Viewer {
    /// Name as shown.
    pub name: String,
    /// Unit or organisation.
    pub unit: String,
    /// Where the sign-out form posts to; empty for none.
    pub sign_out: String,
    /// Links of the desk for this person; `None` for the site's.
    pub nav: Option<Vec<NavItem>>,
    /// Where people look after what is their own; empty for nowhere.
    pub own: Vec<NavItem>,
}

/// What is chosen by request.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) lang: Lang,
    pub(crate) theme: Theme,
    pub(crate) density: Density,
    pub(crate) keys: bool,
    pub(crate) path: String,
    pub(crate) request_id: String,
    pub(crate) now: Timestamp,
    pub(crate) json: bool,
    pub(crate) htmx: bool,
    pub(crate) toast: Option<Toast>,
}

/// The reader's context. An axum extractor on every router that went through [`crate::wrap`]; askama templates
/// hold it in a field called `ctx`. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    pub(crate) site: Site,
    pub(crate) choice: Arc<Choice>,
    formats: Arc<Formats>,
    viewer: Option<Arc<Viewer>>,
    no_section: bool,
}

impl std::fmt::Debug for Ctx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ctx").field("lang", &self.choice.lang).finish_non_exhaustive()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let found = parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::bug("web.not_wrapped"))?;
        Ok(match parts.extensions.get::<Viewer>() {
            Some(viewer) => found.for_viewer(viewer.clone()),
            None => found,
        })
    }
}

impl Ctx {
    pub(crate) fn from_request(site: &Site, parts: &Parts) -> Self {
        let cookies = Cookies::of(&parts.headers);
        let langs = site.langs();
        let config = site.config();
        let lang = cookies
            .get("lang")
            .and_then(|tag| langs.iter().find(|l| l.tag() == tag).cloned())
            .or_else(|| negotiate::accept_language(&parts.headers, langs))
            .unwrap_or_else(|| config.default_lang.clone());
        let path = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), |p| p.as_str().to_owned());
        let request_id = format!("{:032x}", u128::from_be_bytes(config.entropy.bytes()));
        let choice = Choice {
            lang,
            theme: Theme::read(cookies.get("theme").unwrap_or_default()),
            density: Density::read(cookies.get("density").unwrap_or_default()),
            keys: cookies.get("keys") != Some("off"),
            json: negotiate::wants_json(parts),
            htmx: parts.headers.contains_key("hx-request"),
            toast: cookies.get("toast").and_then(Toast::from_cookie),
            now: config.office.now(),
            path,
            request_id,
        };
        Self::build(site.clone(), choice)
    }

    fn build(site: Site, choice: Choice) -> Self {
        let formats = Arc::new(Formats::new(&choice.lang, site.0.zone.clone()));
        Self { site, choice: Arc::new(choice), formats, viewer: None, no_section: false }
    }

    /// A context outside a request, as jobs and papers need it: `lang`, the site's office clock, path `/`.
    #[must_use]
    pub fn of(site: &Site, lang: Lang) -> Self {
        let choice = Choice {
            lang,
            theme: Theme::Auto,
            density: Density::Comfortable,
            keys: true,
            path: "/".to_owned(),
            request_id: String::new(),
            now: site.config().office.now(),
            json: false,
            htmx: false,
            toast: None,
        };
        Self::build(site.clone(), choice)
    }

    /// For this crate's tests: own texts only, a clock that stands.
    #[cfg(test)]
    pub(crate) fn fixed(lang: Lang, now: Timestamp) -> Self {
        Self::of(&Site::for_tests(&[], now).expect("own texts load"), lang)
    }

    /// The same context in another language: quoted papers, notices in the reporter's language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> Self {
        let mut other = Self::build(self.site.clone(), Choice { lang, ..(*self.choice).clone() });
        other.viewer.clone_from(&self.viewer);
        other
    }
    /// The same context at another path and theme; the story page shows components so.
    #[must_use]
    pub fn in_theme(&self, theme: Theme) -> Self {
        let mut other = Self::build(self.site.clone(), Choice { theme, ..(*self.choice).clone() });
        other.viewer.clone_from(&self.viewer);
        other
    }
    /// The same context for a person who is signed in.
    #[must_use]
    pub fn for_viewer(mut self, viewer: Viewer) -> Self {
        self.viewer = Some(Arc::new(viewer));
        self
    }

    /// The same context for a page that belongs to no section of the head, although its address lies within one.
    #[must_use]
    pub fn of_no_section(mut self) -> Self {
        self.no_section = true;
        self
    }

    // --- who and where ---

    /// The language of the page.
    #[must_use]
    pub fn lang(&self) -> &Lang {
        &self.choice.lang
    }
    /// Languages of the switch.
    #[must_use]
    pub fn langs(&self) -> &[Lang] {
        self.site.langs()
    }
    /// Colours.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.choice.theme
    }
    /// Row height.
    #[must_use]
    pub fn density(&self) -> Density {
        self.choice.density
    }
    /// Whether single-key shortcuts are on (WCAG 2.1.4).
    #[must_use]
    pub fn keys(&self) -> bool {
        self.choice.keys
    }
    /// Path and query of the request: where the language switch comes back to.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.choice.path
    }
    /// Id of the request, in the log and on the page of an error.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.choice.request_id
    }
    /// Office time when the request came.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.choice.now
    }
    /// How many times faster office time runs.
    #[must_use]
    pub fn factor(&self) -> u32 {
        self.site.config().factor
    }
    /// Whether the client asked for JSON.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        self.choice.json
    }
    /// Whether htmx asks: answer with the fragment alone.
    #[must_use]
    pub fn is_htmx(&self) -> bool {
        self.choice.htmx
    }
    /// Whether this is a demonstration.
    #[must_use]
    pub fn demo(&self) -> bool {
        self.site.config().demo
    }
    /// Who is signed in.
    #[must_use]
    pub fn viewer(&self) -> Option<&Viewer> {
        self.viewer.as_deref()
    }
    /// The institution's name in the reader's language.
    #[must_use]
    pub fn institution(&self) -> &str {
        self.site.config().institution.get(self.lang())
    }
    /// The number that helps at once.
    #[must_use]
    pub fn help_phone(&self) -> &str {
        &self.site.config().help_phone
    }
    /// Links of the portal.
    #[must_use]
    pub fn portal_nav(&self) -> &[NavItem] {
        &self.site.config().portal_nav
    }
    /// Links of the desk, the signed-in person's own if there are any.
    #[must_use]
    pub fn desk_nav(&self) -> &[NavItem] {
        match self.viewer().and_then(|v| v.nav.as_ref()) {
            Some(own) => own,
            None => &self.site.config().desk_nav,
        }
    }
    /// Whether `item` is the section the reader is in: the longest of `all` that the path begins with.
    #[must_use]
    pub fn is_current(&self, item: &NavItem, all: &[NavItem]) -> bool {
        let path = self.path().split(['?', '#']).next().unwrap_or_default();
        let covers = |href: &str| {
            path == href
                || (href.len() > 1 && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
        };
        !self.no_section
            && covers(item.href)
            && !all.iter().any(|other| other.href.len() > item.href.len() && covers(other.href))
    }
    /// The notice left by the act before this page.
    #[must_use]
    pub fn toast(&self) -> Option<&Toast> {
        self.choice.toast.as_ref()
    }
    /// Address of a static file with its content hash: `/assets/portal-1a2b3c4d.css`. An unknown name stays as it
    /// is and will not be found; see [`Ctx::has_asset`].
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        self.site.0.assets.path(name)
    }
    /// Whether a static file is in this build; scripts are absent from a build without npm.
    #[must_use]
    pub fn has_asset(&self, name: &str) -> bool {
        self.site.0.assets.has(name)
    }
    /// A fresh key for a form's hidden field `idempotency_key`: the same form sent twice acts once.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        self.site.config().entropy.uuid(self.site.config().wall.now()).to_string()
    }

    // --- words ---

    /// The text of `key` (`message` or `message.attribute`).
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.site.texts().text(self.lang(), key, &[])
    }
    /// The text of `key` with values; values of several types are written `Arg::from(…)`.
    #[must_use]
    pub fn ta<'a, A: Into<Arg> + Clone + 'a>(&self, key: &str, args: impl AsRef<[(&'a str, A)]>) -> String {
        let args: Vec<(&str, Arg)> =
            args.as_ref().iter().map(|(name, arg)| (*name, arg.clone().into())).collect();
        self.site.texts().text(self.lang(), key, &args)
    }
    /// The text of `key` as HTML: text values stand in `<bdi>`, [`Markup`] values as they are.
    #[must_use]
    pub fn tm<'a, A: Into<Arg> + Clone + 'a>(&self, key: &str, args: impl AsRef<[(&'a str, A)]>) -> Markup {
        let args: Vec<(&str, Arg)> =
            args.as_ref().iter().map(|(name, arg)| (*name, arg.clone().into())).collect();
        self.site.texts().markup(self.lang(), key, &args)
    }
    /// Whether the reader's language has `key`.
    #[must_use]
    pub fn has_text(&self, key: &str) -> bool {
        self.site.texts().has(self.lang(), key)
    }

    // --- figures, money, time ---

    /// The formatter, for what has no short cut here.
    #[must_use]
    pub fn formats(&self) -> &Formats {
        &self.formats
    }
    /// The zone times are shown in.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        self.formats.zone()
    }
    /// `1 234 567`.
    #[must_use]
    pub fn number(&self, n: i64) -> String {
        self.formats.number(n)
    }
    /// `2 400 000 ₸`.
    #[must_use]
    pub fn money(&self, money: Money) -> String {
        self.formats.money(money)
    }
    /// `2,4 млн ₸`, only beside the exact sum.
    #[must_use]
    pub fn money_short(&self, money: Money) -> String {
        self.formats.money_short(money)
    }
    /// `64%` from hundredths of a percent.
    #[must_use]
    pub fn percent(&self, basis_points: i64) -> String {
        self.formats.percent(basis_points)
    }
    /// `part` of `whole` in whole percent; a dash where there is no whole.
    #[must_use]
    pub fn share(&self, part: i64, whole: i64) -> String {
        self.formats.share(part, whole)
    }
    /// `2026 ж. 30 қараша`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> String {
        self.formats.date(at)
    }
    /// `30.11.2026`.
    #[must_use]
    pub fn date_dense(&self, at: Timestamp) -> String {
        self.formats.date_dense(at)
    }
    /// `14:05`.
    #[must_use]
    pub fn hour(&self, at: Timestamp) -> String {
        self.formats.hour(at)
    }
    /// The hour where the moment is today, else day and hour: an hour alone must not be taken for another day's.
    #[must_use]
    pub fn moment(&self, at: Timestamp) -> String {
        let today = self.formats.day(at) == self.formats.day(self.now());
        if today { self.hour(at) } else { self.date_time(at) }
    }
    /// `2026 ж. 30 қараша, 18:00`.
    #[must_use]
    pub fn date_time(&self, at: Timestamp) -> String {
        self.formats.date_time(at)
    }
    /// `<time>` with words near now ("6 min ago", "in 2 h"), the exact moment in its title; exact beyond a day.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> Markup {
        clock::time(self, at)
    }
    /// `<time>` that shows the exact moment in its dense form, for tables and papers.
    #[must_use]
    pub fn time_exact(&self, at: Timestamp) -> Markup {
        let (machine, dense) = (Markup::text(&at.rfc3339()), Markup::text(&self.formats.date_time_dense(at)));
        Markup::trusted(format!("<time datetime=\"{machine}\">{dense}</time>"))
    }
    /// A length of time in one or two units: `1 күн 6 сағ`.
    #[must_use]
    pub fn duration(&self, micros: i64) -> String {
        clock::duration(self, micros)
    }
    /// The clock component: shape, colour and words; ticks where scripts run.
    #[must_use]
    pub fn clock(&self, due: Timestamp, now: Timestamp, state: &ClockState) -> Markup {
        crate::page::render(&Clock::new(self, due, now, state))
    }
    /// An icon of the sprite, decorative: words stand beside it. Names: see `web/icons.svg`.
    #[must_use]
    pub fn icon(&self, name: &str) -> Markup {
        let (sprite, name) = (self.asset("icons.svg"), Markup::text(name));
        Markup::trusted(format!(
            "<svg class=\"icon\" width=\"16\" height=\"16\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{sprite}#{name}\"></use></svg>"
        ))
    }
    /// The help number as a link that dials.
    #[must_use]
    pub fn phone_link(&self) -> Markup {
        let digits: String = self.help_phone().chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Markup::link(&format!("tel:{digits}"), self.help_phone())
    }
    /// The path of this page, ready for a query.
    #[must_use]
    pub fn path_encoded(&self) -> String {
        crate::parts::list::encode(self.path())
    }
    /// The words the scripts need, so that they say the same as the server.
    #[must_use]
    pub fn script_words(&self) -> Vec<(&'static str, String)> {
        crate::words::for_scripts(self)
    }
    /// The shortcuts of the desk with their words, for the list under `?`.
    #[must_use]
    pub fn key_list(&self) -> Vec<(Vec<String>, String)> {
        crate::words::key_list(self)
    }
    /// The key of the words of a theme: for the base template.
    #[must_use]
    pub fn theme_key(&self, name: &str) -> &'static str {
        match Theme::read(name) {
            Theme::Auto => "theme-auto",
            Theme::Light => "theme-light",
            Theme::Dark => "theme-dark",
        }
    }
}
