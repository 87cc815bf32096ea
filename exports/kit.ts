/**
 * `import ... from "spoolsim/kit"`: parts for a model of your own, and what describes it. docs/writing-models.md shows
 * how they are put together.
 */
export { assembleModel, Kit, type Assembly, type Handler, type Measured } from "../models/kit/assemble-model.ts";
export { Container } from "../models/kit/container.ts";
export { Gauge } from "../models/kit/gauge.ts";
export { ListedTimes } from "../models/kit/listed-times.ts";
export { count, eventTime, gauge, leak, mean, total } from "../models/kit/measures.ts";
export { Profile } from "../models/kit/profile.ts";
export { Queue, type Discipline } from "../models/kit/queue.ts";
export { Shifts } from "../models/kit/shifts.ts";
export { Station, type ClassColumns, type StationOptions } from "../models/kit/station.ts";
export { Timer } from "../models/kit/timer.ts";
export { choice, number, onOff, share, whole } from "../models/define-parameters.ts";
export { unitLawNames, unitLaws } from "../models/unit-laws.ts";
export { exponentials, lognormals, uniforms } from "../sim/variates.ts";
