//! Every actor x act x kind of thing x marking x organisation x state, judged by the table in `oracle`.

use access::{AccessError, Action, Kind, Resource, Stage, require};
use kernel::{Actor, Clerk, Marking, Role, Tlp};
use uuid::Uuid;

use crate::oracle::{Place, TABLE, What, Who, permitted, visible};

const THING: Uuid = Uuid::from_u128(1);
const OTHER_THING: Uuid = Uuid::from_u128(2);
const USER: Uuid = Uuid::from_u128(3);
const PARTNER: Uuid = Uuid::from_u128(4);
const OTHER_PARTNER: Uuid = Uuid::from_u128(5);
const TLPS: [Tlp; 5] = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red];

/// All actors, with what the table needs to know of them. For a partner record the thing is the partner.
fn actors(kind: Kind) -> Vec<(Actor, Who)> {
    let partner = |id| Actor::institution(id, "B");
    let clerk = |partner, manages| Actor::Partner {
        partner,
        code: "B".into(),
        person: Some(Clerk { user: USER, name: "N".into(), manages }),
    };
    let who = |own, person, keeps| Who::Partner { own, person, keeps };
    let own = if kind == Kind::Partner { THING } else { PARTNER };
    let mut all = vec![
        (Actor::Public, Who::Visitor),
        (Actor::Citizen { report: THING }, Who::Citizen { own: true }),
        (Actor::Citizen { report: OTHER_THING }, Who::Citizen { own: false }),
        (Actor::Citizen { report: Uuid::nil() }, Who::Citizen { own: false }),
        (partner(own), who(true, false, false)),
        (partner(OTHER_PARTNER), who(false, false, false)),
        (partner(Uuid::nil()), who(false, false, false)),
        (clerk(own, false), who(true, true, false)),
        (clerk(own, true), who(true, true, true)),
        (clerk(OTHER_PARTNER, true), who(false, true, true)),
    ];
    for part in [
        "intake",
        "orders",
        "delivery",
        "clock",
        "retention",
        "seed",
        "setup",
        "registers",
        "registry",
        "schemes",
        "persons",
        "search",
        "cases",
        "evidence",
        "unheard-of",
        "",
    ] {
        all.push((Actor::system(part), Who::Part(part)));
    }
    // Offices of the Department in every combination; the prosecutor's and the auditor's alone and beside each of them.
    let outside = |bits: &u8| bits & 24 == 0 || (bits & 24 != 24 && (bits & 7).count_ones() <= 1);
    for bits in (0..32_u8).filter(outside) {
        let roles: Vec<Role> =
            Role::ALL.into_iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0).map(|(_, r)| r).collect();
        for (unit, organisation, same_unit) in [
            ("dep/duty", Place::Same, true),
            ("dep/second", Place::Same, false),
            ("other/duty", Place::Other, true),
            ("other/second", Place::Other, false),
            ("duty", Place::None, false),
            ("/duty", Place::None, false),
        ] {
            // An auditor's few rights ask for two places.
            if bits & 16 != 0
                && !matches!((organisation, same_unit), (Place::Same, true) | (Place::Other, false))
            {
                continue;
            }
            let actor =
                Actor::Staff { user: USER, name: "N".into(), roles: roles.clone(), unit: unit.to_owned() };
            all.push((actor, Who::Staff { roles: roles.clone(), organisation, same_unit }));
        }
    }
    all
}

/// All states of one thing that its kind can have.
fn things(kind: Kind) -> Vec<(Resource, What)> {
    let mut all = vec![(Resource::any(kind), what(kind))];
    all[0].1.new = true;
    if kind == Kind::Account {
        // The people of an institution: its list, or somebody to be added.
        let people = What { new: true, to_partner: true, ..what(kind) };
        all.push((Resource::any(kind).owned_by(PARTNER), people));
    }
    let marked: &[Tlp] = if kind == Kind::Unknown { &TLPS[..1] } else { &TLPS };
    let both = [false, true];
    let of = |relevant: bool| if relevant { &both[..] } else { &both[..1] };
    let signable =
        matches!(kind, Kind::Order | Kind::StandingApproval | Kind::Appeal | Kind::Identifier | Kind::Person);
    if matches!(kind, Kind::Case | Kind::Exhibit) {
        all.extend(kept(kind));
        return all;
    }
    let stages = if signable { &Stage::ALL[..] } else { &Stage::ALL[..1] };
    for tlp in marked {
        let authored_kinds = matches!(
            kind,
            Kind::LegalBasis
                | Kind::Absence
                | Kind::Delegation
                | Kind::Registration
                | Kind::Partner
                | Kind::Chart
        );
        for authored in of(signable || authored_kinds) {
            for signed in of(signable) {
                for to_partner in of(matches!(
                    kind,
                    Kind::Report | Kind::Order | Kind::Registration | Kind::Inbox | Kind::Account
                )) {
                    for stage in stages {
                        for standing in of(kind == Kind::Order) {
                            for (own_account, before, deputy) in [
                                (false, false, false),
                                (true, false, false),
                                (false, true, false),
                                (false, false, true),
                            ] {
                                if own_account && kind != Kind::Account
                                    || before && kind != Kind::Order
                                    || deputy && !matches!(kind, Kind::Order | Kind::Delegation)
                                {
                                    continue;
                                }
                                let what = What {
                                    tlp: *tlp,
                                    authored: *authored,
                                    signed: *signed,
                                    to_partner: *to_partner,
                                    out: matches!(stage, Stage::Sent | Stage::Ended),
                                    standing: *standing,
                                    own_account,
                                    before_prosecutor: before,
                                    deputy,
                                    ..what(kind)
                                };
                                all.push((resource(&what, *stage), what));
                            }
                        }
                    }
                }
            }
        }
    }
    all
}

/// All states of what a team keeps.
fn kept(kind: Kind) -> Vec<(Resource, What)> {
    let mut all = Vec::new();
    for tlp in TLPS {
        for bits in 0..64_u8 {
            let bit = |no: u8| bits & (1 << no) != 0;
            let (authored, signed, member, closed) = (bit(0), bit(1), bit(2), bit(3));
            let (referred, to_partner) = (bit(4), bit(5));
            // Whoever leads a case is in its team; an exhibit is referred to nobody.
            if kind == Kind::Case && authored && !member || kind == Kind::Exhibit && (referred || to_partner)
            {
                continue;
            }
            let what = What { tlp, authored, signed, member, closed, referred, to_partner, ..what(kind) };
            all.push((resource(&what, Stage::Draft), what));
        }
    }
    all
}

fn what(kind: Kind) -> What {
    What {
        kind,
        new: false,
        tlp: Tlp::Amber,
        authored: false,
        signed: false,
        to_partner: false,
        out: false,
        standing: false,
        before_prosecutor: false,
        own_account: false,
        deputy: false,
        member: false,
        closed: false,
        referred: false,
    }
}

fn resource(what: &What, stage: Stage) -> Resource {
    let me = format!("staff:{USER}");
    let id = if what.own_account { USER } else { THING };
    let mut thing = Resource::bare(what.kind, id, "dep")
        .at(stage)
        .under_standing_approval(what.standing)
        .put_to_prosecutor(what.before_prosecutor);
    thing.unit = "duty".into();
    thing.marking = Marking { tlp: what.tlp, ..Marking::default() };
    thing.author = if what.authored { me.clone() } else { "staff:somebody".into() };
    thing.signers = if what.signed { vec!["staff:x".into(), me.clone()] } else { vec!["staff:x".into()] };
    thing.deputies = if what.deputy { vec!["staff:y".into(), me.clone()] } else { vec!["staff:y".into()] };
    let team = if what.member { vec!["staff:z".into(), me] } else { vec!["staff:z".into()] };
    thing = thing.kept_by(&team, what.closed);
    if what.referred {
        thing = thing.referred_to("duty");
    }
    if what.to_partner && what.kind == Kind::Order {
        thing = thing.addressed_to(&[OTHER_THING, PARTNER]);
    } else if what.to_partner {
        thing = thing.owned_by(PARTNER);
    }
    thing
}

/// Whether a state is asked about in the short form. Markings are crossed with authorship and signatures for
/// staff, and with addressee, stage and standing approval for all others; the rest of the product is crossed at
/// the default marking only. The long form leaves nothing out.
fn in_short_form(who: &Who, what: &What, stage: Stage, in_table: bool) -> bool {
    // An act that the table does not know for this kind: the two plainest states, people in the right place.
    if !in_table && !matches!(who, Who::Staff { organisation: Place::Same, same_unit: true, .. }) {
        return matches!(
            who,
            Who::Part("orders" | "setup" | "registers")
                | Who::Citizen { own: true }
                | Who::Partner { own: true, .. }
        );
    }
    if matches!(who, Who::Staff { organisation: Place::Other, same_unit: false, .. }) {
        return false;
    }
    let plain_hand = !what.authored && !what.signed;
    let outsider = [Role::Prosecutor, Role::Auditor];
    let prosecutor = matches!(who, Who::Staff { roles, .. } if outsider.iter().any(|r| roles.contains(r)));
    // What is put before the prosecutor changes nothing for anybody else: their plainest state is enough.
    if what.before_prosecutor
        && !(plain_hand && (prosecutor || (what.tlp == Tlp::Amber && stage == Stage::Draft)))
    {
        return false;
    }
    // Deputies are asked about for staff; to everybody else their plainest state is enough.
    if what.deputy && !matches!(who, Who::Staff { .. }) && !(plain_hand && stage == Stage::Draft) {
        return false;
    }
    // Nor does a place where the prosecutor has no right need every hand and stage.
    if prosecutor
        && !matches!(who, Who::Staff { organisation: Place::Same, .. })
        && !(plain_hand && stage == Stage::Draft)
    {
        return false;
    }
    // Of what teams keep, three markings say the same: one of them is asked about in every state, red beside it.
    let plain_team = !what.member && !what.closed && !what.referred;
    if matches!(what.kind, Kind::Case | Kind::Exhibit)
        && !matches!(what.tlp, Tlp::Amber | Tlp::Red)
        && !(plain_team && plain_hand)
    {
        return false;
    }
    // Nor is a team anything to those who are no staff.
    if !matches!(who, Who::Staff { .. }) && !plain_team && what.tlp != Tlp::Amber {
        return false;
    }
    let plain_way = !what.to_partner && stage == Stage::Draft && !what.standing;
    match who {
        Who::Staff { .. } => plain_way || (what.tlp == Tlp::Amber && plain_hand),
        _ => plain_hand,
    }
}

/// Asks everything about `kinds`; gives how many questions there were and how many were granted.
fn judge(kinds: &[Kind], long: bool) -> (u32, u32) {
    let (mut asked, mut granted, mut differences) = (0, 0, Vec::new());
    for kind in kinds {
        let actors = actors(*kind);
        for (i, (thing, what)) in things(*kind).iter().enumerate() {
            for action in Action::ALL {
                let in_table = TABLE.iter().any(|r| r.kind == *kind && r.act == *action);
                for (actor, who) in &actors {
                    if !long && ((!in_table && i > 1) || !in_short_form(who, what, thing.stage, in_table)) {
                        continue;
                    }
                    let expected = match (permitted(who, *action, what), visible(who, what)) {
                        (true, _) => Ok(()),
                        (false, true) => Err(AccessError::Forbidden(*action)),
                        (false, false) => Err(AccessError::Hidden),
                    };
                    let got = require(actor, *action, thing);
                    asked += 1;
                    granted += u32::from(got.is_ok());
                    if got != expected {
                        differences
                            .push(format!("{who:?} {action:?} {what:?}: {got:?}, table says {expected:?}"));
                    }
                }
            }
        }
    }
    let first = &differences[..differences.len().min(8)];
    assert!(differences.is_empty(), "{} of {asked} differ, first: {first:#?}", differences.len());
    (asked, granted)
}

#[test]
fn every_decision_is_that_of_the_table() {
    // Orders have by far the most states: they get a thread of their own.
    let rest: Vec<Kind> =
        Kind::ALL.into_iter().chain([Kind::Unknown]).filter(|k| *k != Kind::Order).collect();
    let (orders, others) = std::thread::scope(|scope| {
        let orders = scope.spawn(|| judge(&[Kind::Order], false));
        (judge(&rest, false), orders.join().unwrap())
    });
    let (asked, granted) = (orders.0 + others.0, orders.1 + others.1);
    println!("{asked} questions, {granted} granted, 0 differences");
    assert!(asked > 40_000 && granted > 3_500, "the matrix has shrunk: {asked} asked, {granted} granted");
}

/// The whole product, some minutes without optimisation: `cargo test -p access -- --ignored whole_product`.
#[test]
#[ignore = "minutes long; the short form runs always"]
fn the_whole_product_is_that_of_the_table() {
    let all: Vec<Kind> = Kind::ALL.into_iter().chain([Kind::Unknown]).collect();
    let (asked, granted) = judge(&all, true);
    println!("{asked} questions, {granted} granted, 0 differences");
}

#[test]
fn every_act_has_a_row() {
    for action in Action::ALL {
        assert!(TABLE.iter().any(|r| r.act == *action), "{action:?}");
    }
    for (i, row) in TABLE.iter().enumerate() {
        assert!(!TABLE[..i].iter().any(|r| r.kind == row.kind && r.act == row.act), "{:?} twice", row.act);
    }
}
