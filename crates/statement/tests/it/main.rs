//! Files as banks, operators and telephones write them. All of it is invented.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod camt;
mod chats;
mod junk;
mod sheets;
mod tables;

use std::ops::ControlFlow;

use statement::{Call, Code, Input, Message, Movement, Options, ReadError, Row, Summary, Trouble};

/// Everything that was read of a file.
#[derive(Debug, Default)]
struct Read {
    movements: Vec<Movement>,
    calls: Vec<Call>,
    messages: Vec<Message>,
    troubles: Vec<Trouble>,
    summary: Summary,
}

impl Read {
    fn codes(&self) -> Vec<Code> {
        self.troubles.iter().map(|t| t.code).collect()
    }
}

fn read_with(bytes: &[u8], options: &Options) -> Result<Read, ReadError> {
    let mut all = Read::default();
    let mut rows = Vec::new();
    let mut sink = |row| {
        rows.push(row);
        ControlFlow::Continue(())
    };
    let summary = statement::read(Input::Stream(Box::new(bytes)), options, &mut sink);
    for row in rows {
        match row {
            Row::Movement(m) => all.movements.push(m),
            Row::Call(c) => all.calls.push(c),
            Row::Message(m) => all.messages.push(m),
            Row::Trouble(t) => all.troubles.push(t),
            Row::Account(_) => {}
        }
    }
    all.summary = summary?;
    Ok(all)
}

fn read(bytes: &[u8]) -> Result<Read, ReadError> {
    read_with(bytes, &Options::default())
}
