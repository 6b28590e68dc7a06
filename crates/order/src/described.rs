//! Schemas of texts that can only be one of a few words, for the description of the partner API.

use partner::described::{one_of, only};
use utoipa::openapi::schema::Object;

use crate::answer::{HolderKind, HolderRole};
use crate::model::{ObjectState, Status};

pub(crate) fn answer() -> Object {
    only("answer.v1")
}
pub(crate) fn order() -> Object {
    only("order.v1")
}
pub(crate) fn release() -> Object {
    only("release.v1")
}
pub(crate) fn reminder() -> Object {
    only("reminder.v1")
}
pub(crate) fn notice() -> Object {
    only("notice.v1")
}
pub(crate) fn correction() -> Object {
    only("correction.v1")
}
pub(crate) fn clearance() -> Object {
    only("clearance.v1")
}
pub(crate) fn recorded() -> Object {
    only("recorded")
}
pub(crate) fn status() -> Object {
    one_of(Status::ALL.into_iter().map(Status::as_str))
}
pub(crate) fn state() -> Object {
    one_of(ObjectState::ALL.iter().map(|s| s.as_str()))
}
pub(crate) fn holder_kind() -> Object {
    one_of(HolderKind::ALL.iter().map(|k| k.as_str()))
}
pub(crate) fn holder_role() -> Object {
    one_of(HolderRole::ALL.iter().map(|r| r.as_str()))
}
