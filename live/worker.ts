/** A Web Worker of the page: simulates the runs that it receives. */
import { answerRuns, type MessageEnd } from "../lab/execution/web-runner.ts";

answerRuns(self as unknown as MessageEnd);
