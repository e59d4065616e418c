//! The compliance suite: what a practice must be able to rely on, shown from outside.

mod answers;
mod checkpoints;
mod flood;
mod full_disk;
mod hosting;
mod isolation;
mod kill;
mod live;
mod live_crowd;
mod logs;
mod oddities;
mod older;
mod output;
mod replay;
mod resume;
mod start;
mod tamper;
mod tamper_live;
mod trail;
mod verify_length;
