//! What is asked of the access rules: acts, kinds of things, and the facts about one thing.

use kernel::{Header, Marking};
use uuid::Uuid;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// An act that the rules know. The names are those of the policies.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $($(#[$doc])* $name),* }
        impl Action {
            /// All acts.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// As written in the policies and in the record.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

actions! {
    /// See the queue and the clock board.
    ViewQueue,
    /// File a new report.
    FileReport,
    /// See a report at the desk.
    ViewReport,
    /// Open the personal fields of a report; recorded with its purpose.
    ReadPersonal,
    /// See the path of the money.
    ViewTrail,
    /// Take a report to work on.
    TakeReport,
    /// Add a note or a correction to a report.
    NoteReport,
    /// Close a report.
    CloseReport,
    /// Destroy the personal data of a report, as the law asks.
    ExpungeReport,
    /// See what became of one's own report.
    ViewOwnReport,
    /// Add to one's own report: story, files, answers, withdrawal.
    AddToOwnReport,
    /// Prepare an order.
    DraftOrder,
    /// See an order.
    ViewOrder,
    /// Let an order go out.
    SendOrder,
    /// Approve an order that needs it.
    ApproveOrder,
    /// Sanction an order as a prosecutor, or refuse to.
    SanctionOrder,
    /// Return an order to its author with a reason instead of approving it.
    ReturnOrder,
    /// Take back an order that has had no effect yet.
    WithdrawOrder,
    /// End the restriction that an order made.
    ReleaseOrder,
    /// End what restricts a thing, wherever it does, after an objection was upheld.
    RestoreObject,
    /// Put a wrong order right.
    CorrectOrder,
    /// Remind a partner of an order.
    ChaseOrder,
    /// Write down an answer that came by telephone or letter.
    RecordAnswer,
    /// Confirm, as a partner, that an order has come.
    AcknowledgeOrder,
    /// Answer an order, as a partner.
    AnswerOrder,
    /// Carry an order to its gateway.
    DeliverOrder,
    /// Go to the duty telephone or the next gateway.
    EscalateOrder,
    /// Let an order end by its term.
    LapseOrder,
    /// See a standing approval.
    ViewStandingApproval,
    /// Prepare a standing approval.
    DraftStandingApproval,
    /// Sign a standing approval.
    SignStandingApproval,
    /// Revoke a standing approval, at once.
    RevokeStandingApproval,
    /// Object to a restriction.
    FileAppeal,
    /// See an objection.
    ViewAppeal,
    /// Decide on an objection.
    DecideAppeal,
    /// See an entry of the registry of identifiers.
    ViewIdentifier,
    /// Confirm that fraud is done with a thing.
    ConfirmIdentifier,
    /// Sign, as somebody else, that it is listed.
    ListIdentifier,
    /// Clear it.
    ClearIdentifier,
    /// See who asked about a thing, and why.
    AuditIdentifier,
    /// Ask what is known of a thing, as an institution or as anybody.
    CheckIdentifier,
    /// See a scheme: which reports belong together, and why.
    ViewScheme,
    /// Take reports out of a scheme, put them in, part and join schemes, say how the fraud is done.
    SortScheme,
    /// Draw what ties things, and open views of it that people keep.
    ViewChart,
    /// Keep a view, and throw it away.
    KeepChart,
    /// See what is known of a person, and which records may be theirs.
    ViewPerson,
    /// Say whether two records are one person's.
    JudgePerson,
    /// Keep the record of somebody who lent their account to fraudsters, up to the proposal to list them.
    KeepDropper,
    /// Sign, as somebody else, that they are listed.
    ListDropper,
    /// Take them off, or refuse to.
    ClearDropper,
    /// Put weights in force by which records of persons are compared.
    ChooseWeights,
    /// See a case, as far as one is let in.
    ViewCase,
    /// Open a case.
    OpenCase,
    /// Work on a case: tasks, notes, persons, links, decisions proposed.
    WorkCase,
    /// Lead a case: its team, its stage, who is let in, hand-over, merging and parting.
    LeadCase,
    /// Agree, as somebody else, to a decision in a case, or send it back.
    ConfirmCase,
    /// Accept what was referred to one's own unit or body, or return it.
    ReceiveCase,
    /// See an exhibit, and how it was kept.
    ViewExhibit,
    /// Take an exhibit in.
    TakeExhibit,
    /// Read the content of an exhibit; recorded.
    OpenExhibit,
    /// Keep an exhibit: move, hand over, seal, describe, derive, export, propose what becomes of it.
    HandleExhibit,
    /// Agree, as somebody else, that it is returned or destroyed, or send that back.
    ConfirmExhibit,
    /// See where a matter stands in the country's registers.
    ViewRegistration,
    /// Hand a matter over to a register, and take the file of it.
    HandOver,
    /// Write down under which number a register took a matter, or answer that as the register.
    RecordReceipt,
    /// Put a number right that was written down wrongly.
    CorrectReference,
    /// Decide about a matter in a register, or propose to.
    DecideRegistration,
    /// Agree to a decision that somebody else has proposed, or send it back.
    ConfirmRegistration,
    /// Read the inbox of a partner.
    ReadInbox,
    /// See who a partner is and how it is reached.
    ViewPartner,
    /// Add and change partners, their addresses and keys.
    ManagePartners,
    /// Confirm, as a second person, what somebody else has written into a partner's agreement or keys.
    ConfirmPartner,
    /// Change the partner's own keys.
    ManageOwnKeys,
    /// See a legal basis.
    ViewLegalBasis,
    /// Bring a legal basis in; draft a change of one.
    ManageLegalBasis,
    /// Enact a change of a legal basis that somebody else has drafted, or refuse it.
    EnactLegalBasis,
    /// See the accounts of staff.
    ViewUsers,
    /// Add and change accounts of staff.
    ManageUsers,
    /// See one's own account and sessions.
    ViewOwnAccount,
    /// See that somebody is away, and till when.
    ViewAbsence,
    /// Say that somebody is away.
    SayAbsence,
    /// Say that somebody is back before the time is over.
    EndAbsence,
    /// See a delegation.
    ViewDelegation,
    /// Give one's own power to sign to a deputy, for a term.
    GiveDelegation,
    /// Accept it, as the deputy.
    AcceptDelegation,
    /// Confirm it, as neither of the two.
    ConfirmDelegation,
    /// End it, at once.
    EndDelegation,
    /// Read the record of acts.
    ViewRecord,
    /// Check the record's proofs and signatures.
    VerifyRecord,
    /// See news inside the platform that could not be handled.
    ViewParkedNews,
    /// Have parked news tried again, or leave it out.
    SettleParkedNews,
    /// See whether the database is as it was written.
    ViewDatabase,
}

/// What kind of thing an act is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The duty desk: queue and clock board.
    Desk,
    /// A report.
    Report,
    /// An order.
    Order,
    /// A standing approval.
    StandingApproval,
    /// An objection to a restriction.
    Appeal,
    /// An entry of the registry of identifiers.
    Identifier,
    /// Reports that belong together.
    Scheme,
    /// A view of what ties things.
    Chart,
    /// A person, and who they may be.
    Person,
    /// A case.
    Case,
    /// An exhibit.
    Exhibit,
    /// A matter in a register of the country.
    Registration,
    /// The orders that lie ready for one partner.
    Inbox,
    /// A partner.
    Partner,
    /// A legal basis.
    LegalBasis,
    /// An account of staff.
    Account,
    /// The record of acts.
    Record,
    /// News inside the platform that could not be handled.
    ParkedNews,
    /// The database, as what keeps a node going.
    Database,
    /// A time in which somebody is away.
    Absence,
    /// Power to sign, given to a deputy.
    Delegation,
    /// A word that names no kind: nothing is permitted on it.
    Unknown,
}

impl Kind {
    /// All kinds that the rules know.
    pub const ALL: [Self; 21] = [
        Self::Desk,
        Self::Report,
        Self::Order,
        Self::StandingApproval,
        Self::Appeal,
        Self::Identifier,
        Self::Scheme,
        Self::Chart,
        Self::Person,
        Self::Case,
        Self::Exhibit,
        Self::Registration,
        Self::Inbox,
        Self::Partner,
        Self::LegalBasis,
        Self::Account,
        Self::Record,
        Self::ParkedNews,
        Self::Database,
        Self::Absence,
        Self::Delegation,
    ];

    /// As written in records, addresses and columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Report => "report",
            Self::Order => "order",
            Self::StandingApproval => "standing_approval",
            Self::Appeal => "appeal",
            Self::Identifier => "identifier",
            Self::Scheme => "scheme",
            Self::Chart => "chart",
            Self::Person => "person",
            Self::Case => "case",
            Self::Exhibit => "exhibit",
            Self::Registration => "registration",
            Self::Inbox => "inbox",
            Self::Partner => "partner",
            Self::LegalBasis => "legal_basis",
            Self::Account => "account",
            Self::Record => "record",
            Self::ParkedNews => "parked_news",
            Self::Database => "database",
            Self::Absence => "absence",
            Self::Delegation => "delegation",
            Self::Unknown => "unknown",
        }
    }

    /// The acts of seeing it: whoever may do none of them must not learn that it exists.
    #[must_use]
    pub const fn seeing(self) -> &'static [Action] {
        match self {
            Self::Desk => &[Action::ViewQueue],
            Self::Report => &[Action::ViewReport, Action::ViewOwnReport],
            Self::Order => &[Action::ViewOrder],
            Self::StandingApproval => &[Action::ViewStandingApproval],
            Self::Appeal => &[Action::ViewAppeal],
            Self::Identifier => &[Action::ViewIdentifier],
            Self::Scheme => &[Action::ViewScheme],
            Self::Chart => &[Action::ViewChart],
            Self::Person => &[Action::ViewPerson],
            Self::Case => &[Action::ViewCase],
            Self::Exhibit => &[Action::ViewExhibit],
            Self::Registration => &[Action::ViewRegistration],
            Self::Inbox => &[Action::ReadInbox],
            Self::Partner => &[Action::ViewPartner],
            Self::LegalBasis => &[Action::ViewLegalBasis],
            Self::Account => &[Action::ViewUsers, Action::ViewOwnAccount],
            Self::Record => &[Action::ViewRecord],
            Self::ParkedNews => &[Action::ViewParkedNews],
            Self::Database => &[Action::ViewDatabase],
            Self::Absence => &[Action::ViewAbsence],
            Self::Delegation => &[Action::ViewDelegation],
            Self::Unknown => &[],
        }
    }
}

impl From<&str> for Kind {
    fn from(word: &str) -> Self {
        Self::ALL.into_iter().find(|k| k.as_str() == word).unwrap_or(Self::Unknown)
    }
}

/// How far an order or a standing approval has come, as far as the rules care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Stage {
    /// Being prepared.
    #[default]
    Draft,
    /// Waits for approval.
    Waiting,
    /// Has gone out or is in force.
    Sent,
    /// Released, lapsed, withdrawn, revoked.
    Ended,
}

impl Stage {
    /// All stages.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Waiting, Self::Sent, Self::Ended];
    /// As written in the policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Ended => "ended",
        }
    }
}

/// The facts about one thing that the rules decide by. They come from the row, never from the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What kind of thing it is.
    pub kind: Kind,
    /// Which one; `None` for one that is not made yet, or for the whole list.
    pub id: Option<Uuid>,
    /// The organisation it belongs to; empty for [`Resource::any`].
    pub organisation: String,
    /// The unit it belongs to.
    pub unit: String,
    /// The profile's region code. No rule asks for it yet.
    pub region: String,
    /// Who may see it.
    pub marking: Marking,
    /// Who made it, as [`kernel::Actor::label`]; who is away; who gave the delegation; who leads the case.
    pub author: String,
    /// The partner that filed the report; that keeps the register; whose inbox it is; whose person the account
    /// belongs to.
    pub owner: Option<Uuid>,
    /// The partners of the route that the order has reached.
    pub addressees: Vec<Uuid>,
    /// How far it has come.
    pub stage: Stage,
    /// Labels of those who have approved or signed already.
    pub signers: Vec<String>,
    /// Labels of those who may sign an order in the stead of somebody else now; the deputy of a delegation.
    pub deputies: Vec<String>,
    /// Whether the order goes out under a standing approval that is in force and covers it.
    pub standing: bool,
    /// Whether the prosecutor has been asked to sanction the order, whatever came of it.
    pub sanction: bool,
    /// Labels of those who work on the case or are let in to the exhibit, whoever leads it among them.
    pub team: Vec<String>,
    /// Whether nobody else is let in.
    pub closed: bool,
    /// The unit to which it was referred and that has not answered yet; empty if there is none.
    pub referred_to: String,
}

impl Resource {
    /// One thing that carries the common header.
    #[must_use]
    pub fn new(kind: impl Into<Kind>, id: Uuid, header: &Header) -> Self {
        Self {
            id: Some(id),
            organisation: header.organisation_id.clone(),
            unit: header.unit_id.clone(),
            region: header.region.clone(),
            marking: header.marking.clone(),
            author: header.author.clone(),
            ..Self::any(kind)
        }
    }

    /// No single thing: one that is not made yet, or the whole list.
    #[must_use]
    pub fn any(kind: impl Into<Kind>) -> Self {
        Self {
            kind: kind.into(),
            id: None,
            organisation: String::new(),
            unit: String::new(),
            region: String::new(),
            marking: Marking::default(),
            author: String::new(),
            owner: None,
            addressees: Vec::new(),
            stage: Stage::Draft,
            signers: Vec::new(),
            deputies: Vec::new(),
            standing: false,
            sanction: false,
            team: Vec::new(),
            closed: false,
            referred_to: String::new(),
        }
    }

    /// One thing without the common header: an account, a partner, an inbox.
    #[must_use]
    pub fn bare(kind: impl Into<Kind>, id: Uuid, organisation: &str) -> Self {
        Self { id: Some(id), organisation: organisation.to_owned(), ..Self::any(kind) }
    }

    /// Names the partner that filed it, whose inbox or whose person's account it is.
    #[must_use]
    pub fn owned_by(mut self, owner: Uuid) -> Self {
        self.owner = Some(owner);
        self
    }

    /// Names the partners of the route that it has reached.
    #[must_use]
    pub fn addressed_to(mut self, partners: &[Uuid]) -> Self {
        self.addressees = partners.to_vec();
        self
    }

    /// Says how far it has come.
    #[must_use]
    pub fn at(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// Names those who have approved or signed already, by [`kernel::Actor::label`].
    #[must_use]
    pub fn signed_by(mut self, labels: &[String]) -> Self {
        self.signers = labels.to_vec();
        self
    }

    /// Names those who may sign in the stead of somebody else, by [`kernel::Actor::label`].
    #[must_use]
    pub fn deputised(mut self, labels: &[String]) -> Self {
        self.deputies = labels.to_vec();
        self
    }

    /// Says whether the prosecutor has been asked to sanction it.
    #[must_use]
    pub fn put_to_prosecutor(mut self, asked: bool) -> Self {
        self.sanction = asked;
        self
    }

    /// Names those who work on it, and says whether nobody else is let in.
    #[must_use]
    pub fn kept_by(mut self, team: &[String], closed: bool) -> Self {
        self.team = team.to_vec();
        self.closed = closed;
        self
    }

    /// Names the unit that is to accept or return it.
    #[must_use]
    pub fn referred_to(mut self, unit: &str) -> Self {
        unit.clone_into(&mut self.referred_to);
        self
    }

    /// Says whether a standing approval in force covers it.
    #[must_use]
    pub fn under_standing_approval(mut self, covered: bool) -> Self {
        self.standing = covered;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_kinds_round_trip_and_others_name_nothing() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from(kind.as_str()), kind);
            assert!(!kind.seeing().is_empty());
        }
        for word in ["", "Report", "reports", "unknown", "report "] {
            assert_eq!(Kind::from(word), Kind::Unknown, "{word}");
        }
    }
}
