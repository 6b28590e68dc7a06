//! Files of others that become data: statements of accounts, records of calls, exported chats.
//!
//! Whatever the file, it is read as a stream: rows go out one by one, each with the line it stood on, and memory does not grow with the
//! file. What cannot be read of a row is told beside it ([`Trouble`]) and never guessed; what can be added up is added up, and a sum that
//! is wrong is told ([`Sums`]). Of a table it is first found out what its columns mean ([`Plan`]), which a person may look at, correct
//! and hand in again.
//!
//! Nothing here opens a file, knows a clock or a country's law. Bytes are hostile: every length has a limit in [`limits`].
//!
//! | Format | Read by |
//! | --- | --- |
//! | ISO 20022 camt.052, 053, 054, any version | [`camt`] |
//! | CSV in any of [`encoding`]'s encodings, XLSX, XLS, ODS | [`table`] |
//! | `WhatsApp` text, `Telegram` `result.json` | [`chat`] |

pub mod amount;
pub mod camt;
pub mod chat;
pub mod encoding;
pub mod input;
pub mod limits;
pub mod rows;
pub mod table;
pub mod when;

pub use amount::Decimal;
pub use input::{Format, Input, Options, read, sniff};
pub use rows::{
    AccountRow, Call, Code, Direction, Message, Movement, Participant, ReadError, Row, Summary, Sums, Trouble,
};
pub use table::Plan;
