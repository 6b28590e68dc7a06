//! Components: each is a value made in the handler (or in the template) and printed with `{{ … }}`.

pub mod errors;
pub mod field;
pub mod list;
pub mod notice;
pub mod timeline;
pub mod toast;
pub mod when;

/// Lets a template value be printed by another template as it is.
macro_rules! printable {
    ($($t:ty),*) => {$(
        impl askama::filters::HtmlSafe for $t {}
    )*};
}
pub(crate) use printable;
