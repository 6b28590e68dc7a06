//! The closed vocabularies of a profile. What a word *does* is code; which words a country uses, and on
//! what terms, is data.

/// Declares a closed list of words with its spelling in files, columns and messages.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal $(| $alias:literal)*,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// All words of the list, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// As written in files, columns and messages.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
            /// Reads [`Self::as_str`]; `None` for a word that is not in the list.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text $(| $alias)* => Some(Self::$variant),)+ _ => None }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::unknown_variant(&text, &[$($text,)+]))
            }
        }
        impl crate::read::Read for $name {
            fn read(value: &crate::read::Value<'_>) -> Option<Self> {
                let text = value.text()?;
                let word = Self::parse(text);
                if word.is_none() {
                    value.expected(&crate::read::one_of(&[$($text,)+]), &format!("`{text}`"));
                }
                word
            }
        }
    };
}
pub(crate) use words;

words!(
    /// What a decision about a matter in a register comes to.
    Outcome {
        /// It is entered.
        Registered = "registered",
        /// It is not entered, with a reasoned document.
        Refused = "refused",
        /// It goes to another body, whose matter it is.
        Referred = "referred",
    }
);

words!(
    /// What an order does.
    Measure {
        /// Money is held on an account, card or wallet.
        Hold = "hold",
        /// Incoming payments are stopped.
        IncomingStop = "incoming_stop",
        /// A restriction is ended before its time.
        Release = "release",
        /// Held money goes back to the victim.
        Return = "return",
        /// A phone number is blocked.
        NumberBlock = "number_block",
        /// A SIM is blocked.
        SimBlock = "sim_block",
        /// A handset is blocked.
        ImeiBlock = "imei_block",
        /// A sender name is blocked.
        SenderBlock = "sender_block",
        /// Access to a resource on the Internet is restricted.
        ResourceRestriction = "resource_restriction",
        /// Data are disclosed.
        Disclosure = "disclosure",
        /// Data are kept from being erased.
        Preservation = "preservation",
        /// A person is listed as a dropper.
        Listing = "listing",
        /// A person is taken off that list.
        Delisting = "delisting",
        /// What an order has restricted goes on for a further term, perhaps on another ground.
        Extension = "extension",
    }
);

words!(
    /// How much of the object a measure touches, from narrow to wide.
    Scope {
        /// The disputed amount only.
        AmountOnly = "amount_only",
        /// What comes in, beside the amount.
        Incoming = "incoming",
        /// Everything.
        Full = "full",
    }
);

words!(
    /// Kinds of institution that an order can be addressed to.
    AddresseeKind {
        /// A bank.
        Bank = "bank",
        /// A payment organisation or issuer of electronic money.
        PaymentOrganisation = "payment_organisation" | "wallet" | "e_wallet",
        /// An exchange of digital assets.
        Exchange = "exchange" | "crypto_exchange",
        /// A telecom operator.
        Operator = "operator",
        /// A provider of Internet access.
        Provider = "provider",
        /// A hoster.
        Hoster = "hoster",
        /// A registrar of domain names.
        Registrar = "registrar",
        /// An online platform.
        Platform = "platform",
        /// A national centre that passes orders on.
        AntifraudCentre = "antifraud_centre" | "centre",
        /// The body that restricts access to resources on the Internet.
        MediaAuthority = "media_authority",
        /// A prosecutor's office.
        Prosecutor = "prosecutor",
        /// Another state body.
        StateBody = "state_body",
        /// Another unit of the same ministry.
        MinistryUnit = "ministry_unit",
        /// Another law-enforcement agency of the country.
        Agency = "agency",
        /// A public association.
        PublicAssociation = "public_association",
        /// Police of another country.
        ForeignPolice = "foreign_police",
        /// An international police organisation.
        InternationalPolice = "international_police",
    }
);

impl AddresseeKind {
    /// Kinds that keep money: what they keep can be held.
    pub const MONEY: &'static [Self] = &[Self::Bank, Self::PaymentOrganisation, Self::Exchange];
}

words!(
    /// Kinds of object that an order names.
    ObjectKind {
        /// An account by its IBAN.
        Iban = "iban",
        /// An account by another number.
        Account = "account",
        /// A bank card.
        Card = "card",
        /// An electronic wallet by its phone or number.
        Wallet = "wallet",
        /// A Bitcoin address.
        WalletBtc = "wallet_btc",
        /// An Ethereum address.
        WalletEth = "wallet_eth",
        /// A TRON address.
        WalletTron = "wallet_tron",
        /// A phone number.
        Phone = "phone",
        /// A SIM by its ICCID or IMSI.
        Sim = "sim",
        /// A handset by its IMEI.
        Imei = "imei",
        /// A sender name of text messages.
        Sender = "sender",
        /// One exact address on the web.
        Url = "url",
        /// A domain.
        Domain = "domain",
        /// An Internet address.
        Ip = "ip",
        /// An application in a store.
        App = "app",
        /// An advertisement.
        Advertisement = "advertisement",
        /// An account on a platform or in a messenger.
        Handle = "handle",
        /// A cash machine's or shop's recording or other material to be kept.
        Material = "material",
        /// A person.
        Person = "person",
    }
);

words!(
    /// What a step of a route does.
    StepRole {
        /// Sends the order.
        Submitter = "submitter",
        /// Decides or passes it on by law.
        Authority = "authority",
        /// Carries it out.
        Executor = "executor",
    }
);

words!(
    /// The channel that carries an order to a step.
    GatewayKind {
        /// The partner API: signed HTTP and pull inbox.
        PartnerApi = "partner_api",
        /// ISO 20022 over HTTP.
        Iso20022 = "iso20022",
        /// A signed file.
        FileDrop = "file_drop",
        /// Paper.
        Letter = "letter",
        /// A message for electronic mail.
        EmailExport = "email_export",
        /// The platform itself.
        Internal = "internal",
    }
);

words!(
    /// Receipts of the holder that stay usable whatever is held.
    ExemptReceipt {
        /// Pensions.
        Pension = "pension",
        /// Benefits.
        Benefit = "benefit",
        /// Scholarships.
        Scholarship = "scholarship",
        /// Wages.
        Wage = "wage",
        /// Alimony.
        Alimony = "alimony",
    }
);

words!(
    /// How well a statement of law has been checked.
    SourceMark {
        /// A published source says so.
        Confirmed = "confirmed",
        /// Working knowledge: a lawyer must compare it with the text in force before it is relied on.
        ToBeConfirmed = "to_be_confirmed",
    }
);

words!(
    /// Whom the law wants told.
    NotifyWhom {
        /// The holder of the account, number or resource.
        Holder = "holder",
        /// The victim.
        Victim = "victim",
        /// The prosecutor.
        Prosecutor = "prosecutor",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip_and_scopes_widen() {
        for m in Measure::ALL {
            assert_eq!(Measure::parse(m.as_str()), Some(*m));
            assert_eq!(serde_json::from_str::<Measure>(&serde_json::to_string(m).unwrap()).unwrap(), *m);
        }
        assert!(Scope::AmountOnly < Scope::Incoming && Scope::Incoming < Scope::Full);
        assert_eq!(AddresseeKind::parse("wallet"), Some(AddresseeKind::PaymentOrganisation));
        assert_eq!(Measure::parse("HOLD"), None);
        assert!(serde_json::from_str::<Measure>("\"seize\"").is_err());
    }
}
