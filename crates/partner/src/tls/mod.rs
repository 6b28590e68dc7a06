//! Mutual TLS as an option: the proxy before the node asks for a client certificate and hands it over in `Client-Cert`
//! (RFC 9440); its fingerprint must be one of the institution's, beside the signature and never instead of it.

pub mod rules;
pub mod service;
pub(crate) mod store;

pub use rules::{TrustedProxies, presented};
pub use service::CertificateView;
