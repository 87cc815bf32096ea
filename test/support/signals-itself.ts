/**
 * Loaded before a command, by `startSignalled`: the process sends itself a signal at an instant of its own work. A
 * test that sent it by the clock would hit another instant on a busy machine, or a process that has ended.
 */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import pg from "pg";
import type { Instant } from "./spoolsim.ts";

const { signal, count, file, statement, clockStepMs } = JSON.parse(process.env.SPOOLSIM_SIGNALLED!) as Instant;

/** How often it has happened in any of the threads, so that exactly one of them sends the signal. */
const TIMES = "spoolsim signalled";
if (isMainThread) setEnvironmentData(TIMES, new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const times = new Int32Array(getEnvironmentData(TIMES) as SharedArrayBuffer);

function happens(): void {
  if (Atomics.add(times, 0, 1) + 1 === count) process.kill(process.pid, signal);
}

if (file !== undefined) {
  const { rename } = fs;
  fs.rename = async (from, to) => {
    await rename(from, to);
    if (new RegExp(file).test(String(to))) happens();
  };
  syncBuiltinESMExports();
}

if (clockStepMs !== undefined) {
  let readings = 0;
  performance.now = () => readings++ * clockStepMs;
}

if (statement !== undefined) {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...words: unknown[]) {
    const [text] = words;
    if (typeof text === "string" && text.includes(statement)) happens();
    return (query as (...words: unknown[]) => unknown).apply(this, words);
  } as typeof query;
}
