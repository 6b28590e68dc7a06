//! The kinds of identifier that the platform knows.

use serde::{Deserialize, Serialize};

/// What sort of thing an identifier names. Those from [`Kind::Sim`] on are told as such by whoever knows them; no
/// text is searched for them. The words of [`Kind::as_str`] are what files, tables and the
/// API carry; they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A telephone number, canonical as E.164 (`+77011234567`).
    Phone,
    /// An account number by ISO 13616, canonical in capitals without spaces.
    Iban,
    /// An account number that is no IBAN, canonical in capitals without spaces.
    Account,
    /// A payment card, canonical as its first six and last four digits: never whole.
    Card,
    /// A web address, canonical as WHATWG URL without fragment, tracking and log-in part.
    Url,
    /// A host name, canonical as A-label (RFC 5890) without `www.`.
    Domain,
    /// A mail address, canonical in lower case with its domain as A-label.
    Email,
    /// A name in a messenger or social network, canonical in lower case without `@`.
    Handle,
    /// A Bitcoin address: base58check (P2PKH, P2SH) or bech32/bech32m (BIP 173, BIP 350).
    WalletBtc,
    /// An Ethereum address, canonical with the capitals of EIP-55.
    WalletEth,
    /// A TRON address: base58check with the prefix byte 0x41.
    WalletTron,
    /// The individual identification number of Kazakhstan, 12 digits.
    Iin,
    /// The business identification number of Kazakhstan, 12 digits.
    Bin,
    /// The number of a mobile device (3GPP TS 23.003), 15 digits.
    Imei,
    /// An IPv4 or IPv6 address (RFC 5952).
    Ip,
    /// The number of a SIM card (ICCID, ITU-T E.118), 19 or 20 digits.
    Sim,
    /// A name in place of a number over text messages (3GPP TS 23.040), canonical in capitals.
    Sender,
    /// An application, canonical as the name of its package or its number in a store.
    App,
    /// An advertisement, canonical as its web address.
    Advertisement,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 19] = [
        Self::Phone,
        Self::Iban,
        Self::Account,
        Self::Card,
        Self::Url,
        Self::Domain,
        Self::Email,
        Self::Handle,
        Self::WalletBtc,
        Self::WalletEth,
        Self::WalletTron,
        Self::Iin,
        Self::Bin,
        Self::Imei,
        Self::Ip,
        Self::Sim,
        Self::Sender,
        Self::App,
        Self::Advertisement,
    ];

    /// The word for tables, files and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Iban => "iban",
            Self::Account => "account",
            Self::Card => "card",
            Self::Url => "url",
            Self::Domain => "domain",
            Self::Email => "email",
            Self::Handle => "handle",
            Self::WalletBtc => "wallet_btc",
            Self::WalletEth => "wallet_eth",
            Self::WalletTron => "wallet_tron",
            Self::Iin => "iin",
            Self::Bin => "bin",
            Self::Imei => "imei",
            Self::Ip => "ip",
            Self::Sim => "sim",
            Self::Sender => "sender",
            Self::App => "app",
            Self::Advertisement => "advertisement",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether such an identifier belongs to one person or one account holder, so that it is kept as a
    /// keyed hash and a masked text only. Addresses on the network are infrastructure and are kept readable.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(
            self,
            Self::Phone
                | Self::Iban
                | Self::Account
                | Self::Card
                | Self::Email
                | Self::Iin
                | Self::Imei
                | Self::Sim
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_and_agree_with_serde() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.as_str()));
        }
        assert_eq!(Kind::parse("Phone"), None);
    }
}
