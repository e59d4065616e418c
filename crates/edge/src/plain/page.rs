//! The page on which a device learns to trust this server.

use crate::tls::Fingerprint;

/// The page's style, served as its own file: nothing inline is allowed.
pub(super) const CSS: &str = include_str!("page.css");

/// The page. `secure` is the address to go on to; both values hold no character that HTML minds.
pub(super) fn html(fingerprint: &Fingerprint, secure: &str) -> String {
    // Broken into eight pairs to a row, as people compare it by eye.
    let text = fingerprint.to_string();
    let pairs: Vec<&str> = text.split(':').collect();
    let rows: Vec<String> = pairs.chunks(8).map(|row| row.join(":")).collect();
    let rows = rows.join("<br>");
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trust this Cutis server</title>
<link rel="stylesheet" href="/certificate/page.css">
</head>
<body>
<main>
<h1>Trust this Cutis server</h1>
<p>This practice's server makes its own certificates. Set up trust once on each device; after that,
the camera works in the browser and nobody else can pose as the server.</p>

<h2>1. Compare the fingerprint</h2>
<p>The same characters are shown where the server was started, after "fingerprint". If they differ, stop: you are not talking to the practice's server.</p>
<p class="fingerprint"><code>{rows}</code></p>

<h2>2. Install the certificate</h2>
<ul class="downloads">
<li><a href="/certificate/cutis.mobileconfig">Profile for iPad, iPhone and Mac</a></li>
<li><a href="/certificate/cutis-authority.crt">Certificate for Windows and Android (.crt)</a></li>
<li><a href="/certificate/cutis-authority.pem">Certificate for Linux and Firefox (.pem)</a></li>
</ul>

<h3>iPad and iPhone</h3>
<ol>
<li>In Safari, open the profile above and allow the download.</li>
<li>Settings, then Profile Downloaded, then Install.</li>
<li>Settings, General, About, Certificate Trust Settings: switch on the Cutis authority. Without this
step the profile alone has no effect.</li>
</ol>

<h3>Windows</h3>
<ol>
<li>Open the .crt file and choose Install Certificate.</li>
<li>Choose Current User, then "Place all certificates in the following store" and "Trusted Root
Certification Authorities".</li>
<li>Restart the browser.</li>
</ol>

<h3>Mac</h3>
<ol>
<li>Open the profile, then System Settings, General, Device Management: install it.</li>
<li>If the browser still warns: in Keychain Access, open the Cutis authority, then Trust, then "Always
Trust".</li>
</ol>

<h3>Android</h3>
<ol>
<li>Download the .crt file.</li>
<li>Settings, Security, More security settings, Encryption and credentials, Install a certificate, CA
certificate. The words differ a little between manufacturers.</li>
</ol>

<h2>3. Continue</h2>
<p><a href="{secure}">Open Cutis</a></p>

<h2>Another device</h2>
<p>Scan this with its camera to open this page there.</p>
<p><img class="code" src="/certificate/qr.svg" alt="QR code with the address of this page" width="240"
height="240"></p>
</main>
</body>
</html>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// W2, W5: the fingerprint is there in full, and nothing inline is.
    #[test]
    fn the_page_shows_the_fingerprint_and_has_nothing_inline() {
        let fingerprint = Fingerprint::of(b"der");
        let html = html(&fingerprint, "https://cutis.local:15045/");
        assert!(
            html.replace("<br>", ":").contains(&fingerprint.to_string()),
            "{html}"
        );
        assert!(!html.contains("<script") && !html.contains("style=") && !html.contains("onclick"));
        for link in [
            "cutis.mobileconfig",
            "cutis-authority.crt",
            "cutis-authority.pem",
            "qr.svg",
            "page.css",
        ] {
            assert!(html.contains(&format!("/certificate/{link}")), "{link}");
        }
        for device in ["iPad", "Windows", "Mac", "Android"] {
            assert!(html.contains(&format!("<h3>{device}")), "{device}");
        }
    }
}
