/**
 * `import ... from "spoolsim"`: the kernel of the simulator, and what your own model or spooler is written with.
 *
 * Inside the project files import from where things live; only other programs come in by this folder.
 */
export type { Duration, EventList, Kind, Time } from "../sim/event-list.ts";
export { SortedList } from "../sim/sorted-list.ts";
export { QuaternaryHeap } from "../sim/quaternary-heap.ts";
export { Calendar } from "../sim/calendar.ts";
export { PerSubjectList } from "../sim/per-subject-list.ts";
export { Simulation, type Clock, type Schedule, type System } from "../sim/simulation.ts";
export { Digest, digestText } from "../sim/digest.ts";
export { openStreams, Stream, streamName, type Law } from "../sim/streams.ts";
/** exp, log, log1p, pow and others, whose last bits are the same on every engine. */
export * as math from "../sim/math.ts";
export * from "../sim/variates.ts";
export type * from "../models/contract/instance.ts";
export type * from "../models/contract/logs.ts";
export type * from "../models/contract/narrative.ts";
export type * from "../models/contract/operations.ts";
export type * from "../models/contract/parameters.ts";
export type * from "../models/contract/pictures.ts";
export type * from "../models/contract/reference.ts";
export type * from "../models/contract/responses.ts";
export type { Model } from "../models/model.ts";
export { defineModel, defineSpooler } from "../models/define-model.ts";
export type { Decisions, FleetController } from "../models/barrier.ts";
export type { ProcessorColumns, Spooler } from "../models/print-servers/spoolers/spooler.ts";
