/** `npm test`: every test of the rooms, several files at a time, and a closing line that counts them. */
import { runTests } from "./run-tests.ts";

await runTests((file) => !file.endsWith(".proof.test.js"));
