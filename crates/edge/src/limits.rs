//! Every deadline, size and count the edge enforces, in one place so that a test can shorten them.

use std::time::Duration;

/// What one connection, one client address and one request may use.
///
/// The defaults are the product's; tests shorten the times.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long a TLS handshake may take.
    pub tls_handshake: Duration,
    /// How long a client may wait, once connected, before its first byte of HTTP.
    pub first_byte: Duration,
    /// How long a request's head may take from its first byte to its last.
    pub head: Duration,
    /// How long a connection may stay open with no request on it.
    pub idle: Duration,
    /// How long a client may leave a response it is being sent unread.
    pub response_stall: Duration,
    /// How long a request body may pause between two frames while it is awaited.
    pub body_pause: Duration,
    /// The span of waiting over which a request body's rate is measured.
    pub body_window: Duration,
    /// Bytes per second that a request body must reach in every window.
    pub body_rate: u64,
    /// Bytes that a client may still send once its request was answered before its end; they are thrown away.
    pub unwanted_bytes: u64,
    /// For how long it may continue sending them.
    pub unwanted_time: Duration,
    /// How long it may pause meanwhile.
    pub unwanted_pause: Duration,
    /// How long stopping waits for requests in flight before it closes their connections.
    pub drain: Duration,
    /// Connections open at once, all clients together.
    pub connections: usize,
    /// Connections open at once from one client address (for IPv6, from one /64 network).
    pub connections_per_client: usize,
    /// Bytes of an HTTP/1 request head; hyper's own least is 8 KiB.
    pub head_bytes: usize,
    /// Header fields in an HTTP/1 request.
    pub head_fields: usize,
    /// Bytes of an HTTP/2 header list, after decompression.
    pub header_list_bytes: u32,
    /// HTTP/2 requests at once on one connection.
    pub streams: u32,
    /// Bytes of a body that an HTTP/2 stream may send before its handler reads them.
    pub stream_window: u32,
    /// The same for all streams of a connection together. Bodies that wait for their turn, 16 for an account,
    /// must leave room for others on their connection: browsers have just the one.
    pub connection_window: u32,
    /// How often an HTTP/2 connection is asked whether it is alive.
    pub ping: Duration,
    /// How long the answer to that may take.
    pub pong: Duration,
    /// Connections to the plain port open at once, all clients together.
    pub plain_connections: usize,
    /// Connections to the plain port open at once from one client address.
    pub plain_connections_per_client: usize,
    /// Requests being handled at once, over all connections; more are answered 503. One session or
    /// address gets two thirds at most.
    pub requests: usize,
    /// How many of them strangers may use. One address gets at most half of these.
    pub requests_of_strangers: usize,
    /// Bytes of small bodies being read at once, before their requests take a place.
    pub waiting_bytes: u64,
    /// How many of them strangers may use.
    pub waiting_bytes_of_strangers: u64,
    /// Bytes of a request's path and query together.
    pub uri_bytes: usize,
    /// Bytes of a request body on a route without a limit of its own.
    pub body_bytes: u64,
    /// Bytes of a request body on a route that anybody may use.
    pub stranger_body_bytes: u64,
    /// How long the body of a stranger may pause.
    pub stranger_body_pause: Duration,
    /// How long we wait for the whole body of a stranger's request.
    pub stranger_body_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tls_handshake: Duration::from_secs(10),
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_mins(1),
            response_stall: Duration::from_mins(1),
            body_pause: Duration::from_secs(15),
            body_window: Duration::from_secs(15),
            body_rate: 8 * 1024,
            unwanted_bytes: 64 * 1024 * 1024,
            unwanted_time: Duration::from_secs(30),
            unwanted_pause: Duration::from_secs(2),
            drain: Duration::from_secs(20),
            connections: 512,
            connections_per_client: 64,
            head_bytes: 64 * 1024,
            head_fields: 100,
            header_list_bytes: 16 * 1024,
            streams: 100,
            stream_window: 256 * 1024,
            connection_window: 6 * 1024 * 1024,
            ping: Duration::from_secs(20),
            pong: Duration::from_secs(20),
            plain_connections: 64,
            plain_connections_per_client: 16,
            requests: 256,
            requests_of_strangers: 128,
            waiting_bytes: 32 * 1024 * 1024,
            waiting_bytes_of_strangers: 16 * 1024 * 1024,
            uri_bytes: 8 * 1024,
            body_bytes: 256 * 1024,
            stranger_body_bytes: 16 * 1024,
            stranger_body_pause: Duration::from_secs(5),
            stranger_body_time: Duration::from_secs(10),
        }
    }
}
