/** lab/thread-runner.ts: the suite of runners on one, two and three threads. */
import { threadRunner } from "../../lab/thread-runner.ts";
import { runnerCases } from "../cases/runner.ts";

for (const workers of [1, 2, 3]) runnerCases(`threads ${workers}`, threadRunner(workers), ["outlives-exit"]);
