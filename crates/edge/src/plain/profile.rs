//! The configuration profile by which iPads and iPhones learn to trust the authority.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Builder;

use crate::tls::Fingerprint;

/// An Apple property list with the certificate in it.
///
/// Its ids come from the fingerprint, so that the same certificate installed twice is one profile.
pub(super) fn mobileconfig(der: &[u8], fingerprint: &Fingerprint) -> String {
    let (profile, payload) = ids(fingerprint);
    let certificate = STANDARD.encode(der);
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadCertificateFileName</key><string>cutis-authority.crt</string>
      <key>PayloadContent</key><data>{certificate}</data>
      <key>PayloadDescription</key><string>Lets this device trust the practice's Cutis server.</string>
      <key>PayloadDisplayName</key><string>Cutis certificate authority</string>
      <key>PayloadIdentifier</key><string>app.cutis.authority.{payload}</string>
      <key>PayloadType</key><string>com.apple.security.root</string>
      <key>PayloadUUID</key><string>{payload}</string>
      <key>PayloadVersion</key><integer>1</integer>
    </dict>
  </array>
  <key>PayloadDescription</key><string>SHA-256 {fingerprint}</string>
  <key>PayloadDisplayName</key><string>Cutis</string>
  <key>PayloadIdentifier</key><string>app.cutis.{profile}</string>
  <key>PayloadRemovalDisallowed</key><false/>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadUUID</key><string>{profile}</string>
  <key>PayloadVersion</key><integer>1</integer>
</dict>
</plist>
"#
    )
}

/// Two UUIDs (version 8: of our own making) from the two halves of the fingerprint.
fn ids(fingerprint: &Fingerprint) -> (String, String) {
    let mut halves = fingerprint.as_bytes().chunks_exact(16).map(|half| {
        let half = <[u8; 16]>::try_from(half).unwrap_or_default();
        Builder::from_custom_bytes(half)
            .into_uuid()
            .to_string()
            .to_ascii_uppercase()
    });
    (
        halves.next().unwrap_or_default(),
        halves.next().unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// W2: the profile is well-formed and carries the certificate's own bytes.
    #[test]
    fn the_profile_is_well_formed_and_carries_the_certificate() {
        let der = b"certificate bytes";
        let text = mobileconfig(der, &Fingerprint::of(der));
        let options = roxmltree::ParsingOptions {
            allow_dtd: true,
            ..Default::default()
        };
        let document = roxmltree::Document::parse_with_options(&text, options).unwrap();
        let value = |key: &str| {
            let named = document.descendants().filter(|node| node.has_tag_name("key"));
            let key = named.into_iter().find(|node| node.text() == Some(key)).unwrap();
            key.next_sibling_element().unwrap()
        };
        assert_eq!(value("PayloadType").text(), Some("com.apple.security.root"));
        let data = document
            .descendants()
            .find(|node| node.has_tag_name("data"))
            .unwrap();
        assert_eq!(STANDARD.decode(data.text().unwrap()).unwrap(), der);
        let ids: std::collections::BTreeSet<_> = document
            .descendants()
            .filter(|node| node.text() == Some("PayloadUUID") && node.has_tag_name("key"))
            .map(|node| node.next_sibling_element().unwrap().text().unwrap().to_owned())
            .collect();
        assert_eq!(ids.len(), 2);
        assert!(ids.iter().all(|id| uuid::Uuid::parse_str(id).is_ok()), "{ids:?}");
    }

    #[test]
    fn the_same_certificate_gives_the_same_profile() {
        let fingerprint = Fingerprint::of(b"x");
        assert_eq!(mobileconfig(b"x", &fingerprint), mobileconfig(b"x", &fingerprint));
        assert_ne!(ids(&fingerprint), ids(&Fingerprint::of(b"y")));
    }
}
