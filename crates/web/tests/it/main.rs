//! The shell over HTTP, the style sheets, the templates' keys.

#[cfg(test)]
mod http;
#[cfg(test)]
mod kit;
#[cfg(test)]
mod sheets;
