//! Pages of exhibits.
