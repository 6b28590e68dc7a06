//! Institutions at work over HTTP: a gateway that takes signed messages, desks that look into the ledger and
//! answer, and the Antifraud Centre in the middle. Some of them behave badly (docs/sandbox.md).

pub mod answer;
pub mod centre;
pub mod desk;
pub mod front;
pub mod holders;
pub mod inbox;
pub mod keeper;
mod longer;
pub mod screen;
pub mod send;
pub mod work;
