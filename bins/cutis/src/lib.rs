//! The cutis program: composition root and command line.
//!
//! The only crate that names a backend. [`wire`] puts the parts together, [`serve`] listens,
//! [`cli`] is what a person types, [`darkroom`] keeps the worker processes that look at images.

#![forbid(unsafe_code)]

pub mod books;
pub mod caps;
pub mod checkpoints;
pub mod cli;
pub mod confinement;
pub mod darkroom;
pub mod data;
pub mod demo;
pub mod disk;
pub mod host;
pub mod inspect;
pub mod keys;
pub mod media_worker;
pub mod network;
pub mod opening;
pub mod ports;
pub mod recover;
pub mod seen;
pub mod serve;
pub mod telemetry;
pub mod tls;
pub mod upkeep;
pub mod wire;
pub mod witness;

use std::process::ExitCode;

use clap::Parser as _;

/// Runs the program with the process's own arguments.
pub fn run() -> ExitCode {
    let arguments = match cli::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return cli::say_usage(&error),
    };
    // A worker must not start a runtime or a log: it reads, decodes and answers.
    if matches!(arguments.command, cli::Command::MediaWorker) {
        return media_worker::run();
    }
    let json = arguments.json;
    match cli::run(arguments) {
        Ok(code) => code,
        Err(error) => {
            cli::say_error(&error, json);
            ExitCode::FAILURE
        }
    }
}
