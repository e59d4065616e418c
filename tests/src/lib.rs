//! The suites that look at the whole: api, compliance, coverage, tidy.
//!
//! | module | what it holds |
//! |---|---|
//! | [`server`] | the real composition root over a temporary folder, with a clock that a test moves |
//! | [`parts`] | a file that is sent in parts |
//! | [`program`] | the built program as a process of its own, to be killed and started again |
//! | [`client`] | a browser's part: TLS, cookies, headers, forms |
//! | [`actors`] | who calls: anybody, somebody signed in, and what they do all day |
//! | [`idle`] | clients that begin requests and leave it at that |
//! | [`described`] | the API's committed description, against which every response is held |
//! | [`database`] | what lies in the database, read and changed behind the program's back |
//! | [`crowd`] | many open pages at once, from many devices, of many people |
//! | [`live`] | an open page: a WebSocket, whose messages are held against docs/LIVE.md |
//! | [`images`] | photos: real ones by path, made ones, and broken ones |

#![forbid(unsafe_code)]

pub mod actors;
pub mod client;
pub mod crowd;
pub mod database;
pub mod described;
pub mod idle;
pub mod images;
pub mod live;
pub mod parts;
pub mod program;
pub mod server;

pub use actors::{Anonymous, SignedIn};
pub use client::{Answer, Client};
pub use idle::Idle;
pub use server::TestServer;
