//! The link chart: one picture of reports, things, persons, money, schemes and orders, with what each tie rests on.
pub mod model;
pub mod picture;
pub mod rules;
