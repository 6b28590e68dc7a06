//! Tests of reports: words, intake, stores and services on both engines, pages.

#[cfg(test)]
mod api;
#[cfg(test)]
mod clues;
#[cfg(test)]
mod expunge;
#[cfg(test)]
mod files;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod intake;
#[cfg(test)]
mod later;
#[cfg(test)]
mod own;
#[cfg(test)]
mod service;
#[cfg(test)]
mod support;
#[cfg(test)]
mod wizard;
#[cfg(test)]
mod words;
