//! From where a request comes.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::header::USER_AGENT;
use http::request::Parts;

use crate::account::Client;

/// The connection's address and the browser's name. No `X-Forwarded-For`: anybody can write one. A server behind a
/// proxy puts the address that it trusts into the request's extensions as [`ConnectInfo`].
pub(crate) struct From(pub Client);

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(of(parts)))
    }
}

pub(crate) fn of(parts: &Parts) -> Client {
    let address =
        parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or_else(String::new, |c| network(c.0.ip()));
    Client { address, user_agent: user_agent(parts) }
}

pub(crate) fn user_agent(parts: &Parts) -> String {
    parts.headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

/// An IPv6 address by its first 64 bits: whoever has one has all of that network.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let high = u128::from(v6) & !u128::from(u64::MAX);
            format!("{}/64", Ipv6Addr::from(high))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        for (ip, shown) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(network(ip.parse().unwrap()), shown);
        }
    }
}
