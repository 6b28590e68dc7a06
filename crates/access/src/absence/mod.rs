//! Who is away, from when till when. Whoever is away is asked for nothing and signs nothing before saying to be back; what
//! was signed earlier stands. `model <- {rules, store} <- service`.

mod model;
mod rules;
mod service;
pub(crate) mod store;

pub use model::{Absence, AbsenceId, AbsenceKind, NewAbsence, Why};
pub use rules::{AbsenceFault, MAX_AWAY_DAYS};
pub(crate) use service::reach;
pub use service::{
    Person, Signatory, away_now, away_till, come_back, end_absence, own_absences, people, present,
    say_absence, signatories,
};
