//! Lists show exactly what single decisions permit, on both engines.

use access::{Action, Kind, Resource, allowed, scope};
use db::{Db, DbError, Migration, Slice, Stmt, Value, params};
use kernel::{Actor, Marking, Pap, Role, Tlp};
use uuid::Uuid;

const PUT: Stmt = Stmt::both(
    "thing.put",
    "INSERT INTO thing (id, organisation_id, unit_id, marking) VALUES (?1, ?2, ?3, ?4)",
);
const LIST: Stmt = Stmt::both(
    "thing.list",
    concat!("SELECT t.id FROM thing t WHERE ", access::scope_where!("?1", "?2", "t."), " ORDER BY t.id"),
);
const PUT_KEPT: Stmt = Stmt::both(
    "kept.put",
    "INSERT INTO kept (id, organisation_id, unit_id, marking, closed) VALUES (?1, ?2, ?3, ?4, ?5)",
);
const PUT_MEMBER: Stmt =
    Stmt::both("kept.member_put", "INSERT INTO kept_member (kept_id, label) VALUES (?1, ?2)");
const LIST_KEPT: Stmt = Stmt::both(
    "kept.list",
    concat!(
        "SELECT t.id FROM kept t WHERE ",
        access::team_where!("?1", "?2", "?3", "t.", "kept_member", "kept_id"),
        " ORDER BY t.id"
    ),
);
const KEPT: Slice = Slice {
    name: "kept",
    migrations: &[Migration {
        no: 1,
        name: "kept",
        sqlite: "CREATE TABLE kept (id BLOB NOT NULL PRIMARY KEY, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, marking TEXT NOT NULL, closed INTEGER NOT NULL) STRICT; CREATE TABLE kept_member (kept_id BLOB NOT NULL, label TEXT NOT NULL, PRIMARY KEY (kept_id, label)) STRICT;",
        postgres: "CREATE TABLE kept (id UUID NOT NULL PRIMARY KEY, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, marking TEXT NOT NULL, closed BOOLEAN NOT NULL); CREATE TABLE kept_member (kept_id UUID NOT NULL, label TEXT NOT NULL, PRIMARY KEY (kept_id, label));",
    }],
    statements: &[&PUT_KEPT, &PUT_MEMBER, &LIST_KEPT],
};
const THINGS: Slice = Slice {
    name: "thing",
    migrations: &[Migration {
        no: 1,
        name: "thing",
        sqlite: "CREATE TABLE thing (id BLOB NOT NULL PRIMARY KEY, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, marking TEXT NOT NULL) STRICT;",
        postgres: "CREATE TABLE thing (id UUID NOT NULL PRIMARY KEY, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, marking TEXT NOT NULL);",
    }],
    statements: &[&PUT, &LIST],
};

/// Things of all places and markings, junk markings among them.
fn things() -> Vec<Resource> {
    let mut markings: Vec<String> = Vec::new();
    for tlp in [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red] {
        markings.push(Marking { tlp, pap: Pap::Amber, national: None }.to_text());
        markings.push(Marking { tlp, pap: Pap::Red, national: Some("ДСП".into()) }.to_text());
    }
    markings.extend(
        ["CLEAR/amber", "amberXstrict/amber", "", "white/red", "red", " clear/amber"].map(str::to_owned),
    );
    let mut all = Vec::new();
    for organisation in ["dep", "other", "Dep"] {
        for unit in ["duty", "second", ""] {
            for marking in &markings {
                let id = Uuid::from_u128(u128::try_from(all.len()).unwrap() + 1);
                let mut thing = Resource::bare(Kind::Order, id, organisation);
                thing.unit = unit.to_owned();
                // Kept as the text that the column holds.
                thing.author.clone_from(marking);
                thing.marking = Marking::from_text(marking);
                all.push(thing);
            }
        }
    }
    all
}

fn listed(db: &Db, parameters: [Value; 2]) -> Vec<Uuid> {
    db.read_blocking(move |tx| tx.query(&LIST, &parameters, |row| row.get(0)))
        .unwrap_or_else(|e: DbError| panic!("{e}"))
}

#[test]
fn a_list_shows_what_single_decisions_permit() {
    testkit::on_each_engine(&[&THINGS], |db| {
        db::check::prepare_all(db, &[&THINGS]).unwrap();
        let all = things();
        for thing in all.clone() {
            db.write_blocking(move |tx| {
                tx.execute(&PUT, params![thing.id, &thing.organisation, &thing.unit, &thing.author])
            })
            .unwrap_or_else(|e: DbError| panic!("{e}"));
        }
        let mut shown = 0;
        for bits in 0..8_usize {
            let roles: Vec<Role> = Role::ALL
                .into_iter()
                .enumerate()
                .filter(|(i, _)| bits & (1 << i) != 0)
                .map(|(_, r)| r)
                .collect();
            for (organisation, unit) in
                [("dep", "duty"), ("dep", "second"), ("other", "duty"), ("nowhere", "duty"), ("dep", "")]
            {
                let actor: Actor = access::staff(Uuid::from_u128(9), "A", &roles, organisation, unit);
                let single: Vec<Uuid> = all
                    .iter()
                    .filter(|t| allowed(&actor, Action::ViewOrder, t))
                    .filter_map(|t| t.id)
                    .collect();
                match scope(&actor, Kind::Order).and_then(access::Scope::office) {
                    Ok(office) => {
                        assert_eq!(listed(db, office.params()), single, "{roles:?} {organisation}/{unit}")
                    }
                    Err(_) => assert!(single.is_empty(), "{roles:?} {organisation}/{unit}"),
                }
                shown += single.len();
            }
        }
        assert!(shown > 200, "{shown}");
    });
}

#[test]
fn a_list_of_what_teams_keep_shows_what_single_decisions_permit() {
    const ME: Uuid = Uuid::from_u128(9);
    testkit::on_each_engine(&[&KEPT], |db| {
        db::check::prepare_all(db, &[&KEPT]).unwrap();
        let mut all = Vec::new();
        for thing in things() {
            for bits in 0..4_u8 {
                let id = Uuid::from_u128(u128::try_from(all.len()).unwrap() + 1);
                let team: Vec<String> = (bits & 1 != 0).then(|| format!("staff:{ME}")).into_iter().collect();
                let kept = Resource { id: Some(id), kind: Kind::Case, ..thing.clone() };
                all.push(kept.kept_by(&team, bits & 2 != 0));
            }
        }
        for t in all.clone() {
            db.write_blocking(move |tx| {
                tx.execute(&PUT_KEPT, params![t.id, &t.organisation, &t.unit, &t.author, t.closed])?;
                for label in &t.team {
                    tx.execute(&PUT_MEMBER, params![t.id, label])?;
                }
                Ok(())
            })
            .unwrap_or_else(|e: DbError| unreachable!("{e}"));
        }
        let mut shown = 0;
        for roles in [&[Role::DutyOfficer][..], &[Role::Approver], &[Role::DutyOfficer, Role::Approver], &[]]
        {
            for (organisation, unit) in [("dep", "duty"), ("dep", "second"), ("other", "duty"), ("dep", "")] {
                let actor: Actor = access::staff(ME, "A", roles, organisation, unit);
                let single: Vec<Uuid> = all
                    .iter()
                    .filter(|t| allowed(&actor, Action::ViewCase, t))
                    .filter_map(|t| t.id)
                    .collect();
                match scope(&actor, Kind::Case).and_then(access::Scope::office) {
                    Ok(office) => {
                        let parameters = office.team_params();
                        let listed: Vec<Uuid> = db
                            .read_blocking(move |tx| tx.query(&LIST_KEPT, &parameters, |row| row.get(0)))
                            .unwrap_or_else(|e: DbError| unreachable!("{e}"));
                        assert_eq!(listed, single, "{roles:?} {organisation}/{unit}");
                    }
                    Err(_) => assert!(single.is_empty(), "{roles:?} {organisation}/{unit}"),
                }
                shown += single.len();
            }
        }
        assert!(shown > 200, "{shown}");
    });
}
