/** `npm test`: every test of the rooms, several files at a time, and a closing line that counts them. */
import { runTests } from "./run-tests.ts";

// Most tests are over before it pays to optimize the functions that they call. Let V8 wait about four times as long as
// usual, which saves a tenth of all processor time. Test files inherit the option; a command or a script in a process
// of its own does not, so it is as users start it. Later versions of Node have no such option.
if (process.version.startsWith("v20.")) process.execArgv.push("--interrupt-budget=500000");

await runTests((file) => !file.endsWith(".proof.test.js"));
