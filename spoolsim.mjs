#!/usr/bin/env node
/**
 * The command `spoolsim`. In a clone that was never built it installs and builds first.
 *
 * It is not the compiled entry point itself, because npm links a command when it is asked for it the first time, and
 * never again if the file is missing then. Plain JavaScript, for the same reason.
 */
import { existsSync } from "node:fs";

const main = new URL("dist/cli/main.js", import.meta.url);
if (!existsSync(main)) await import("./setup.mjs");
await import(main.href);
