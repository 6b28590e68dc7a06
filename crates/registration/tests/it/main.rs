//! Tests of the registers: services on both engines, texts.

#[cfg(test)]
mod deciding;
#[cfg(test)]
mod entering;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod posting;
#[cfg(test)]
mod support;
#[cfg(test)]
mod words;
