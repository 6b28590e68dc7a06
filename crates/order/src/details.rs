//! What an order says of an object beside its name: forms F4, F5, F9 and the questions of a disclosure. Pure.

use profile::Measure;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::message::time;

/// Longest free text of a detail, characters.
pub const MAX_TEXT: usize = 1_000;

/// Most instruments of one person.
pub const MAX_INSTRUMENTS: usize = 50;

/// Declares a closed list of words with its spelling in messages and keys of texts.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// As in messages.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
            /// Reads [`Self::as_str`].
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|w| w.as_str() == text)
            }
        }
    };
}

words!(
    /// What of a number, SIM or handset is blocked.
    BlockWay {
        /// All of it.
        Full = "full",
        /// Outgoing calls.
        Outgoing = "outgoing",
        /// Text messages.
        Sms = "sms",
        /// The SIM cannot be replaced by another.
        SimSwapLock = "sim_swap_lock",
        /// The handset is put on the list of stolen and forbidden ones.
        ImeiList = "imei_list",
        /// The route by which spoofed calls come in.
        Route = "route",
        /// The sender name may not be used.
        SenderBan = "sender_ban",
    }
);

words!(
    /// Why a number, SIM or handset is to be blocked.
    BlockGround {
        /// Somebody complained and the complaint was looked into.
        Complaint = "complaint",
        /// A signal of the national centre.
        CentreSignal = "centre_signal",
        /// The number shown is not the caller's.
        Spoof = "spoof",
        /// A box of SIM cards.
        SimBox = "sim_box",
    }
);

words!(
    /// What is to happen to a resource, from the least intrusive.
    RestrictionAct {
        /// A page of warning is shown first.
        Warn = "warn",
        /// Search does not show it.
        Deindex = "deindex",
        /// An advertisement is stopped.
        StopAdvertisement = "stop_advertisement",
        /// An account is disabled.
        DisableAccount = "disable_account",
        /// The content is removed.
        Remove = "remove",
        /// An application leaves the store.
        RemoveApp = "remove_app",
        /// The way to the address is closed.
        Block = "block",
        /// The domain name no longer leads anywhere.
        SuspendDomain = "suspend_domain",
    }
);

words!(
    /// What sort of illegal information it is.
    ContentClass {
        /// It fishes for passwords and cards.
        Phishing = "phishing",
        /// It sells what does not exist.
        FakeShop = "fake_shop",
        /// It promises gains that do not exist.
        FakeInvestment = "fake_investment",
        /// It poses as somebody else.
        Impersonation = "impersonation",
        /// It spreads malicious software.
        Malware = "malware",
        /// It recruits droppers.
        Recruiting = "recruiting",
        /// Something else.
        Other = "other",
    }
);

words!(
    /// What data are asked for, or are to be kept.
    DataClass {
        /// Whose it is.
        Owner = "owner",
        /// Movements of an account.
        Statement = "statement",
        /// Devices and addresses from which it was used.
        DeviceLog = "device_log",
        /// Who called whom, when; never what was said.
        CallRecords = "call_records",
        /// Recordings of a camera.
        Recording = "recording",
    }
);

words!(
    /// What somebody whose accounts served a fraud knew of it: form F9.
    Knowledge {
        /// Gave the account away without asking what for.
        Negligent = "negligent",
        /// Knew that the money was not honest.
        Witting = "witting",
        /// Took part in the fraud.
        Complicit = "complicit",
        /// Did not know and could not have.
        Unwitting = "unwitting",
        /// Was forced.
        Coerced = "coerced",
        /// Somebody else used the name.
        IdentityStolen = "identity_stolen",
    }
);

impl Knowledge {
    /// Whether whoever knew so much can be listed. Who did not know, was forced or was robbed of the name is no dropper:
    /// they are helped, not listed.
    #[must_use]
    pub const fn can_be_listed(self) -> bool {
        matches!(self, Self::Negligent | Self::Witting | Self::Complicit)
    }
}

/// An account, card or wallet that a listed person gave away, by which the entry is known where money is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Instrument {
    /// Code of the institution that keeps it.
    pub institution: String,
    /// `iban`, `account`, `card`, `phone`, `wallet_btc`, `wallet_eth`, `wallet_tron`.
    pub kind: String,
    /// Canonical form.
    pub value: String,
}

/// What an order says of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Details {
    /// F4: a number, SIM, handset or sender name.
    Block {
        /// What of it.
        ways: Vec<BlockWay>,
        /// Why.
        ground: BlockGround,
    },
    /// F5: a resource on the Internet.
    Restriction {
        /// What is to happen.
        act: RestrictionAct,
        /// What sort of information it is.
        class: ContentClass,
        /// What harm it does.
        harm: String,
        /// Why nothing narrower does; empty for one exact address.
        #[serde(default)]
        narrower: String,
    },
    /// Data to be handed over.
    Disclosure {
        /// Which.
        data: Vec<DataClass>,
        /// From when, RFC 3339.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// Till when, RFC 3339.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// Data to be kept.
    Preservation {
        /// Which.
        data: Vec<DataClass>,
    },
    /// Where held money goes back to.
    Return {
        /// The victim's institution.
        to_institution: String,
        /// Kind of the victim's account.
        to_kind: String,
        /// The victim's account.
        to_value: String,
    },
    /// What goes on for a further term, and on what act of another body if the ground is one.
    Extension {
        /// The order whose restriction goes on, `ord_…`.
        order: String,
        /// The court's or other body's act that it rests on now: body, number and date. Only where the ground is a new one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        act: Option<String>,
    },
    /// F9: a person whose accounts served a fraud.
    Listing {
        /// What the person knew.
        knowledge: Knowledge,
        /// Whether the person is a minor.
        minor: bool,
        /// Whether whoever answers for the minor was told.
        #[serde(default)]
        guardian_told: bool,
        /// Whether the person came forward.
        voluntary: bool,
        /// Whether somebody has talked to the person about what dropping leads to.
        talked: bool,
        /// What the person gave away.
        instruments: Vec<Instrument>,
        /// What it is known from.
        ground: String,
    },
}

/// Why details do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DetailsFault {
    /// They belong to another measure, or a needed one is missing.
    #[error("the details do not belong to this measure")]
    Measure,
    /// Nothing is named that is to be done, kept or handed over.
    #[error("nothing is asked for")]
    Nothing,
    /// A restriction of more than one exact address does not say why nothing narrower does.
    #[error("it is not said why nothing narrower does")]
    Narrower,
    /// It is not said what sort of illegal information it is.
    #[error("it is not said what sort of illegal information it is")]
    Class,
    /// Harm is not told.
    #[error("it is not said what harm it does")]
    Harm,
    /// A period cannot be read, ends before it begins, or is missing where records of calls are asked for.
    #[error("the period is missing, cannot be read, or ends before it begins")]
    Period,
    /// Somebody who is no dropper would be listed as one.
    #[error("who did not know, was forced or was robbed of the name is not listed")]
    Innocent,
    /// A minor would be listed and nobody who answers for them knows.
    #[error("a minor is listed only once whoever answers for them was told")]
    Minor,
    /// A text is too long.
    #[error("a text is longer than {MAX_TEXT} characters")]
    TooLong,
}

impl DetailsFault {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Measure => "order.details_measure",
            Self::Nothing => "order.details_nothing",
            Self::Narrower => "order.details_narrower",
            Self::Class => "order.details_class",
            Self::Harm => "order.details_harm",
            Self::Period => "order.details_period",
            Self::Innocent => "order.details_innocent",
            Self::Minor => "order.details_minor",
            Self::TooLong => "order.details_too_long",
        }
    }
}

/// Checks what an order of `measure` says of an object of `kind`.
///
/// # Errors
/// The first fault.
pub fn check(measure: Measure, kind: &str, details: Option<&Details>) -> Result<(), DetailsFault> {
    let blocks = matches!(
        measure,
        Measure::NumberBlock | Measure::SimBlock | Measure::ImeiBlock | Measure::SenderBlock
    );
    match details {
        Some(Details::Block { ways, .. }) if blocks => nothing(ways.is_empty()),
        Some(Details::Restriction { harm, narrower, .. }) if measure == Measure::ResourceRestriction => {
            if !app::says(harm) {
                return Err(DetailsFault::Harm);
            }
            // One exact address, advertisement or account is as narrow as it gets; a domain takes others with it.
            if matches!(kind, "domain" | "ip") && !app::says(narrower) {
                return Err(DetailsFault::Narrower);
            }
            let long = |t: &str| t.chars().count() > MAX_TEXT;
            if long(harm) || long(narrower) { Err(DetailsFault::TooLong) } else { Ok(()) }
        }
        Some(Details::Disclosure { data, from, to }) if measure == Measure::Disclosure => {
            nothing(data.is_empty())?;
            // Whom somebody calls is asked for a stated time, never for all of it.
            if data.contains(&DataClass::CallRecords) && (from.is_none() || to.is_none()) {
                return Err(DetailsFault::Period);
            }
            let read =
                |t: &Option<String>| t.as_deref().map(|t| time(t).ok_or(DetailsFault::Period)).transpose();
            match (read(from)?, read(to)?) {
                (Some(from), Some(to)) if to < from => Err(DetailsFault::Period),
                _ => Ok(()),
            }
        }
        Some(Details::Return { to_institution, to_value, .. }) if measure == Measure::Return => {
            nothing(to_institution.is_empty() || to_value.is_empty())
        }
        Some(Details::Extension { order, act }) if measure == Measure::Extension => {
            if act.as_deref().is_some_and(|a| a.chars().count() > MAX_TEXT) {
                return Err(DetailsFault::TooLong);
            }
            nothing(order.is_empty() || act.as_deref().is_some_and(|a| !app::says(a)))
        }
        Some(Details::Listing { knowledge, minor, guardian_told, instruments, ground, .. })
            if measure == Measure::Listing =>
        {
            if !knowledge.can_be_listed() {
                return Err(DetailsFault::Innocent);
            }
            if *minor && !guardian_told {
                return Err(DetailsFault::Minor);
            }
            if !app::says(ground) {
                return Err(DetailsFault::Harm);
            }
            if ground.chars().count() > MAX_TEXT || instruments.len() > MAX_INSTRUMENTS {
                return Err(DetailsFault::TooLong);
            }
            nothing(instruments.is_empty())
        }
        Some(Details::Preservation { data }) if measure == Measure::Preservation => nothing(data.is_empty()),
        Some(_) => Err(DetailsFault::Measure),
        // Money, the end of a listing and recordings of a named machine need no more than their own fields.
        None if blocks
            || matches!(
                measure,
                Measure::ResourceRestriction
                    | Measure::Disclosure
                    | Measure::Return
                    | Measure::Extension
                    | Measure::Listing
            ) =>
        {
            Err(DetailsFault::Measure)
        }
        None => Ok(()),
    }
}

const fn nothing(empty: bool) -> Result<(), DetailsFault> {
    if empty { Err(DetailsFault::Nothing) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restriction(harm: &str, narrower: &str) -> Details {
        Details::Restriction {
            act: RestrictionAct::Block,
            class: ContentClass::Phishing,
            harm: harm.into(),
            narrower: narrower.into(),
        }
    }

    #[test]
    fn what_fits_which_measure() {
        let block = Details::Block { ways: vec![BlockWay::Full], ground: BlockGround::Complaint };
        let m = Measure::NumberBlock;
        assert_eq!(check(m, "phone", Some(&block)), Ok(()));
        assert_eq!(check(m, "phone", None), Err(DetailsFault::Measure));
        assert_eq!(check(Measure::Hold, "iban", Some(&block)), Err(DetailsFault::Measure));
        assert_eq!(check(Measure::Hold, "iban", None), Ok(()));
        let none = Details::Block { ways: vec![], ground: BlockGround::Complaint };
        assert_eq!(check(m, "phone", Some(&none)), Err(DetailsFault::Nothing));
    }

    #[test]
    fn the_wider_the_more_must_be_said() {
        let m = Measure::ResourceRestriction;
        assert_eq!(check(m, "url", Some(&restriction("takes card numbers", ""))), Ok(()));
        for said in [" ", "\u{200b}", "–"] {
            assert_eq!(check(m, "url", Some(&restriction(said, ""))), Err(DetailsFault::Harm), "{said:?}");
        }
        assert_eq!(
            check(m, "domain", Some(&restriction("takes card numbers", ""))),
            Err(DetailsFault::Narrower)
        );
        let said = restriction("takes card numbers", "every page of it does");
        assert_eq!(check(m, "domain", Some(&said)), Ok(()));
        let long = restriction(&"ә".repeat(MAX_TEXT + 1), "");
        assert_eq!(check(m, "url", Some(&long)), Err(DetailsFault::TooLong));
    }

    #[test]
    fn a_period_runs_forward() {
        let (t, u) = ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00+05:00");
        let asked = |from: Option<&str>, to: Option<&str>| {
            let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
            let details = Details::Disclosure { data: vec![DataClass::Owner], from, to };
            check(Measure::Disclosure, "iban", Some(&details))
        };
        assert_eq!(asked(None, None), Ok(()));
        assert_eq!(asked(Some(t), Some(t)), Ok(()));
        assert_eq!(asked(Some(t), Some(u)), Ok(()));
        assert_eq!(asked(Some(u), Some(t)), Err(DetailsFault::Period));
        assert_eq!(asked(Some("yesterday"), None), Err(DetailsFault::Period));
        let calls = |from: Option<&str>, to: Option<&str>| {
            let data = vec![DataClass::Owner, DataClass::CallRecords];
            let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
            check(Measure::Disclosure, "phone", Some(&Details::Disclosure { data, from, to }))
        };
        assert_eq!(calls(Some(t), Some(u)), Ok(()));
        assert_eq!(calls(Some(t), None), Err(DetailsFault::Period));
        assert_eq!(calls(None, Some(t)), Err(DetailsFault::Period));
    }

    #[test]
    fn who_is_listed() {
        let listed = |knowledge, minor, guardian_told, ground: &str, n| {
            let one = Instrument { institution: "ZBEK".into(), kind: "iban".into(), value: "KZ01".into() };
            let (voluntary, talked, instruments) = (false, false, vec![one; n]);
            let ground = ground.to_owned();
            let details =
                Details::Listing { knowledge, minor, guardian_told, voluntary, talked, instruments, ground };
            check(Measure::Listing, "person", Some(&details))
        };
        assert_eq!(listed(Knowledge::Witting, false, false, "sold the card", 1), Ok(()));
        for who in [Knowledge::Unwitting, Knowledge::Coerced, Knowledge::IdentityStolen] {
            assert_eq!(listed(who, false, false, "x", 1), Err(DetailsFault::Innocent), "{who:?}");
        }
        assert_eq!(listed(Knowledge::Witting, true, false, "x", 1), Err(DetailsFault::Minor));
        assert_eq!(listed(Knowledge::Witting, true, true, "x", 1), Ok(()));
        assert_eq!(listed(Knowledge::Witting, false, false, " ", 1), Err(DetailsFault::Harm));
        assert_eq!(listed(Knowledge::Witting, false, false, "x", 0), Err(DetailsFault::Nothing));
        assert_eq!(check(Measure::Listing, "person", None), Err(DetailsFault::Measure));
        assert_eq!(check(Measure::Delisting, "person", None), Ok(()));
    }

    #[test]
    fn words_come_back() {
        for way in BlockWay::ALL {
            assert_eq!(BlockWay::parse(way.as_str()), Some(*way));
            assert_eq!(serde_json::to_value(way).unwrap(), way.as_str());
        }
        for act in RestrictionAct::ALL {
            assert_eq!(serde_json::to_value(act).unwrap(), act.as_str());
        }
    }
}
