// Starts a real server for a test, or uses the one that is named.
//
//   CUTIS_BIN          path of the binary; started on free ports over an empty data folder
//   CUTIS_URL          address of a running server, instead of starting one
//   CUTIS_SETUP_CODE   its set-up code, when it was never set up
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY_MS = 60_000;
const STOP_MS = 15_000;

/** @returns {Promise<{url: string, httpUrl: string | null, setupCode: string | null, stop: () => Promise<void>}>} */
export async function startServer() {
  const named = process.env.CUTIS_URL;
  if (named) {
    return { url: named.replace(/\/$/, ""), httpUrl: null, setupCode: process.env.CUTIS_SETUP_CODE ?? null, stop: async () => {} };
  }
  const binary = process.env.CUTIS_BIN;
  if (!binary) throw new Error("Set CUTIS_BIN to the cutis binary (or CUTIS_URL to a running server).");
  const data = mkdtempSync(join(tmpdir(), "cutis-e2e-"));
  const child = spawn(binary, ["serve", "--data", data, "--port", "0", "--http-port", "0", "--bind", "127.0.0.1", "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const complaints = [];
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaints.push(text);
    if (complaints.length > 200) complaints.shift();
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(late);
    }
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const ready = await firstReady(child, complaints);
    return { url: ready.url, httpUrl: ready.httpUrl ?? null, setupCode: ready.setupCode ?? null, stop };
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
