//! The portal's first page: one job above the fold.

use askama::Template;
use web::{Ctx, Page};

#[derive(Template)]
#[template(path = "report_home.html")]
pub(super) struct Home {
    ctx: Ctx,
}

/// `GET /`.
pub(super) async fn home(ctx: Ctx) -> Page<Home> {
    Page(Home { ctx })
}
