//! What an act is sent: members have the names of the form's fields, so that a refusal names the same.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A shape that a program sends.
macro_rules! bodies {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[$meta:meta])* $field:ident: $type:ty,)* })+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Deserialize, ToSchema)]
            #[serde(deny_unknown_fields)]
            pub(super) struct $name {
                $($(#[$meta])* pub(super) $field: $type,)*
            }
        )+
    };
}

bodies! {
    /// Nothing but the act itself.
    CaseNothing {}
    /// Which row.
    CaseRowId {
        /// Its id, as the case tells it.
        #[schema(value_type = String, format = "uuid")]
        id: Uuid,
    }
    /// Title and summary.
    CaseDescribe {
        /// Title.
        #[schema(min_length = 1, max_length = 200)]
        title: String,
        /// What it is about; left out, it is emptied.
        #[serde(default)]
        #[schema(max_length = 10_000)]
        summary: String,
    }
    /// How urgent.
    CasePriority {
        /// 0 can wait, 1 as usual, 2 soon, 3 at once.
        #[schema(minimum = 0, maximum = 3)]
        priority: i64,
    }
    /// A thing, by kind and number.
    CaseLinkNew {
        /// `report`, `scheme`, `person`, `case`.
        kind: String,
        /// Its number.
        number: String,
    }
    /// A person who is to stand in the case.
    CasePersonNew {
        /// Name.
        #[schema(min_length = 1, max_length = 200)]
        name: String,
        /// Code of the capacity.
        duty: String,
        /// How to reach them.
        #[serde(default)]
        #[schema(max_length = 200)]
        contact: String,
        /// Number of the person on the platform, where it is known who that is.
        #[serde(default)]
        person: String,
        /// Anything else.
        #[serde(default)]
        #[schema(max_length = 10_000)]
        note: String,
    }
    /// A task that is to be added.
    CaseTaskNew {
        /// What is to be done.
        #[schema(min_length = 1, max_length = 200)]
        task: String,
        /// Who is to do it, of the team: `staff:…`.
        #[serde(default)]
        assignee: String,
        /// By when, RFC 3339.
        #[serde(default)]
        #[schema(format = DateTime)]
        due: Option<String>,
        /// Whether it goes before others.
        #[serde(default)]
        urgent: bool,
    }
    /// Who is to do a task.
    CaseAssign {
        /// Which task.
        #[schema(value_type = String, format = "uuid")]
        id: Uuid,
        /// Who, of the team: `staff:…`; nobody where it is left out.
        #[serde(default)]
        assignee: String,
    }
    /// By when a task is to be done.
    CaseDue {
        /// Which task.
        #[schema(value_type = String, format = "uuid")]
        id: Uuid,
        /// By when, RFC 3339; without a term where it is left out.
        #[serde(default)]
        #[schema(format = DateTime)]
        due: Option<String>,
    }
    /// A note that is to be written.
    CaseNoteNew {
        /// What it says.
        #[schema(min_length = 1, max_length = 10_000)]
        note: String,
        /// Who alone reads it beside its author, of the team: `staff:…`.
        #[serde(default)]
        readers: Vec<String>,
        /// Whether it is restricted, also where nobody is named.
        #[serde(default)]
        restricted: bool,
    }
    /// Something that happened.
    CaseEventNew {
        /// When, RFC 3339.
        #[schema(format = DateTime)]
        at: String,
        /// What.
        #[schema(min_length = 1, max_length = 10_000)]
        event: String,
    }
    /// A number in a register.
    CaseRefNew {
        /// Code of the register.
        system: String,
        /// The number.
        #[schema(min_length = 1, max_length = 60)]
        number: String,
        /// When the register took the case, RFC 3339.
        #[schema(format = DateTime)]
        at: String,
        /// Who entered it there.
        #[serde(default)]
        #[schema(max_length = 200)]
        registrar: String,
    }
    /// An exhibit.
    CaseExhibitNamed {
        /// Its number.
        exhibit: String,
    }
    /// An offence.
    CaseArticleNew {
        /// Its code.
        article: String,
    }
    /// What is to stand in a field of the case's shape.
    CaseFieldNew {
        /// Code of the field.
        field: String,
        /// What; empty clears it.
        #[schema(max_length = 200)]
        value: String,
    }
    /// A decision.
    CaseDecisionNew {
        /// Code of its kind.
        decision: String,
        /// Why.
        #[schema(min_length = 1, max_length = 10_000)]
        reasons: String,
        /// Number of the document, where the kind wants one.
        #[serde(default)]
        #[schema(max_length = 200)]
        paper: String,
        /// Its day, `2026-11-30`.
        #[serde(default)]
        #[schema(format = Date)]
        day: String,
    }
    /// Which row, and why.
    CaseRowReason {
        /// Its id, as the case tells it.
        #[schema(value_type = String, format = "uuid")]
        id: Uuid,
        /// Why.
        #[schema(min_length = 1, max_length = 10_000)]
        reason: String,
    }
    /// Another stage.
    CaseStageNew {
        /// Code of the stage.
        stage: String,
        /// Why.
        #[schema(min_length = 1, max_length = 500)]
        reason: String,
    }
    /// Who leads from now on.
    CaseHandOver {
        /// Who: `staff:…`.
        member: String,
        /// Why.
        #[schema(min_length = 1, max_length = 500)]
        reason: String,
    }
    /// Who joins the team.
    CaseMemberNew {
        /// Who: `staff:…`.
        member: String,
        /// What they do in it.
        #[serde(default)]
        #[schema(max_length = 200)]
        part: String,
    }
    /// Somebody.
    CaseMemberNamed {
        /// Who: `staff:…`.
        member: String,
    }
    /// Who is let in.
    CaseDoor {
        /// `open`, `closed`, `red`.
        door: String,
        /// Why.
        #[schema(min_length = 1, max_length = 500)]
        reason: String,
    }
    /// Into which case.
    CaseMerge {
        /// Its number.
        into: String,
        /// Why.
        #[schema(min_length = 1, max_length = 500)]
        reason: String,
    }
    /// What is parted off.
    CaseSplit {
        /// Title of the new case.
        #[schema(min_length = 1, max_length = 200)]
        title: String,
        /// Rows that go over: links, persons, tasks, notes, offences, numbers, exhibits.
        #[schema(min_items = 1)]
        rows: Vec<Uuid>,
        /// Why.
        #[schema(min_length = 1, max_length = 500)]
        reason: String,
    }
    /// To which body.
    CaseRefer {
        /// Code of the body.
        body: String,
        /// On what ground.
        #[schema(min_length = 1, max_length = 10_000)]
        ground: String,
    }
    /// What a body has answered on paper, or by word.
    CaseAnswered {
        /// `accepted`, `returned`.
        answer: String,
        /// In what words.
        #[schema(min_length = 1, max_length = 10_000)]
        reason: String,
    }
    /// Why.
    CaseReason {
        /// Why.
        #[schema(min_length = 1, max_length = 10_000)]
        reason: String,
    }
}
