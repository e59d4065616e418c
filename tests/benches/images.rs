//! Taking images in and handing originals out, against bare decoding and bare files.

use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use cutis_domain::{Confirmed, ImageId, PatientId, UploadKey};
use cutis_media::derive::decode_floor;
use cutis_media::synthetic::{Scene, SkinType, Subject, draw};
use cutis_media::{CivilTime, Limits};
use cutis_records::images::archive::Destination;
use cutis_records::images::{FileOutcome, MayGoOn, Sent};
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

use crate::bare::{self, Commits};
use crate::figures::{Batch, compare, number};
use crate::practice::Practice;
use crate::report::{Goal, Report, Row, Unit};

/// An image of twelve megapixels.
const SIZE: (u32, u32) = (4000, 3000);
/// How often an original is read in a round.
const READS: usize = 10;

pub(crate) async fn measure(practice: &Practice, report: &mut Report) -> anyhow::Result<()> {
    let file = tokio::task::block_in_place(synthetic)?;
    let folder = practice.data.path().join("floor-files");
    std::fs::create_dir(&folder)?;
    let mut commits = Commits::open(practice.data.path(), "floor-images.db")?;
    let mut patients = practice.patients.iter();
    let mut taken_in = async || -> anyhow::Result<(PatientId, ImageId)> {
        // Each patient once: the same bytes again would be a duplicate.
        let patient = *patients.next().context("there are too few patients")?;
        Ok((patient, take_in(practice, patient, &file).await?))
    };
    let (patient, image) = taken_in().await?;
    let (mut files, limits) = (0, Limits::default());
    let mut kept = |bytes: &[u8]| {
        files += 1;
        bare::durable(&folder, files, bytes)
    };
    let plain = kept(&file)?;

    report.add(Row {
        id: "derive-12mp",
        what: (
            "both thumbnails of 12 megapixels",
            "decode at the scale that they need",
        ),
        unit: Unit::Millis,
        // 1.1 × the best pipeline's 52 ms over a scaled decode's 38 ms.
        goal: Goal::Cpu(1.5),
        pair: compare(
            async || {
                timed(|| {
                    cutis_media::derive(&file, &limits)?;
                    Ok(())
                })
            },
            async || {
                timed(|| {
                    decode_floor(&file, &limits)?;
                    Ok(())
                })
            },
        )
        .await?,
    });
    report.add(Row {
        id: "intake-12mp",
        what: (
            "take in 12 megapixels: hash, derive, seal, sync both blobs, row and audit event",
            "scaled decode, then a synced file of the same bytes",
        ),
        unit: Unit::Millis,
        goal: Goal::None,
        pair: compare(
            async || {
                let began = Instant::now();
                taken_in().await?;
                Ok(Batch::mean(1, began))
            },
            async || {
                timed(|| {
                    decode_floor(&file, &limits)?;
                    kept(&file)?;
                    Ok(())
                })
            },
        )
        .await?,
    });
    report.add(Row {
        id: "intake-12mp-undecoded",
        what: (
            "take in 12 megapixels: hash, derive, seal, sync both blobs, row and audit event",
            "hash, a synced file of the same bytes, a commit; nothing is looked at",
        ),
        unit: Unit::Millis,
        goal: Goal::Wall(1.5),
        pair: compare(
            async || {
                let began = Instant::now();
                taken_in().await?;
                Ok(Batch::mean(1, began))
            },
            async || {
                timed(|| {
                    std::hint::black_box(Sha256::digest(&file));
                    kept(&file)?;
                    commits.commit(1)
                })
            },
        )
        .await?,
    });
    let mut piece = vec![0; 1 << 20];
    let megabytes = number(file.len() * READS) / 1e6;
    report.add(Row {
        id: "original-download",
        what: (
            "stream an original out of the sealed store",
            "read a plain file of the same bytes, a mebibyte at a time",
        ),
        unit: Unit::Megabytes,
        goal: Goal::None,
        pair: compare(
            async || {
                let began = Instant::now();
                for _ in 0..READS {
                    ensure!(
                        download(practice, patient, image).await? == file.len(),
                        "the original is cut short"
                    );
                }
                Ok(Batch::mean(READS, began).counted(megabytes))
            },
            async || {
                let began = Instant::now();
                for _ in 0..READS {
                    ensure!(
                        bare::read(&plain, &mut piece)? == file.len(),
                        "the file is cut short"
                    );
                }
                Ok(Batch::mean(READS, began).counted(megabytes))
            },
        )
        .await?,
    });
    Ok(())
}

pub(crate) fn synthetic() -> anyhow::Result<Vec<u8>> {
    let captured_at = CivilTime::new((2026, 11, 22), (9, 30, 0), Some(0)).context("no such time")?;
    let scene = Scene {
        seed: 7,
        visit: 0,
        subject: Subject::SeveralNevi,
        skin: SkinType::III,
        captured_at,
    };
    Ok(draw(&scene, SIZE.0, SIZE.1)?)
}

pub(crate) async fn take_in(practice: &Practice, patient: PatientId, file: &[u8]) -> anyhow::Result<ImageId> {
    let records = &practice.opened.api.records;
    let mut intake = records.begin_intake(&practice.by, None).await?;
    for piece in file.chunks(64 << 10) {
        intake.push(piece)?;
    }
    let key: UploadKey = practice.ids.make();
    match records
        .store_file(
            &practice.by,
            patient,
            (key, 0),
            Sent::named("measured.jpg"),
            intake.finish(),
        )
        .await?
    {
        FileOutcome::Stored(stored) => Ok(stored.image.id),
        FileOutcome::Duplicate(_) => bail!("a photo was there before"),
        FileOutcome::Refused(refusal) => bail!("a photo was refused: {}", refusal.message),
    }
}

async fn download(practice: &Practice, patient: PatientId, image: ImageId) -> anyhow::Result<usize> {
    let records = &practice.opened.api.records;
    let ticket = records
        .open_original_file(
            &Confirmed::assertion(practice.by.clone()),
            patient,
            image,
            Destination::Patient,
        )
        .await?
        .ticket;
    let signed_in: MayGoOn = Box::new(|| Box::pin(async { true }));
    let pieces = records
        .stream(&ticket, 0..ticket.image().bytes, signed_in)
        .await?;
    Ok(pieces
        .try_fold(0, async |length, piece| Ok(length + piece.len()))
        .await?)
}

/// One piece of blocking work on this thread.
fn timed(work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Batch> {
    let began = Instant::now();
    tokio::task::block_in_place(work)?;
    Ok(Batch::mean(1, began))
}
