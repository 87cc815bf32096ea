/** A Web Worker of the page: it simulates the runs that it is sent. */
import { answerRuns, type MessageEnd } from "../lab/execution/web-runner.ts";

answerRuns(self as unknown as MessageEnd);
