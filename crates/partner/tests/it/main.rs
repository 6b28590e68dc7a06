//! Tests of partner: agreement files, keys, taking institutions out and in; the pages. On both engines.

#[cfg(test)]
mod manage;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod support;
