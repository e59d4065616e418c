//! HTTP, without knowledge of the application: sockets, TLS, bodies, middleware, extraction, problems.
//!
//! It uses no crate of ours, so that changing an endpoint does not rebuild it.
//!
//! From the socket inwards:
//!
//! - [`listener`] accepts connections and bounds what one may cost: deadlines, sizes, counts.
//! - [`tls`] holds the installation's certificate authority and the certificate the server shows.
//! - [`middleware`] frames every request: its id, who may call from where, headers, panics, the log.
//! - [`body`] limits the size of request bodies and demands a minimum speed.
//! - [`extract`] turns bodies, paths and queries into typed values, or into a [`problem`].
//! - [`plain`] is the little that is served without TLS; [`spa`] serves the client's files.
//! - [`session_cookie`] reads the session's cookie, for this crate and the API.
//! - [`websocket`] opens sockets that stay (RFC 6455), and bounds what a message may cost.
//! - [`server`] puts these together and stops them cleanly.
#![forbid(unsafe_code)]

pub mod body;
pub mod extract;
pub mod limits;
pub mod listener;
pub mod middleware;
pub mod plain;
pub mod problem;
pub mod server;
pub mod session_cookie;
pub mod spa;
pub mod tls;
pub mod websocket;
