/**
 * A model of which the truth is known, for measuring how often intervals hold: leaks that come in a Poisson stream,
 * one or several at a time, until the resource has run out. Levels with other shares keep other leaks of one stream,
 * so a smaller share leaks a part of what a larger one does.
 */
import { number, whole } from "../../models/define-parameters.ts";
import type { Column, Instance, OpenStreams, Slice } from "../../models/contract/instance.ts";
import type { Values } from "../../models/contract/parameters.ts";
import type { Model } from "../../models/model.ts";
import type { Schedule } from "../../sim/simulation.ts";
import type { Stream } from "../../sim/streams.ts";
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";
import { US_PER_DAY } from "../../sim/time-units.ts";

const parameters = {
  leaksPerDay: number("1/d", 1, [1e-6, 1e6], "rate of leaks, those of all levels", "example"),
  keptShare: number("1", 1, [0, 1], "share of these that happen", "example"),
  bunch: whole("1", 1, [1, 1000], "leaks at a time", "example"),
  leaksMax: whole("1", 1e9, [1, 1e9], "leaks until the resource has run out", "example"),
} as const;

type LeakValues = Values<typeof parameters>;

class Leaks implements Instance {
  readonly columns: readonly Column[];
  private readonly leaked: Float64Array;
  private readonly fullUs: Float64Array;
  private readonly values: LeakValues;
  private readonly gaps: Stream;
  private readonly kept: Stream;

  constructor(values: LeakValues, { count }: Slice, open: OpenStreams) {
    this.values = values;
    this.gaps = open("gaps", exponentials);
    this.kept = open("kept");
    this.leaked = new Float64Array(count);
    this.fullUs = new Float64Array(count).fill(NaN);
    this.columns = [this.leaked, this.fullUs];
  }

  start(schedule: Schedule): void {
    for (let server = 0; server < this.leaked.length; server++) this.await(server, schedule);
  }

  handle(_kind: number, server: number, _serial: number, schedule: Schedule): void {
    const { keptShare, bunch, leaksMax } = this.values;
    if (this.kept.draw(server) < keptShare) {
      this.leaked[server] = Math.min(leaksMax, this.leaked[server] + bunch);
      if (this.leaked[server] === leaksMax && Number.isNaN(this.fullUs[server])) this.fullUs[server] = schedule.now;
    }
    this.await(server, schedule);
  }

  observe(): void {}

  check(): void {}

  private await(server: number, schedule: Schedule): void {
    const gapUs = (this.gaps.draw(server) * US_PER_DAY) / this.values.leaksPerDay;
    schedule.after(wholeMicroseconds(gapUs), 0, server, 0);
  }
}

const countedLeaks: Model<typeof parameters> = {
  name: "counted-leaks",
  meaning: "leaks of a known rate",
  kinds: ["LEAK"],
  parameters,
  responses: [
    { name: "leaks", unit: "1", role: "leak", leakSize: 1, ceiling: "fullUs", meaning: "leaks so far" },
    { name: "fullUs", unit: "us", role: "eventTime", meaning: "when the resource ran out" },
  ],
  canLeak: ({ keptShare }) => keptShare > 0,
  limits: ({ leaksMax }) => [{ response: "leaks", eventTime: "fullUs", level: leaksMax }],
  create: (values, slice, open) => new Leaks(values, slice, open),
};

export default countedLeaks;
