//! Tests of the slice: rules by tables and properties, stores on both engines, services in a small world.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod change;
#[cfg(test)]
mod desk_and_profile;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod import;
#[cfg(test)]
mod law;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod search;
#[cfg(test)]
mod service;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod standing_people;
#[cfg(test)]
mod support;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod views;
