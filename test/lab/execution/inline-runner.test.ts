/**
 * lab/execution/inline-runner.ts: the suite of runners. A run that ends its process ends ours, so it cannot outlive
 * one.
 */
import { recall } from "../../../lab/execution/cache-entry.ts";
import { inlineRunner } from "../../../lab/execution/inline-runner.ts";
import { runnerCases } from "../../cases/runner.ts";

runnerCases("inline", inlineRunner(recall), []);
