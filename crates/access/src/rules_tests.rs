//! The policies as texts: they parse, fit the schema, and every question put to them fits it too. Whether they
//! say the right thing is judged elsewhere, by a table that was not made from them (`tests/it/matrix.rs`).

use std::collections::BTreeSet;

use cedar_policy::{ValidationMode, Validator};
use kernel::Role;
use uuid::Uuid;

use super::*;
use crate::model::Stage;

const SCHEMA: &str = include_str!("../../../policies/qorgan.cedarschema");

fn schema() -> Schema {
    let (schema, warnings) = Schema::from_cedarschema_str(SCHEMA).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(warnings.map(|w| w.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
    schema
}

#[test]
fn policies_parse_and_fit_the_schema_strictly() {
    let result = Validator::new(schema()).validate(&all_policies().unwrap(), ValidationMode::Strict);
    let told: Vec<String> = result
        .validation_errors()
        .map(ToString::to_string)
        .chain(result.validation_warnings().map(ToString::to_string))
        .collect();
    assert_eq!(told, Vec::<String>::new());
}

#[test]
fn schema_and_program_name_the_same_acts_and_kinds() {
    let schema = schema();
    let acts: BTreeSet<String> = schema.actions().map(|a| a.id().unescaped().to_owned()).collect();
    let ours: BTreeSet<String> = Action::ALL.iter().map(|a| a.as_str().to_owned()).collect();
    assert_eq!(acts, ours);
    let types: BTreeSet<String> = schema.entity_types().map(|t| t.basename().to_owned()).collect();
    assert_eq!(types, TYPES.into_iter().map(str::to_owned).collect());
}

/// Every question fits the schema: no fact is missing, none is of another type. Otherwise Cedar would skip a
/// rule at run time, be it one that forbids.
#[test]
fn every_question_fits_the_schema() {
    let (rules, schema) = (RULES.as_ref().unwrap(), schema());
    let someone = Uuid::from_u128(7);
    let actors = [
        crate::actor::staff(someone, "A", &Role::ALL, "dep", "duty"),
        Actor::Staff { user: someone, name: String::new(), roles: vec![], unit: String::new() },
        Actor::institution(someone, "B1"),
        Actor::Citizen { report: someone },
        Actor::Public,
        Actor::system("orders"),
    ];
    for kind in Kind::ALL {
        let full = Resource::bare(kind, someone, "dep")
            .owned_by(someone)
            .addressed_to(&[someone])
            .at(Stage::Sent)
            .signed_by(&["staff:x".into()])
            .deputised(&["staff:y".into()]);
        for resource in [full, Resource::any(kind)] {
            for actor in &actors {
                for action in kind.seeing() {
                    let asked = rules.question(actor, *action, &resource, Some(&schema)).unwrap();
                    assert!(asked.is_some(), "{actor:?} {action:?} {kind:?}");
                }
            }
        }
    }
}

#[test]
fn no_rule_is_named_twice() {
    let names = POLICIES.iter().map(|(_, text)| text.matches("@id(").count()).sum::<usize>();
    assert_eq!(all_policies().unwrap().policies().count(), names);
}

/// Whoever reads `staff` and `outside` sees all that is permitted, and in `forbid` all that is taken away.
#[test]
fn every_file_has_only_its_own_effect() {
    for (file, text) in POLICIES {
        let rules = PolicySet::from_str(text).unwrap();
        for policy in rules.policies() {
            let forbids = policy.effect() == cedar_policy::Effect::Forbid;
            assert_eq!(forbids, file == "forbid", "{:?}", policy.annotation("id"));
        }
    }
}

/// Questions see only the policies whose heads fit: the rest would not have matched.
#[test]
fn the_slice_answers_as_the_whole_does() {
    let (rules, all) = (RULES.as_ref().unwrap(), all_policies().unwrap());
    let someone = Uuid::from_u128(7);
    let actors = [
        crate::actor::staff(someone, "A", &[Role::DutyOfficer, Role::Approver], "dep", "duty"),
        crate::actor::staff(someone, "A", &[Role::Administrator], "dep", "duty"),
        Actor::institution(someone, "B1"),
        Actor::system("orders"),
    ];
    for kind in Kind::ALL {
        let thing =
            Resource::bare(kind, someone, "dep").owned_by(someone).addressed_to(&[someone]).at(Stage::Sent);
        for action in Action::ALL {
            for actor in &actors {
                let (request, entities) = rules.question(actor, *action, &thing, None).unwrap().unwrap();
                let whole =
                    rules.authorizer.is_authorized(&request, &all, &entities).decision() == Decision::Allow;
                assert_eq!(
                    rules.decide(actor, *action, &thing).unwrap(),
                    whole,
                    "{actor:?} {action:?} {kind:?}"
                );
            }
        }
    }
}
