/**
 * The fixed spooler: if a close attempt meets an alteration, the last alteration to leave closes the print processor.
 */
import type { Spooler } from "./spooler.ts";

export const fixed: Spooler = {
  name: "fixed",
  meaning: "while somebody is altering the job, defers the close to the last alteration that leaves",
  cannotLeak: true,

  open(processors, instance) {
    processors.guard[instance] = 0;
    processors.closePending[instance] = 0;
  },

  enterAlteration(processors, instance) {
    processors.guard[instance]++;
  },

  leaveAlteration(processors, instance) {
    processors.guard[instance]--;
    if (processors.closePending[instance] && processors.guard[instance] === 0) processors.closeProcessor(instance);
  },

  close(processors, instance) {
    if (processors.guard[instance] > 0) {
      processors.closePending[instance] = 1;
      return;
    }
    processors.closeProcessor(instance);
  },
};
