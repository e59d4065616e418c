// Starts a real server for a test, or uses the one that is named.
//
//   CUTIS_BIN          path of the binary; started on free ports over an empty data folder
//   CUTIS_URL          address of a running server, instead of starting one
//   CUTIS_SETUP_CODE   its set-up code, when it was never set up
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY_MS = 60_000;
const STOP_MS = 15_000;

const portOf = (url) => new URL(url).port;

function notHere() {
  throw new Error("A server that was started elsewhere cannot be controlled by the test.");
}

/**
 * `halt` stops the server and keeps its data, `kill` ends it in the middle of whatever it does, `resume` starts it again on the same
 * ports: what a person sees when the computer with Cutis is restarted. `addAccount` makes one on the host, as its operator does.
 *
 * @returns {Promise<{url: string, httpUrl: string | null, setupCode: string | null, stop: () => Promise<void>,
 *   halt: () => Promise<void>, kill: () => Promise<void>, resume: () => Promise<void>, addAccount: (username: string, password: string) => void}>}
 */
export async function startServer() {
  const named = process.env.CUTIS_URL;
  if (named) {
    const control = { halt: notHere, kill: notHere, resume: notHere, addAccount: notHere };
    return { url: named.replace(/\/$/, ""), httpUrl: null, setupCode: process.env.CUTIS_SETUP_CODE ?? null, stop: async () => {}, ...control };
  }
  const binary = process.env.CUTIS_BIN;
  if (!binary) throw new Error("Set CUTIS_BIN to the cutis binary (or CUTIS_URL to a running server).");
  const data = mkdtempSync(join(tmpdir(), "cutis-e2e-"));
  let running = null;
  const start = async (port, httpPort) => {
    const args = ["serve", "--data", data, "--port", port, "--http-port", httpPort, "--bind", "127.0.0.1", "--json"];
    running = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    const complaints = [];
    running.stderr.setEncoding("utf8").on("data", (text) => {
      complaints.push(text);
      if (complaints.length > 200) complaints.shift();
    });
    return firstReady(running, complaints);
  };
  const halt = async (signal = "SIGTERM") => {
    const child = running;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(late);
  };
  const stop = async () => {
    await halt();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const ready = await start("0", "0");
    return {
      url: ready.url,
      httpUrl: ready.httpUrl ?? null,
      setupCode: ready.setupCode ?? null,
      stop,
      halt: () => halt(),
      kill: () => halt("SIGKILL"),
      resume: async () => {
        await start(portOf(ready.url), ready.httpUrl ? portOf(ready.httpUrl) : "0");
      },
      addAccount: (username, password) => {
        const names = ["--first-name", "Ben", "--last-name", "Colleague"];
        execFileSync(binary, ["user", "add", "--data", data, ...names, "--clinician", username], { input: `${password}\n`, stdio: ["pipe", "ignore", "inherit"] });
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstReady(child, complaints) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${why}\n${complaints.join("")}`));
    const timer = setTimeout(() => fail(`the server was not ready after ${READY_MS / 1000} s`), READY_MS);
    child.once("error", (error) => fail(`the server could not be started: ${error.message}`));
    child.once("exit", (code, signal) => fail(`the server ended before it was ready (${code ?? signal})`));
    createInterface({ input: child.stdout }).on("line", (line) => {
      let event;
      try {
        event = JSON.parse(line);
      } catch {
        return;
      }
      if (event.event !== "ready") return;
      clearTimeout(timer);
      resolve(event);
    });
  });
}
