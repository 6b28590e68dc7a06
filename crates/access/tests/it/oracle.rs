//! The table that judges the policies: written by hand from the rules of the office, not from the Cedar text.
//! Each row is one act on one kind of thing; each column says when that kind of actor may do it.

use access::{Action as A, Kind as K};
use kernel::{Role, Tlp};

/// When an actor of a column may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Never.
    No,
    /// Always.
    Yes,
    /// Only where no single thing is meant: a new one, or the list.
    New,
    /// On things of the own organisation.
    Org,
    /// On things of the own organisation, and on the list or a new one.
    OrgNew,
    /// On one's own: the report of the receipt, the report filed, the own inbox, record or account.
    Own,
    /// On orders that have gone out to oneself.
    Addressed,
    /// On things of the own organisation that one has neither made nor signed.
    FourEyes,
    /// As `OrgNew`, but not on oneself.
    OrgNewNotOwn,
    /// Under a standing approval.
    Standing,
    /// On orders of the own organisation that were put before the prosecutor.
    Before,
    /// As `Before`, and on the list; not for whoever prepares or signs orders.
    BeforeNew,
    /// On one's own, by a person who keeps the institution's things.
    Keeper,
    /// As `Keeper`, but not on oneself.
    KeeperNotOwn,
    /// On the own account, by a person.
    Person,
    /// As `FourEyes`, by whoever may sign in the stead of somebody else.
    Stead,
    /// What one's own absence or delegation is about oneself.
    Mine,
    /// As `Mine`, and what is of the own unit.
    MineOrUnit,
    /// What one gave or was given.
    Party,
    /// As `Party`, and what is of the own unit.
    PartyOrUnit,
    /// What one was given.
    Deputy,
    /// What is of the own unit and about neither of oneself.
    UnitNotParty,
    /// What is of the own organisation and about neither of oneself.
    OrgNotParty,
    /// What is of the own organisation, or about oneself.
    OrgAny,
    /// The list or a new one; what is one's own, by whoever holds the office.
    AuthorNew,
    /// As `AuthorNew`, and what is of the own unit.
    AuthorOrUnitNew,
    /// The list or a new one; what is not closed, and what one is let in to.
    OpenNew,
    /// As `OpenNew`, and what is of the own unit.
    OpenOrUnitNew,
    /// What is not closed, and what one is let in to.
    Open,
    /// What one is in the team of.
    Team,
    /// What one leads.
    Leads,
    /// What is of the own unit.
    Unit,
    /// As `OpenOrUnitNew` without the list, and what one has not signed.
    OpenNotSigned,
    /// The same, and what one has not made either.
    OpenFourEyes,
    /// What was referred to the own unit.
    Referred,
}
use When::{
    Addressed, AuthorNew, AuthorOrUnitNew, Before, BeforeNew, Deputy, FourEyes, Keeper, KeeperNotOwn, Mine,
    MineOrUnit, New, No, Org, OrgAny, OrgNew, OrgNewNotOwn, OrgNotParty, Own, Party, PartyOrUnit, Person,
    Standing, Stead, UnitNotParty, Yes,
};
use When::{Leads, Open, OpenFourEyes, OpenNew, OpenNotSigned, OpenOrUnitNew, Referred, Team, Unit};

/// One act on one kind of thing.
pub struct Row {
    pub kind: K,
    pub act: A,
    visitor: When,
    citizen: When,
    partner: When,
    officer: When,
    approver: When,
    administrator: When,
    prosecutor: When,
    /// The platform's parts, and when.
    parts: &'static [(&'static str, When)],
}

#[expect(clippy::too_many_arguments, reason = "a row of a table")]
const fn row(
    kind: K,
    act: A,
    visitor: When,
    citizen: When,
    partner: When,
    officer: When,
    approver: When,
    administrator: When,
    prosecutor: When,
    parts: &'static [(&'static str, When)],
) -> Row {
    Row { kind, act, visitor, citizen, partner, officer, approver, administrator, prosecutor, parts }
}

/// What is not in the table is never permitted.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    //                                                   visitor citizen partner    officer  approver  admin         parts
    row(K::Desk, A::ViewQueue,                           No,     No,     No,        OrgNew,  OrgNew,   No,           No,      &[]),
    row(K::Report, A::FileReport,                        New,    New,    New,       New,     No,       No,           No,      &[("seed", New)]),
    row(K::Report, A::ViewReport,                        No,     No,     No,        Org,     Org,      No,           No,      &[("intake", Yes), ("orders", Yes), ("registers", Yes), ("registry", Yes), ("schemes", Yes), ("persons", Yes), ("search", Yes)]),
    row(K::Report, A::ReadPersonal,                      No,     No,     No,        Org,     Org,      No,           No,      &[("intake", Yes), ("orders", Yes), ("registers", Yes), ("registry", Yes), ("schemes", Yes), ("persons", Yes), ("search", Yes)]),
    row(K::Report, A::ViewTrail,                         No,     No,     No,        Org,     Org,      No,           No,      &[("orders", Yes)]),
    row(K::Report, A::TakeReport,                        No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Report, A::NoteReport,                        No,     No,     No,        Org,     No,       No,           No,      &[("intake", Yes), ("orders", Yes)]),
    row(K::Report, A::CloseReport,                       No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Report, A::ExpungeReport,                     No,     No,     No,        No,      Org,      No,           No,      &[("retention", Yes)]),
    row(K::Report, A::ViewOwnReport,                     No,     Own,    Own,       No,      No,       No,           No,      &[]),
    row(K::Report, A::AddToOwnReport,                    No,     Own,    Own,       No,      No,       No,           No,      &[]),
    row(K::Report, A::DraftOrder,                        No,     No,     No,        Org,     No,       No,           No,      &[("orders", Yes)]),
    row(K::Order, A::DraftOrder,                         No,     No,     No,        OrgNew,  No,       No,           No,      &[("orders", Yes)]),
    row(K::Order, A::ViewOrder,                          No,     No,     Addressed, Org,     Org,      No,           Before,  &[("orders", Yes), ("delivery", Yes), ("clock", Yes)]),
    row(K::Order, A::SendOrder,                          No,     No,     No,        Org,     No,       No,           No,      &[("orders", Standing)]),
    row(K::Order, A::ApproveOrder,                       No,     No,     No,        Stead,   FourEyes, No,           No,      &[]),
    row(K::Order, A::SanctionOrder,                      No,     No,     No,        No,      No,       No,           BeforeNew,&[]),
    row(K::Order, A::ReturnOrder,                        No,     No,     No,        No,      FourEyes, No,           No,      &[]),
    row(K::Order, A::WithdrawOrder,                      No,     No,     No,        Org,     No,       No,           No,      &[("orders", Yes)]),
    row(K::Order, A::ReleaseOrder,                       No,     No,     No,        Org,     No,       No,           No,      &[("orders", Yes)]),
    row(K::Order, A::RestoreObject,                      No,     No,     No,        No,      Org,      No,           No,      &[]),
    row(K::Order, A::CorrectOrder,                       No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Order, A::ChaseOrder,                         No,     No,     No,        Org,     No,       No,           No,      &[("clock", Yes)]),
    row(K::Order, A::RecordAnswer,                       No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Order, A::AcknowledgeOrder,                   No,     No,     Addressed, No,      No,       No,           No,      &[]),
    row(K::Order, A::AnswerOrder,                        No,     No,     Addressed, No,      No,       No,           No,      &[]),
    row(K::Order, A::DeliverOrder,                       No,     No,     No,        No,      No,       No,           No,      &[("delivery", Yes)]),
    row(K::Order, A::EscalateOrder,                      No,     No,     No,        No,      No,       No,           No,      &[("delivery", Yes), ("clock", Yes)]),
    row(K::Order, A::LapseOrder,                         No,     No,     No,        No,      No,       No,           No,      &[("clock", Yes)]),
    row(K::StandingApproval, A::ViewStandingApproval,    No,     No,     No,        OrgNew,  OrgNew,   No,           No,      &[("orders", Yes)]),
    row(K::StandingApproval, A::DraftStandingApproval,   No,     No,     No,        New,     New,      No,           No,      &[]),
    row(K::StandingApproval, A::SignStandingApproval,    No,     No,     No,        No,      FourEyes, No,           No,      &[]),
    row(K::StandingApproval, A::RevokeStandingApproval,  No,     No,     No,        Org,     Org,      No,           No,      &[]),
    row(K::Appeal, A::FileAppeal,                        New,    New,    New,       New,     No,       No,           No,      &[]),
    row(K::Appeal, A::ViewAppeal,                        No,     No,     No,        Org,     Org,      No,           No,      &[]),
    row(K::Appeal, A::DecideAppeal,                      No,     No,     No,        No,      FourEyes, No,           No,      &[]),
    row(K::Identifier, A::ViewIdentifier,                No,     No,     No,        OrgNew,  OrgNew,   No,           No,      &[]),
    row(K::Identifier, A::ConfirmIdentifier,             No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Identifier, A::ListIdentifier,                No,     No,     No,        No,      FourEyes, No,           No,      &[]),
    row(K::Identifier, A::ClearIdentifier,               No,     No,     No,        No,      Org,      No,           No,      &[]),
    row(K::Identifier, A::AuditIdentifier,               No,     No,     No,        No,      No,       No,           No,      &[]),
    row(K::Identifier, A::CheckIdentifier,               New,    New,    New,       No,      No,       No,           No,      &[]),
    row(K::Scheme, A::ViewScheme,                        No,     No,     No,        OrgNew,  OrgNew,   No,           No,      &[]),
    row(K::Scheme, A::SortScheme,                        No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Chart, A::ViewChart,                          No,     No,     No,        AuthorOrUnitNew, AuthorOrUnitNew, No,   No,      &[]),
    row(K::Chart, A::KeepChart,                          No,     No,     No,        AuthorNew, AuthorNew, No,         No,      &[]),
    row(K::Person, A::ViewPerson,                        No,     No,     No,        OrgNew,  OrgNew,   No,           No,      &[]),
    row(K::Person, A::JudgePerson,                       No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Person, A::KeepDropper,                       No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Person, A::ListDropper,                       No,     No,     No,        No,      FourEyes, No,           No,      &[]),
    row(K::Person, A::ClearDropper,                      No,     No,     No,        No,      Org,      No,           No,      &[]),
    row(K::Person, A::ChooseWeights,                     No,     No,     No,        No,      Org,      No,           No,      &[]),
    row(K::Case, A::ViewCase,                            No,     No,     No,        OpenNew, OpenOrUnitNew, No,      No,      &[("cases", Yes)]),
    row(K::Case, A::OpenCase,                            No,     No,     No,        New,     No,       No,           No,      &[]),
    row(K::Case, A::WorkCase,                            No,     No,     No,        Team,    No,       No,           No,      &[("cases", Yes)]),
    row(K::Case, A::LeadCase,                            No,     No,     No,        Leads,   Unit,     No,           No,      &[]),
    row(K::Case, A::ConfirmCase,                         No,     No,     No,        No,      OpenNotSigned, No,      No,      &[]),
    row(K::Case, A::ReceiveCase,                         No,     No,     Own,       Referred, Referred, No,          No,      &[]),
    row(K::Exhibit, A::ViewExhibit,                      No,     No,     No,        OpenNew, OpenOrUnitNew, No,      No,      &[("evidence", Yes)]),
    row(K::Exhibit, A::TakeExhibit,                      No,     No,     No,        New,     No,       No,           No,      &[]),
    row(K::Exhibit, A::OpenExhibit,                      No,     No,     No,        OpenNew, OpenOrUnitNew, No,      No,      &[("evidence", Yes)]),
    row(K::Exhibit, A::HandleExhibit,                    No,     No,     No,        Open,    No,       No,           No,      &[("evidence", Yes)]),
    row(K::Exhibit, A::ConfirmExhibit,                   No,     No,     No,        No,      OpenFourEyes, No,       No,      &[]),
    row(K::Registration, A::ViewRegistration,            No,     No,     No,        Org,     Org,      No,           No,      &[("registers", Yes)]),
    row(K::Registration, A::HandOver,                    No,     No,     No,        Org,     No,       No,           No,      &[("registers", Yes)]),
    row(K::Registration, A::RecordReceipt,               No,     No,     Own,       Org,     No,       No,           No,      &[]),
    row(K::Registration, A::CorrectReference,            No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Registration, A::DecideRegistration,          No,     No,     No,        Org,     No,       No,           No,      &[]),
    row(K::Registration, A::ConfirmRegistration,         No,     No,     No,        No,      FourEyes, No,           No,      &[]),
    row(K::Inbox, A::ReadInbox,                          No,     No,     Own,       No,      No,       No,           No,      &[]),
    row(K::Partner, A::ViewPartner,                      No,     No,     Own,       OrgNew,  OrgNew,   OrgNew,       OrgNew,  &[("delivery", Yes), ("setup", Yes)]),
    row(K::Partner, A::ManagePartners,                   No,     No,     No,        No,      No,       OrgNew,       No,      &[("setup", Yes)]),
    row(K::Partner, A::ConfirmPartner,                   No,     No,     No,        No,      No,       FourEyes,     No,      &[]),
    row(K::Partner, A::ManageOwnKeys,                    No,     No,     Keeper,    No,      No,       No,           No,      &[]),
    row(K::LegalBasis, A::ViewLegalBasis,                Yes,    Yes,    Yes,       Yes,     Yes,      Yes,          Yes,     &[("", Yes)]),
    row(K::LegalBasis, A::ManageLegalBasis,              No,     No,     No,        No,      Org,      Yes,          No,      &[("setup", Yes)]),
    row(K::LegalBasis, A::EnactLegalBasis,               No,     No,     No,        No,      FourEyes, No,           No,      &[]),
    row(K::Account, A::ViewUsers,                        No,     No,     Keeper,    No,      No,       OrgNew,       No,      &[("setup", Yes)]),
    row(K::Account, A::ManageUsers,                      No,     No,     KeeperNotOwn, No,      No,       OrgNewNotOwn, No,      &[("setup", Yes)]),
    row(K::Account, A::ViewOwnAccount,                   No,     No,     Person,    Own,     Own,      Own,          Own,     &[]),
    row(K::Record, A::ViewRecord,                        No,     No,     No,        Org,     Org,      No,           No,      &[]),
    row(K::Record, A::VerifyRecord,                      No,     No,     Yes,       Yes,     Yes,      Yes,          No,      &[("setup", Yes)]),
    row(K::ParkedNews, A::ViewParkedNews,                No,     No,     No,        No,      No,       Yes,          No,      &[]),
    row(K::ParkedNews, A::SettleParkedNews,              No,     No,     No,        No,      No,       Yes,          No,      &[]),
    row(K::Database, A::ViewDatabase,                    No,     No,     No,        No,      No,       Yes,          No,      &[]),
    row(K::Absence, A::ViewAbsence,                      No,     No,     No,        Mine,    MineOrUnit, OrgAny,     Mine,    &[]),
    row(K::Absence, A::SayAbsence,                       No,     No,     No,        Mine,    MineOrUnit, OrgAny,     Mine,    &[]),
    row(K::Absence, A::EndAbsence,                       No,     No,     No,        Mine,    MineOrUnit, OrgAny,     Mine,    &[]),
    row(K::Delegation, A::GiveDelegation,                No,     No,     No,        No,      New,      No,           No,      &[]),
    row(K::Delegation, A::ViewDelegation,                No,     No,     No,        Party,   PartyOrUnit, OrgAny,    Party,   &[]),
    row(K::Delegation, A::EndDelegation,                 No,     No,     No,        Party,   PartyOrUnit, OrgAny,    Party,   &[]),
    row(K::Delegation, A::AcceptDelegation,              No,     No,     No,        Deputy,  Deputy,   Deputy,       Deputy,  &[]),
    row(K::Delegation, A::ConfirmDelegation,             No,     No,     No,        No,      UnitNotParty, OrgNotParty, No,   &[]),
];

/// Who asks, as far as the table cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Visitor,
    /// Holds the receipt of the report in question, or of another.
    Citizen {
        own: bool,
    },
    /// The partner in question, or another: by a key, or one of its people.
    Partner {
        own: bool,
        person: bool,
        keeps: bool,
    },
    Staff {
        roles: Vec<Role>,
        organisation: Place,
        same_unit: bool,
    },
    Part(&'static str),
}

/// Where a member of staff belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Where the thing belongs.
    Same,
    Other,
    /// To no organisation.
    None,
}

/// What is asked about, as far as the table cares.
#[derive(Debug, Clone)]
pub struct What {
    pub kind: K,
    /// No single thing.
    pub new: bool,
    pub tlp: Tlp,
    /// The asking person made it.
    pub authored: bool,
    /// The asking person has signed it.
    pub signed: bool,
    /// The partner in question is its owner or addressee.
    pub to_partner: bool,
    /// It has gone out.
    pub out: bool,
    pub standing: bool,
    /// It was put before the prosecutor.
    pub before_prosecutor: bool,
    /// The account is the asking person's.
    pub own_account: bool,
    /// The asking person may sign it in somebody's stead; is the deputy of it.
    pub deputy: bool,
    /// The asking person is in its team.
    pub member: bool,
    /// Nobody but its team is let in.
    pub closed: bool,
    /// It was referred to a unit, the thing's own in these tests, and waits there.
    pub referred: bool,
}

/// Whether the act is permitted.
pub fn permitted(who: &Who, act: A, what: &What) -> bool {
    let Some(row) = TABLE.iter().find(|r| r.kind == what.kind && r.act == act) else { return false };
    match who {
        Who::Visitor => holds(row.visitor, what, false, false, false),
        Who::Citizen { own } => holds(row.citizen, what, false, *own && !what.new, false),
        Who::Partner { own, person, keeps } => {
            let mine = match what.kind {
                K::Report | K::Registration | K::Inbox | K::Account | K::Case => *own && what.to_partner,
                K::Partner => *own && !what.new,
                _ => false,
            };
            match row.partner {
                Keeper => mine && *keeps,
                KeeperNotOwn => mine && *keeps && !what.own_account,
                Person => *person && what.own_account,
                when => holds(when, what, false, mine, *own && what.to_partner && what.out),
            }
        }
        Who::Part(name) => row.parts.iter().any(|(part, when)| {
            (*part == *name || part.is_empty()) && holds(*when, what, false, false, false)
        }),
        Who::Staff { roles, organisation, same_unit } => staff(row, roles, *organisation, *same_unit, what),
    }
}

fn staff(row: &Row, roles: &[Role], place: Place, same_unit: bool, what: &What) -> bool {
    let has = |r| roles.contains(&r);
    let own = what.kind == K::Account && what.own_account && !what.new;
    // Rights that do not come from an organisation or a role.
    if row.act == A::ViewLegalBasis {
        return true;
    }
    if row.act == A::ViewOwnAccount {
        return own;
    }
    if place == Place::None {
        return false;
    }
    // Whoever controls sees who asked, and checks the record; beside another office, only the latter.
    if row.act == A::AuditIdentifier {
        return what.new && roles == [Role::Auditor];
    }
    if row.act == A::VerifyRecord && has(Role::Auditor) {
        return true;
    }
    let case_kind = matches!(
        what.kind,
        K::Report
            | K::Order
            | K::StandingApproval
            | K::Appeal
            | K::Identifier
            | K::Scheme
            | K::Person
            | K::Registration
            | K::Record
    ) && row.act != A::VerifyRecord;
    if case_kind && what.tlp == Tlp::Red && !(has(Role::DutyOfficer) && same_unit) {
        return false;
    }
    let kept = matches!(what.kind, K::Case | K::Exhibit);
    if kept && what.tlp == Tlp::Red && !what.member {
        return false;
    }
    let org = place == Place::Same && !what.new;
    let unit = org && same_unit;
    let open = org && (!what.closed || what.member);
    let about = |when| match when {
        Stead => org && what.deputy && !what.authored && !what.signed,
        Mine => org && what.authored,
        MineOrUnit => org && what.authored || unit,
        Party => org && (what.authored || what.deputy),
        PartyOrUnit => org && (what.authored || what.deputy) || unit,
        Deputy => org && what.deputy,
        UnitNotParty => unit && !what.authored && !what.deputy,
        OrgNotParty => org && !what.authored && !what.deputy,
        OrgAny => org,
        OpenNew => what.new || open,
        OpenOrUnitNew => what.new || open || unit,
        Open => open,
        Team => org && what.member,
        Leads => org && what.authored,
        Unit => unit,
        OpenNotSigned => (open || unit) && !what.signed,
        OpenFourEyes => (open || unit) && !what.signed && !what.authored,
        Referred => unit && what.referred,
        AuthorNew => what.new || org && what.authored,
        AuthorOrUnitNew => what.new || org && what.authored || unit,
        when => holds(when, what, org, own, false),
    };
    // What is about oneself needs no role.
    let everybody = matches!(row.officer, Mine | Party | Deputy) && about(row.officer);
    if everybody {
        return true;
    }
    let by = |role, when| has(role) && about(when);
    // A prosecutor who also prepares or signs orders sanctions none.
    let mixed = has(Role::DutyOfficer) || has(Role::Approver);
    let prosecutor = if row.prosecutor == BeforeNew && mixed { No } else { row.prosecutor };
    // An administrator has the administrator's column only.
    if has(Role::Administrator) {
        let shared =
            matches!(what.kind, K::Partner | K::LegalBasis | K::Account | K::Absence | K::Delegation)
                || row.act == A::VerifyRecord;
        return by(Role::Administrator, row.administrator)
            || (shared
                && (by(Role::DutyOfficer, row.officer)
                    || by(Role::Approver, row.approver)
                    || by(Role::Prosecutor, prosecutor)));
    }
    by(Role::DutyOfficer, row.officer) || by(Role::Approver, row.approver) || by(Role::Prosecutor, prosecutor)
}

fn holds(when: When, what: &What, org: bool, own: bool, addressed: bool) -> bool {
    match when {
        No => false,
        Yes => true,
        New => what.new,
        Org => org,
        OrgNew => org || what.new,
        Own => own,
        Addressed => addressed,
        FourEyes => org && !what.authored && !what.signed,
        OrgNewNotOwn => (org || what.new) && !own,
        Standing => what.standing,
        Before => org && what.before_prosecutor,
        BeforeNew => what.new || (org && what.before_prosecutor),
        // Of partners only, and told there.
        Keeper | KeeperNotOwn | Person => false,
        // Of staff only, and told there.
        AuthorNew | AuthorOrUnitNew => false,
        OpenNew | OpenOrUnitNew | Open | Team | Leads | Unit | OpenNotSigned | OpenFourEyes | Referred => {
            false
        }
        Stead | Mine | MineOrUnit | Party | PartyOrUnit | Deputy | UnitNotParty | OrgNotParty | OrgAny => {
            false
        }
    }
}

/// Whether the actor may learn that the thing exists.
pub fn visible(who: &Who, what: &What) -> bool {
    let acts: &[A] = match what.kind {
        K::Desk => &[A::ViewQueue],
        K::Report => &[A::ViewReport, A::ViewOwnReport],
        K::Order => &[A::ViewOrder],
        K::StandingApproval => &[A::ViewStandingApproval],
        K::Appeal => &[A::ViewAppeal],
        K::Identifier => &[A::ViewIdentifier],
        K::Scheme => &[A::ViewScheme],
        K::Chart => &[A::ViewChart],
        K::Person => &[A::ViewPerson],
        K::Case => &[A::ViewCase],
        K::Exhibit => &[A::ViewExhibit],
        K::Registration => &[A::ViewRegistration],
        K::Inbox => &[A::ReadInbox],
        K::Partner => &[A::ViewPartner],
        K::LegalBasis => &[A::ViewLegalBasis],
        K::Account => &[A::ViewUsers, A::ViewOwnAccount],
        K::Record => &[A::ViewRecord],
        K::ParkedNews => &[A::ViewParkedNews],
        K::Database => &[A::ViewDatabase],
        K::Absence => &[A::ViewAbsence],
        K::Delegation => &[A::ViewDelegation],
        K::Unknown => &[],
    };
    acts.iter().any(|a| permitted(who, *a, what))
}
