/**
 * Loaded before a command, by `startSignalled`: the process sends itself a signal at an instant of its own work. A
 * test that sent it by the clock would hit another instant on a busy machine, or a process that has ended.
 */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import pg from "pg";
import type { Instant } from "./spoolsim.ts";

const { signal, count, file, statement } = JSON.parse(process.env.SPOOLSIM_SIGNALLED!) as Instant;

let times = 0;
function happens(): void {
  if (++times === count) process.kill(process.pid, signal);
}

if (file !== undefined) {
  const { rename } = fs;
  fs.rename = async (from, to) => {
    await rename(from, to);
    if (new RegExp(file).test(String(to))) happens();
  };
  syncBuiltinESMExports();
}

if (statement !== undefined) {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...words: unknown[]) {
    const [text] = words;
    if (typeof text === "string" && text.includes(statement)) happens();
    return (query as (...words: unknown[]) => unknown).apply(this, words);
  } as typeof query;
}
