//! Asking before a payment, and telling what became of it.

use serde::{Deserialize, Serialize};

use super::{Amount, Named};

/// `check.v1`.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// `check.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why it is asked.
    pub why: String,
    /// What is asked about.
    pub items: Vec<Named>,
}

/// `check_answer.v1`.
#[derive(Debug, Clone, Deserialize)]
pub struct CheckAnswer {
    /// One for each thing.
    pub items: Vec<CheckedItem>,
}

/// What is known of one thing.
#[derive(Debug, Clone, Deserialize)]
pub struct CheckedItem {
    /// What to do; empty where the thing could not be read.
    #[serde(default)]
    pub advice: String,
}

/// `outcomes.v1`.
#[derive(Debug, Clone, Serialize)]
pub struct Outcomes {
    /// `outcomes.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What became of payments.
    pub items: Vec<Ended>,
}

/// What became of one payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// Our key of the payment.
    pub payment: String,
    /// Whatever stands for the payer.
    pub payer: String,
    /// What it was to go to.
    pub to: Named,
    /// How much.
    pub amount: Amount,
    /// `declined`, `given_up`, `carried_out`, `mistaken`.
    pub outcome: String,
    /// When.
    pub at: String,
}

/// `outcomes_answer.v1`.
#[derive(Debug, Clone, Deserialize)]
pub struct OutcomesAnswer {
    /// One for each payment.
    pub items: Vec<Counted>,
}

/// Whether one of them counts.
#[derive(Debug, Clone, Deserialize)]
pub struct Counted {
    /// Whether it counts.
    pub counted: bool,
    /// Why not.
    #[serde(default)]
    pub error: String,
}

/// `token_request.v1`.
#[derive(Debug, Clone, Serialize)]
pub struct TokenRequest {
    /// `token_request.v1`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// `token.v1`.
#[derive(Debug, Clone, Deserialize)]
pub struct Token {
    /// What stands behind `Bearer`.
    pub token: String,
}
