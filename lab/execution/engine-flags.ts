/**
 * Lets V8 inline more of the hot loop. Import this before anything hot runs.
 *
 * A model's handler is spread over small functions, and V8 stops inlining after 920 bytes of bytecode in all; what is
 * not inlined boxes every time it is given or returns. The larger limits change no result, only the speed: measured
 * on the print servers (one thread of a busy machine), 489 and 506 ns an event became 397 and 418. A flag that an
 * engine does not know is ignored.
 */
import v8 from "node:v8";

inlineUpTo(6000);

/** For a loop that belongs to one simulation, which gains by it what a common one does not. */
export function inlineMore(): void {
  inlineUpTo(12000);
}

function inlineUpTo(bytes: number): void {
  v8.setFlagsFromString("--max-inlined-bytecode-size=2000");
  v8.setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${bytes}`);
  v8.setFlagsFromString(`--max-inlined-bytecode-size-absolute=${bytes * 3}`);
}
