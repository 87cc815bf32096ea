/**
 * `import ... from "spoolsim/kit"`: parts for a model of your own, and what describes it. docs/writing-models.md shows
 * how they are put together.
 */
export { assembleModel, Kit, type Assembly, type Handler, type Measured } from "../models/kit/assemble-model.ts";
export { count, eventTime, gauge, leak, mean, total } from "../models/kit/measures.ts";
export { Queue, type Discipline } from "../models/kit/queue.ts";
export { Station, type ClassColumns, type StationOptions } from "../models/kit/station.ts";
export { Timer } from "../models/kit/timer.ts";
export { choice, number, onOff, share, whole } from "../models/define-parameters.ts";
export { unitLawNames, unitLaws } from "../models/unit-laws.ts";
export { exponentials, lognormals, uniforms } from "../sim/variates.ts";
