//! A kind of thing that is searched. A slice adds its own by implementing [`Source`] in its own folder; the program names it.

use app::App;
use db::Tx;
use db::outbox::Event;
use kernel::Actor;
use uuid::Uuid;

use crate::error::SearchError;
use crate::model::{Document, Shown};

/// A kind of thing that is searched.
pub trait Source: Send + Sync {
    /// The kind, as in the address and in keys of texts: `report`.
    fn kind(&self) -> &'static str;

    /// By which rules of access it is seen.
    fn thing(&self) -> access::Kind;

    /// The states that its documents may be in.
    fn states(&self) -> &'static [&'static str];

    /// The news after which something may be different.
    fn events(&self) -> &'static [&'static str];

    /// Which things may be different after a piece of news.
    ///
    /// # Errors
    /// The database's.
    fn touched(&self, _tx: &mut Tx<'_>, event: &Event) -> Result<Vec<Uuid>, SearchError> {
        Ok(vec![event.subject])
    }

    /// The things behind one in the order of their keys, each with a text that is another when anything has changed that
    /// [`Source::read`] reads. What no news tells of is found by this.
    ///
    /// # Errors
    /// The database's.
    fn page(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<(Uuid, String)>, SearchError>;

    /// The act by which the record says that somebody was shown a text of one; nothing where none is shown.
    fn read_act(&self) -> Option<&'static str> {
        None
    }

    /// What of a thing is searched. Several where not everybody may see all of it; none where it is no more.
    ///
    /// # Errors
    /// The database's, the slice's.
    fn read(&self, tx: &mut Tx<'_>, app: &App, id: Uuid) -> Result<Vec<Document>, SearchError>;

    /// What is shown of it to somebody, as it is now; `None` where it is no more or hidden.
    ///
    /// # Errors
    /// The database's, the slice's.
    fn show(&self, tx: &mut Tx<'_>, app: &App, actor: &Actor, id: Uuid)
    -> Result<Option<Shown>, SearchError>;
}
