//! Attacks on the built program, on loopback: each is tried, and counted as stopped or as come through.
//!
//! `cargo test -p cutis-tests --test attack -- --run [--short] [--only NAME]`, or `just attack`. Without `--run`
//! nothing is attacked, so that a run of all tests stays short. docs/THREATS.md says what each one stands for.
//!
//! Parameters, as environment variables: `CUTIS_ATTACK_SEED` (printed; the same seed makes the same choices),
//! `CUTIS_ATTACK_KILLS` (20), `CUTIS_ATTACK_CELLS` (values to tamper with; `all` for every one),
//! `CUTIS_ATTACK_SECONDS` (how long each flood lasts, 8), `CUTIS_ATTACK_IO=1` (disk faults by strace),
//! `CUTIS_ATTACK_BIN` (another program than the built one).

#![forbid(unsafe_code)]
mod bodies;
mod clinician;
mod connections;
mod disk;
mod frames;
mod kills;
mod manners;
mod memory;
mod multipart;
mod names;
mod practice;
mod process;
mod report;
mod requests;
mod sealed;
mod settings;
mod start;
mod strangers;
mod tamper;
mod tricks;
mod wire;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use practice::Kept;
use report::Tally;
use settings::Settings;

/// What every attack gets.
#[derive(Debug)]
pub struct Field {
    /// A used practice, to be copied.
    pub kept: Kept,
    /// How much, and with which seed.
    pub settings: Settings,
}

type Attack = fn(Arc<Field>) -> Pin<Box<dyn Future<Output = Tally> + Send>>;

/// Every attack: its name, what runs it, and whether it is in the short version.
const ATTACKS: &[(&str, Attack, bool)] = &[
    (
        "start",
        |field| Box::pin(start::over_damaged_folders(field)),
        true,
    ),
    (
        "start-elsewhere",
        |field| Box::pin(start::in_a_foreign_folder(field)),
        true,
    ),
    (
        "rollback",
        |field| Box::pin(start::rolled_back_and_grown(field)),
        true,
    ),
    ("tamper", |field| Box::pin(tamper::values_and_rows(field)), true),
    (
        "tricks",
        |field| Box::pin(tricks::careful_forgeries(field)),
        false,
    ),
    ("sealed", |field| Box::pin(sealed::blobs_and_keys(field)), false),
    ("kills", |field| Box::pin(kills::at_random_moments(field)), true),
    ("slow-bodies", |field| Box::pin(bodies::slow(field)), true),
    ("connections", |field| Box::pin(connections::floods(field)), false),
    ("frames", |field| Box::pin(frames::floods(field)), false),
    (
        "strangers-events",
        |field| Box::pin(strangers::event_flood(field)),
        true,
    ),
    (
        "strangers-code",
        |field| Box::pin(strangers::code_guessing(field)),
        false,
    ),
    ("multipart", |field| Box::pin(multipart::bombs(field)), true),
    ("json", |field| Box::pin(bodies::costly_json(field)), true),
    (
        "memory-streams",
        |field| Box::pin(memory::closed_windows(field)),
        false,
    ),
    (
        "memory-full",
        |field| Box::pin(memory::parallel_full(field)),
        false,
    ),
    (
        "upload-hold",
        |field| Box::pin(memory::hold_and_wait(field)),
        false,
    ),
    ("disk-full", |field| Box::pin(disk::full(field)), true),
    ("disk-faults", |field| Box::pin(disk::faults(field)), false),
    ("names", |field| Box::pin(names::downloads(field)), true),
    ("manners", |field| Box::pin(manners::of_answers(field)), true),
];

fn main() -> std::process::ExitCode {
    let Some(settings) = Settings::parse() else {
        eprintln!("not attacked: run `just attack`, or this with `--run`");
        return std::process::ExitCode::SUCCESS;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime");
    if runtime.block_on(run(settings)) {
        std::process::ExitCode::SUCCESS
    } else {
        std::process::ExitCode::FAILURE
    }
}

async fn run(settings: Settings) -> bool {
    println!(
        "attacked: {}; seed {}",
        process::program().display(),
        settings.seed
    );
    if let Some(generator) = &settings.generator {
        let work = std::env::current_dir()
            .expect("a folder")
            .join("../target/attack-requests");
        let tally = requests::generated(generator, &work, settings.examples, settings.seed).await;
        println!("{}", tally.line());
        let (table, stopped) = report::close(&[tally]);
        print!("{table}");
        return stopped;
    }
    let kept = Kept::make().await;
    let field = Arc::new(Field { kept, settings });
    let mut tallies = Vec::new();
    for (name, attack, in_short) in ATTACKS {
        if !field.settings.wants(name, *in_short) {
            continue;
        }
        let begin = std::time::Instant::now();
        let tally = match tokio::spawn(attack(Arc::clone(&field))).await {
            Ok(tally) => tally,
            Err(error) => Tally::failed(name, panic_text(error)),
        };
        println!("{} [{} s]", tally.line(), begin.elapsed().as_secs());
        tallies.push(tally);
    }
    let (table, stopped) = report::close(&tallies);
    print!("{table}");
    stopped && !tallies.is_empty()
}

fn panic_text(error: tokio::task::JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "a panic without words".to_owned()),
        Err(error) => error.to_string(),
    }
}
