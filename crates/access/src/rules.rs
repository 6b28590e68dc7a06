//! Asks the Cedar policies. They are compiled in, parsed once, and know nothing but the facts handed over.

use std::collections::{HashMap, HashSet};
use std::str::FromStr as _;
use std::sync::{LazyLock, PoisonError, RwLock};

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    Policy, PolicySet, Request, ResourceConstraint, RestrictedExpression as Expr, Schema,
};
use kernel::Actor;
use uuid::Uuid;

use crate::actor;
use crate::error::AccessError;
use crate::model::{Action, Kind, Resource};

/// Name and text of each policy file.
const POLICIES: [(&str, &str); 3] = [
    ("staff", include_str!("../../../policies/staff.cedar")),
    ("outside", include_str!("../../../policies/outside.cedar")),
    ("forbid", include_str!("../../../policies/forbid.cedar")),
];

/// The parsed rules. If the compiled-in texts did not parse, everything would be refused; a test parses them.
static RULES: LazyLock<Result<Rules, String>> = LazyLock::new(Rules::parse);

/// Parsed policies and the names they use.
struct Rules {
    /// Only the policies whose head can fit, by act and kind: a question need not look at the others.
    policies: HashMap<(Action, Kind), PolicySet>,
    actions: HashMap<Action, EntityUid>,
    types: HashMap<&'static str, EntityTypeName>,
    authorizer: Authorizer,
}

/// Permits the act or says why not. Whoever may not even see the thing is told that it is not there.
///
/// # Errors
/// [`AccessError::Hidden`] or [`AccessError::Forbidden`]; [`AccessError::Rules`] if the rules cannot be asked.
pub fn require(actor: &Actor, action: Action, resource: &Resource) -> Result<(), AccessError> {
    if decide(actor, action, resource)? {
        return Ok(());
    }
    for seeing in resource.kind.seeing() {
        if *seeing != action && decide(actor, *seeing, resource)? {
            return Err(AccessError::Forbidden(action));
        }
    }
    Err(AccessError::Hidden)
}

/// Whether the act is permitted: for showing or leaving out a button. An act itself goes through [`require`].
#[must_use]
pub fn allowed(actor: &Actor, action: Action, resource: &Resource) -> bool {
    decide(actor, action, resource).unwrap_or(false)
}

fn decide(actor: &Actor, action: Action, resource: &Resource) -> Result<bool, AccessError> {
    let rules = RULES.as_ref().map_err(|e| AccessError::Rules(e.clone()))?;
    // What an institution may do at all is asked before every payment, and the rules do not change while the program runs.
    let Actor::Partner { partner, code, person: None } = actor else {
        return rules.decide(actor, action, resource);
    };
    if *resource != Resource::any(resource.kind) {
        return rules.decide(actor, action, resource);
    }
    let asked = (*partner, action, resource.kind);
    let remembered = DECIDED.read().unwrap_or_else(PoisonError::into_inner).get(&asked).cloned();
    if let Some((of, decided)) = remembered
        && of == *code
    {
        return Ok(decided);
    }
    let decided = rules.decide(actor, action, resource)?;
    let mut all = DECIDED.write().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_DECIDED {
        all.clear();
    }
    all.insert(asked, (code.clone(), decided));
    Ok(decided)
}

/// What was decided for whole institutions about whole kinds of things, with the code under which the institution was known.
static DECIDED: LazyLock<RwLock<Remembered>> = LazyLock::new(RwLock::default);
type Remembered = HashMap<(Uuid, Action, Kind), (String, bool)>;
/// More is forgotten at once; a country has hundreds of institutions.
const MOST_DECIDED: usize = 20_000;

impl Rules {
    fn parse() -> Result<Self, String> {
        let all = all_policies()?;
        let type_name = |name: &'static str| {
            EntityTypeName::from_str(&format!("Qorgan::{name}")).map(|t| (name, t)).map_err(|e| e.to_string())
        };
        let types = TYPES.into_iter().map(type_name).collect::<Result<HashMap<_, _>, _>>()?;
        let action_type = EntityTypeName::from_str("Qorgan::Action").map_err(|e| e.to_string())?;
        let uid =
            |a: Action| EntityUid::from_type_name_and_id(action_type.clone(), EntityId::new(a.as_str()));
        let actions: HashMap<Action, EntityUid> = Action::ALL.iter().map(|a| (*a, uid(*a))).collect();
        let mut policies: HashMap<(Action, Kind), PolicySet> = HashMap::new();
        for kind in Kind::ALL {
            let Some(thing) = resource_type(kind).and_then(|name| types.get(name)) else { continue };
            for (action, act) in &actions {
                let fitting = all.policies().filter(|p| head_fits(p, act, thing, &actions)).cloned();
                let slice = PolicySet::from_policies(fitting).map_err(|e| e.to_string())?;
                policies.insert((*action, kind), slice);
            }
        }
        Ok(Self { policies, actions, types, authorizer: Authorizer::new() })
    }

    fn decide(&self, actor: &Actor, action: Action, resource: &Resource) -> Result<bool, AccessError> {
        let Some(policies) = self.policies.get(&(action, resource.kind)) else { return Ok(false) };
        let Some((request, entities)) = self.question(actor, action, resource, None)? else {
            return Ok(false);
        };
        let answer = self.authorizer.is_authorized(&request, policies, &entities);
        // A rule that fails is skipped by Cedar; skipping a `forbid` would open what it closes.
        if let Some(error) = answer.diagnostics().errors().next() {
            return Err(AccessError::Rules(error.to_string()));
        }
        Ok(answer.decision() == Decision::Allow)
    }

    /// The question in Cedar's terms; `None` if the kind of thing is not known. With a schema, the question is
    /// checked against it.
    fn question(
        &self,
        actor: &Actor,
        action: Action,
        resource: &Resource,
        schema: Option<&Schema>,
    ) -> Result<Option<(Request, Entities)>, AccessError> {
        let bug = |e: String| AccessError::Rules(e);
        let Some(type_name) = resource_type(resource.kind) else { return Ok(None) };
        let who = self.principal(actor)?;
        let id = resource.id.unwrap_or_default().to_string();
        let what = self.uid(type_name, &id)?;
        let act =
            self.actions.get(&action).cloned().ok_or_else(|| bug(format!("no act `{}`", action.as_str())))?;
        let facts = self.facts(resource, &id)?;
        let thing = Entity::new(what.clone(), facts, HashSet::new()).map_err(|e| bug(e.to_string()))?;
        let request =
            Request::new(who.uid(), act, what, Context::empty(), schema).map_err(|e| bug(e.to_string()))?;
        let entities = Entities::from_entities([who, thing], schema).map_err(|e| bug(e.to_string()))?;
        Ok(Some((request, entities)))
    }

    fn uid(&self, name: &'static str, id: &str) -> Result<EntityUid, AccessError> {
        let type_name =
            self.types.get(name).ok_or_else(|| AccessError::Rules(format!("no type `{name}`")))?;
        Ok(EntityUid::from_type_name_and_id(type_name.clone(), EntityId::new(id)))
    }

    fn principal(&self, actor: &Actor) -> Result<Entity, AccessError> {
        let bare = |uid| Entity::new_no_attrs(uid, HashSet::new());
        Ok(match actor {
            Actor::Staff { user, roles, .. } => {
                let uid = self.uid("Staff", &user.to_string())?;
                let facts = HashMap::from([
                    ("label".to_owned(), text(&actor.label())),
                    ("roles".to_owned(), Expr::new_set(roles.iter().map(|r| text(r.as_str())))),
                    ("organisation".to_owned(), text(actor::organisation_of(actor).unwrap_or_default())),
                    ("unit".to_owned(), text(actor::unit_of(actor).unwrap_or_default())),
                ]);
                Entity::new(uid, facts, HashSet::new()).map_err(|e| AccessError::Rules(e.to_string()))?
            }
            Actor::Partner { partner, person, .. } => {
                let uid = self.uid("Partner", &partner.to_string())?;
                let manages = person.as_ref().is_some_and(|p| p.manages);
                let mut facts = HashMap::from([("manages".to_owned(), Expr::new_bool(manages))]);
                if let Some(person) = person {
                    let person = self.uid("Staff", &person.user.to_string())?;
                    facts.insert("person".to_owned(), Expr::new_entity_uid(person));
                }
                Entity::new(uid, facts, HashSet::new()).map_err(|e| AccessError::Rules(e.to_string()))?
            }
            Actor::Citizen { report } => bare(self.uid("Citizen", &report.to_string())?),
            Actor::Public => bare(self.uid("Visitor", "")?),
            Actor::System { part } => bare(self.uid("Part", part)?),
        })
    }

    /// The attributes that the schema names for this kind.
    fn facts(&self, resource: &Resource, id: &str) -> Result<HashMap<String, Expr>, AccessError> {
        let mut facts = HashMap::new();
        let partner = |id: &uuid::Uuid| self.uid("Partner", &id.to_string()).map(Expr::new_entity_uid);
        for name in attributes(resource.kind) {
            let value = match *name {
                "any" => Expr::new_bool(resource.id.is_none()),
                "organisation" => text(&resource.organisation),
                "unit" => text(&resource.unit),
                "tlp" => text(resource.marking.tlp.as_str()),
                "author" => text(&resource.author),
                "stage" => text(resource.stage.as_str()),
                "team" => Expr::new_set(resource.team.iter().map(|s| text(s))),
                "closed" => Expr::new_bool(resource.closed),
                "referred_to" => text(&resource.referred_to),
                "standing" => Expr::new_bool(resource.standing),
                "sanction" => Expr::new_bool(resource.sanction),
                "signers" => Expr::new_set(resource.signers.iter().map(|s| text(s))),
                "deputies" => Expr::new_set(resource.deputies.iter().map(|s| text(s))),
                "addressees" => {
                    Expr::new_set(resource.addressees.iter().map(partner).collect::<Result<Vec<_>, _>>()?)
                }
                "receipt" => Expr::new_entity_uid(self.uid("Citizen", id)?),
                "itself" if resource.kind == Kind::Account => Expr::new_entity_uid(self.uid("Staff", id)?),
                "itself" => Expr::new_entity_uid(self.uid("Partner", id)?),
                "owner" => match &resource.owner {
                    Some(owner) => partner(owner)?,
                    None => continue,
                },
                other => return Err(AccessError::Rules(format!("no fact `{other}`"))),
            };
            facts.insert((*name).to_owned(), value);
        }
        Ok(facts)
    }
}

/// All policies under the names they give themselves.
fn all_policies() -> Result<PolicySet, String> {
    let mut all = PolicySet::new();
    for (file, text) in POLICIES {
        for policy in PolicySet::from_str(text).map_err(|e| format!("{file}: {e}"))?.policies() {
            let name = policy.annotation("id").ok_or_else(|| format!("{file}: a rule has no `@id`"))?;
            all.add(policy.new_id(cedar_policy::PolicyId::new(name))).map_err(|e| format!("{file}: {e}"))?;
        }
    }
    Ok(all)
}

/// Whether a policy's head can fit this act and type of thing. In doubt it can: leaving a policy out that
/// forbids would open what it closes.
fn head_fits(
    policy: &Policy,
    act: &EntityUid,
    thing: &EntityTypeName,
    known: &HashMap<Action, EntityUid>,
) -> bool {
    let group = |uid: &EntityUid| !known.values().any(|k| k == uid);
    let act_fits = match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(one) => one == *act,
        ActionConstraint::In(some) => some.contains(act) || some.iter().any(group),
    };
    let thing_fits = match policy.resource_constraint() {
        ResourceConstraint::Is(t) | ResourceConstraint::IsIn(t, _) => t == *thing,
        ResourceConstraint::Any | ResourceConstraint::In(_) | ResourceConstraint::Eq(_) => true,
    };
    act_fits && thing_fits
}

fn text(value: &str) -> Expr {
    Expr::new_string(value.to_owned())
}

const TYPES: [&str; 26] = [
    "Staff",
    "Partner",
    "Citizen",
    "Visitor",
    "Part",
    "Desk",
    "Report",
    "Order",
    "StandingApproval",
    "Appeal",
    "Identifier",
    "Scheme",
    "Chart",
    "Person",
    "Case",
    "Exhibit",
    "Registration",
    "Inbox",
    "PartnerRecord",
    "LegalBasis",
    "Account",
    "Record",
    "ParkedNews",
    "Database",
    "Absence",
    "Delegation",
];

const fn resource_type(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Desk => Some("Desk"),
        Kind::Report => Some("Report"),
        Kind::Order => Some("Order"),
        Kind::StandingApproval => Some("StandingApproval"),
        Kind::Appeal => Some("Appeal"),
        Kind::Identifier => Some("Identifier"),
        Kind::Scheme => Some("Scheme"),
        Kind::Chart => Some("Chart"),
        Kind::Person => Some("Person"),
        Kind::Case => Some("Case"),
        Kind::Exhibit => Some("Exhibit"),
        Kind::Registration => Some("Registration"),
        Kind::Inbox => Some("Inbox"),
        Kind::Partner => Some("PartnerRecord"),
        Kind::LegalBasis => Some("LegalBasis"),
        Kind::Account => Some("Account"),
        Kind::Record => Some("Record"),
        Kind::ParkedNews => Some("ParkedNews"),
        Kind::Database => Some("Database"),
        Kind::Absence => Some("Absence"),
        Kind::Delegation => Some("Delegation"),
        Kind::Unknown => None,
    }
}

/// Which facts each kind hands over: exactly those of the schema, as a test checks.
const fn attributes(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Desk => &["any", "organisation"],
        Kind::Report => &["any", "organisation", "unit", "tlp", "owner", "receipt"],
        Kind::Order => &[
            "any",
            "organisation",
            "unit",
            "tlp",
            "author",
            "addressees",
            "stage",
            "signers",
            "deputies",
            "standing",
            "sanction",
        ],
        Kind::Scheme => &["any", "organisation", "unit", "tlp"],
        Kind::Chart => &["any", "organisation", "unit", "author"],
        Kind::StandingApproval | Kind::Appeal | Kind::Identifier | Kind::Person => {
            &["any", "organisation", "unit", "tlp", "author", "signers"]
        }
        Kind::Case => &[
            "any",
            "organisation",
            "unit",
            "tlp",
            "author",
            "signers",
            "team",
            "closed",
            "referred_to",
            "owner",
        ],
        Kind::Exhibit => &["any", "organisation", "unit", "tlp", "author", "signers", "team", "closed"],
        Kind::Absence => &["organisation", "unit", "author"],
        Kind::Delegation => &["any", "organisation", "unit", "author", "deputies"],
        Kind::Registration => &["any", "organisation", "unit", "tlp", "author", "owner"],
        Kind::Inbox => &["owner"],
        Kind::Partner => &["any", "organisation", "author", "itself"],
        Kind::LegalBasis => &["organisation", "author"],
        Kind::ParkedNews | Kind::Database | Kind::Unknown => &[],
        Kind::Account => &["any", "organisation", "itself", "owner"],
        Kind::Record => &["organisation", "unit", "tlp"],
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
