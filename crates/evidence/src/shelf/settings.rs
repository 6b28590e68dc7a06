//! Which bucket, and how it is reached. Settings that cannot be used are refused before anything is asked of anybody.

use std::io;
use std::time::Duration;

use kernel::Secret;

/// How long a store is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How often a request is tried again that failed for a reason that may pass.
    pub tries: usize,
    /// How long the first pause before that is; each later one is twice as long.
    pub pause: Duration,
    /// How long one request may last: a part must have been sent in it.
    pub request: Duration,
    /// How long nothing may come.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            tries: 4,
            pause: Duration::from_millis(200),
            request: Duration::from_secs(180),
            silence: Duration::from_secs(60),
        }
    }
}

/// Which bucket, and how it is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its name.
    pub bucket: String,
    /// Where the store is; `None` is Amazon's of the region. Plain `http` is for this machine alone.
    pub endpoint: Option<String>,
    /// The region that requests are signed for.
    pub region: String,
    /// Who asks.
    pub access_key: String,
    /// With which key.
    pub secret_key: Secret<String>,
    /// A token that belongs to them, if they are for a time.
    pub token: Option<Secret<String>>,
    /// Whether the bucket's name is part of the host's rather than of the path.
    pub virtual_hosted: bool,
    /// Certificates (PEM) by which the store is known beside those that the system knows.
    pub authorities: Vec<u8>,
    /// How long it is waited for.
    pub patience: Patience,
}

impl Settings {
    /// Whether the store is reached without TLS.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.endpoint.as_deref().is_some_and(|at| at.starts_with("http://"))
    }

    /// Whether they can be used.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn check(&self) -> io::Result<()> {
        let refused = |why: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, why.to_owned()));
        if self.bucket.is_empty() || self.bucket.contains('/') {
            return refused("the name of the bucket is none");
        }
        if self.access_key.is_empty() || self.secret_key.expose().is_empty() {
            return refused("the keys of the store are missing");
        }
        match self.endpoint.as_deref() {
            Some(at) if self.is_plain() && !is_this_machine(at) => {
                refused("a store on another machine is reached by `https://` only")
            }
            Some(at) if !self.is_plain() && !at.starts_with("https://") => {
                refused("the address of the store begins with `https://`, or on this machine with `http://`")
            }
            _ => Ok(()),
        }
    }
}

/// Whether the host of an address is this machine.
fn is_this_machine(endpoint: &str) -> bool {
    let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('@') {
        return false;
    }
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
pub(super) fn invented(endpoint: &str) -> Settings {
    Settings {
        bucket: "exhibits".to_owned(),
        endpoint: Some(endpoint.to_owned()),
        region: "us-east-1".to_owned(),
        access_key: "invented".to_owned(),
        secret_key: Secret::new("not to be shown".to_owned()),
        token: None,
        virtual_hosted: false,
        authorities: Vec::new(),
        patience: Patience::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for at in ["http://127.0.0.1:9000", "http://localhost/x", "http://[::1]:9000", "http://127.9.9.9"] {
            invented(at).check().unwrap();
        }
        for at in [
            "http://10.0.0.7:9000",
            "http://localhost.example",
            "http://127.0.0.1@example.org/",
            "http://127.0.0.1.example.org",
            "http://127.0.0.1:x@example.org",
            "http://store",
            "http://[2001:db8::1]:9000",
            "ftp://127.0.0.1",
            "store.example",
            "",
        ] {
            assert!(invented(at).check().is_err(), "{at}");
        }
        invented("https://store.example").check().unwrap();
        let good = || invented("https://store.example");
        Settings { endpoint: None, ..good() }.check().unwrap();
        assert!(Settings { bucket: String::new(), ..good() }.check().is_err());
        assert!(Settings { bucket: "a/b".to_owned(), ..good() }.check().is_err());
        assert!(Settings { access_key: String::new(), ..good() }.check().is_err());
        assert!(Settings { secret_key: Secret::new(String::new()), ..good() }.check().is_err());
        assert!(!format!("{:?}", good()).contains("not to be shown"));
    }
}
