//! Names under which the server is reached although its host doesn't know them: a router's, a reverse proxy's.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU16;
use std::str::FromStr;

use super::valid_form::{is_host_name, valid_form};

/// A name or an address, and the port with which it is asked for if that is not one of the server's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedName {
    host: String,
    port: Option<u16>,
}

/// Why a text cannot be added as a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "give only a name of letters, digits, hyphens and dots, or an address, with a port if devices have to type one, such \
     as photos.example.org, photos.example.org:8443 or 192.168.7.2; a whole top-level domain such as com is no name"
)]
pub struct NotAName;

impl AddedName {
    /// The name in its valid form, or the address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, if one was given.
    pub const fn port(&self) -> Option<u16> {
        self.port
    }
}

impl FromStr for AddedName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let text = text.trim();
        let address = |host: &str| {
            let address = host.parse::<IpAddr>().ok()?;
            Some(address.to_canonical().to_string())
        };
        if let Some(host) = address(text) {
            return Ok(Self { host, port: None });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !text.ends_with(']') => (
                host,
                Some(port.parse::<NonZeroU16>().map_err(|_| NotAName)?.get()),
            ),
            _ => (text, None),
        };
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = match address(bracketed.unwrap_or(host)) {
            Some(host) => host,
            None => name(host).ok_or(NotAName)?,
        };
        Ok(Self { host, port })
    }
}

/// A DNS name. A text that could be taken for a different name than was meant is refused: only letters may change their
/// form.
fn name(text: &str) -> Option<String> {
    let plain = text.trim_end_matches('.').to_lowercase();
    let spelled = plain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
    let name = valid_form(&plain);
    let unchanged = if plain.is_ascii() {
        name == plain
    } else {
        name.starts_with("xn--") || name.contains(".xn--")
    };
    (spelled && unchanged && is_host_name(&name) && !is_top_level(&name)).then_some(name)
}

/// Top-level domains of more than two letters in which anybody registers names. The authority may issue for an added
/// name and everything below it, and so must never be made for one of these. Two letters are always a country's (RFC 1591).
const TOP_LEVEL: &[&str] = &[
    "app", "arpa", "biz", "cloud", "club", "com", "dev", "edu", "gov", "health", "info", "int", "mil", "net",
    "online", "org", "pro", "shop", "site", "xyz",
];

fn is_top_level(name: &str) -> bool {
    let is_country = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_lowercase());
    is_country || TOP_LEVEL.contains(&name)
}

impl fmt::Display for AddedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bracketed = self.host.contains(':');
        let (open, close) = if bracketed { ("[", "]") } else { ("", "") };
        write!(f, "{open}{}{close}", self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_is_a_name_or_an_address() {
        for (text, shown) in [
            ("Photos.Clinic.example.", "photos.clinic.example"),
            ("photos.clinic.example:8443", "photos.clinic.example:8443"),
            ("fritz.box", "fritz.box"),
            ("praxis", "praxis"),
            ("praxis-müller.example", "xn--praxis-mller-klb.example"),
            ("192.168.7.2", "192.168.7.2"),
            ("192.168.7.2:443", "192.168.7.2:443"),
            ("fd00::20", "[fd00::20]"),
            ("[fd00:0::20]:8443", "[fd00::20]:8443"),
        ] {
            let added: AddedName = text.parse().expect(text);
            assert_eq!(added.to_string(), shown);
            assert_eq!(shown.parse::<AddedName>(), Ok(added));
        }
        for no in [
            "",
            "https://photos.example",
            "photos.example/",
            "*.example",
            "a_b.example",
            "a b",
            "photos.example:",
            "photos.example:0",
            "com",
            "Org.",
            "de",
            "photos.example:99999",
            "user@photos.example",
            "1.2.3.4.5",
            "a..b",
            "[::1",
        ] {
            assert_eq!(no.parse::<AddedName>(), Err(NotAName), "{no}");
        }
    }
}
