//! Tests of upkeep, on both engines.

#[cfg(test)]
mod parked;
#[cfg(test)]
mod rot;
