/**
 * What counters show about print servers: how much leaks, and how large a leak is; and how other bugs of the same
 * servers would appear in the same counters.
 *
 * Counters show products. The share of altered jobs and the time that an alteration stays inside the print processor
 * appear only in the total leaked; the size of a leak appears in the steps by which a gauge rises.
 */
import type { Calibration } from "../contract/logs.ts";

/** The parameters for what an open print processor holds. */
const SIZES = ["heapBytesPerInstance", "handlesPerInstance", "poolBytesPerGdiInstance"];

export const calibration: Calibration = {
  unknown: ["pauseDeleteShare", "deleteShare", "controlMsMedian", ...SIZES],
  bases: {
    privateBytes: "privateBytesBase",
    handles: "handlesBase",
    pagedPoolBytes: "pagedPoolBytesBase",
    nonpagedPoolBytes: "nonpagedPoolBytesBase",
  },
  facts: ["site", "printers", "jobsPerDay", "profile", "hourShares"],
  rivals: [
    {
      name: "Q223863",
      meaning: "the close of a print processor is skipped while an alteration is inside it",
      settings: { spooler: "buggy" },
      unknown: ["pauseDeleteShare", "deleteShare", "controlMsMedian", ...SIZES],
    },
    {
      name: "sticky-guard",
      meaning: "once altered, a print processor is never closed, even after the alteration has left",
      settings: { spooler: "sticky-guard" },
      unknown: ["pauseDeleteShare", "deleteShare", "controlMsMedian", ...SIZES],
    },
    {
      name: "no-leak",
      meaning: "nothing leaks; the counters only follow the workload",
      settings: { spooler: "fixed" },
      unknown: SIZES,
    },
    {
      name: "Q224345",
      meaning: "handles and private bytes leak when the close of a remote printer fails",
      settings: { spooler: "fixed", Q224345: "present" },
      unknown: ["remoteCloseFailShare", "remoteCloseBytes", ...SIZES],
    },
    {
      name: "Q223791",
      meaning: "private bytes leak while an LPR printer is disconnected",
      settings: { spooler: "fixed", Q223791: "present" },
      unknown: ["lprOutagesPerDay", "lprOutageSecondsMean", "lprLeakBytes", ...SIZES],
    },
    {
      name: "Q283102",
      meaning: "paged pool leaks with each pop-up to a user who is not logged on",
      settings: { spooler: "fixed", Q283102: "present" },
      unknown: ["popUpLostShare", "popUpBytes", ...SIZES],
    },
    {
      name: "Q182333",
      meaning: "handles stay open for clients that are not patched",
      settings: { spooler: "fixed", Q182333: "present" },
      unknown: ["unpatchedShare", ...SIZES],
    },
  ],
};
