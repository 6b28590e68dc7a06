//! What endpoints and notifications are.

use kernel::Timestamp;

use crate::model::PartnerId;

kernel::id_kind!(
    /// An address of a partner's that notifications are posted to.
    EndpointKind, EndpointId, "hook"
);
kernel::id_kind!(
    /// A notification. Its text is the header `webhook-id`, the same at every repetition.
    NotificationKind, NotificationId, "ntf"
);

kernel::words!(
    /// Why a partner is notified. It decides who hears; it is not in what is sent.
    Topic {
        /// An order lies ready.
        Order = "order",
        /// The end of a restriction lies ready.
        Release = "release",
        /// A reminder lies ready.
        Reminder = "reminder",
        /// What a holder is to be told lies ready.
        Notice = "notice",
        /// Word that nothing stands against a thing any more lies ready.
        Correction = "correction",
        /// Word that something was cleared of which the institution had been told lies ready.
        Clearance = "clearance",
        /// Notifications go to this endpoint again: something may have come meanwhile.
        Resumed = "resumed",
        /// Somebody wants to see whether it arrives.
        Test = "test",
    }
);

impl Topic {
    /// What an endpoint can ask for.
    pub const SUBSCRIBABLE: [Self; 6] =
        [Self::Order, Self::Release, Self::Reminder, Self::Notice, Self::Correction, Self::Clearance];
}

kernel::words!(
    /// What an endpoint is for.
    Mode {
        /// Hears of what lies ready.
        Live = "live",
        /// Hears tests only, until its owner trusts it.
        Test = "test",
    }
);

kernel::words!(
    /// Whether anything is posted to an endpoint.
    EndpointState {
        /// Yes.
        Active = "active",
        /// No, because somebody said so.
        Paused = "paused",
        /// No, because it answered 410 Gone.
        Disabled = "disabled",
    }
);

kernel::words!(
    /// How far a notification has come.
    NotificationState {
        /// On its way.
        Pending = "pending",
        /// The endpoint took it.
        Done = "done",
        /// Not taken, and not tried again by itself.
        GivenUp = "given_up",
    }
);

kernel::words!(
    /// Why a try failed, or why there is none any more: a word that names nobody.
    Fault {
        /// No answer in time.
        Timeout = "timeout",
        /// No connection.
        Unreachable = "unreachable",
        /// The name leads nowhere.
        Name = "name",
        /// The name leads to an address that nothing is posted to.
        Inside = "inside",
        /// No secure connection.
        Tls = "tls",
        /// The connection broke, or what came was no HTTP.
        Broken = "broken",
        /// An answer, but not 2xx.
        Status = "status",
        /// The endpoint answered 410 Gone.
        Gone = "gone",
        /// The endpoint, or its institution, takes no part at present.
        Paused = "paused",
        /// The endpoint is no more.
        Removed = "removed",
        /// The secret cannot be opened any more.
        Key = "key",
    }
);

/// An endpoint, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Database key.
    pub id: EndpointId,
    /// Whose it is.
    pub partner: PartnerId,
    /// Where notifications are posted; its path may hold what is nobody's business.
    pub url: String,
    /// What it asked for.
    pub topics: Vec<Topic>,
    /// What it is for.
    pub mode: Mode,
    /// Whether anything is posted.
    pub state: EndpointState,
    /// Until when an earlier secret signs, too, wall time; may lie in the past.
    pub previous_until: Option<Timestamp>,
    /// When it was added, office time.
    pub created_at: Timestamp,
    /// When it was last changed by somebody, office time.
    pub changed_at: Timestamp,
    /// Failed tries in a row.
    pub failures: i64,
    /// When it last took something, wall time, to about ten seconds.
    pub last_success: Option<Timestamp>,
}

impl Endpoint {
    /// The host of the address, with its port: what may be shown and recorded.
    #[must_use]
    pub fn host(&self) -> &str {
        host(&self.url)
    }
}

/// The host of an address, with its port.
#[must_use]
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// A notification, as its owner and the administrator see it. All times are wall time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id, the header `webhook-id`.
    pub id: NotificationId,
    /// Where it goes.
    pub endpoint: EndpointId,
    /// Why.
    pub topic: Topic,
    /// When it was put.
    pub created: Timestamp,
    /// Not before this.
    pub due: Timestamp,
    /// Tries made.
    pub tries: i64,
    /// How far it has come.
    pub state: NotificationState,
    /// When it was last tried.
    pub tried: Option<Timestamp>,
    /// HTTP status of the last try, if one came.
    pub last_status: Option<u16>,
    /// Why the last try failed.
    pub last_error: Option<Fault>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip() {
        for topic in Topic::ALL {
            assert_eq!(Topic::parse(topic.as_str()), Some(*topic));
        }
        assert!(Topic::SUBSCRIBABLE.iter().all(|t| !matches!(t, Topic::Test | Topic::Resumed)));
        for word in ["", "Order", "orders"] {
            assert_eq!(Topic::parse(word), None);
        }
    }

    #[test]
    fn of_an_address_the_host() {
        assert_eq!(host("https://hooks.zalt.example:8443/a?token=1"), "hooks.zalt.example:8443");
        assert_eq!(host("https://hooks.zalt.example?token=1"), "hooks.zalt.example");
        assert_eq!(host("http://[::1]:9/x"), "[::1]:9");
    }
}
