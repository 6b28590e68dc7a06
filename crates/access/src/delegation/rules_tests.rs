//! Delegations by tables, and by properties judged by hand.

use kernel::{Asset, Header, Lang, Marking};
use proptest::prelude::*;

use super::super::model::DelegationId;
use super::*;

const GIVER: Uuid = Uuid::from_u128(1);
const DEPUTY: Uuid = Uuid::from_u128(2);
const DAY: i64 = 86_400;

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(secs)
}

fn money(minor: i64) -> Money {
    Asset::new("KZT", 2).map_or_else(|| unreachable!(), |a| Money::from_minor(minor, a))
}

fn office(roles: &[Role], active: bool) -> OfficeHeld {
    OfficeHeld { roles: roles.to_vec(), active }
}

fn party(account: Uuid, roles: &[Role]) -> Party {
    Party { account, organisation: "dep".into(), office: office(roles, true) }
}

fn terms(from: i64, till: i64) -> Terms {
    Terms {
        delegator: GIVER,
        deputy: DEPUTY,
        role: Role::Approver,
        unit: String::new(),
        measures: Vec::new(),
        most: None,
        from: at(from),
        till: at(till),
        number: "45-қ, 01.11.2026".into(),
    }
}

fn new(terms: Terms) -> NewDelegation {
    NewDelegation {
        id: DelegationId::from_uuid(Uuid::nil()), terms, ground: "Демалыс кезеңіне".into()
    }
}

fn given(terms: Terms) -> Delegation {
    let header = Header {
        origin_node: "n".into(),
        organisation_id: "dep".into(),
        unit_id: "duty".into(),
        region: String::new(),
        marking: Marking::default(),
        lang: Lang::KK,
        created_at: at(0),
        source_time: at(0),
        source_zone: "Asia/Almaty".into(),
        author: format!("staff:{GIVER}"),
        basis: None,
        profile_version: "p".into(),
        retention_class: "approval".into(),
    };
    let id = DelegationId::from_uuid(Uuid::nil());
    Delegation { id, header, terms, ground: None, accepted_at: None, confirmed: None, ending: None }
}

fn in_force(terms: Terms) -> Delegation {
    let both = given(terms).accept(at(0)).and_then(|d| d.confirm("staff:third", at(0)));
    both.unwrap()
}

fn matter() -> Matter {
    Matter {
        organisation: "dep".into(),
        unit: "duty".into(),
        author: "staff:author".into(),
        measures: vec![Measure::Hold],
        amount: Some(money(1_000)),
    }
}

#[test]
fn what_can_be_given() {
    use DelegationFault::{Dates, Deputy, Ground, Most, NotHeld, Number, Oneself, TooLong};
    let approver = party(GIVER, &[Role::Approver]);
    let officer = party(DEPUTY, &[Role::DutyOfficer]);
    let (today, now, longest) = (at(0), at(1_000), at(45 * DAY));
    let faults = |new: &NewDelegation, giver: &Party, deputy: &Party| {
        check(new, (giver, deputy), (today, now, longest)).err().unwrap_or_default()
    };
    let good = new(terms(0, 10 * DAY));
    assert_eq!(faults(&good, &approver, &officer), []);
    for (change, fault) in [
        (terms(10 * DAY, 5 * DAY), Dates),
        (terms(0, 900), Dates),
        (terms(-1, DAY), Dates),
        (terms(0, 45 * DAY + 1), TooLong),
        (Terms { most: Some(money(0)), ..terms(0, DAY) }, Most),
        (Terms { number: "  ".into(), ..terms(0, DAY) }, Number),
        (Terms { number: "9".repeat(MAX_NUMBER_CHARS + 1), ..terms(0, DAY) }, Number),
        // Only an approver's signature can be lent: nobody's account, no prosecutor's decision.
        (Terms { role: Role::Prosecutor, ..terms(0, DAY) }, NotHeld),
        (Terms { role: Role::Administrator, ..terms(0, DAY) }, NotHeld),
        (Terms { role: Role::DutyOfficer, ..terms(0, DAY) }, NotHeld),
    ] {
        assert_eq!(faults(&new(change.clone()), &approver, &officer), [fault], "{change:?}");
    }
    assert_eq!(faults(&NewDelegation { ground: " ".into(), ..good.clone() }, &approver, &officer), [Ground]);
    let nobody = party(GIVER, &[Role::DutyOfficer]);
    assert_eq!(faults(&good, &nobody, &officer), [NotHeld], "what one was lent cannot be lent on");
    let closed = Party { office: office(&[Role::Approver], false), ..approver.clone() };
    assert_eq!(faults(&good, &closed, &officer), [NotHeld]);
    for unfit in [
        party(DEPUTY, &[Role::Administrator]),
        party(DEPUTY, &[Role::Prosecutor]),
        party(DEPUTY, &[]),
        party(DEPUTY, &[Role::DutyOfficer, Role::Administrator]),
        Party { office: office(&[Role::DutyOfficer], false), ..officer.clone() },
        Party { organisation: "other".into(), ..officer.clone() },
    ] {
        assert_eq!(faults(&good, &approver, &unfit), [Deputy], "{unfit:?}");
    }
    assert_eq!(faults(&good, &approver, &party(GIVER, &[Role::Approver])), [Oneself]);
}

#[test]
fn steps_come_in_their_order_and_once() {
    let d = given(terms(100, 1_000));
    let now = at(50);
    assert_eq!(d.stage(now), Stage::WaitsForDeputy);
    assert_eq!(d.clone().confirm("staff:third", now).err(), Some(StepFault::NotAccepted));
    let accepted = d.accept(now).unwrap();
    assert_eq!(accepted.stage(now), Stage::WaitsForConfirmation);
    assert_eq!(accepted.clone().accept(now).err(), Some(StepFault::Already));
    for one in [GIVER, DEPUTY] {
        let by = format!("staff:{one}");
        assert_eq!(accepted.clone().confirm(&by, now).err(), Some(StepFault::OneOfTheTwo));
    }
    let confirmed = accepted.confirm("staff:third", now).unwrap();
    assert_eq!(confirmed.clone().confirm("staff:third", now).err(), Some(StepFault::Already));
    assert_eq!(
        [50, 99, 100, 999, 1_000].map(|t| confirmed.stage(at(t))),
        [Stage::ToCome, Stage::ToCome, Stage::InForce, Stage::InForce, Stage::Expired]
    );
    let ended = confirmed.clone().end("staff:x", EndWhy::Revoked, at(500)).unwrap();
    assert_eq!(ended.stage(at(501)), Stage::Ended);
    for late in [at(501), at(2_000)] {
        assert_eq!(ended.clone().end("staff:x", EndWhy::Revoked, late).err(), Some(StepFault::Over));
        assert_eq!(ended.clone().accept(late).err(), Some(StepFault::Over));
    }
    assert_eq!(confirmed.end("staff:x", EndWhy::Revoked, at(1_000)).err(), Some(StepFault::Over));
}

#[test]
fn what_a_delegation_covers() {
    use NotCovered::{Amount, NotInForce, NotStanding, OwnDraft, Unit};
    let (giver, deputy) = (office(&[Role::Approver], true), office(&[Role::DutyOfficer], true));
    let ask = |d: &Delegation, m: &Matter| d.covers(m, (Some(&giver), Some(&deputy)), at(500));
    let d = in_force(terms(100, 1_000));
    assert_eq!(ask(&d, &matter()), Ok(()));
    let foreign = Asset::new("USD", 2).map_or_else(|| unreachable!(), |a| Money::from_minor(1, a));
    for (terms, m, expected) in [
        (Terms { unit: "duty".into(), ..terms(100, 1_000) }, matter(), Ok(())),
        (Terms { unit: "other".into(), ..terms(100, 1_000) }, matter(), Err(Unit)),
        (terms(100, 1_000), Matter { organisation: "other".into(), ..matter() }, Err(Unit)),
        (Terms { measures: vec![Measure::Hold], ..terms(100, 1_000) }, matter(), Ok(())),
        (Terms { measures: vec![Measure::Release], ..terms(100, 1_000) }, matter(), Err(NotCovered::Measure)),
        (Terms { most: Some(money(1_000)), ..terms(100, 1_000) }, matter(), Ok(())),
        (Terms { most: Some(money(999)), ..terms(100, 1_000) }, matter(), Err(Amount)),
        (
            Terms { most: Some(money(999)), ..terms(100, 1_000) },
            Matter { amount: Some(foreign), ..matter() },
            Err(Amount),
        ),
        (Terms { most: Some(money(1)), ..terms(100, 1_000) }, Matter { amount: None, ..matter() }, Ok(())),
        (terms(100, 1_000), Matter { author: format!("staff:{GIVER}"), ..matter() }, Err(OwnDraft)),
        (terms(100, 1_000), Matter { author: format!("staff:{DEPUTY}"), ..matter() }, Err(OwnDraft)),
        (Terms { deputy: GIVER, ..terms(100, 1_000) }, matter(), Err(NotInForce)),
    ] {
        let mut d = in_force(self::terms(100, 1_000));
        d.terms = terms.clone();
        assert_eq!(ask(&d, &m), expected, "{terms:?} {m:?}");
    }
    // How the two stand decides anew each time.
    let gone = office(&[Role::Approver], false);
    let lost = office(&[Role::DutyOfficer], true);
    for (giver, deputy) in [
        (None, Some(&deputy)),
        (Some(&giver), None),
        (Some(&gone), Some(&deputy)),
        (Some(&lost), Some(&deputy)),
        (Some(&giver), Some(&gone)),
    ] {
        assert_eq!(d.covers(&matter(), (giver, deputy), at(500)), Err(NotStanding));
    }
}

proptest! {
    /// Whatever happened to it in whatever order: a delegation lets its deputy sign only while it is accepted, confirmed by
    /// a third person, within its term and not ended.
    #[test]
    fn only_what_was_agreed_by_three_covers(
        steps in prop::collection::vec((0_u8..6, 0_i64..1_200), 0..8),
        asked in 0_i64..1_400,
    ) {
        let mut d = given(terms(100, 1_000));
        let (mut accepted, mut confirmed, mut ended) = (None, None, None);
        let mut sorted = steps;
        sorted.sort_by_key(|(_, when)| *when);
        for (step, when) in sorted {
            let now = at(when);
            let over = when >= 1_000 || ended.is_some();
            let next = match step {
                0 => {
                    if !over && accepted.is_none() { accepted = Some(when); }
                    d.clone().accept(now)
                }
                1 => {
                    if !over && accepted.is_some() && confirmed.is_none() { confirmed = Some(when); }
                    d.clone().confirm("staff:third", now)
                }
                2 => d.clone().confirm(&format!("staff:{GIVER}"), now),
                3 => d.clone().confirm(&format!("staff:{DEPUTY}"), now),
                _ => {
                    if !over { ended = Some(when); }
                    d.clone().end("staff:x", EndWhy::Revoked, now)
                }
            };
            if let Ok(next) = next { d = next; }
        }
        let (giver, deputy) = (office(&[Role::Approver], true), office(&[Role::DutyOfficer], true));
        let covers = d.covers(&matter(), (Some(&giver), Some(&deputy)), at(asked)).is_ok();
        let expected = accepted.is_some() && confirmed.is_some() && ended.is_none() && (100..1_000).contains(&asked);
        prop_assert_eq!(covers, expected);
    }
}
