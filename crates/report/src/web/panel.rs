//! What other slices show on the citizen's page. The program registers panels; this slice knows none of
//! them, since it lies below them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use app::App;
use kernel::Actor;
use web::{Ctx, Markup};

use crate::ReportId;

/// Makes one panel for a report and whoever may see it.
pub type Panel =
    Arc<dyn Fn(App, Ctx, Actor, ReportId) -> Pin<Box<dyn Future<Output = Markup> + Send>> + Send + Sync>;

/// The panels of the citizen's page, in their order. Handed in as a request extension.
#[derive(Clone, Default)]
pub struct Panels(pub Vec<Panel>);

impl std::fmt::Debug for Panels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Panels({})", self.0.len())
    }
}

impl Panels {
    /// All of them, one after the other.
    pub async fn show(&self, app: &App, ctx: &Ctx, actor: &Actor, report: ReportId) -> Vec<Markup> {
        let mut shown = Vec::with_capacity(self.0.len());
        for panel in &self.0 {
            shown.push(panel(app.clone(), ctx.clone(), actor.clone(), report).await);
        }
        shown
    }
}
