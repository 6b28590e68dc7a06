//! ISO 20022 messages between an office that follows stolen money and the banks that have it, in both directions.
//! Pure: no clock, no randomness, no network.
//!
//! | Message | Written as | What for |
//! | --- | --- | --- |
//! | [`CancellationRequest`] | camt.056.001.12 | a payment is called back, or is to be held, because of fraud |
//! | [`Resolution`] | camt.029.001.14 | what became of it: held, moved on, refused, in full or in parts |
//! | [`InvestigationRequest`] | camt.110.001.01 | who owns the account, what stands on it, where did the money go |
//! | [`InvestigationResponse`] | camt.111.001.01 | the answers |
//! | [`PaymentReturn`] | pacs.004.001.11 | the money comes back to the victim's bank |
//!
//! A message is plain data: public fields, text as it will stand. Nothing is checked while it is put together;
//! `to_xml` checks all of it, as the schema would and a little more, and names the [first place](Fault) that is
//! wrong. [`Message::read`] takes any version of the five if what is needed is found in it, passes over elements
//! that it does not know, and gives what `to_xml` takes again, save what the written version does not have: codes
//! that its schema lists in full, identifiers of parties over 35 characters, answers in a form not read here.
//!
//! **Own small types.** Amounts are decimal text with a currency and times are text in ISO form, not the
//! platform's `Money` and `Timestamp`: a bank may send five decimals, or a currency whose decimals only a
//! profile knows, or a time without offset, and what it sent must come out again as it stood. So the crate depends
//! on nothing of the workspace and a bank can use it alone.
//!
//! **Hostile input.** At most [`MAX_BYTES`], [`MAX_DEPTH`], [`MAX_ELEMENTS`]; UTF-8 only; a document type
//! declaration is refused whatever it says, and entities but the five of XML are too. What is named twice where it
//! may stand once is refused, not chosen from. Errors repeat nothing of the message: it holds names and accounts.
//! What is well-formed nonsense is refused with its place: negative amounts, zero where money moved, two
//! currencies in one message, a part above the whole, sums and counts that are wrong, a payment that nothing
//! identifies, wrong check digits of an IBAN. `Debug` prints everything: messages are not for logs.
//!
//! **Nothing of an answer is lost.** The office's own answer code travels in a place that ISO 20022 has for it:
//! `CxlStsRsnInf/Rsn/Prtry` in camt.029, `RtrRsnInf/Rsn/Prtry` in pacs.004, a line `/CODE/…` in the words of
//! camt.111. The reason of the standard stands beside it, see [`native`]. Order number, legal basis and term are
//! [`Notes`] under agreed [tags](tag).
//!
//! Deliberately absent: the business application header (head.001). Between an office and a bank the message is
//! signed as a body of HTTP, and the assignment says who asks whom; a network that wants the header puts it round
//! the document, and takes it off before the document is read here. Absent too: group cancellations, addresses,
//! charges, supplementary data, enclosed files; they are passed over.
//!
//! ```
//! use iso20022::*;
//!
//! let recall = CancellationRequest {
//!     assignment: Assignment {
//!         id: "ord_01/1".into(),
//!         assigner: Participant::organisation("Киберқылмысқа қарсы департамент"),
//!         assignee: Participant::bic("ZALTKZKA"),
//!         created: "2026-11-23T14:07:00+05:00".into(),
//!     },
//!     case: None,
//!     payments: vec![RecalledPayment {
//!         original: Original { end_to_end_id: Some("E2E-7".into()), ..Original::default() },
//!         amount: Some(Amount::new("620000.00", "KZT")),
//!         reasons: vec![
//!             Reason::new(CancellationReason::Fraud)
//!                 .saying(Notes::new().with(tag::ORDER, "ord_01").with(tag::TERM, "2026-11-26T14:07:00+05:00")),
//!         ],
//!         ..RecalledPayment::default()
//!     }],
//! };
//! let xml = recall.to_xml()?;
//! assert_eq!(Message::read(xml.as_bytes())?, Message::CancellationRequest(Box::new(recall)));
//!
//! let fault = Message::read(xml.replace(">620000.00<", ">-1<").as_bytes()).unwrap_err();
//! assert_eq!(fault.to_string(), "`/Document/FIToFIPmtCxlReq/Undrlyg/TxInf/OrgnlIntrBkSttlmAmt`: is negative");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod camt029;
mod camt056;
mod camt110;
mod camt111;
mod code;
mod fault;
mod limits;
mod message;
pub mod native;
mod notes;
mod out;
mod pacs004;
mod party;
mod place;
mod rule;
mod tree;
mod value;

pub use camt029::{Outcome, PaymentOutcome, Resolution};
pub use camt056::{CancellationRequest, RecalledPayment};
pub use camt110::{AskedEntry, AskedPayment, Inquiry, InvestigationRequest, Question, Subject};
pub use camt111::{Answer, AnswerData, FileRef, InvestigationResponse};
pub use code::{
    CancellationReason, CancellationRejection, CancellationStatus, Choice, Code, Confirmation, Instrument,
    InvestigationDetail, InvestigationReason, InvestigationStatus, InvestigationStatusReason,
    InvestigationSubType, InvestigationType, Reason, ReturnReason, Scheme, SettlementMethod,
};
pub use fault::{Fault, Flaw, ReadError};
pub use limits::{MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, MAX_REPEATS, MAX_TRANSACTIONS};
pub use message::Message;
pub use notes::{Note, Notes, tag};
pub use pacs004::{PaymentReturn, ReturnedPayment};
pub use party::{Account, AccountId, Agent, Identifier, Participant, Parties, Party, PartyId, Proxy};
pub use value::{Amount, Assignment, Case, Original, OriginalMessage};
