//! The page for making a device trust this server.

use crate::tls::Fingerprint;

/// The page's icon. Without one, a browser asks for `/favicon.ico`, which the plain port redirects to the encrypted
/// one; the page's own policy does not allow that.
pub(super) const ICON: &str = include_str!("icon.svg");

/// The page's style, served as its own file: nothing inline is allowed.
pub(super) const CSS: &str = include_str!("page.css");

/// What the page offers first: the kind of device that asks, as far as its browser says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Device {
    /// iPad, iPhone and Mac; an iPad calls itself a Mac.
    Apple,
    /// Windows.
    Windows,
    /// Android.
    Android,
    /// Linux, and any other.
    Other,
}

impl Device {
    /// Told by the browser's `User-Agent`.
    pub(super) fn of(agent: &str) -> Self {
        let has = |word: &str| agent.contains(word);
        if has("iPad") || has("iPhone") || has("Macintosh") {
            Self::Apple
        } else if has("Windows") {
            Self::Windows
        } else if has("Android") {
            Self::Android
        } else {
            Self::Other
        }
    }

    const fn file(self) -> &'static str {
        match self {
            Self::Apple => "cutis.mobileconfig",
            Self::Windows | Self::Android => "cutis-authority.crt",
            Self::Other => "cutis-authority.pem",
        }
    }

    const fn button(self) -> &'static str {
        match self {
            Self::Apple => "Download the profile for this device",
            Self::Windows | Self::Android | Self::Other => "Download the certificate",
        }
    }

    /// Its part of the page, open for the device that asks.
    fn steps(self, asking: Self) -> String {
        let (title, steps) = match self {
            Self::Apple => ("iPad, iPhone and Mac", APPLE),
            Self::Windows => ("Windows", WINDOWS),
            Self::Android => ("Android", ANDROID),
            Self::Other => ("Linux and Firefox", OTHER),
        };
        let open = if self == asking { " open" } else { "" };
        format!(
            "<details{open}><summary><h3>{title}</h3></summary>\n<p><a href=\"/certificate/{}\">Download for {title}</a></p>\n{steps}</details>\n",
            self.file()
        )
    }
}

const APPLE: &str = "<h4>iPad and iPhone</h4>
<ol>
<li>In Safari, open the profile above and allow the download.</li>
<li>Settings, then Profile Downloaded, then Install.</li>
<li>Settings, General, About, Certificate Trust Settings: switch on the Cutis authority. Without this step the profile alone
has no effect.</li>
</ol>
<h4>Mac</h4>
<ol>
<li>Open the profile, then System Settings, General, Device Management: install it.</li>
<li>If the browser still warns: in Keychain Access, open the Cutis authority, then Trust, then \"Always Trust\".</li>
</ol>
";
const WINDOWS: &str = "<ol>
<li>Open the .crt file and choose Install Certificate.</li>
<li>Choose Current User, then \"Place all certificates in the following store\" and \"Trusted Root Certification
Authorities\".</li>
<li>Restart the browser.</li>
</ol>
";
const ANDROID: &str = "<ol>
<li>Download the .crt file.</li>
<li>Settings, Security, More security settings, Encryption and credentials, Install a certificate, CA certificate. The words
differ a little between manufacturers.</li>
</ol>
";
const OTHER: &str = "<ol>
<li>Firefox: Settings, Privacy and security, View certificates, Authorities, Import; choose to trust it for websites.</li>
<li>Linux: add the .pem file to the authorities of the system, then restart the browser.</li>
</ol>
";

/// Eight pairs to a row, as people compare it by eye. On a narrow screen a row breaks into its halves, and these into
/// theirs, so that all rows stay equally long.
fn rows(fingerprint: &Fingerprint) -> String {
    let text = fingerprint.to_string();
    let pairs: Vec<&str> = text.split_inclusive(':').collect();
    let two = |pairs: &[&str]| format!("<span>{}</span>", pairs.concat());
    let four = |pairs: &[&str]| format!("<span>{}</span>", pairs.chunks(2).map(two).collect::<String>());
    let eight = |pairs: &[&str]| format!("<span>{}</span>", pairs.chunks(4).map(four).collect::<String>());
    pairs.chunks(8).map(eight).collect()
}

/// The page. `secure` is the address to continue to; neither value holds a character that HTML treats specially.
pub(super) fn html(fingerprint: &Fingerprint, secure: &str, asking: Device) -> String {
    let rows = rows(fingerprint);
    let (file, button) = (asking.file(), asking.button());
    let steps: String = [Device::Apple, Device::Windows, Device::Android, Device::Other]
        .into_iter()
        .map(|device| device.steps(asking))
        .collect();
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trust this Cutis server</title>
<link rel="icon" href="/certificate/icon.svg">
<link rel="stylesheet" href="/certificate/page.css">
</head>
<body>
<p class="brand">Cutis</p>
<main>
<h1>Trust this Cutis server</h1>
<p>This practice's server makes its own certificates. Set up trust once on each device; after that, the browser shows no
warning and nobody else can pose as the server.</p>

<h2>1. Compare the fingerprint</h2>
<p>The same characters are shown where the server was started, after "fingerprint". If they differ, stop: you are not talking to the practice's server.</p>
<p class="fingerprint"><code>{rows}</code></p>

<h2>2. Install the certificate</h2>
<p><a class="button" href="/certificate/{file}">{button}</a></p>
{steps}
<h2>3. Continue</h2>
<p><a class="button second" href="{secure}">Open Cutis</a></p>

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
        let html = html(&fingerprint, "https://cutis.local:15045/", Device::Apple);
        let text = html.replace("<span>", "").replace("</span>", "");
        assert!(text.contains(&fingerprint.to_string()), "{html}");
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
        for device in ["iPad", "Windows", "Android", "Linux"] {
            assert!(html.contains(&format!("<h3>{device}")), "{device}");
        }
    }

    /// F10: wherever a row of the fingerprint breaks, its parts are equally long.
    #[test]
    fn the_rows_of_the_fingerprint_break_into_halves() {
        let rows = rows(&Fingerprint::of(b"der"));
        let starts = rows.matches("<span><span><span>").count();
        assert_eq!(
            (starts, rows.matches("<span>").count()),
            (4, 4 + 8 + 16),
            "{rows}"
        );
        for group in rows.split("<span>").filter(|group| !group.is_empty()) {
            let text = group.replace("</span>", "");
            assert_eq!(
                text.split(':').filter(|pair| !pair.is_empty()).count(),
                2,
                "{rows}"
            );
        }
        assert!(
            !html(&Fingerprint::of(b"der"), "https://cutis.local/", Device::Apple).contains("camera works")
        );
    }

    /// F13: the device that asks finds its own button, and its own steps open.
    #[test]
    fn the_device_that_asks_comes_first() {
        let agents = [
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari",
                Device::Apple,
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5)", Device::Apple),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", Device::Windows),
            ("Mozilla/5.0 (Linux; Android 14; Pixel 8)", Device::Android),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Firefox/121.0",
                Device::Other,
            ),
            ("", Device::Other),
        ];
        for (agent, device) in agents {
            assert_eq!(Device::of(agent), device, "{agent}");
            let html = html(&Fingerprint::of(b"der"), "https://cutis.local:15045/", device);
            assert_eq!(html.matches("<details open>").count(), 1, "{agent}");
            let button = format!("class=\"button\" href=\"/certificate/{}\"", device.file());
            assert_eq!(html.matches(&button).count(), 1, "{agent}");
        }
    }
}
