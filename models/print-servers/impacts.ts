/** The operational impact of a leak: the responses in its columns, and their headings. */
import { US_PER_HOUR, US_PER_MINUTE } from "../../sim/time-units.ts";
import type { Impact } from "../contract/operations.ts";
import type { ResponseName } from "./responses.ts";

export const impacts: readonly (Impact & { readonly response: ResponseName })[] = [
  { response: "staffUs", heading: "staff [min]", size: US_PER_MINUTE, attended: true },
  { response: "downtimeUs", heading: "down [min]", size: US_PER_MINUTE },
  { response: "serviceStarts", heading: "starts", attended: true },
  { response: "jobsStarved", heading: "jobs starved" },
  { response: "jobsUnprinted", heading: "unprinted" },
  { response: "stuckUs", heading: "stuck [job-hours]", size: US_PER_HOUR },
  { response: "jobsLost", heading: "lost" },
  { response: "jobsReprinted", heading: "printed twice" },
  { response: "jobsRefused", heading: "refused" },
  { response: "startFailures", heading: "failed starts" },
  { response: "fixedUs", heading: "fixed", attended: true },
  { response: "printersLostUs", heading: "printers lost" },
  { response: "canaryPassedUs", heading: "canaries passed" },
  { response: "rolloutHaltedUs", heading: "roll-outs halted" },
];
