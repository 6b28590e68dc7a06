//! What is checked: stable ids, a sentence each, and the section of docs/partner-api/README.md that says so.

/// Sections of docs/partner-api/README.md; a test holds them against its headings.
mod section {
    pub const SIGNS: &str = "Who signs what";
    pub const RECEIVES: &str = "What a partner receives";
    pub const ORDER: &str = "order.v1";
    pub const RELEASE: &str = "release.v1";
    pub const REMINDER: &str = "reminder.v1";
    pub const NOTICE: &str = "notice.v1";
    pub const CORRECTION: &str = "correction.v1";
    pub const CLEARANCE: &str = "clearance.v1";
    pub const ANSWERS: &str = "POST /api/v1/orders/{order_id}/answers";
}

macro_rules! checks {
    ($($name:ident $id:literal $section:ident $what:literal)*) => {
        /// One thing that is checked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check { $(#[doc = $what] $name,)* }

        impl Check {
            /// All, in the order of the report.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// The stable id.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }
            /// What is checked, as a sentence without its full stop.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$name => $what,)* }
            }
            /// The section of docs/partner-api/README.md that says so.
            #[must_use]
            pub const fn section(self) -> &'static str {
                match self { $(Self::$name => section::$section,)* }
            }
        }
    };
}

checks! {
    ReachMessage "reach.message" SIGNS "a rightly signed message is taken (2xx within ten seconds)"

    HoldAcknowledged "hold.acknowledged" ORDER "receipt of an order is confirmed by `ack_due`"
    HoldAnswered "hold.answered" ORDER "there is a word about the object by `action_due`"
    HoldKnown "hold.known" ORDER "the known thing is found and the measure carried out"
    HoldUnknown "hold.unknown" ANSWERS "an unknown thing is answered by `N30`, `N31` or `N32`, and nothing is restricted"
    HoldPayer "hold.payer" ORDER "a payment that somebody else made than the trigger names is answered by `N31`, and nothing is held"
    HoldWhole "hold.whole" ANSWERS "an order about a whole payment is answered: what is held, and where the rest went"
    HoldMany "hold.many" ORDER "each object of an order that names many is answered by its own `object_id`"

    DuplicateTaken "duplicate.taken" RECEIVES "a message that comes again, also twice at once, is taken without a fault"
    DuplicateOnce "duplicate.once" RECEIVES "a message that came before does not act twice"

    ReorderRelease "reorder.release_first" RECEIVES "an order that comes after its release leaves nothing held"
    ReorderReminder "reorder.reminder_first" REMINDER "a reminder before its order does no harm, the order is answered as ever"

    UnknownFields "unknown.fields" RECEIVES "fields that nobody knows are ignored"
    UnknownMeasure "unknown.measure" ORDER "an order of an unknown measure is refused or asked about, never carried out"
    UnknownMessage "unknown.message" RECEIVES "a message of an unknown type does no harm"

    WeightBig "weight.big" ORDER "an order as long as one of a thousand objects is taken"
    WeightSlow "weight.slow" RECEIVES "a body that comes slowly is taken, and nobody else waits for it"

    ReleaseFull "release.full" RELEASE "a release ends the hold and is answered by its code"
    ReleasePart "release.part" RELEASE "a release of a part frees that part and no more"
    ReleaseTwice "release.twice" RELEASE "a release that comes again frees nothing twice"
    ReleaseLapse "release.lapse" RELEASE "a hold ends by itself at `expires_at` and is answered by `L60`"

    NoticeTold "notice.told" NOTICE "a notice to the holder is answered by `S10`"
    CorrectionDone "correction.done" CORRECTION "a correction after the end of an order is answered by `S20`"
    ClearanceTaken "clearance.taken" CLEARANCE "word of what was cleared in the registry is taken"

    RepeatFault "repeat.after_500" ANSWERS "an answer that met 500 is sent again under the same `answer_id`, with the same body"
    RepeatSilence "repeat.after_silence" ANSWERS "an answer that met silence is sent again under the same `answer_id`, with the same body"
    RepeatStops "repeat.stops" ANSWERS "an answer that was taken is not sent on and on"

    SignPresent "sign.present" SIGNS "every answer is signed, by one signature with the tag `qorgan-v1`"
    SignKey "sign.key" SIGNS "signatures are by the key that was named, and match the message"
    SignCovers "sign.covers" SIGNS "signatures cover exactly the components of the profile, and have its parameters"
    SignFresh "sign.fresh" SIGNS "signatures are good for at most 300 s and by a clock that is right"
    SignDigest "sign.digest" SIGNS "`Content-Digest` is there, `sha-256`, and that of the body"
    SignNonce "sign.nonce" SIGNS "no nonce is used twice"

    AnswerShape "answer.shape" ANSWERS "answers are JSON of the form `answer.v1`, for the order and executor of the message"
    AnswerId "answer.id" ANSWERS "`answer_id` is 1 to 64 letters, digits, `-`, `_` or `.`, and stands for one body for ever"
    AnswerObject "answer.object" ANSWERS "`object_id` names an object of the order, and is left out only beside a bare `A00`"
    AnswerCodes "answer.codes" ANSWERS "codes are of the table and fit the measure"
    AnswerFields "answer.fields" ANSWERS "lines add what their code must add; of holders what the page says, with right numbers and days"
    AnswerAmounts "answer.amounts" RECEIVES "amounts are decimal text above nothing, in the currency of the order"
    AnswerCap "answer.cap" ORDER "no more is held than was asked; `H10` says exactly the cap"
    AnswerSums "answer.sums" ANSWERS "what is held, held already and moved on adds up to the disputed sum, never above"
    AnswerTimes "answer.times" ANSWERS "times are RFC 3339 with offset, not ahead of the clock, and plausible"
    AnswerAccounts "answer.accounts" ANSWERS "accounts are what their kind says, check digits included"

    RefuseUnsigned "refuse.unsigned" SIGNS "a message without signature is refused (4xx) and has no effect"
    RefuseWrongKey "refuse.wrong_key" SIGNS "a message signed by another key under the node's `keyid` is refused and has no effect"
    RefuseUnknownKey "refuse.unknown_key" SIGNS "a message signed by a stranger's key is refused and has no effect"
    RefuseBodyChanged "refuse.body_changed" SIGNS "a message whose body was changed is refused and has no effect"
    RefuseDigestChanged "refuse.digest_changed" SIGNS "a message whose body and digest were changed is refused and has no effect"
    RefuseNotCovered "refuse.not_covered" SIGNS "a message whose signature leaves the body uncovered is refused and has no effect"
    RefuseExpired "refuse.expired" SIGNS "a message whose signature has expired is refused and has no effect"
    RefuseFuture "refuse.from_future" SIGNS "a message signed in the future is refused and has no effect"
    RefuseTooLong "refuse.too_long" SIGNS "a message whose signature is good for longer than 300 s is refused and has no effect"
    RefuseNoNonce "refuse.no_nonce" SIGNS "a message whose signature has no nonce is refused and has no effect"
    RefuseNonceTwice "refuse.nonce_twice" SIGNS "another message under a nonce that was used is refused and has no effect"
    RefuseReplay "refuse.replay" SIGNS "the same bytes under the same signature again are refused"
    RefuseWrongTag "refuse.wrong_tag" SIGNS "a message signed under another tag is refused and has no effect"
    RefuseOtherTarget "refuse.other_target" SIGNS "a message signed for another address is refused and has no effect"
    RefuseOtherMethod "refuse.other_method" SIGNS "a message signed for another method is refused and has no effect"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_sections_are_headings_of_the_page() {
        let ids: BTreeSet<&str> = Check::ALL.iter().map(|c| c.id()).collect();
        assert_eq!(ids.len(), Check::ALL.len());
        let page = include_str!("../../../docs/partner-api/README.md");
        let headings: Vec<String> =
            page.lines().filter(|l| l.starts_with('#')).map(|l| l.replace('`', "")).collect();
        for check in Check::ALL {
            let fits = |h: &String| h.trim_start_matches(['#', ' ']).starts_with(check.section());
            assert!(headings.iter().any(fits), "no heading `{}`", check.section());
            assert!(!check.what().ends_with('.'), "{}", check.id());
        }
    }

    /// A partner reads there what each check wants; a check that is not on the page is a riddle.
    #[test]
    fn every_check_is_on_its_page() {
        let page = include_str!("../../../docs/partner-api/conformance.md");
        for check in Check::ALL {
            assert!(page.contains(&format!("`{}`", check.id())), "`{}` is not on the page", check.id());
        }
    }
}
