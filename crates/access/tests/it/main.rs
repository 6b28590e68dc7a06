//! Tests of access: the matrix of decisions, lists, stores and services on both engines, pages.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod admin;
#[cfg(test)]
mod admin_pages;
#[cfg(test)]
mod away;
#[cfg(test)]
mod away_pages;
#[cfg(test)]
mod http;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod words;
