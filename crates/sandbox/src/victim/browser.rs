//! A browser without scripts: cookies, forms, redirects. It goes nowhere but to the node.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, RETRY_AFTER,
    SET_COOKIE,
};

use super::html::{self, Form};
use crate::clock::pause;
use crate::node::Node;

/// Redirects that are followed after one click.
const MOST_REDIRECTS: usize = 6;
/// Tries of one click while the node is away or asks to wait.
const TRIES: u64 = 6;

/// A page as it came.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its path.
    pub path: String,
    /// Status.
    pub status: u16,
    /// Text.
    pub body: String,
}

impl Page {
    /// Addresses of links, each once.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        html::links(&self.body)
    }
    /// Where links that look like buttons lead.
    #[must_use]
    pub fn buttons(&self) -> Vec<String> {
        html::buttons(&self.body)
    }
    /// All forms.
    #[must_use]
    pub fn forms(&self) -> Vec<Form> {
        html::forms(&self.body)
    }
    /// The form that has a control `field`.
    #[must_use]
    pub fn form_with(&self, field: &str) -> Option<Form> {
        html::forms(&self.body).into_iter().find(|f| f.post && f.has(field))
    }
    /// The words of the page's alert, or what it begins with if it has none, for error messages.
    #[must_use]
    pub fn alert(&self) -> String {
        let alert = html::text_after(&self.body, "role", "alert");
        let words = if alert.is_empty() { html::text_after(&self.body, "id", "main") } else { alert };
        words.chars().take(200).collect()
    }
    /// The value of an attribute anywhere on the page.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<String> {
        html::attribute(&self.body, name).filter(|v| !v.is_empty())
    }
}

/// A file that a form sends.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The control.
    pub field: &'static str,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a form sends: its kind and its bytes.
#[derive(Debug, Clone)]
struct Sent {
    kind: String,
    bytes: Vec<u8>,
}

impl Sent {
    fn typed(pairs: Vec<(String, String)>) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        Self { kind: "application/x-www-form-urlencoded".to_owned(), bytes: text.into_bytes() }
    }

    /// As `multipart/form-data` (RFC 7578).
    fn with_file(pairs: Vec<(String, String)>, file: Upload) -> Self {
        const BOUNDARY: &str = "----form-of-the-simulated-country";
        let mut bytes = Vec::new();
        for (name, value) in pairs.into_iter().filter(|(name, _)| name != file.field) {
            let head =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            bytes.extend(head.into_bytes());
        }
        let Upload { field, name, bytes: content } = file;
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        bytes.extend(head.into_bytes());
        bytes.extend(content);
        bytes.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        Self { kind: format!("multipart/form-data; boundary={BOUNDARY}"), bytes }
    }
}

/// One person's browser.
#[derive(Debug, Clone)]
pub struct Browser<'a> {
    node: &'a Node,
    language: &'static str,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    /// A fresh browser set to `language`.
    #[must_use]
    pub fn new(node: &'a Node, language: &'static str) -> Self {
        Self { node, language, cookies: BTreeMap::new() }
    }

    /// Opens a page.
    ///
    /// # Errors
    /// If the node cannot be reached or sends us elsewhere.
    pub async fn open(&mut self, path: &str) -> anyhow::Result<Page> {
        self.click(path, None).await
    }

    /// Sends a form of `page` filled with `answers`.
    ///
    /// # Errors
    /// If the node cannot be reached or sends us elsewhere.
    pub async fn send(
        &mut self,
        page: &Page,
        form: &Form,
        answers: &[(&str, String)],
    ) -> anyhow::Result<Page> {
        let target = self.target(page, form)?;
        self.click(&target, Some(Sent::typed(form.filled(answers)))).await
    }

    /// The same with a file.
    ///
    /// # Errors
    /// If the node cannot be reached or sends us elsewhere.
    pub async fn send_file(
        &mut self,
        page: &Page,
        form: &Form,
        answers: &[(&str, String)],
        file: Upload,
    ) -> anyhow::Result<Page> {
        let target = self.target(page, form)?;
        self.click(&target, Some(Sent::with_file(form.filled(answers), file))).await
    }

    /// Sends a form whose answer is a file, and gives its bytes.
    ///
    /// # Errors
    /// If the node cannot be reached, or answers with a page.
    pub async fn save(
        &mut self,
        page: &Page,
        form: &Form,
        answers: &[(&str, String)],
    ) -> anyhow::Result<Vec<u8>> {
        let target = self.target(page, form)?;
        let sent = Sent::typed(form.filled(answers));
        let response = self.request(&target, Some(&sent)).await?;
        let status = response.status().as_u16();
        if status != 200 || !response.headers().contains_key(CONTENT_DISPOSITION) {
            bail!("`{target}` gives no file, but status {status}");
        }
        Ok(response.bytes().await?.to_vec())
    }

    fn target(&self, page: &Page, form: &Form) -> anyhow::Result<String> {
        let action = if form.action.is_empty() { page.path.as_str() } else { form.action.as_str() };
        self.path_of(&page.path, action)
    }

    async fn click(&mut self, path: &str, mut body: Option<Sent>) -> anyhow::Result<Page> {
        let mut path = path.to_owned();
        for _ in 0..=MOST_REDIRECTS {
            let response = self.request(&path, body.as_ref()).await?;
            let status = response.status().as_u16();
            self.keep_cookies(&response);
            let location = response.headers().get(LOCATION).and_then(|l| l.to_str().ok()).map(str::to_owned);
            match (status, location) {
                (301..=303, Some(location)) => {
                    path = self.path_of(&path, &location)?;
                    body = None;
                }
                (307 | 308, Some(location)) => path = self.path_of(&path, &location)?,
                _ => return Ok(Page { path, status, body: response.text().await? }),
            }
        }
        bail!("`{path}` redirects without end")
    }

    /// One request, repeated while the node is away or asks to wait: forms carry their idempotency key.
    async fn request(&self, path: &str, body: Option<&Sent>) -> anyhow::Result<reqwest::Response> {
        for attempt in 1..TRIES {
            match self.once(path, body).await {
                Ok(response) if !matches!(response.status().as_u16(), 429 | 502..=504) => {
                    return Ok(response);
                }
                Ok(response) => {
                    let asked =
                        response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.parse().ok());
                    pause(Duration::from_secs(asked.unwrap_or(attempt).min(30))).await;
                }
                Err(_) => pause(Duration::from_secs(attempt)).await,
            }
        }
        self.once(path, body).await.with_context(|| format!("`{path}` cannot be reached"))
    }

    async fn once(&self, path: &str, body: Option<&Sent>) -> Result<reqwest::Response, reqwest::Error> {
        let url = format!("{}{path}", self.node.base());
        let request = match body {
            Some(body) => self
                .node
                .http()
                .post(url)
                .header(CONTENT_TYPE, body.kind.clone())
                .header(ORIGIN, self.node.base())
                .body(body.bytes.clone()),
            None => self.node.http().get(url),
        };
        let request = request.header(ACCEPT, "text/html").header(ACCEPT_LANGUAGE, self.language);
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) };
        request.send().await
    }

    fn keep_cookies(&mut self, response: &reqwest::Response) {
        for text in response.headers().get_all(SET_COOKIE).iter().filter_map(|v| v.to_str().ok()) {
            let pair = text.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            let gone = value.is_empty() || text.to_ascii_lowercase().contains("max-age=0");
            if gone {
                self.cookies.remove(name.trim());
            } else {
                self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }

    /// Path and query of an address met on the page at `from`; another host is refused.
    fn path_of(&self, from: &str, address: &str) -> anyhow::Result<String> {
        let base = url::Url::parse(self.node.base())?;
        let target = base.join(from)?.join(address)?;
        if target.origin() != base.origin() {
            bail!("the page sends us to `{}`, which is not the node", target.origin().ascii_serialization());
        }
        let query = target.query().map(|q| format!("?{q}")).unwrap_or_default();
        Ok(format!("{}{query}", target.path()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_at_the_node() {
        let node = Node::new("http://127.0.0.1:8080").unwrap();
        let browser = Browser::new(&node, "kk");
        assert_eq!(browser.path_of("/report/now", "what?x=1#f").unwrap(), "/report/what?x=1");
        assert_eq!(browser.path_of("/a", "http://127.0.0.1:8080/b").unwrap(), "/b");
        assert!(browser.path_of("/a", "http://127.0.0.1:9/b").is_err());
        assert!(browser.path_of("/a", "//evil.example/b").is_err());
    }
}
