//! All SQL of endpoints and notifications.

pub mod endpoint;
pub mod notification;

pub use endpoint::{EndpointRow, Sealed};
pub use notification::Due;
