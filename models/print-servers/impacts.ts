/** The operational impact of a leak: the responses in its columns, and their headings. */
import type { Impact } from "../contract/operations.ts";
import type { ResponseName } from "./responses.ts";

const MINUTE_US = 60e6;
const HOUR_US = 3600e6;

export const impacts: readonly (Impact & { readonly response: ResponseName })[] = [
  { response: "staffUs", heading: "staff [min]", size: MINUTE_US, attended: true },
  { response: "downtimeUs", heading: "down [min]", size: MINUTE_US },
  { response: "serviceStarts", heading: "starts", attended: true },
  { response: "jobsStarved", heading: "jobs starved" },
  { response: "jobsUnprinted", heading: "unprinted" },
  { response: "stuckUs", heading: "stuck [job-hours]", size: HOUR_US },
  { response: "jobsLost", heading: "lost" },
  { response: "jobsReprinted", heading: "printed twice" },
  { response: "jobsRefused", heading: "refused" },
  { response: "startFailures", heading: "failed starts" },
  { response: "fixedUs", heading: "fixed", attended: true },
  { response: "printersLostUs", heading: "printers lost" },
  { response: "canaryPassedUs", heading: "canaries passed" },
  { response: "rolloutHaltedUs", heading: "roll-outs halted" },
];
