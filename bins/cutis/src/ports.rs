//! Ports (W1): the default ones, chosen ones, or the next free ones.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::str::FromStr;

use anyhow::Context as _;

/// Which port to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// The first free one from the default upwards.
    Auto,
    /// This one; 0 lets the system choose.
    Fixed(u16),
}

impl FromStr for Port {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        text.parse()
            .map(Self::Fixed)
            .map_err(|_| "give a port from 0 to 65535, or auto".to_owned())
    }
}

impl Port {
    /// Listens on this port, or on the first free one from the default upwards. `option` is the option that chooses it
    /// on the command line.
    ///
    /// # Errors
    /// When the port is taken, with what to do about it.
    pub fn listen(self, address: IpAddr, agreed: u16, option: &str) -> anyhow::Result<TcpListener> {
        match self {
            Self::Fixed(port) => bind(address, port, option),
            Self::Auto => (agreed..=agreed.saturating_add(100))
                .find_map(|port| bind(address, port, option).ok())
                .with_context(|| {
                    format!(
                        "no port from {agreed} upwards is free; choose one with {option} N, or {option} 0 for any"
                    )
                }),
        }
    }
}

fn bind(address: IpAddr, port: u16, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(SocketAddr::new(address, port)).with_context(|| {
        format!(
            "port {port} cannot be used; see which program has it with: ss -ltnp 'sport = :{port}' \
             (or choose another with {option} N, or {option} auto)"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// W1: a taken port is an error that says what to do; `auto` takes the next free one.
    #[test]
    fn a_taken_port() {
        let loopback = IpAddr::from([127, 0, 0, 1]);
        let taken = Port::Fixed(0).listen(loopback, 0, "--port").expect("free");
        let port = taken.local_addr().expect("bound").port();
        let error = Port::Fixed(port)
            .listen(loopback, 0, "--http-port")
            .expect_err("taken");
        assert!(
            error.to_string().contains(&format!("port {port} cannot be used")),
            "{error}"
        );
        assert!(error.to_string().contains("--http-port auto"), "{error}");
        let next = Port::Auto
            .listen(loopback, port, "--port")
            .expect("some port is free");
        assert_ne!(next.local_addr().expect("bound").port(), port);
        assert_eq!("auto".parse(), Ok(Port::Auto));
        assert!("70000".parse::<Port>().is_err());
    }
}
