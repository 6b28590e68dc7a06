//! What a case is.

use kernel::{Header, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::id_kind!(
    /// A case.
    CaseKind, CaseId, "cas"
);

kernel::id_kind!(
    /// A referral.
    ReferralKind, ReferralId, "rfr"
);

kernel::words!(
    /// Where a case stands, whatever its stage is called.
    State {
        /// It is worked on.
        Open = "open",
        /// It is over.
        Ended = "ended",
        /// It was merged into another.
        Merged = "merged",
    }
);

kernel::words!(
    /// What a case may be about, and opened from.
    LinkKind {
        /// A report.
        Report = "report",
        /// A scheme.
        Scheme = "scheme",
        /// A person.
        Person = "person",
        /// Another case, beside it.
        Case = "case",
    }
);

kernel::words!(
    /// Where a task stands.
    TaskState {
        /// It is to be done.
        Open = "open",
        /// It was done.
        Done = "done",
        /// It is not to be done any more.
        Dropped = "dropped",
    }
);

kernel::words!(
    /// Where a decision stands.
    Standing {
        /// It waits for a second person.
        Proposed = "proposed",
        /// It holds.
        Stands = "stands",
        /// The second person did not agree.
        SentBack = "sent_back",
        /// Whoever proposed it took it back.
        TakenBack = "taken_back",
    }
);

kernel::words!(
    /// What became of a referral.
    Referred {
        /// It waits for an answer.
        Sent = "sent",
        /// It was accepted.
        Accepted = "accepted",
        /// It was returned, with reasons.
        Returned = "returned",
        /// Whoever sent it took it back.
        TakenBack = "taken_back",
    }
);

kernel::words!(
    /// What is shown together in a time line.
    MomentKind {
        /// The case itself: stage, team, links, merges.
        Case = "case",
        /// Tasks.
        Task = "task",
        /// Persons.
        Person = "person",
        /// Decisions and referrals.
        Decision = "decision",
        /// What happened to reports.
        Report = "report",
        /// Orders and answers to them.
        Order = "order",
        /// Registers.
        Register = "register",
        /// What people added by hand.
        Hand = "hand",
    }
);

kernel::words!(
    /// What rows a merge moves.
    What {
        /// A link.
        Link = "link",
        /// A person.
        Person = "person",
        /// A task.
        Task = "task",
        /// A note.
        Note = "note",
        /// A number in a register.
        Ref = "ref",
        /// An offence.
        Article = "article",
        /// A decision.
        Decision = "decision",
        /// A field of its own.
        Field = "field",
        /// Somebody who joined the team with the merge; a new row.
        Member = "member",
        /// An exhibit, which the slice of exhibits puts over.
        Exhibit = "exhibit",
    }
);

kernel::words!(
    /// How rows were moved.
    MoveKind {
        /// One case into another, whole.
        Merge = "merge",
        /// Some rows into a new case.
        Split = "split",
    }
);

/// The time of something that has no term: later than any.
pub const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);

/// What a case was opened from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Kind of thing.
    pub kind: LinkKind,
    /// Which one.
    pub id: Uuid,
    /// Its number.
    pub number: String,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Database key; also whose data key seals what is written in it.
    pub id: CaseId,
    /// The common header; its unit is the one that works on it now.
    pub header: Header,
    /// Its number.
    pub number: String,
    /// What it was opened from; `None` by hand.
    pub origin: Option<Origin>,
    /// Code of its shape; empty for none.
    pub template: String,
    /// Code of its stage.
    pub stage: String,
    /// Since when it stands there.
    pub stage_since: Timestamp,
    /// By when it should have left; [`NEVER`] without a term.
    pub stage_due_at: Timestamp,
    /// 0 can wait, 1 as usual, 2 soon, 3 at once.
    pub priority: i64,
    /// Who leads it, as [`kernel::Actor::label`]; empty while nobody does.
    pub lead: String,
    /// Whether nobody but the team, and the head of the unit, is let in.
    pub closed: bool,
    /// Where it stands.
    pub state: State,
    /// When something happened in it last.
    pub changed_at: Timestamp,
    /// The nearest term of all that is open in it; [`NEVER`] without one.
    pub next_due_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Into which case it was merged.
    pub merged_into: Option<CaseId>,
    /// The unit to which it was referred and that has not answered; empty for none.
    pub referred_to: String,
}

/// Somebody of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Row.
    pub id: Uuid,
    /// Who, as [`kernel::Actor::label`].
    pub label: String,
    /// What they do in it, in a word that was typed.
    pub duty: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `None` now.
    pub until: Option<Timestamp>,
}

/// What every row of a case begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Row.
    pub id: Uuid,
    /// The case in which it lies now.
    pub case: CaseId,
    /// The case under whose key its words are sealed.
    pub sealed_for: Uuid,
}

/// Who wrote a row, and when. A merge changes neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Who, as [`kernel::Actor::label`].
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A thing that a case is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Row.
    pub id: Uuid,
    /// In which case.
    pub case: CaseId,
    /// Kind of thing.
    pub kind: LinkKind,
    /// Which one.
    pub target: Uuid,
    /// Its number.
    pub number: String,
    /// Who added it, and when.
    pub written: Written,
    /// When it was taken out.
    pub removed_at: Option<Timestamp>,
    /// Up to when its history stands in the time line.
    pub synced_at: Timestamp,
}

/// What is written of a person in a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonWords {
    /// Name.
    pub name: String,
    /// How to reach them.
    pub contact: String,
    /// Anything else.
    pub note: String,
}

/// A person of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePerson {
    /// Its place.
    pub place: Place,
    /// Who wrote it.
    pub written: Written,
    /// The person of the platform, where it is known who that is.
    pub person: Option<Uuid>,
    /// What is written, sealed.
    pub words_sealed: Vec<u8>,
    /// Code of the capacity.
    pub duty: String,
    /// Since when in this capacity.
    pub since: Timestamp,
    /// Until when; `None` now.
    pub until: Option<Timestamp>,
    /// When the rights were told.
    pub rights_at: Option<Timestamp>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its place.
    pub place: Place,
    /// Who wrote it.
    pub written: Written,
    /// What is to be done, sealed.
    pub title_sealed: Vec<u8>,
    /// Its place in the list.
    pub order: i64,
    /// Who is to do it; empty for nobody yet.
    pub assignee: String,
    /// By when; [`NEVER`] without a term.
    pub due_at: Timestamp,
    /// Whether it goes before others.
    pub urgent: bool,
    /// Where it stands.
    pub state: TaskState,
    /// When it was done or dropped.
    pub done_at: Option<Timestamp>,
    /// Who did or dropped it.
    pub done_by: Option<String>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its place.
    pub place: Place,
    /// Who wrote it.
    pub written: Written,
    /// What it says, sealed.
    pub text_sealed: Vec<u8>,
    /// Whether only those whom it names read it.
    pub restricted: bool,
}

/// A moment of the time line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Row.
    pub id: Uuid,
    /// The case in which it happened.
    pub home: CaseId,
    /// When.
    pub at: Timestamp,
    /// With what it is shown together.
    pub kind: MomentKind,
    /// What happened, in the code's word.
    pub act: String,
    /// Who did it, as [`kernel::Actor::label`].
    pub actor: String,
    /// A number or a code that belongs to it; nothing personal.
    pub about: String,
    /// What was written by hand, sealed.
    pub words_sealed: Option<Vec<u8>>,
}

/// A number in a register or with another body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRef {
    /// Its place.
    pub place: Place,
    /// Who wrote it.
    pub written: Written,
    /// Code of the register, or a name that was typed.
    pub system: String,
    /// The number as it was told; never a key.
    pub number: String,
    /// When the register took the case, by its own word.
    pub registered_at: Timestamp,
    /// By when the law wants the next register's decision; [`NEVER`] for none.
    pub due_at: Timestamp,
    /// Who entered it there, sealed.
    pub registrar_sealed: Vec<u8>,
    /// When it was found wrong.
    pub wrong_at: Option<Timestamp>,
}

/// An offence of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseArticle {
    /// Its place.
    pub place: Place,
    /// Who wrote it.
    pub written: Written,
    /// Code of the offence.
    pub code: String,
    /// The day from which this wording holds.
    pub wording: String,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its place.
    pub place: Place,
    /// Who proposed it.
    pub written: Written,
    /// Code of its kind.
    pub kind: String,
    /// Number of the document.
    pub paper: String,
    /// Its day, as written.
    pub day: String,
    /// Why, sealed.
    pub reasons_sealed: Vec<u8>,
    /// Where it stands.
    pub standing: Standing,
    /// When somebody else agreed or did not.
    pub second_at: Option<Timestamp>,
    /// Who that was.
    pub second_by: Option<String>,
    /// Why they did not, sealed.
    pub second_sealed: Option<Vec<u8>>,
}

/// What stands in a field of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// Its place.
    pub place: Place,
    /// Who wrote it first.
    pub written: Written,
    /// Code of the field.
    pub code: String,
    /// What stands in it, sealed.
    pub value_sealed: Vec<u8>,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
}

/// A merge or a parting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Row.
    pub id: Uuid,
    /// Which of the two.
    pub kind: MoveKind,
    /// The case that was left.
    pub from: CaseId,
    /// The case that they came to.
    pub into: CaseId,
    /// Who did it, and when.
    pub written: Written,
    /// Why, sealed under the key of the case that was left.
    pub reason_sealed: Vec<u8>,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
}

/// A referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// Its place.
    pub place: Place,
    /// Who referred it.
    pub written: Written,
    /// Code of the body.
    pub body: String,
    /// The own unit that it is; empty where the body is outside.
    pub unit: String,
    /// Code of the institution to which it was sent by message; empty where it is reached on paper.
    pub institution: String,
    /// The body's own number, once it has accepted.
    pub body_number: String,
    /// On what ground, sealed.
    pub ground_sealed: Vec<u8>,
    /// By when an answer is due.
    pub due_at: Timestamp,
    /// What became of it.
    pub state: Referred,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// What was answered, sealed.
    pub answer_sealed: Option<Vec<u8>>,
}

/// A list that somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Row.
    pub id: Uuid,
    /// Whose it is.
    pub owner: String,
    /// Whether everybody is offered it.
    pub shared: bool,
    /// Its name, sealed under its own key.
    pub name_sealed: Vec<u8>,
    /// Its filter.
    pub filter: String,
    /// Its order.
    pub sort: String,
}
