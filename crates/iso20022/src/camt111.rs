//! camt.111: the answer to a question.

use crate::camt110::{Inquiry, MAX_SEQUENCE};
use crate::code::{InvestigationDetail, InvestigationReason, InvestigationStatus, InvestigationStatusReason};
use crate::limits::{MAX_REPEATS, MAX_TRANSACTIONS};
use crate::message::Body;
use crate::notes::Notes;
use crate::out::{Out, document};
use crate::party::Participant;
use crate::place::{Part, Place};
use crate::rule::{CODE, ID, NAME, Rule};
use crate::{Choice, Code as _, Fault, Flaw};

/// `InvestigationResponse`: a bank answers questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvestigationResponse {
    /// Identifier of the answer, 1 to 35 characters; the same at every repetition.
    pub message_id: String,
    /// The matter as the bank counts it, 1 to 35 characters.
    pub responder_case: Option<String>,
    /// Where the matter stands.
    pub status: InvestigationStatus,
    /// Why it stands there.
    pub status_reason: Option<Choice<InvestigationStatusReason>>,
    /// Who is to be asked next.
    pub next_responder: Option<Participant>,
    /// The answers, at most [`MAX_TRANSACTIONS`].
    pub answers: Vec<Answer>,
    /// The request that is answered.
    pub inquiry: Inquiry,
}

/// One answer (`InvstgtnData`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The number of the question, 0 to 999.
    pub sequence: Option<u64>,
    /// What was asked.
    pub reason: Option<Choice<InvestigationReason>>,
    /// What exactly was asked.
    pub detail: Option<Choice<InvestigationDetail>>,
    /// The answer.
    pub data: AnswerData,
    /// Files that were sent by another way.
    pub files: Vec<FileRef>,
    /// Who says so, where that is another than the bank.
    pub originator: Option<Participant>,
}

/// What is answered (`RspnData`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerData {
    /// In words: 500 characters in all. Answer codes of the office's own stand under the tag
    /// [`CODE`](crate::tag::CODE).
    Narrative(Notes),
    /// In a form that is not read here; its name, `TxSts`. It cannot be written.
    Unread(String),
}

impl Default for AnswerData {
    fn default() -> Self {
        Self::Narrative(Notes::new())
    }
}

/// A file that was sent by another way (`RltdFileData`): a statement, copies of papers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileRef {
    /// Its identifier, 1 to 35 characters: of a statement the message identifier of its camt.053.
    pub id: String,
    /// Its name, 1 to 140 characters.
    pub name: Option<String>,
    /// Its reference in the network that carried it, 1 to 140 characters.
    pub network_ref: Option<String>,
    /// Where it lies, 1 to 2,048 characters. Nobody should fetch it without asking whether that is a place of
    /// this bank.
    pub address: Option<String>,
}

impl Answer {
    /// An answer in words to the question of this number.
    #[must_use]
    pub fn new(sequence: u64, notes: Notes) -> Self {
        Self { sequence: Some(sequence), data: AnswerData::Narrative(notes), ..Self::default() }
    }
    /// The notes of an answer in words.
    #[must_use]
    pub const fn notes(&self) -> Option<&Notes> {
        match &self.data {
            AnswerData::Narrative(notes) => Some(notes),
            AnswerData::Unread(_) => None,
        }
    }
}

impl InvestigationResponse {
    /// An answer to a request; what it answers is still to be put in.
    pub fn new(message_id: impl Into<String>, status: InvestigationStatus, inquiry: Inquiry) -> Self {
        Self {
            message_id: message_id.into(),
            responder_case: None,
            status,
            status_reason: None,
            next_responder: None,
            answers: Vec::new(),
            inquiry,
        }
    }

    /// The document.
    ///
    /// # Errors
    /// The first place that the schema or a reader would refuse.
    pub fn to_xml(&self) -> Result<String, Fault> {
        document(self)
    }
}

impl Body for InvestigationResponse {
    const NAME: &'static str = "camt.111.001.01";
    const ROOT: &'static str = "InvstgtnRspn";
    const PARTY_ID: usize = 35;
}

impl Part for InvestigationResponse {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.node("InvstgtnRspn", |out| {
            out.text("MsgId", &self.message_id, ID)?;
            out.text_opt("RspndrInvstgtnId", self.responder_case.as_ref(), ID)?;
            out.node("InvstgtnSts", |out| {
                out.text("Sts", self.status.as_str(), CODE)?;
                out.part_opt("StsRsn", self.status_reason.as_ref())
            })?;
            out.part_opt("NxtRspndr", self.next_responder.as_ref())?;
            out.parts("InvstgtnData", &self.answers, MAX_TRANSACTIONS)
        })?;
        out.part("OrgnlInvstgtnReq", &self.inquiry)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let response = at.need("InvstgtnRspn")?;
        let status = response.need("InvstgtnSts")?;
        Ok(Self {
            message_id: response.text("MsgId", ID)?,
            responder_case: response.text_opt("RspndrInvstgtnId", ID)?,
            status: InvestigationStatus::from_code(&status.text("Sts", CODE)?),
            status_reason: status.part_opt("StsRsn")?,
            next_responder: response.part_opt("NxtRspndr")?,
            answers: response.parts("InvstgtnData", MAX_TRANSACTIONS)?,
            inquiry: at.part("OrgnlInvstgtnReq")?,
        })
    }
}

impl Part for Answer {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.number_opt("OrgnlInvstgtnSeq", self.sequence, MAX_SEQUENCE)?;
        out.part_opt("OrgnlInvstgtnRsn", self.reason.as_ref())?;
        out.part_opt("OrgnlInvstgtnRsnSubTp", self.detail.as_ref())?;
        out.node("RspnData", |out| match &self.data {
            AnswerData::Narrative(notes) => notes.put_narrative(out, "RspnNrrtv"),
            AnswerData::Unread(_) => Err(out.fault(Flaw::Unwritable)),
        })?;
        out.parts("RltdFileData", &self.files, MAX_REPEATS)?;
        out.part_opt("RspnOrgtr", self.originator.as_ref())
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let data = at.need("RspnData")?;
        let data = match (data.one("RspnNrrtv")?, data.names().next()) {
            (Some(words), _) => AnswerData::Narrative(Notes::take_narrative(&words)?),
            (None, Some(name)) => AnswerData::Unread(name.chars().take(35).collect()),
            (None, None) => return Err(data.fault(Flaw::Empty)),
        };
        Ok(Self {
            sequence: at.number_opt("OrgnlInvstgtnSeq", MAX_SEQUENCE)?,
            reason: at.part_opt("OrgnlInvstgtnRsn")?,
            detail: at.part_opt("OrgnlInvstgtnRsnSubTp")?,
            data,
            files: at.parts("RltdFileData", MAX_REPEATS)?,
            originator: at.part_opt("RspnOrgtr")?,
        })
    }
}

impl Part for FileRef {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.text("Id", &self.id, ID)?;
        out.text_opt("FileNm", self.name.as_ref(), NAME)?;
        out.text_opt("NtwkRef", self.network_ref.as_ref(), NAME)?;
        out.text_opt("FileLctnElctrncAdr", self.address.as_ref(), Rule::Text(2048))
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: at.text("Id", ID)?,
            name: at.text_opt("FileNm", NAME)?,
            network_ref: at.text_opt("NtwkRef", NAME)?,
            address: at.text_opt("FileLctnElctrncAdr", Rule::Text(2048))?,
        })
    }
}
