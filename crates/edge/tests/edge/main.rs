//! The edge, from real sockets: deadlines, caps, framing, refusals, protocols, stopping, plain HTTP.

#[cfg(test)]
mod caps;
#[cfg(test)]
mod client;
#[cfg(test)]
mod deadlines;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod fairness;
#[cfg(test)]
mod frames;
#[cfg(test)]
mod framing;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod protocols;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod site;
#[cfg(test)]
mod stopping;
