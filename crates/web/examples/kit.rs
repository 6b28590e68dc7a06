//! Serves the page of components on 127.0.0.1:8090 (or the port given).

use kernel::{Entropy, Lang, Localised, OfficeClock, WallClock};
use web::{NavItem, Site, SiteConfig, Texts};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).unwrap_or_else(|| "8090".to_owned()).parse()?;
    let long = std::env::args().nth(2).is_some_and(|word| word == "long");
    let locales = if long {
        web::LOCALES.iter().map(web::pseudo).collect::<Result<_, _>>()?
    } else {
        web::LOCALES.to_vec()
    };
    let site = Site::new(SiteConfig {
        texts: Texts::load(&locales)?,
        langs: vec![Lang::KK, Lang::RU, Lang::EN],
        default_lang: Lang::KK,
        zone: "Asia/Almaty".to_owned(),
        office: OfficeClock::real(WallClock::system()),
        factor: 1,
        wall: WallClock::system(),
        entropy: Entropy::from_os()?,
        institution: Localised::from_pairs([
            (Lang::KK, "Үлгі мекемесі"),
            (Lang::RU, "Учреждение «Образец»"),
            (Lang::EN, "Sample Institution"),
        ]),
        help_phone: "102".to_owned(),
        origins: Vec::new(),
        https: false,
        demo: true,
        portal_nav: vec![
            NavItem { key: "kit-portal", href: "/kit", letter: "" },
            NavItem { key: "kit-desk", href: "/kit/desk", letter: "" },
        ],
        desk_nav: vec![
            NavItem { key: "kit-table", href: "/kit/desk", letter: "q" },
            NavItem { key: "kit-portal", href: "/kit", letter: "p" },
        ],
        body_limit_bytes: 1 << 20,
    })?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, web::wrap(axum::Router::new(), &site)).await?;
    Ok(())
}
