/**
 * The settings that the live page offers: how much is printed, how often and how long jobs are altered, and what helps.
 */
import type { Control } from "../contract/pictures.ts";
import type { parameters } from "./parameters/parameters.ts";

export const controls: readonly (Control & { readonly parameter: keyof typeof parameters })[] = [
  { parameter: "jobsPerDay", label: "jobs a day", isMain: true, min: 100, max: 20_000, isLogarithmic: true },
  { parameter: "deleteShare", label: "share of jobs deleted while they print", isMain: true, min: 0, max: 0.2 },
  { parameter: "pauseResumeShare", label: "share paused and resumed", min: 0, max: 0.2 },
  { parameter: "controlMsMedian", label: "time that an alteration takes", min: 1, max: 2000, isLogarithmic: true },
  { parameter: "dcsMax", label: "printer DCs that a server can have", min: 20, max: 1000, isLogarithmic: true },
  { parameter: "spooler", label: "spooler" },
  { parameter: "restartEveryHours", label: "restart every so many hours; 0 for never", min: 0, max: 336 },
  { parameter: "restartGauge", label: "restart when too much is held of" },
];
