//! The country as data: its money, languages, calendar, clocks, routes and legal bases.
//!
//! A profile is a directory of TOML files and Fluent catalogues under `profiles/ID/`. It is read whole,
//! every mistake is placed to line and column, unknown keys are refused, and the hash of all files
//! ([`Profile::version`]) is kept with each act. Profiles are compiled into the binary; a directory can
//! take their place. Nothing in the code may assume a country where a profile can say it.

mod basis;
pub mod basis_check;
mod basis_read;
mod calendar;
mod calendar_read;
mod cases;
mod country;
mod dated;
mod error;
mod files;
mod identifiers;
mod institution;
mod measures;
mod notice;
mod profile;
mod read;
mod registers;
mod schemes;
mod taxonomy;
mod term;
mod texts;
mod trail;
mod words;

pub use basis::{
    Appeal, Approvers, BasisRecord, Extension, LawClocks, Notify, ScopeRule, Source, StandingRule,
};
pub use basis_check::{BasisFault, check_basis};
pub use calendar::{Calendar, DayOff, Hours, SingleDay, Term, TermEnd, TermRule, YearlyHoliday};
pub use cases::{
    Article, Body, CaseDecision, CaseField, CaseRole, CaseStage, CaseTask, CaseTemplate, Cases, FieldKind,
};
pub use country::{
    AssetInfo, Emergency, InstitutionKind, Organisation, PartnerTerms, PurposeName, Region, Retention, Unit,
};
pub use dated::Validity;
pub use error::{ProfileError, ProfileErrors};
pub use identifiers::{Identifiers, KINDS, Kept, Life, Own};
pub use institution::{IbanShape, Institution, Institutions};
pub use measures::{Breaker, Clocks, Limits, RetryTable, Route, RouteStep, Who};
pub use notice::NoticeText;
pub use profile::Profile;
pub use registers::{DecisionRule, Entry, HandOverRule, NumberForm, OutcomeRule, Register, RegisterSource};
pub use schemes::{SchemeKind, SchemeLimits, Sign};
pub use taxonomy::{Choice, Handling};
pub use trail::{Threshold, TrailSigns};
pub use words::{
    AddresseeKind, ExemptReceipt, GatewayKind, Measure, NotifyWhom, ObjectKind, Outcome, Scope, SourceMark,
    StepRole,
};
