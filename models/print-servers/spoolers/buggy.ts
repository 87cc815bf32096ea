/**
 * The spooler of Q223863: it does not close the print processor if its logic indicates that it is being re-entered.
 */
import type { Spooler } from "./spooler.ts";

export const buggy: Spooler = {
  name: "buggy",
  meaning: "while somebody is altering the job, skips the close, as in Q223863",
  skipsBecause: "the logic indicates the function is being re-entered",

  open(processors, instance) {
    processors.guard[instance] = 0;
    processors.closePending[instance] = 0;
  },

  enterAlteration(processors, instance) {
    processors.guard[instance]++;
  },

  leaveAlteration(processors, instance) {
    processors.guard[instance]--;
  },

  close(processors, instance) {
    if (processors.guard[instance] > 0) {
      return;
    }
    processors.closeProcessor(instance);
  },
};
