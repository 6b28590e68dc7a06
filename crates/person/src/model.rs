//! What is kept of persons.

use kernel::{Header, Personal, Timestamp, Tlp};
use order::details::Knowledge;
use report::ReportId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::resolve::Record;
use crate::rules::{Place, place_of};

kernel::id_kind!(
    /// A person.
    PersonKind, PersonId, "per"
);
kernel::id_kind!(
    /// One appearance of a person.
    RecordKind, RecordId, "rec"
);
kernel::id_kind!(
    /// Two records that were weighed.
    PairKind, PairId, "pai"
);
kernel::id_kind!(
    /// What somebody said of two records.
    JudgementKind, JudgementId, "jud"
);

kernel::id_kind!(
    /// Somebody who lent an account to fraudsters.
    DropperKind, DropperId, "dro"
);

kernel::id_kind!(
    /// A list of persons that somebody else keeps.
    ListKind, ListId, "pli"
);

kernel::words!(
    /// Where a list stands.
    ListStatus {
        /// It was read and looked over.
        Read = "read",
        /// It is being taken in.
        Running = "running",
        /// It was taken in.
        Applied = "applied",
        /// It is being taken back.
        Undoing = "undoing",
        /// It was taken back.
        Undone = "undone",
    }
);

/// A list of persons that somebody else keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonList {
    /// Database key; its lines are sealed under it.
    pub id: ListId,
    /// The common header.
    pub header: Header,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub status: ListStatus,
    /// Lines that name a person.
    pub good: i64,
    /// Lines that do not.
    pub faulty: i64,
    /// The first of those, each with its place and what is wrong.
    pub faults: Vec<(u64, String)>,
    /// How many lines are done of what goes on now.
    pub done: i64,
    /// Behind which record it goes on where it is taken back.
    pub at: Option<RecordId>,
}

kernel::words!(
    /// Where a record comes from.
    Source {
        /// Who filed a report.
        Reporter = "reporter",
        /// Whose an account is, as an institution told.
        Account = "account",
        /// An officer wrote it down.
        Hand = "hand",
        /// A list that somebody else keeps.
        List = "list",
    }
);

kernel::words!(
    /// What somebody is in a matter, as far as is known.
    Role {
        /// They were deceived.
        Victim = "victim",
        /// They are suspected.
        Suspect = "suspect",
        /// They lent their account.
        Dropper = "dropper",
        /// An account is theirs.
        AccountHolder = "account_holder",
        /// They saw or know something.
        Witness = "witness",
        /// They lead others.
        Organiser = "organiser",
    }
);

kernel::words!(
    /// What people say of two records.
    Verdict {
        /// They are one person's.
        Same = "same",
        /// They are two persons'.
        Different = "different",
        /// It cannot be told.
        Unsure = "unsure",
    }
);

kernel::words!(
    /// Where two weighed records stand.
    PairState {
        /// They wait for a person.
        Waiting = "waiting",
        /// The machine joined them.
        Joined = "joined",
        /// People judged them.
        Judged = "judged",
        /// People could not tell: somebody else may look again.
        Unsure = "unsure",
        /// Somebody has judged, and a second person looks without being told.
        Second = "second",
        /// Their persons are told apart or asked about by another pair.
        Beside = "beside",
        /// They contradict one another.
        Against = "against",
    }
);

kernel::words!(
    /// Why a matter must be looked at before its day.
    Doubt {
        /// The report on which it rests was withdrawn.
        Withdrawn = "withdrawn",
        /// The report on which it rests was erased.
        Erased = "erased",
        /// Somebody took back a record of the person.
        TakenBack = "taken_back",
        /// A record in which they were robbed is among those of the person now.
        Victim = "victim",
        /// They turned out to be a minor.
        Minor = "minor",
        /// It is not known any more how old they are.
        Age = "age",
    }
);

kernel::words!(
    /// Where the matter of a dropper stands.
    DropperStatus {
        /// Somebody says so.
        Signalled = "signalled",
        /// Somebody has made sure of it.
        Verified = "verified",
        /// The person was heard.
        Interviewed = "interviewed",
        /// An officer proposes to list them.
        Proposed = "proposed",
        /// Somebody else has listed them.
        Listed = "listed",
        /// A criminal case is open (article 232-1 of the Criminal Code).
        Case = "case",
        /// They are none, or no more.
        Cleared = "cleared",
    }
);

/// Something that somebody gave away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Instrument {
    /// The account, card, SIM, signature key.
    pub what: String,
    /// Who keeps it.
    pub institution: String,
    /// When it was handed over.
    pub when: String,
    /// To whom.
    pub to: String,
    /// For how much.
    pub price: String,
}

/// What is told of a dropper; sealed whole.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DropperTold {
    /// What they gave away.
    pub instruments: Vec<Instrument>,
    /// How they were recruited: where, by which advertisement, by whom.
    pub recruitment: String,
    /// What it is known from.
    pub evidence: String,
    /// What came in, as told: sums, days, from whom.
    pub flows_in: String,
    /// What went out.
    pub flows_out: String,
    /// How many were robbed through them, as far as is known.
    pub victims: String,
    /// Which place they take on the path of the money: 1 is where the victim paid.
    pub hop: String,
    /// Restrictions that stand, and receipts that are exempt.
    pub restrictions: String,
    /// The number of the criminal case.
    pub case: String,
}

/// Somebody who lent an account to fraudsters: form F9.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropper {
    /// Database key.
    pub id: DropperId,
    /// The common header.
    pub header: Header,
    /// The record that it hangs on.
    pub record: RecordId,
    /// Where the matter stands.
    pub status: DropperStatus,
    /// What they knew.
    pub knowledge: Option<Knowledge>,
    /// Whether they were under age when it was written down: the youth lane.
    pub minor: bool,
    /// Whether whoever answers for a minor was told.
    pub guardian_told: bool,
    /// Whether they came forward by themselves.
    pub voluntary: bool,
    /// Whether it was explained to them what it leads to.
    pub talked: bool,
    /// Who proposed to list them, as the actor's label.
    pub proposed_by: Option<String>,
    /// Who listed them, as the actor's label.
    pub listed_by: Option<String>,
    /// When somebody must look again.
    pub review_at: Timestamp,
    /// When they asked to be taken off.
    pub asked_at: Option<Timestamp>,
    /// The report for which it was begun.
    pub ground: Option<ReportId>,
    /// Why it must be looked at before its day.
    pub doubt: Option<Doubt>,
    /// Counts changes.
    pub version: i64,
}

/// What an institution says to be somebody's.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Holding {
    /// The order that was answered, `ord_…`.
    pub order: String,
    /// What was asked about, `obj_…`.
    pub object: String,
    /// Code of the institution that says so.
    pub institution: String,
    /// Kind of the account, number, card, wallet or name.
    pub kind: String,
    /// The account itself.
    pub value: String,
    /// What they are to it: `holder`, `agent`, `beneficiary`.
    pub capacity: String,
    /// Which place it takes on the path of the report's money: 1 is where the victim paid; 0 where it lies on none.
    pub hop: i64,
    /// Since which day it is theirs.
    pub from: String,
    /// Up to which day.
    pub until: String,
}

/// What a record tells of a person; sealed whole.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The individual identification number.
    pub iin: String,
    /// The family's name; the whole name where it was told as one.
    pub last: String,
    /// The given name.
    pub first: String,
    /// The father's name.
    pub middle: String,
    /// The day of birth, as written.
    pub birth: String,
    /// A telephone.
    pub phone: String,
    /// An address.
    pub address: String,
    /// A device: as an answer or a report names it (IMEI, identifier of an application).
    pub device: String,
    /// Where a photograph is kept: a reference, never the picture.
    pub photo: String,
    /// What an institution says to be theirs. Left out where it is none, so that what was told before it is the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holding: Option<Holding>,
}

impl Told {
    /// As the engine compares it.
    #[must_use]
    pub fn record(&self) -> Record {
        let Self { iin, last, first, middle, birth, phone, address, .. } = self.clone();
        Record { iin, last, first, middle, birth, phone, address }
    }

    /// The family's, the given and the father's name as they are compared, where the whole was told as one, too.
    #[must_use]
    pub fn parts(&self) -> [String; 3] {
        let words: Vec<&str> = self.last.split_whitespace().collect();
        match words.as_slice() {
            [family, given, rest @ ..] if self.first.is_empty() && self.middle.is_empty() => {
                [(*family).to_owned(), (*given).to_owned(), rest.join(" ")]
            }
            _ => [self.last.clone(), self.first.clone(), self.middle.clone()],
        }
    }

    /// The name as it was written.
    #[must_use]
    pub fn name(&self) -> String {
        let parts = [&self.last, &self.first, &self.middle];
        let said: Vec<&str> = parts.into_iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect();
        said.join(" ")
    }
}

/// Somebody who was heard of.
#[derive(Clone)]
pub struct Heard {
    /// Where from.
    pub source: Source,
    /// What it is there: the report, the answer, the line of a list.
    pub source_id: Uuid,
    /// The report behind it: under its key it is sealed, and goes with it.
    pub report: Option<ReportId>,
    /// What they are in the matter.
    pub role: Role,
    /// What is told of them.
    pub told: Told,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Database key.
    pub id: PersonId,
    /// The common header.
    pub header: Header,
    /// Public number.
    pub number: String,
    /// How many records are theirs.
    pub records: i64,
    /// The person that they turned out to be.
    pub into: Option<PersonId>,
}

/// One appearance of a person, without what is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// Database key.
    pub id: RecordId,
    /// The common header.
    pub header: Header,
    /// Where it comes from.
    pub source: Source,
    /// What it is there.
    pub source_id: Uuid,
    /// The report behind it.
    pub report: Option<ReportId>,
    /// Under whose key it is sealed.
    pub subject: Uuid,
    /// The person that it began as.
    pub born: PersonId,
    /// What they are in the matter.
    pub role: Role,
    /// Whose it is.
    pub person: PersonId,
    /// A keyed hash of all that is told.
    pub same: Vec<u8>,
    /// When it was told last.
    pub told_at: Timestamp,
    /// By whom, as the actor's label.
    pub told_by: String,
    /// When somebody took it back: it is nobody's appearance then, and nothing is found by it.
    pub taken_back: Option<(Timestamp, String)>,
    /// Whether some that may be the same person's were not compared with it, because too many share what it is found by.
    pub cut: bool,
    /// The list that it came with.
    pub list: Option<Uuid>,
}

impl PersonRecord {
    /// Whether it is the record of somebody who was robbed, or who reports.
    #[must_use]
    pub fn is_victims(&self) -> bool {
        self.role == Role::Victim || self.source == Source::Reporter
    }
    /// Whether officers brought it, and so may correct it and take it back.
    #[must_use]
    pub const fn is_brought(&self) -> bool {
        matches!(self.source, Source::Hand | Source::List)
    }
}

/// What stood before something was told anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The record that it belongs to, and goes with.
    pub record: RecordId,
    /// What it is of: that record, or the dropper that hangs on it.
    pub of: Uuid,
    /// What was told anew, as in the name of a sealed field.
    pub field: String,
    /// What was open to read of it.
    pub facts: serde_json::Value,
    /// When and by whom it was told.
    pub told: (Timestamp, String),
    /// When and by whom it was told anew.
    pub replaced: (Timestamp, String),
    /// As it was told, sealed.
    pub sealed: Vec<u8>,
    /// Why it was told anew, sealed; empty where nobody said.
    pub reason_sealed: Vec<u8>,
}

/// Two records that were weighed. The first is the one with the smaller id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Database key, derived from both.
    pub id: PairId,
    /// One.
    pub first: RecordId,
    /// The other.
    pub second: RecordId,
    /// What they weigh together, thousandths of a bit.
    pub bits: i64,
    /// How far each field agrees, in the order of [`crate::resolve::FIELDS`].
    pub levels: [u8; 7],
    /// What each field says, thousandths of a bit.
    pub fields: [i64; 7],
    /// What was known before, thousandths of a bit.
    pub prior: i64,
    /// By which model.
    pub model: i64,
    /// Where they stand.
    pub state: PairState,
    /// Who may see it.
    pub seen_by: SeenBy,
    /// Whether both tell a right national number, and not the same nor with a slip: the machine joins them never by itself.
    pub clash: bool,
}

/// Who may see a pair: whoever may see both records. Kept with the pair, so that a list need not look at records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeenBy {
    /// The organisation of both; empty where they differ.
    pub office: String,
    /// The unit whose eyes alone may see it; empty where any of the organisation may; a dash where nobody may.
    pub closed: String,
}

impl SeenBy {
    /// Of two records.
    #[must_use]
    pub fn both(a: &Header, b: &Header) -> Self {
        let same = a.organisation_id == b.organisation_id;
        let office = if same { a.organisation_id.clone() } else { String::new() };
        let unit = |h: &Header| match h.marking.tlp {
            Tlp::Red if h.unit_id.is_empty() => Some("-".to_owned()),
            Tlp::Red => Some(h.unit_id.clone()),
            _ => None,
        };
        let closed = match (unit(a), unit(b)) {
            (None, None) => String::new(),
            (Some(one), None) | (None, Some(one)) => one,
            (Some(one), Some(other)) if one == other => one,
            _ => "-".to_owned(),
        };
        Self { office, closed }
    }
}

impl Pair {
    /// Where both lie.
    #[must_use]
    pub const fn place(&self) -> Place {
        let [number, ..] = self.levels;
        place_of(self.bits, number == 1, self.clash)
    }

    /// The record beside this one.
    #[must_use]
    pub fn other(&self, record: RecordId) -> RecordId {
        if self.first == record { self.second } else { self.first }
    }

    /// What is taken off because what a household shares counts once, thousandths of a bit.
    #[must_use]
    pub fn household(&self) -> i64 {
        let told: i64 = self.fields.iter().fold(self.prior, |sum, f| sum.saturating_add(*f));
        self.bits.saturating_sub(told)
    }
}

/// What somebody said of two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Database key; the reason is sealed under it.
    pub id: JudgementId,
    /// The common header: its author judged.
    pub header: Header,
    /// One record.
    pub first: RecordId,
    /// The other.
    pub second: RecordId,
    /// What was said.
    pub verdict: Verdict,
    /// Whether it stands by itself, or is one of two that must say the same.
    pub stands: bool,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
    /// By whom, as the actor's label.
    pub undone_by: Option<String>,
}

/// A record, opened.
#[derive(Debug, Clone)]
pub struct OpenRecord {
    /// The record.
    pub record: PersonRecord,
    /// What is told; `None` once it was erased.
    pub told: Option<Personal<Told>>,
    /// The number of the report behind it.
    pub report_number: Option<String>,
}
