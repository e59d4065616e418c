//! A QR code as SVG.

use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};

/// The text as an SVG, black on white whatever the page looks like; `None` when it is too long.
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(
        code.render::<Color<'_>>()
            .min_dimensions(240, 240)
            .dark_color(Color("#000"))
            .light_color(Color("#fff"))
            .quiet_zone(true)
            .build(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_svg_without_script_or_style() {
        let svg = svg("http://cutis.local:15015/certificate").unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        assert_eq!(document.root_element().tag_name().name(), "svg");
        assert!(!svg.contains("script") && !svg.contains("style"), "{svg}");
        assert!(super::svg(&"x".repeat(5000)).is_none());
    }
}
