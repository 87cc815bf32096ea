/** What spoolsim offers to other programs. Inside the project files import from where things live. */
export type { Duration, EventList, Kind, Time } from "./sim/event-list.ts";
export { SortedList } from "./sim/sorted-list.ts";
export { QuaternaryHeap } from "./sim/quaternary-heap.ts";
export { Calendar } from "./sim/calendar.ts";
export { Lanes } from "./sim/lanes.ts";
export { Simulation, type Clock, type Schedule, type System } from "./sim/simulation.ts";
export { Digest, digestText } from "./sim/digest.ts";
export { openStreams, Stream, streamName, type Law } from "./sim/streams.ts";
export * from "./sim/math.ts";
export * from "./sim/variates.ts";
export type * from "./models/model.ts";
export type { ProcessorColumns, Spooler } from "./models/print-servers/spoolers/spooler.ts";
export { mm1 } from "./models/queues/mm1.ts";
export { printServers } from "./models/print-servers/kernel.ts";
export { roster } from "./models/catalogue.ts";
