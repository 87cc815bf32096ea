/**
 * A guard around the instances of a user's model. It checks what the lab relies on while the model runs, and reports a
 * fault in one line with the file and the rule. The models that ship run without a guard.
 *
 * - There are as many columns as responses, each as long as the slice, before the first event and at each sample time.
 * - An event has a kind of the list, and its object fits 32 bits.
 * - A sampled value fits its response: whole, known, and never decreasing if it is a leak.
 */
import type { Column, Instance } from "../../models/contract/instance.ts";
import type { Response } from "../../models/contract/responses.ts";
import type { Model } from "../../models/model.ts";
import type { Schedule } from "../../sim/simulation.ts";
import type { Duration, Kind, Time } from "../../sim/event-list.ts";
import { itemAt } from "../lists.ts";

/** @param file the module's path; messages begin with it */
export function guardedModel(model: Model, file: string): Model {
  return Object.create(model, {
    create: {
      enumerable: true,
      value: ((values, slice, open) => {
        return new GuardedInstance(model.create(values, slice, open), model, file, slice.count);
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
  /** The total leaked until the last sample time, by response; empty for responses that are not leaks. */
  private readonly leaked: Float64Array[];

  constructor(instance: Instance, model: Model, file: string, count: number) {
    this.instance = instance;
    this.model = model;
    this.file = file;
    this.count = count;
    this.schedule = new GuardedSchedule(model.kinds);
    this.leaked = model.responses.map(({ role }) => new Float64Array(role === "leak" ? count : 0));
    if (typeof instance !== "object" || instance === null) this.refuse("create gives no instance");
    for (const verb of ["start", "handle", "observe", "check"] as const) {
      if (typeof instance[verb] !== "function") this.refuse(`an instance has no ${verb}(); it has one`);
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
    this.model.responses.forEach((response, i) => this.checkValues(response, i));
  }

  check(): void {
    this.instance.check();
  }

  private checkColumns(): void {
    const { columns } = this.instance;
    const { responses } = this.model;
    const have = Array.isArray(columns) ? String(columns.length) : "none";
    if (have !== String(responses.length)) {
      this.refuse(`an instance has ${have} columns; one for each of its ${responses.length} responses`);
    }
    columns.forEach((column, i) => {
      const isColumn = [Float64Array, Int32Array, Uint32Array].some((type) => column instanceof type);
      if (isColumn && column.length === this.count) return;
      const what = isColumn ? `${column.length} numbers` : "no Float64Array, Int32Array or Uint32Array";
      this.refuse(
        `the column of ${itemAt(responses, i).name} is ${what}; one number for each of ${this.count} servers`,
      );
    });
  }

  private checkValues({ name, role, unit, fractional }: Response, i: number): void {
    const isWhole = fractional !== true && (role === "count" || unit === "us" || unit === "B");
    const leaked = itemAt(this.leaked, i);
    for (let server = 0; server < this.count; server++) {
      const value = itemAt(itemAt(this.instance.columns, i), server);
      const is = `${name} is ${value} at server ${server} of the slice`;
      if (Number.isNaN(value) && role === "eventTime") continue;
      if (!Number.isFinite(value)) this.refuse(`${is}; a finite number${role === "eventTime" ? " or NaN" : ""}`);
      if (isWhole && !Number.isInteger(value)) this.refuse(`${is}; it is whole, or says that it is fractional`);
      if (role !== "leak") continue;
      if (value < itemAt(leaked, server))
        this.refuse(`${is} and was ${leaked[server]}; what has leaked does not come back`);
      leaked[server] = value;
    }
  }

  private refuse(what: string): never {
    throw new Error(`${this.file}: ${what}`);
  }
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
      throw new Error(`an event of kind ${kind}; the model's kinds are 0 to ${kinds.length - 1} (${kinds.join(", ")})`);
    }
    if (object !== (object | 0)) throw new Error(`an event with the object ${object}; a whole number of 32 bits`);
    this.schedule!.after(delay, kind, subject, object);
  }
}
