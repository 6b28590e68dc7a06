//! What the registry keeps of a thing that fraud is done with, and what it tells of it.

use identifier::Kind;
use kernel::{Header, Timestamp};
use uuid::Uuid;

kernel::id_kind!(
    /// An entry of the registry. The same thing has the same id on every node that holds the same keys.
    EntryKind, EntryId, "idn"
);

kernel::id_kind!(
    /// A list that others keep, taken in.
    BatchKind, BatchId, "lst"
);

kernel::id_kind!(
    /// An objection of somebody to what is told of something of theirs.
    ObjectionKind, ObjectionId, "obj"
);

kernel::id_kind!(
    /// A step in the life of an entry.
    StepKind, StepId, "stp"
);

kernel::words!(
    /// How a report names a thing.
    How {
        /// Money was paid to it.
        PaidTo = "paid_to",
        /// An officer found it out.
        Clue = "clue",
        /// It stands on a list that an institution keeps.
        Listing = "listing",
        /// It stands in the story, and may be anything: the number of a friend, too.
        Told = "told",
        /// It is the reporter's own.
        Own = "own",
    }
);

kernel::words!(
    /// What people have decided about a thing.
    Decided {
        /// Nothing.
        Nothing = "nothing",
        /// An officer has confirmed, with a reason, that fraud is done with it.
        Suspect = "suspect",
        /// A second person has signed, and partners are told to stop payments to it.
        Listed = "listed",
        /// It was cleared: it is told to nobody, whatever is reported, until people decide anew.
        Cleared = "cleared",
    }
);

kernel::words!(
    /// Where an entry stands in its life, as people call it.
    Status {
        /// It was named, and no more.
        Seen = "seen",
        /// A report names it as what harm was done with.
        Reported = "reported",
        /// An officer has confirmed it.
        Suspect = "suspect",
        /// Two persons have, and partners are told to stop payments.
        Listed = "listed",
        /// Whoever it belongs to has objected, and nobody has decided.
        Disputed = "disputed",
        /// It was cleared.
        Cleared = "cleared",
        /// Nobody has named it for so long that nothing is told of it any more.
        Expired = "expired",
    }
);

kernel::words!(
    /// Whose a thing is in what was reported.
    Role {
        /// A victim's own. It is never told to anybody.
        Victim = "victim",
        /// Whoever took the money.
        Suspect = "suspect",
        /// A site, an application, a name of a sender: not a person's.
        Infrastructure = "infrastructure",
        /// Nobody can say: both were told, or neither.
        Unknown = "unknown",
    }
);

kernel::words!(
    /// How much stands behind an entry. Of things, never of people.
    Confidence {
        /// One source.
        Low = "low",
        /// Several that do not know each other, or money that was followed there.
        Medium = "medium",
        /// People have confirmed it.
        High = "high",
    }
);

kernel::words!(
    /// Why so much stands behind it: a closed list, so that every answer explains itself and tells no story.
    Reason {
        /// Money was paid to it.
        PaidTo = "paid_to",
        /// An officer found it out.
        Named = "named",
        /// It stands on a list that an institution keeps.
        OnList = "on_list",
        /// It stands in stories of several reporters who were verified.
        Told = "told",
        /// Several reporters who were verified and do not share a telephone or a number of a person.
        Reporters = "reporters",
        /// Several institutions have reported it.
        Partners = "partners",
        /// An officer has confirmed it.
        Confirmed = "confirmed",
        /// Two persons have listed it.
        Listed = "listed",
        /// Whoever it belongs to has objected.
        Disputed = "disputed",
        /// A service that many honest people use.
        Shared = "shared",
        /// Its name looks like that of an organisation, and is not.
        LooksLike = "looks_like",
    }
);

kernel::words!(
    /// What a partner is told of a thing.
    Class {
        /// Nothing is known: which does not say that it is safe.
        Nothing = "nothing",
        /// It belongs to an organisation that is known.
        Verified = "verified",
        /// It was reported.
        Reported = "reported",
        /// An officer has confirmed it.
        Suspect = "suspect",
        /// It is listed.
        Listed = "listed",
    }
);

kernel::words!(
    /// What a partner is advised to do.
    Advice {
        /// Nothing: go on as usual.
        Nothing = "none",
        /// Ask the payer whether the payment is meant. Never a ground to decline.
        AskPayer = "ask_payer",
        /// Ask, and do not carry it out before the payer has answered.
        AskAndWait = "ask_and_wait",
        /// Decline.
        Decline = "decline",
    }
);

kernel::words!(
    /// How long ago it was last named, roughly: the moment itself would tell which report.
    Age {
        /// Today or yesterday.
        Day = "day",
        /// Less than a week.
        Week = "week",
        /// Less than thirty days.
        Month = "month",
        /// Longer.
        Older = "older",
    }
);

kernel::words!(
    /// What became of a payment about which an institution had asked.
    Outcome {
        /// The institution did not carry it out.
        Declined = "declined",
        /// The payer was asked and gave it up.
        GivenUp = "given_up",
        /// It was carried out all the same.
        CarriedOut = "carried_out",
        /// It was stopped, and turned out to be an honest one.
        Mistaken = "mistaken",
    }
);

kernel::words!(
    /// What the things on a list are.
    What {
        /// Fraud was done with them, says whoever keeps the list.
        Harmful = "harmful",
        /// They belong to organisations that everybody deals with: nothing on them is ever held against anybody.
        Own = "own",
        /// Many honest people share them: a page on them may be listed, they never.
        Shared = "shared",
    }
);

kernel::words!(
    /// Where a list stands.
    BatchStatus {
        /// Read and judged; nothing is changed yet.
        Read = "read",
        /// Being taken in.
        Running = "running",
        /// Taken in; entries that it protects are being gone through.
        Settling = "settling",
        /// Taken in.
        Applied = "applied",
        /// Being taken back.
        Undoing = "undoing",
        /// Taken back, or thrown away before it was taken in.
        Undone = "undone",
    }
);

kernel::words!(
    /// Where an objection from the portal stands.
    ObjectionStatus {
        /// Made. Nothing is changed by it yet: whoever has stolen a number could say that it is theirs.
        Filed = "filed",
        /// An officer has made sure that it is the objector's: nothing is declined because of it until it is decided.
        Accepted = "accepted",
        /// Upheld: the thing is told to nobody.
        Upheld = "upheld",
        /// Found without ground.
        Rejected = "rejected",
        /// Closed without a decision about the thing: it is not theirs, or nothing is told of it.
        Closed = "closed",
    }
);

impl ObjectionStatus {
    /// Whether its clock runs.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Filed | Self::Accepted)
    }
}

/// What somebody tells who objects; sealed under the objection's key.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ObjectionTold {
    /// Who objects.
    pub name: String,
    /// How to reach them.
    pub contact: String,
    /// What they say.
    pub text: String,
}

/// An objection from the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Database key.
    pub id: ObjectionId,
    /// The common header.
    pub header: Header,
    /// Public number.
    pub number: String,
    /// The entry, whether there is one or not.
    pub entry: EntryId,
    /// What sort of thing.
    pub kind: Kind,
    /// What may be shown of it.
    pub masked: String,
    /// When it was made (office time).
    pub filed_at: Timestamp,
    /// By when it must be answered.
    pub due_at: Timestamp,
    /// Where it stands.
    pub status: ObjectionStatus,
    /// When it was answered.
    pub decided_at: Option<Timestamp>,
    /// By whom, as the actor's label.
    pub decided_by: Option<String>,
    /// How often it was changed.
    pub version: i64,
}

impl BatchStatus {
    /// Whether work goes on by itself.
    #[must_use]
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Running | Self::Settling | Self::Undoing)
    }
}

/// A list that others keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Database key.
    pub id: BatchId,
    /// The common header; its author brought the list.
    pub header: Header,
    /// What the things on it are.
    pub what: What,
    /// What it is called.
    pub name: String,
    /// The institution that keeps it, if one does.
    pub partner: Option<String>,
    /// Lines that are taken in.
    pub good: i64,
    /// Lines that say what an earlier one says.
    pub twice: i64,
    /// Lines that are not taken.
    pub faulty: i64,
    /// Of the good lines, those about things that reports name already.
    pub known: i64,
    /// The first of those that are not taken: the line, and the code of what is wrong. Never the value.
    pub faults: Vec<(u64, String)>,
    /// Where it stands.
    pub status: BatchStatus,
    /// Lines that were gone through.
    pub done: i64,
    /// The entry that was gone through last.
    pub cursor: Option<Uuid>,
    /// Who had it taken in.
    pub signed_by: Option<String>,
    /// When.
    pub started_at: Option<Timestamp>,
    /// When it was done.
    pub ended_at: Option<Timestamp>,
    /// How often it was changed.
    pub version: i64,
}

impl Outcome {
    /// Whether the money stayed where it was, and rightly so.
    #[must_use]
    pub const fn is_stopped(self) -> bool {
        matches!(self, Self::Declined | Self::GivenUp)
    }
}

/// One report that names a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The report.
    pub report: Uuid,
    /// How it names it; of several ways the one that says most.
    pub how: How,
    /// Who reported: the same person has the same key, whatever they call themselves. Their telephone or number, hashed.
    pub reporter: Uuid,
    /// Whether somebody has made sure that there is such a reporter: their bank, or an officer who spoke with them.
    pub verified: bool,
    /// The institution that reported it, if one did.
    pub partner: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// An entry of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Database key.
    pub id: EntryId,
    /// The common header.
    pub header: Header,
    /// What sort of thing.
    pub kind: Kind,
    /// What may be shown of it.
    pub masked: String,
    /// Of a card: whether its whole number was given. Ten digits are a hundred thousand people's.
    pub whole: bool,
    /// What reports say of it, counted.
    pub tally: Tally,
    /// What people have decided.
    pub decided: Decided,
    /// When they did.
    pub decided_at: Option<Timestamp>,
    /// The basis of the listing, and its version.
    pub basis: Option<(Uuid, i64)>,
    /// When the decision is over, whatever is reported meanwhile.
    pub until_at: Option<Timestamp>,
    /// Since when an objection waits.
    pub disputed_at: Option<Timestamp>,
    /// Who wrote it down, as the actor's label.
    pub objected_by: Option<String>,
    /// When a person must look at it again.
    pub review_at: Option<Timestamp>,
    /// When what reports say of it is too old to be told.
    pub expires_at: Timestamp,
    /// Since when an institution says that it stopped an honest payment; a person's next decision answers it.
    pub doubted_at: Option<Timestamp>,
    /// Whether a list of what is never held against anybody protects it.
    pub spared: bool,
    /// How often it was changed.
    pub version: i64,
}

/// What reports say of a thing, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Reports that name it as what harm was done with.
    pub harmful: u32,
    /// Of them, those that paid money to it.
    pub paid: u32,
    /// Reports in whose story it stands, and that say no more.
    pub told: u32,
    /// Different reporters of harm.
    pub reporters: u32,
    /// Of them, those that were verified.
    pub verified: u32,
    /// Different verified reporters who name it at all.
    pub heard: u32,
    /// Different institutions among those that reported harm.
    pub partners: u32,
    /// Lists of institutions on which it stands.
    pub lists: u32,
    /// Reports in which it is the reporter's own.
    pub own: u32,
    /// Of them, those of verified reporters.
    pub own_verified: u32,
    /// When it was first named.
    pub first: Option<Timestamp>,
    /// When it was last named as what harm was done with, or at all.
    pub last: Option<Timestamp>,
}
