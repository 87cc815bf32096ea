/** The prices of an hour of staff, an hour without the service, a lost job and so on, for advice. */
import { US_PER_HOUR } from "../../sim/time-units.ts";
import type { Price } from "../contract/operations.ts";
import type { ResponseName } from "./responses.ts";

export const prices: readonly (Price & { readonly response: ResponseName })[] = [
  {
    name: "staffHour",
    meaning: "an hour of staff time",
    unit: "hour",
    default: 40,
    response: "staffUs",
    size: US_PER_HOUR,
  },
  {
    name: "downtimeHour",
    meaning: "an hour without the service",
    unit: "hour",
    default: 20,
    response: "downtimeUs",
    size: US_PER_HOUR,
  },
  {
    name: "unprintedJob",
    meaning: "a job that starved and has not printed by the end of the simulation",
    unit: "job",
    default: 0.5,
    response: "jobsUnprinted",
  },
  {
    name: "stuckJobHour",
    meaning: "an hour for which a job is stuck, until it prints or the simulation ends",
    unit: "hour",
    default: 0.05,
    response: "stuckUs",
    size: US_PER_HOUR,
  },
  { name: "lostJob", meaning: "a job that a restart loses", unit: "job", default: 0.5, response: "jobsLost" },
  {
    name: "reprintedJob",
    meaning: "a printout that a restart begins again",
    unit: "job",
    default: 0.1,
    response: "jobsReprinted",
  },
  {
    name: "refusedJob",
    meaning: "a job that the server refuses and that must be sent again",
    unit: "job",
    default: 0.2,
    response: "jobsRefused",
  },
  {
    name: "lostPrinters",
    meaning: "a server that loses its printers",
    unit: "server",
    default: 200,
    response: "printersLostUs",
  },
];
