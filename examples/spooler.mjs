/**
 * A spooler of your own: what it does when a port thread wants to close a print processor that an alteration is in.
 *
 * A spooler has four verbs over two columns, and no clock and no random numbers: so two spoolers that are compared meet
 * the same jobs and the same alterations. It decides by the two columns alone. This one remembers the close, as the fix
 * does, but only where a single alteration is inside.
 */
import { defineSpooler } from "spoolsim";

export default defineSpooler({
  name: "half-fixed",
  meaning: "defers a close that meets one alteration, and skips one that meets several",

  /** A port thread has opened the print processor. */
  open(processors, instance) {
    processors.guard[instance] = 0;
    processors.closePending[instance] = 0;
  },

  /** An alteration enters it. */
  enterAlteration(processors, instance) {
    processors.guard[instance]++;
  },

  /** An alteration leaves it. */
  leaveAlteration(processors, instance) {
    processors.guard[instance]--;
    if (processors.closePending[instance] && processors.guard[instance] === 0) processors.closeProcessor(instance);
  },

  /** The port thread is done with it: close it now, have it closed later, or leak it by doing nothing. */
  close(processors, instance) {
    if (processors.guard[instance] === 0) processors.closeProcessor(instance);
    else if (processors.guard[instance] === 1) processors.closePending[instance] = 1;
  },
});
