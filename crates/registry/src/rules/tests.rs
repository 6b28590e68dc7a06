//! The promises of the registry over every mixture of reports and decisions.

use kernel::{Header, Lang, Marking, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::guard::{Beforehand, Guard};
use super::tally::tests::{any_mention, mention};
use super::{Band, Known, PublicAnswer, Term, Verdict, lapse, standing};
use super::{LifeError, clear, confirm, dispute, list, public, stand, status, tally, verdict};
use crate::model::{Advice, Age, Class, Confidence, Decided, Entry, EntryId, How, Mention, Reason, Status};

const NOW: Timestamp = Timestamp::from_secs(1_000_000);
const LATER: Timestamp = Timestamp::from_secs(2_000_000);
const END: Timestamp = Timestamp::from_secs(9_000_000);
const TERM: Term = Term { now: NOW, review_at: LATER, until_at: END };
const OPEN: Beforehand = Beforehand { verified: false, shared: false, reserved: false, imitates: false };

fn header() -> Header {
    Header {
        origin_node: "n1".into(),
        organisation_id: "dep".into(),
        unit_id: "duty".into(),
        region: String::new(),
        marking: Marking::default(),
        lang: Lang::EN,
        created_at: Timestamp::from_secs(1),
        source_time: Timestamp::from_secs(1),
        source_zone: "UTC".into(),
        author: "system:registry".into(),
        basis: None,
        profile_version: "v".into(),
        retention_class: "registry".into(),
    }
}

fn entry(kind: identifier::Kind, mentions: &[Mention]) -> Entry {
    Entry {
        id: EntryId::from_uuid(Uuid::from_u128(1)),
        header: header(),
        kind,
        masked: "…".into(),
        whole: true,
        tally: tally(mentions),
        decided: Decided::Nothing,
        decided_at: None,
        basis: None,
        until_at: None,
        disputed_at: None,
        objected_by: None,
        review_at: None,
        expires_at: END,
        doubted_at: None,
        spared: false,
        version: 0,
    }
}

fn paid(verified: bool) -> Entry {
    entry(identifier::Kind::Iban, &[mention(1, How::PaidTo, 1, verified)])
}

fn told(e: &Entry, beforehand: Beforehand) -> Verdict {
    verdict(Known { entry: Some(e), beforehand }, NOW)
}

fn shown(e: &Entry, beforehand: Beforehand) -> PublicAnswer {
    public(Known { entry: Some(e), beforehand }, NOW)
}

fn confirmed(e: &Entry) -> Entry {
    confirm(e, OPEN, TERM).unwrap()
}

fn listed(e: &Entry) -> Entry {
    list(&confirmed(e), OPEN, (Uuid::nil(), 1), TERM).unwrap()
}

#[test]
fn the_whole_life() {
    let reported = paid(true);
    assert_eq!(status(&reported, NOW), Status::Reported);
    let suspect = confirmed(&reported);
    assert_eq!((status(&suspect, NOW), suspect.review_at), (Status::Suspect, Some(LATER)));
    let on = listed(&reported);
    assert_eq!(status(&on, NOW), Status::Listed);
    let disputed = dispute(&on, "o", NOW).unwrap();
    assert_eq!(status(&disputed, NOW), Status::Disputed);
    assert_eq!(status(&stand(&disputed, NOW).unwrap(), NOW), Status::Listed);
    let cleared = clear(&disputed, NOW).unwrap();
    assert_eq!(status(&cleared, END), Status::Cleared, "cleared is for good");
    assert_eq!(status(&on, END), Status::Expired);
    // New reports about what was cleared move nothing; a person may.
    assert_eq!(
        status(&Entry { tally: tally(&[mention(2, How::PaidTo, 2, true)]), ..cleared.clone() }, NOW),
        Status::Cleared
    );
    assert_eq!(confirm(&cleared, OPEN, TERM), Err(LifeError::Stands(Status::Cleared)), "nothing new");
    let late = Mention { at: NOW.plus_secs(1), ..mention(3, How::PaidTo, 3, true) };
    let again = Entry { tally: tally(&[late]), ..cleared };
    assert_eq!(status(&confirmed(&again), NOW), Status::Suspect);
}

#[test]
fn acts_that_do_not_fit() {
    let reported = paid(true);
    assert_eq!(list(&reported, OPEN, (Uuid::nil(), 1), TERM), Err(LifeError::Stands(Status::Reported)));
    assert_eq!(confirm(&listed(&reported), OPEN, TERM), Err(LifeError::Stands(Status::Listed)));
    let disputed = dispute(&confirmed(&reported), "o", NOW).unwrap();
    assert_eq!(list(&disputed, OPEN, (Uuid::nil(), 1), TERM), Err(LifeError::Stands(Status::Disputed)));
    assert_eq!(dispute(&disputed, "o", NOW), Err(LifeError::Stands(Status::Disputed)));
    assert_eq!(stand(&reported, NOW), Err(LifeError::Stands(Status::Reported)));
    let cleared = clear(&reported, NOW).unwrap();
    assert_eq!(clear(&cleared, NOW), Err(LifeError::Stands(Status::Cleared)));
    assert_eq!(dispute(&cleared, "o", NOW), Err(LifeError::Stands(Status::Cleared)));
}

#[test]
fn what_is_protected() {
    let with = |verified, shared, reserved| Beforehand { verified, shared, reserved, ..OPEN };
    let refused = |e: &Entry, b| match confirm(e, b, TERM) {
        Err(LifeError::Guarded(g)) => Some(g),
        _ => None,
    };
    let reported = paid(true);
    assert_eq!(refused(&reported, with(true, false, false)), Some(Guard::Verified));
    assert_eq!(refused(&reported, with(false, false, true)), Some(Guard::Reserved));
    assert_eq!(refused(&reported, with(false, true, false)), None, "a wallet of an exchange may be watched");
    let victims = entry(identifier::Kind::Phone, &[mention(1, How::Own, 1, true)]);
    assert_eq!(refused(&victims, OPEN), Some(Guard::Victim));
    let only_told = entry(identifier::Kind::Phone, &[mention(1, How::Told, 1, true)]);
    assert_eq!(refused(&only_told, OPEN), None, "an officer has read the story");
    assert_eq!(refused(&entry(identifier::Kind::Phone, &[]), OPEN), Some(Guard::Unreported));

    let refused = |e: &Entry, b| match list(&confirmed(e), b, (Uuid::nil(), 1), TERM) {
        Err(LifeError::Guarded(g)) => Some(g),
        _ => None,
    };
    assert_eq!(refused(&reported, with(false, true, false)), Some(Guard::Shared));
    let ten = Entry { whole: false, ..entry(identifier::Kind::Card, &[mention(1, How::PaidTo, 1, true)]) };
    assert_eq!(refused(&ten, OPEN), Some(Guard::Crowd));
    assert_eq!(refused(&Entry { whole: true, ..ten }, OPEN), None);
}

#[test]
fn what_partners_are_told() {
    use Reason::{Confirmed, Disputed, Listed, PaidTo, Reporters, Shared};
    let expect = |e: &Entry, class, advice, confidence, reasons: &[Reason]| {
        let found = told(e, OPEN);
        assert_eq!((found.class, found.advice, found.confidence), (class, advice, Some(confidence)));
        assert_eq!(found.reasons, reasons);
    };
    let one = paid(false);
    expect(&one, Class::Reported, Advice::AskPayer, Confidence::Low, &[PaidTo]);
    let two =
        entry(identifier::Kind::Iban, &[mention(1, How::PaidTo, 1, true), mention(2, How::PaidTo, 2, true)]);
    expect(&two, Class::Reported, Advice::AskPayer, Confidence::Medium, &[PaidTo, Reporters]);
    expect(&confirmed(&one), Class::Suspect, Advice::AskAndWait, Confidence::High, &[PaidTo, Confirmed]);
    expect(&listed(&one), Class::Listed, Advice::Decline, Confidence::High, &[PaidTo, Listed]);
    let disputed = dispute(&listed(&one), "o", NOW).unwrap();
    expect(&disputed, Class::Listed, Advice::AskPayer, Confidence::High, &[PaidTo, Listed, Disputed]);

    // What turned out to be everybody's after it was listed stops nobody's payment.
    let shared = told(&listed(&one), Beforehand { shared: true, ..OPEN });
    assert_eq!((shared.advice, shared.reasons), (Advice::AskPayer, vec![PaidTo, Listed, Shared]));
    assert_eq!(
        told(&two, Beforehand { shared: true, ..OPEN }),
        Verdict::NOTHING,
        "every second story names it"
    );
    assert_eq!(told(&listed(&one), Beforehand { verified: true, ..OPEN }).class, Class::Verified);
    assert_eq!(told(&listed(&one), Beforehand { reserved: true, ..OPEN }), Verdict::NOTHING);
    assert_eq!(told(&clear(&listed(&one), NOW).unwrap(), OPEN), Verdict::NOTHING);
    assert_eq!(verdict(Known { entry: Some(&listed(&one)), beforehand: OPEN }, END), Verdict::NOTHING);
    assert_eq!(verdict(Known { entry: None, beforehand: OPEN }, NOW), Verdict::NOTHING);
}

#[test]
fn stories_alone() {
    let told_by = |n: u128, verified| {
        let all: Vec<Mention> = (1..=n).map(|i| mention(i, How::Told, i, verified)).collect();
        entry(identifier::Kind::Phone, &all)
    };
    assert_eq!(status(&told_by(1, true), NOW), Status::Seen, "it may be the number of a friend");
    assert_eq!(told(&told_by(1, true), OPEN), Verdict::NOTHING);
    assert_eq!(told(&told_by(50, false), OPEN), Verdict::NOTHING);
    let two = told(&told_by(2, true), OPEN);
    assert_eq!((two.class, two.reasons), (Class::Reported, vec![Reason::Told, Reason::Reporters]));
    assert_eq!(
        shown(&told_by(2, true), OPEN),
        PublicAnswer::Nothing,
        "two of one family know the same people"
    );
    assert_eq!(shown(&told_by(3, true), OPEN), PublicAnswer::Reported(Band::Several, Age::Month));
}

#[test]
fn of_persons_a_listing_alone_is_told_and_to_partners_alone() {
    let person =
        entry(identifier::Kind::Iin, &[mention(1, How::Clue, 1, true), mention(2, How::Clue, 2, true)]);
    assert_eq!(told(&person, OPEN), Verdict::NOTHING);
    assert_eq!(told(&confirmed(&person), OPEN), Verdict::NOTHING);
    assert_eq!(told(&listed(&person), OPEN).advice, Advice::Decline);
    assert_eq!(shown(&listed(&person), OPEN), PublicAnswer::Nothing);
}

#[test]
fn ages_are_whole_days_and_change_at_midnight() {
    let midnight = Timestamp::from_secs(20_000 * 86_400);
    for (last, now, age) in [
        (0, 0, Age::Day),
        (-1, 0, Age::Day),
        (-86_400, 0, Age::Day),
        (-86_401, 0, Age::Week),
        (-86_401, -1, Age::Day),
        (-7 * 86_400, 0, Age::Month),
        (-30 * 86_400, 0, Age::Older),
        // A clock that was set back.
        (5, 0, Age::Day),
    ] {
        let day = midnight.plus_secs(last).as_secs().div_euclid(86_400);
        let told = super::age(u16::try_from(day).unwrap(), midnight.plus_secs(now));
        assert_eq!(told, age, "{last} {now}");
    }
}

/// A decision holds for its term: no report makes it longer, and none revives it.
#[test]
fn what_is_over_is_over() {
    let on = listed(&paid(true));
    assert_eq!(standing(&on, END.plus_secs(-1)), Decided::Listed);
    assert_eq!(standing(&on, END), Decided::Nothing);
    let reported_again = Entry { expires_at: END.plus_secs(1_000), ..on };
    assert_eq!(status(&reported_again, END), Status::Reported);
    assert_eq!(
        verdict(Known { entry: Some(&reported_again), beforehand: OPEN }, END).advice,
        Advice::AskPayer
    );
    let lapsed = lapse(reported_again.clone(), END);
    assert_eq!((lapsed.decided, lapsed.basis, lapsed.until_at), (Decided::Nothing, None, None));
    assert_eq!(lapse(reported_again.clone(), NOW), reported_again);
    let cleared = clear(&reported_again, NOW).unwrap();
    assert_eq!(lapse(cleared.clone(), END), cleared, "cleared is for good");
}

#[test]
fn a_flood_of_one_sort_says_nothing_of_another() {
    // What anybody may send: that the account is theirs, and that it stands in their story.
    let mut all: Vec<Mention> = (10..200).map(|i| mention(i, How::Own, i, false)).collect();
    all.extend((200..400).map(|i| mention(i, How::Told, i, false)));
    all.push(mention(1, How::PaidTo, 1, true));
    let flooded = listed(&entry(identifier::Kind::Iban, &all));
    assert_eq!(told(&flooded, OPEN).advice, Advice::Decline);
}

#[test]
fn what_anybody_is_told() {
    let by = |n: u128, verified| -> Vec<Mention> {
        (1..=n).map(|i| mention(i, How::PaidTo, i, verified)).collect()
    };
    let of = |n, verified| shown(&entry(identifier::Kind::Iban, &by(n, verified)), OPEN);
    assert_eq!(of(1, true), PublicAnswer::Nothing, "one report harms nobody");
    assert_eq!(of(50, false), PublicAnswer::Nothing, "whoever files fifty is not believed");
    assert_eq!(of(2, true), PublicAnswer::Reported(Band::Few, Age::Month));
    assert_eq!(of(3, true), PublicAnswer::Reported(Band::Several, Age::Month));
    assert_eq!(of(9, true), PublicAnswer::Reported(Band::Several, Age::Month));
    assert_eq!(of(10, true), PublicAnswer::Reported(Band::Many, Age::Month));
    let one = paid(false);
    assert_eq!(shown(&confirmed(&one), OPEN), PublicAnswer::Warned(Band::Few, Age::Month));
    assert_eq!(shown(&listed(&one), OPEN), PublicAnswer::Warned(Band::Few, Age::Month));
    assert_eq!(shown(&dispute(&listed(&one), "o", NOW).unwrap(), OPEN), PublicAnswer::Nothing);
    assert_eq!(shown(&one, Beforehand { verified: true, ..OPEN }), PublicAnswer::Verified);
    assert_eq!(public(Known { entry: None, beforehand: OPEN }, NOW), PublicAnswer::Nothing);
    let ten = Entry { whole: false, ..entry(identifier::Kind::Card, &by(5, true)) };
    assert_eq!(shown(&ten, OPEN), PublicAnswer::Nothing, "a hundred thousand people have these ten digits");
}

#[test]
fn a_name_that_looks_like_another_is_a_ground_to_ask_and_no_more() {
    let like = Beforehand { imitates: true, ..OPEN };
    let unknown = verdict(Known { entry: None, beforehand: like }, NOW);
    assert_eq!((unknown.class, unknown.advice), (Class::Nothing, Advice::AskPayer));
    assert_eq!(unknown.reasons, [Reason::LooksLike]);
    assert_eq!(public(Known { entry: None, beforehand: like }, NOW), PublicAnswer::LooksLike);
    let site = entry(identifier::Kind::Domain, &[mention(1, How::PaidTo, 1, true)]);
    assert_eq!(told(&site, like).class, Class::Reported);
    assert_eq!(told(&site, like).reasons, [Reason::PaidTo, Reason::LooksLike]);
    assert_eq!(
        shown(&site, like),
        PublicAnswer::LooksLike,
        "one report is told to nobody, what it looks like is"
    );
    assert_eq!(told(&listed(&site), like).advice, Advice::Decline);
    // People have looked at it: an honest firm of nearly the same name.
    let cleared = clear(&site, NOW).unwrap();
    assert_eq!(told(&cleared, like), Verdict::NOTHING);
    assert_eq!(shown(&cleared, like), PublicAnswer::Nothing);
    assert_eq!(told(&site, Beforehand { verified: true, ..like }).reasons, []);
}

fn any_beforehand() -> impl Strategy<Value = Beforehand> {
    any::<(bool, bool, bool, bool)>().prop_map(|(verified, shared, reserved, imitates)| Beforehand {
        verified,
        shared,
        reserved,
        imitates,
    })
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let mentions = proptest::collection::vec(any_mention(), 0..10);
    (mentions, 0_usize..4, any::<bool>(), any::<bool>(), 0_usize..identifier::Kind::ALL.len()).prop_map(
        |(mentions, decided, disputed, whole, kind)| Entry {
            decided: Decided::ALL[decided],
            until_at: Some(END),
            disputed_at: disputed.then_some(NOW),
            whole,
            ..entry(identifier::Kind::ALL[kind], &mentions)
        },
    )
}

proptest! {
    /// Nothing that people have not decided is ever a ground to decline or to wait.
    #[test]
    fn reports_alone_stop_no_payment(e in any_entry(), b in any_beforehand()) {
        let found = told(&Entry { decided: Decided::Nothing, ..e }, b);
        prop_assert!(matches!(found.advice, Advice::Nothing | Advice::AskPayer), "{found:?}");
    }

    /// Only what two persons have listed, that nobody disputes, and that is one thing's, is declined.
    #[test]
    fn declined_is_listed(e in any_entry(), b in any_beforehand()) {
        let found = told(&e, b);
        if found.advice == Advice::Decline {
            prop_assert!(e.decided == Decided::Listed && e.disputed_at.is_none());
            let open = Beforehand { imitates: false, ..b } == OPEN;
            prop_assert!(open && (e.kind != identifier::Kind::Card || e.whole));
        }
    }

    /// A victim's own, an organisation's own and what was cleared are told to nobody.
    #[test]
    fn the_protected_are_silent(e in any_entry(), b in any_beforehand()) {
        let found = told(&e, b);
        let victim = super::role(e.kind, &e.tally) == crate::model::Role::Victim;
        if victim || b.verified || b.reserved || e.decided == Decided::Cleared {
            prop_assert!(matches!(found.class, Class::Nothing | Class::Verified));
            prop_assert_eq!(found.advice, Advice::Nothing);
            prop_assert!(found.reasons.is_empty() && found.age.is_none());
        }
    }

    /// Nobody can report somebody into the public's eyes alone, under whatever names unless they are verified.
    #[test]
    fn the_public_hears_of_two_or_of_an_officer(e in any_entry(), b in any_beforehand()) {
        match shown(&e, b) {
            PublicAnswer::Reported(..) => prop_assert!(e.tally.heard >= 2),
            PublicAnswer::Warned(..) => prop_assert!(matches!(e.decided, Decided::Suspect | Decided::Listed)),
            PublicAnswer::Verified => prop_assert!(b.verified),
            PublicAnswer::LooksLike => prop_assert!(b.imitates && !b.verified),
            PublicAnswer::Nothing => {}
        }
    }

    /// What is told says why.
    #[test]
    fn every_answer_explains_itself(e in any_entry(), b in any_beforehand()) {
        let found = told(&e, b);
        if found.advice != Advice::Nothing {
            prop_assert!(!found.reasons.is_empty(), "{found:?}");
            prop_assert!(found.confidence.is_some());
        }
    }

    /// Whatever is done to an entry, the status is one that the act leads to, and refused acts change nothing.
    #[test]
    fn acts_lead_where_they_say(e in any_entry(), b in any_beforehand()) {
        if let Ok(after) = confirm(&e, b, TERM) {
            prop_assert_eq!(after.decided, Decided::Suspect);
            prop_assert!(e.tally.harmful + e.tally.told > 0 && !b.verified);
        }
        if let Ok(after) = list(&e, b, (Uuid::nil(), 1), TERM) {
            prop_assert!(e.decided == Decided::Suspect && after.basis.is_some());
        }
        if let Ok(after) = clear(&e, NOW) {
            prop_assert_eq!(told(&after, OPEN), Verdict::NOTHING);
        }
    }
}

/// An institution's word that it stopped an honest payment changes nothing of what is told; a decision answers it.
#[test]
fn a_doubt_waits_for_a_person_and_opens_no_way() {
    let reported = paid(true);
    assert_eq!(super::doubt(&reported, NOW).doubted_at, None, "nobody has decided anything yet");
    let suspect = confirm(&reported, OPEN, TERM).unwrap();
    let doubted = super::doubt(&suspect, NOW);
    assert_eq!(doubted.doubted_at, Some(NOW));
    assert_eq!(super::doubt(&doubted, LATER).doubted_at, Some(NOW), "since the first word of it");
    let told = |e: &Entry| verdict(Known { entry: Some(e), beforehand: OPEN }, NOW);
    assert_eq!(told(&doubted), told(&suspect));
    assert_eq!(list(&doubted, OPEN, (Uuid::nil(), 1), TERM).unwrap().doubted_at, None);
    assert_eq!(clear(&doubted, NOW).unwrap().doubted_at, None);
    let disputed = dispute(&doubted, "user:1", NOW).unwrap();
    assert_eq!((disputed.doubted_at, stand(&disputed, NOW).unwrap().doubted_at), (Some(NOW), None));
}

proptest! {
    /// What stays in memory says what the entry says.
    #[test]
    fn a_packed_gist_says_the_same(e in any_entry(), b in any_beforehand(), later in 0_i64..12_000_000) {
        let gist = super::Gist::of(&e, |_| None);
        prop_assert_eq!(super::Gist::unpacked(gist.packed()), gist);
        let now = NOW.plus_secs(later);
        let packed = super::told(Some((e.kind, super::Gist::unpacked(gist.packed()))), b, now);
        prop_assert_eq!(packed, verdict(Known { entry: Some(&e), beforehand: b }, now));
    }
}
