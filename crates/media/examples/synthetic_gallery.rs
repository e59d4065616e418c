//! Writes one invented image of every subject into a folder, to be looked at.
//!
//! `cargo run --release -p cutis-media --features synthetic --example synthetic_gallery -- FOLDER [WIDTH]`

use std::error::Error;
use std::path::PathBuf;

use cutis_media::CivilTime;
use cutis_media::synthetic::{Scene, SkinType, Subject, draw};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let width: u32 = arguments
        .next()
        .map_or(Ok(1600), |width| width.to_string_lossy().parse())?;
    let captured_at = CivilTime::new((2026, 11, 2), (10, 15, 0), None).ok_or("no such time")?;
    let skins = [
        SkinType::II,
        SkinType::III,
        SkinType::I,
        SkinType::IV,
        SkinType::V,
        SkinType::VI,
    ];
    for (n, subject) in Subject::ALL.into_iter().enumerate() {
        let skin = if matches!(subject, Subject::Wound(_) | Subject::Rosacea | Subject::Psoriasis) {
            SkinType::II
        } else if subject == Subject::Vitiligo {
            SkinType::IV
        } else {
            skins.into_iter().cycle().nth(n).unwrap_or(SkinType::III)
        };
        let scene = Scene {
            seed: 11,
            visit: 0,
            subject,
            skin,
            captured_at,
        };
        let name = format!("{n:02}-{subject:?}-{skin:?}.jpg").replace(['(', ')'], "");
        std::fs::File::create(folder.join(name)).and_then(|mut file| {
            std::io::Write::write_all(&mut file, &draw(&scene, width, width * 3 / 4).unwrap_or_default())
        })?;
    }
    Ok(())
}
