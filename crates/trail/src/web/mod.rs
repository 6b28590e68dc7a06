//! Panels of the trail: for the officer a picture with its table and its books, for the citizen the same path in
//! plain words.

mod citizen;
mod officer;

use app::App;
use partner::Partner;
use web::Ctx;

pub use citizen::citizen_panel;
pub use officer::{officer_panel, panel_of};

/// Names of institutions by code, for pages.
#[derive(Debug, Clone, Default)]
pub struct Names {
    partners: Vec<Partner>,
    own: String,
}

impl Names {
    /// Those that take part. Where they cannot be read, codes stand for names.
    pub async fn load(app: &App) -> Self {
        let partners = partner::service::all(app).await.unwrap_or_default();
        Self { partners, own: app.node.code.clone() }
    }
    /// Of partners that were read before.
    #[must_use]
    pub fn of(app: &App, partners: Vec<Partner>) -> Self {
        Self { partners, own: app.node.code.clone() }
    }
    /// The name of an institution in the reader's language; its code where it takes no part, and the words
    /// for "not known" where there is none.
    #[must_use]
    pub fn name(&self, ctx: &Ctx, code: &str) -> String {
        if code.is_empty() {
            return ctx.t("trail-institution-unknown");
        }
        if code == self.own {
            return ctx.institution().to_owned();
        }
        let partner = self.partner(code);
        partner.map_or_else(|| code.to_owned(), |p| p.name(ctx.lang()).to_owned())
    }
    /// The institution of a code.
    #[must_use]
    pub fn partner(&self, code: &str) -> Option<&Partner> {
        self.partners.iter().find(|p| p.code == code)
    }
}

/// The icon of an end in the sprite.
pub(crate) const fn icon_of(kind: crate::model::EndKind) -> &'static str {
    use crate::model::EndKind as E;
    match kind {
        E::Held | E::HeldElsewhere | E::Returned => "end-held",
        E::Asked => "end-asked",
        E::Moved | E::Crypto | E::Released => "end-moved",
        E::Cash => "end-cash",
        E::Spent => "end-spent",
        E::Abroad => "end-abroad",
        E::Unknown | E::NotFound | E::Refused | E::Silent => "end-unknown",
    }
}

/// The class of an end in the style sheet.
pub(crate) const fn class_of(kind: crate::model::EndKind) -> &'static str {
    use crate::model::EndKind as E;
    match kind {
        E::Held | E::HeldElsewhere | E::Returned => "trail-end-held",
        E::Asked => "trail-end-asked",
        E::Moved | E::Crypto | E::Released => "trail-end-moved",
        E::Cash => "trail-end-cash",
        E::Spent => "trail-end-spent",
        E::Abroad => "trail-end-abroad",
        E::Unknown | E::NotFound | E::Refused | E::Silent => "trail-end-unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EdgeState, EndKind};
    use kernel::{Lang, Timestamp};
    use web::Site;

    #[test]
    fn catalogues_are_sound() {
        assert_eq!(web::check_catalogues(&crate::LOCALES), []);
    }

    #[test]
    fn every_code_and_every_key_has_a_text() {
        let site = Site::for_tests(&crate::LOCALES, Timestamp::from_secs(1_800_000_000)).unwrap();
        let mut keys = web::keys_in(include_str!("../../templates/_trail_officer.html"));
        keys.extend(web::keys_in(include_str!("../../templates/_trail_citizen.html")));
        keys.extend(web::keys_in(include_str!("officer.rs")));
        keys.extend(web::keys_in(include_str!("citizen.rs")));
        for kind in EndKind::ALL {
            keys.push(format!("trail-end-{}", kind.as_str()));
            keys.push(format!("trail-plain-{}", kind.as_str()));
            if kind != EndKind::Held {
                keys.push(format!("trail-citizen-{}", kind.as_str()));
            }
        }
        use EdgeState as E;
        for state in [E::Told, E::Reported, E::Exhibit, E::Confirmed, E::NotFound] {
            keys.push(format!("trail-edge-{}", state.as_str()));
        }
        keys.extend(crate::rules::Method::ALL.map(|method| method.key().to_owned()));
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            let ctx = Ctx::of(&site, lang.clone());
            let missing: Vec<&String> = keys.iter().filter(|k| !ctx.has_text(k)).collect();
            assert!(missing.is_empty(), "{lang}: {missing:?}");
        }
    }
}
