//! The whole platform in one program: which slices it is made of, its routes, its command line.
//!
//! A library so that tests can put the same slices together as the program does.

pub mod cli;
pub mod demo;
pub mod exhibits;
pub mod figures;
pub mod filters;
pub mod http;
pub mod judged;
pub mod node;
pub mod package;
pub mod post;
pub mod question;
pub mod record;
pub mod rotting;
pub mod searching;
pub mod serve;
pub mod slices;
pub mod stamping;
pub mod user;
pub mod witnessing;
