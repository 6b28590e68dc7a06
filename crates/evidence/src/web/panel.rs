//! What slices above say of an exhibit on its page.

use std::pin::Pin;
use std::sync::Arc;

use app::App;
use kernel::Actor;
use web::{Ctx, Markup};

use crate::model::{ExhibitId, FoundMatter};

/// Makes a panel about an exhibit, for whoever sees its page.
pub type Panel =
    Arc<dyn Fn(App, Ctx, Actor, ExhibitId) -> Pin<Box<dyn Future<Output = Markup> + Send>> + Send + Sync>;

/// Finds a matter by its number; nothing where there is none or it is hidden.
pub type Finder = Arc<
    dyn Fn(App, Actor, String) -> Pin<Box<dyn Future<Output = Option<FoundMatter>> + Send>> + Send + Sync,
>;

/// What slices above give to the pages of exhibits. Handed in as a request extension.
#[derive(Clone, Default)]
pub struct Above {
    /// Panels of an exhibit's page, in their order.
    pub panels: Vec<Panel>,
    /// Who finds the matters to which an exhibit may belong, besides reports.
    pub matters: Vec<Finder>,
}

impl std::fmt::Debug for Above {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Above({}, {})", self.panels.len(), self.matters.len())
    }
}

impl Above {
    /// All panels, one after the other.
    pub(super) async fn show(&self, (app, ctx, actor): (&App, &Ctx, &Actor), id: ExhibitId) -> Vec<Markup> {
        let mut shown = Vec::with_capacity(self.panels.len());
        for panel in &self.panels {
            shown.push(panel(app.clone(), ctx.clone(), actor.clone(), id).await);
        }
        shown
    }

    /// The matter of that number.
    pub(super) async fn matter(&self, app: &App, actor: &Actor, number: &str) -> Option<FoundMatter> {
        for find in &self.matters {
            if let Some(found) = find(app.clone(), actor.clone(), number.to_owned()).await {
                return Some(found);
            }
        }
        None
    }
}
