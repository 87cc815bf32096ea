/**
 * A guard around the instances of a user's model. It checks what the lab relies on while the model runs, and reports a
 * fault in one line with the file and the rule. The models that ship run without a guard.
 *
 * - There are as many columns as responses, each as long as the slice, before the first event and at each sample time.
 * - An event has a kind of the list, and its object fits 32 bits.
 * - A sampled value fits its response. Counts are whole and never negative. Counts, leaks and totals never decrease. A
 *   leak is a whole number of leaks of its size. An event time is fixed once it is known, and is never in the future;
 *   an event of the fleet happens to all servers at once.
 * - A resource that has reached its limit has the time of that event.
 */
import type { Column, Instance } from "../../models/contract/instance.ts";
import type { Parameters, Values } from "../../models/contract/parameters.ts";
import type { Limit, Response } from "../../models/contract/responses.ts";
import type { Model } from "../../models/model.ts";
import type { Schedule } from "../../sim/simulation.ts";
import type { Duration, Kind, Time } from "../../sim/event-list.ts";
import { itemAt } from "../lists.ts";

/** A total that is summed anew may differ by rounding, relative to its size; so may a leak's number of leaks. */
const ROUNDING = 1e-9;

/** @param file the module's path; messages begin with it */
export function guardedModel(model: Model, file: string): Model {
  return Object.create(model, {
    create: {
      enumerable: true,
      value: ((values, slice, open) => {
        return new GuardedInstance(model.create(values, slice, open), model, values, file, slice.count);
      }) satisfies Model["create"],
    },
  }) as Model;
}

class GuardedInstance implements Instance {
  private readonly instance: Instance;
  private readonly model: Model;
  private readonly file: string;
  private readonly count: number;
  private readonly schedule: GuardedSchedule;
  /** The values at the last sample time, by response. */
  private readonly before: readonly Float64Array[];
  /** The size of a leak, by response; NaN if it is unknown. */
  private readonly leakSizes: readonly number[];
  private readonly limits: readonly Limit[];

  constructor(instance: Instance, model: Model, values: Values<Parameters>, file: string, count: number) {
    this.instance = instance;
    this.model = model;
    this.file = file;
    this.count = count;
    this.schedule = new GuardedSchedule(model.kinds);
    this.before = model.responses.map(({ role }) => new Float64Array(count).fill(role === "eventTime" ? NaN : 0));
    this.leakSizes = model.responses.map(({ leakSize }) =>
      typeof leakSize === "string" ? Number(values[leakSize]) : (leakSize ?? NaN),
    );
    this.limits = model.limits?.(values) ?? [];
    if (typeof instance !== "object" || instance === null) this.refuse("create must return an instance");
    for (const verb of ["start", "handle", "observe", "check"] as const) {
      if (typeof instance[verb] !== "function") this.refuse(`an instance must have a method ${verb}()`);
    }
    this.checkColumns();
  }

  get columns(): readonly Column[] {
    return this.instance.columns;
  }

  get controller(): Instance["controller"] {
    return this.instance.controller;
  }

  start(schedule: Schedule): void {
    this.instance.start(this.schedule.over(schedule));
  }

  handle(kind: Kind, subject: number, object: number, schedule: Schedule): void {
    this.instance.handle(kind, subject, object, this.schedule.over(schedule));
  }

  observe(now: Time): void {
    this.instance.observe(now);
    this.checkColumns();
    this.model.responses.forEach((response, i) => {
      for (let server = 0; server < this.count; server++) {
        const rule = this.ruleBroken(response, i, server, now);
        if (rule !== undefined) this.refuseValue(response.name, server, this.valueOf(i, server), rule);
        itemAt(this.before, i)[server] = this.valueOf(i, server);
      }
    });
    this.limits.forEach((limit) => this.checkLimit(limit));
  }

  check(): void {
    this.instance.check();
  }

  private checkColumns(): void {
    const { columns } = this.instance;
    const { responses } = this.model;
    const have = Array.isArray(columns) ? String(columns.length) : "none";
    if (have !== String(responses.length)) {
      this.refuse(
        `an instance has ${have === "none" ? "no" : have} columns; it must have one for each of its ${responses.length} responses`,
      );
    }
    columns.forEach((column, i) => {
      const isColumn = [Float64Array, Int32Array, Uint32Array].some((type) => column instanceof type);
      if (isColumn && column.length === this.count) return;
      const what = isColumn ? `has ${column.length} numbers` : "is not a Float64Array, Int32Array or Uint32Array";
      this.refuse(
        `the column of ${itemAt(responses, i).name} ${what}; it must have one number for each of ${this.count} servers`,
      );
    });
  }

  /** Returns the rule that a value breaks, or undefined. */
  private ruleBroken(response: Response, i: number, server: number, now: Time): string | undefined {
    const { role, unit, fractional } = response;
    const value = this.valueOf(i, server);
    const before = itemAt(itemAt(this.before, i), server);
    if (role === "eventTime") return eventTimeRule(response, value, before, now, this.valueOf(i, 0));
    if (!Number.isFinite(value)) return "it must be a finite number";
    const isWhole = fractional !== true && (role === "count" || unit === "us" || unit === "B");
    if (isWhole && !Number.isInteger(value))
      return "it must be a whole number unless the response has fractional: true";
    if (role === "count" && value < 0) return "a count must be at least 0";
    if (role === "count" && response.now !== true && value < before) {
      return `it was ${before}; a count never decreases unless the response has now: true`;
    }
    if (role === "total" && value < before - ROUNDING * Math.abs(before))
      return `it was ${before}; a total never decreases`;
    if (role !== "leak") return undefined;
    if (value < before) return `it was ${before}; a leak total never decreases`;
    const size = itemAt(this.leakSizes, i);
    if (isMultiple(value, size)) return undefined;
    return `it must be a whole number of leaks of ${size} ${unit}, the leakSize`;
  }

  private checkLimit({ response, eventTime, level }: Limit): void {
    const indexOf = (name: string) => this.model.responses.findIndex((one) => one.name === name);
    const [at, event] = [indexOf(response), indexOf(eventTime)];
    for (let server = 0; server < this.count; server++) {
      const value = this.valueOf(at, server);
      if (!(value >= level) || this.valueOf(event, server) >= 0) continue;
      this.refuseValue(response, server, value, `its limit of ${level} is reached, so ${eventTime} must be set`);
    }
  }

  private valueOf(response: number, server: number): number {
    return itemAt(itemAt(this.instance.columns, response), server);
  }

  private refuseValue(name: string, server: number, value: number, rule: string): never {
    this.refuse(`${name} is ${value} at server ${server} of the slice; ${rule}`);
  }

  private refuse(what: string): never {
    throw new Error(`${this.file}: ${what}`);
  }
}

/** Returns the rule that an event time breaks, or undefined. @param first that of the slice's first server */
function eventTimeRule({ ofFleet }: Response, value: number, before: number, now: Time, first: number) {
  if (!Number.isNaN(before) && value !== before) return `it was ${before}; an event time never changes once it is set`;
  if (ofFleet === true && !Object.is(value, first))
    return `server 0 has ${first}; all servers of a fleet must have the same time`;
  return Number.isNaN(value) || (value >= 0 && value <= now)
    ? undefined
    : `it must be NaN or a time from 0 to now (${now})`;
}

/** Whether an amount is a whole multiple of a size, apart from rounding; of no size, every amount is one. */
function isMultiple(amount: number, size: number): boolean {
  if (Number.isNaN(size) || amount === 0) return true;
  const times = amount / size;
  return Math.abs(times - Math.round(times)) <= ROUNDING * Math.max(1, times);
}

/** The schedule that a user's instance sees. */
class GuardedSchedule implements Schedule {
  private readonly kinds: readonly string[];
  private schedule: Schedule | undefined;

  constructor(kinds: readonly string[]) {
    this.kinds = kinds;
    this.schedule = undefined;
  }

  /** Puts this guard in front of another schedule. */
  over(schedule: Schedule): Schedule {
    this.schedule = schedule;
    return this;
  }

  get now(): Time {
    return this.schedule!.now;
  }

  after(delay: Duration, kind: Kind, subject: number, object: number): void {
    const { kinds } = this;
    if (!(Number.isInteger(kind) && kind >= 0 && kind < kinds.length)) {
      throw new Error(
        `an event has the kind ${kind}; the model's kinds are 0 to ${kinds.length - 1} (${kinds.join(", ")})`,
      );
    }
    if (object !== (object | 0))
      throw new Error(`an event has the object ${object}; it must be a whole number of 32 bits`);
    this.schedule!.after(delay, kind, subject, object);
  }
}
