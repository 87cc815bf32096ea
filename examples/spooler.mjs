/**
 * Your own spooler: it decides what happens when a port thread closes a print processor while alterations are inside.
 *
 * A spooler is four functions that read and write two columns. It has no clock and no random numbers, so all spoolers
 * that are compared get the same jobs and the same alterations. This one defers the close, as the fix does, but only if
 * a single alteration is inside.
 */
import { defineSpooler } from "spoolsim";

export default defineSpooler({
  name: "half-fixed",
  meaning: "defers a close if one alteration is inside, and skips it if several are",

  /** A port thread has opened the print processor. */
  open(processors, instance) {
    processors.guard[instance] = 0;
    processors.closePending[instance] = 0;
  },

  /** An alteration enters the print processor. */
  enterAlteration(processors, instance) {
    processors.guard[instance]++;
  },

  /** An alteration leaves the print processor. */
  leaveAlteration(processors, instance) {
    processors.guard[instance]--;
    if (processors.closePending[instance] && processors.guard[instance] === 0) processors.closeProcessor(instance);
  },

  /** The port thread has finished: close the print processor now, defer the close, or leak it by doing nothing. */
  close(processors, instance) {
    if (processors.guard[instance] === 0) processors.closeProcessor(instance);
    else if (processors.guard[instance] === 1) processors.closePending[instance] = 1;
  },
});
