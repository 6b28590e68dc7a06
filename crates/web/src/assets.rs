//! Static files under `/assets/NAME-HASH.EXT`, kept by browsers for a year: another content is another address.
//! Style sheets and the sprite are part of the source; scripts come from `web/dist` if it was built, and pages
//! work without them.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Bundled scripts; the folder may be missing.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

const TOKENS: &str = include_str!("../../../web/tokens.css");
const SHARED: &str =
    concat!(include_str!("../../../web/shared.css"), include_str!("../../../web/components.css"));
const PORTAL: &str = include_str!("../../../web/portal.css");
const DESK: &str = concat!(include_str!("../../../web/desk.css"), include_str!("../../../web/pictures.css"));
const ICONS: &str = include_str!("../../../web/icons.svg");
const FAVICON: &str = include_str!("../../../web/favicon.svg");

struct File {
    bytes: Vec<u8>,
    kind: &'static str,
}

/// All static files by their address without `/assets/`, and their addresses by plain name.
pub(crate) struct Assets {
    files: BTreeMap<String, File>,
    names: BTreeMap<String, String>,
}

impl Assets {
    pub(crate) fn load() -> Self {
        let mut assets = Self { files: BTreeMap::new(), names: BTreeMap::new() };
        for (name, parts) in
            [("portal.css", [TOKENS, SHARED, PORTAL].as_slice()), ("desk.css", &[TOKENS, SHARED, DESK])]
        {
            assets.add(name, squeeze(&parts.concat()).into_bytes());
        }
        assets.add("icons.svg", ICONS.as_bytes().to_vec());
        assets.add("favicon.svg", FAVICON.as_bytes().to_vec());
        for name in Dist::iter() {
            if let Some(file) = Dist::get(&name) {
                assets.add(&name, file.data.into_owned());
            }
        }
        assets
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>) {
        let Some((stem, extension)) = name.rsplit_once('.') else { return };
        let Some(kind) = kind_of(extension) else { return };
        let hash: String = hex::encode(Sha256::digest(&bytes)).chars().take(16).collect();
        let address = format!("{stem}-{hash}.{extension}");
        self.names.insert(name.to_owned(), format!("/assets/{address}"));
        self.files.insert(address, File { bytes, kind });
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.names.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}"))
    }
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// The file at an address; `None` if there is none.
    pub(crate) fn serve(&self, address: &str) -> Option<Response> {
        let file = self.files.get(address)?;
        let mut response = Response::new(Body::from(file.bytes.clone()));
        *response.status_mut() = StatusCode::OK;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.kind));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        Some(response)
    }
}

const fn kind_of(extension: &str) -> Option<&'static str> {
    match extension.as_bytes() {
        b"css" => Some("text/css; charset=utf-8"),
        b"js" => Some("text/javascript; charset=utf-8"),
        b"svg" => Some("image/svg+xml"),
        b"txt" => Some("text/plain; charset=utf-8"),
        b"json" => Some("application/json"),
        _ => None,
    }
}

/// Style sheets without comments and indentation; nothing cleverer, so nothing breaks.
fn squeeze(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, tail)) = rest.split_once("/*") {
        out.push_str(before);
        rest = tail.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_change_with_content() {
        let mut a = Assets { files: BTreeMap::new(), names: BTreeMap::new() };
        a.add("x.css", b"one".to_vec());
        let first = a.path("x.css");
        a.add("x.css", b"two".to_vec());
        assert_ne!(first, a.path("x.css"));
        assert!(first.starts_with("/assets/x-") && first.ends_with(".css"));
        assert!(a.serve(first.trim_start_matches("/assets/")).is_some() && a.serve("x.css").is_none());
    }

    #[test]
    fn comments_go_and_rules_stay() {
        assert_eq!(squeeze("/* a\n b */\n.x {\n  color: red; /* why */\n}\n"), ".x {\ncolor: red;\n}");
    }
}
