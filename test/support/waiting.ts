/** Waits that say what they wait for, so that the output of a test that times out explains it. */
import { setTimeout } from "node:timers/promises";

const POLL_MS = 50;
const SAY_AFTER_MS = 30_000;
/** After this, nobody asks any more: less than the time limits of the tests that wait. */
const WAIT_MS_MAX = 170_000;

/** Settles as the promise does, and says every half a minute that it has not settled yet. */
export async function waitingFor<T>(what: string, promise: Promise<T>): Promise<T> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const saying = setInterval(() => console.error(`waiting for ${what}, for ${seconds()} s now`), SAY_AFTER_MS);
  saying.unref();
  try {
    return await promise;
  } finally {
    clearInterval(saying);
  }
}

/**
 * Asks again and again until it is so. The state must last: one that passes may be missed while the machine is busy.
 *
 * @param what continues the sentence "waiting for ..."
 */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MS_MAX;
  const asking = async () => {
    while (!(await isSo())) {
      if (performance.now() > end) throw new Error(`in vain: waiting for ${what}`);
      await setTimeout(POLL_MS);
    }
  };
  await waitingFor(what, asking());
}
