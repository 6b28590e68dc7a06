//! Tests of partner: agreement files, keys, taking institutions out and in; notifications; the pages. On both engines.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod endpoint_pages;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod manage;
#[cfg(test)]
mod notify_managing;
#[cfg(test)]
mod notify_support;
#[cfg(test)]
mod notify_telling;
#[cfg(test)]
mod notify_trying;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod quota;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tls;
