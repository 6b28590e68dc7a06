//! Tests of the profile crate over the profiles that ship with the program and the test land.

#[cfg(test)]
mod calendar;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod support;
