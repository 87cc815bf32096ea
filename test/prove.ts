/**
 * `npm run prove`: the slower proofs, which say the same as the tests but with more scenarios, longer runs and
 * tighter bounds.
 */
import { runTests } from "./run-tests.ts";

await runTests((file) => file.endsWith(".proof.test.js"));
