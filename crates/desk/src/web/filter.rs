//! The filter of the queue: one line of text, as it stands in the address. Pure.

use kernel::{Money, Timestamp};
use uuid::Uuid;

use crate::model::{QueueRow, Why};

/// A filter, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Filter {
    tests: Vec<Test>,
    /// Rows that wait are wanted.
    pub(crate) snoozed: bool,
    /// Closed rows are wanted.
    pub(crate) closed: bool,
    /// Only rows whose owner is away are wanted: the page knows who is.
    pub(crate) away: bool,
    /// Only reports of the scheme with this number are wanted: the page knows which.
    pub(crate) scheme: Option<String>,
    /// Only reporters who went on paying are wanted.
    pub(crate) paying: bool,
    /// Nothing is to be folded.
    pub(crate) all: bool,
    /// Only clients of the institution with this code are wanted: the page knows whose client is who.
    pub(crate) bank: Option<String>,
    /// Only reports of the hour before this moment are wanted, as typed: the page knows the zone. Rows that wait and closed ones, too: who
    /// asks what came in an hour asks for all of it.
    pub(crate) hour: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Why(Why),
    Person,
    Mine,
    Free,
    Ongoing,
    Over(i64),
    Under(i64),
    Word(String),
    /// A word that begins like one of ours and is none: it finds nothing rather than everything.
    Never,
}

impl Filter {
    /// Reads the text. `-` before a word turns it round only for `-assigned`, as the words of the bar say.
    pub(crate) fn read(text: &str) -> Self {
        let mut filter = Self::default();
        for word in text.split_whitespace().take(20) {
            match word.to_lowercase().as_str() {
                "is:snoozed" => filter.snoozed = true,
                "is:closed" => filter.closed = true,
                "is:away" => filter.away = true,
                "is:paying" => filter.paying = true,
                "is:all" => filter.all = true,
                other if other.starts_with("scheme:") => match other.split_once(':') {
                    Some((_, number)) if scheme::model::read_number(number).is_some() => {
                        filter.scheme = scheme::model::read_number(number).map(scheme::model::number);
                    }
                    _ => filter.tests.push(Test::Never),
                },
                other if other.starts_with("bank:") => filter.bank = Some(other.replacen("bank:", "", 1)),
                other if other.starts_with("hour:") => {
                    filter.hour = Some(other.replacen("hour:", "", 1).replace('t', "T"));
                }
                other => filter.tests.push(test(other)),
            }
        }
        filter
    }

    /// Whether the row is wanted by `me`. Rows that wait, and closed ones, only where the text names them. `rough`
    /// brings losses of different assets to one measure, as [`profile::Profile::rough`] does.
    pub(crate) fn takes(
        &self,
        row: &QueueRow,
        me: Option<Uuid>,
        now: Timestamp,
        rough: impl Fn(Money) -> Money,
    ) -> bool {
        let waits = row.snoozed_until.is_some_and(|until| until > now);
        let kept = if self.hour.is_some() {
            true
        } else if self.closed {
            row.closed_at.is_some()
        } else {
            row.closed_at.is_none() && waits == self.snoozed
        };
        kept && self.tests.iter().all(|test| matches(test, row, me, rough(row.loss)))
    }
}

fn test(word: &str) -> Test {
    match word {
        "is:late" => Test::Why(Why::Late),
        "is:person" => Test::Person,
        "is:mine" => Test::Mine,
        "-assigned" => Test::Free,
        "is:ongoing" => Test::Ongoing,
        _ => rest(word),
    }
}

fn rest(word: &str) -> Test {
    let sum = |digits: &str| digits.replace(['_', ','], "").parse::<i64>().ok();
    if let Some(limit) = word.strip_prefix("loss:>").and_then(sum) {
        return Test::Over(limit);
    }
    if let Some(limit) = word.strip_prefix("loss:<").and_then(sum) {
        return Test::Under(limit);
    }
    if let Some(name) = word.strip_prefix("why:") {
        return Why::ALL.into_iter().find(|w| w.as_str() == name).map_or(Test::Never, Test::Why);
    }
    if word.contains(':') { Test::Never } else { Test::Word(word.to_owned()) }
}

fn matches(test: &Test, row: &QueueRow, me: Option<Uuid>, loss: Money) -> bool {
    match test {
        Test::Why(why) => row.why == *why,
        Test::Person => row.why.needs_person(),
        Test::Mine => me.is_some() && row.owner == me,
        Test::Free => row.owner.is_none(),
        Test::Ongoing => row.ongoing,
        Test::Over(limit) => whole(loss) > *limit,
        Test::Under(limit) => whole(loss) < *limit,
        Test::Word(word) => {
            row.number.to_lowercase().contains(word) || row.owner_name.to_lowercase().contains(word)
        }
        Test::Never => false,
    }
}

/// The hour before a moment that was written to the minute: that minute counts whole.
pub(crate) fn within_hour(came: Timestamp, until: Timestamp) -> bool {
    let end = until.plus_secs(60);
    came < end && came >= until.plus_secs(-3_600)
}

/// The sum in whole units of its asset.
fn whole(money: Money) -> i64 {
    let one = 10_i64.checked_pow(u32::from(money.asset().scale())).unwrap_or(1);
    money.minor().checked_div(one).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::tests::row;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn found(text: &str, row: &QueueRow) -> bool {
        Filter::read(text).takes(row, Some(Uuid::from_u128(7)), NOW, |loss| loss)
    }

    #[test]
    fn words_of_the_filter() {
        let plain = row("R-2026-00001", Why::Drafts, 250_000);
        assert!(found("", &plain) && found("why:drafts loss:>100000 -assigned", &plain));
        assert!(found("is:person", &plain) && !found("is:late", &plain) && !found("is:mine", &plain));
        assert!(found("r-2026", &plain) && !found("loss:>250000", &plain) && found("loss:<250001", &plain));
        assert!(
            !found("why:nonsense", &plain) && !found("kind:report", &plain) && !found("scheme:x", &plain),
            "an unknown word finds nothing"
        );
        let read = Filter::read("scheme:s-118 is:paying");
        assert_eq!((read.scheme.as_deref(), read.paying), (Some("S-118"), true));
        let mine =
            QueueRow { owner: Some(Uuid::from_u128(7)), owner_name: "А. Сейітов".into(), ..plain };
        assert!(found("is:mine сейітов", &mine) && !found("-assigned", &mine));
    }

    #[test]
    fn waiting_and_closed_rows_are_asked_for() {
        let base = row("R-1", Why::Waiting, 1);
        let waits = QueueRow { snoozed_until: Some(NOW.plus_secs(60)), ..base.clone() };
        assert!(!found("", &waits) && found("is:snoozed", &waits) && !found("is:snoozed", &base));
        let woken = QueueRow { snoozed_until: Some(NOW.plus_secs(-60)), ..base.clone() };
        assert!(found("", &woken));
        let closed = QueueRow { closed_at: Some(NOW), ..base };
        assert!(!found("", &closed) && found("is:closed", &closed));
    }

    #[test]
    fn reports_of_a_bank_and_an_hour() {
        let read = Filter::read("bank:ZBDALA hour:28.11.2026T12:05");
        assert_eq!((read.bank.as_deref(), read.hour.as_deref()), (Some("zbdala"), Some("28.11.2026T12:05")));
        let base = row("R-1", Why::Waiting, 1);
        let closed = QueueRow { closed_at: Some(NOW), ..base };
        assert!(found("hour:x", &closed), "closed ones, too");
        for (secs, inside) in [(-3_601, false), (-3_600, true), (0, true), (59, true), (60, false)] {
            assert_eq!(within_hour(NOW.plus_secs(secs), NOW), inside, "{secs}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".{0,60}") {
            let _ = found(&text, &row("R-1", Why::New, 1));
        }
    }
}
