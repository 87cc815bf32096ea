/**
 * A profile: arrivals at a rate that varies over a day or a week.
 *
 * Each rate holds for one step, and the list repeats. An arrival comes when the area under the rate has grown by an
 * exponential variate of mean 1. So every arrival takes one draw at any rate, and other rates use the same draws.
 *
 * Cost: one draw, one push, and one iteration per step passed; allocates nothing.
 * Closed form: the number of arrivals between two times is Poisson, with the area under the rate as its mean.
 */
import type { Kind } from "../../sim/event-list.ts";
import type { Schedule } from "../../sim/simulation.ts";
import type { Stream } from "../../sim/streams.ts";
import { wholeMicroseconds } from "../../sim/variates.ts";

export class Profile {
  private readonly kind: Kind;
  private readonly draws: Stream;
  /** Arrivals per step. */
  private readonly rates: Float64Array;
  private readonly stepUs: number;

  /**
   * @param draws exponential variates of mean 1
   * @param rates arrivals per step: >= 0, not all 0
   * @param stepUs the length of a step [us]: whole, >= 1
   */
  constructor(kind: Kind, draws: Stream, rates: readonly number[], stepUs: number) {
    if (!(rates.every((rate) => rate >= 0 && rate < Infinity) && rates.some((rate) => rate > 0))) {
      throw new RangeError(`the rates of a profile are ${rates.join(", ")}; they are >= 0, and not all 0`);
    }
    if (!(Number.isInteger(stepUs) && stepUs >= 1)) {
      throw new RangeError(`the step of a profile is ${stepUs} us; it is whole and >= 1`);
    }
    this.kind = kind;
    this.draws = draws;
    this.rates = Float64Array.from(rates);
    this.stepUs = stepUs;
  }

  /** Schedules the next arrival. */
  start(server: number, schedule: Schedule, object = 0): void {
    const { rates, stepUs } = this;
    // The remaining area, in arrivals; time is in steps.
    let area = this.draws.draw(server);
    const begin = (schedule.now % (stepUs * rates.length)) / stepUs;
    let step = Math.floor(begin);
    let at = begin;
    while (area > rates[step] * (Math.floor(at) + 1 - at)) {
      area -= rates[step] * (Math.floor(at) + 1 - at);
      at = Math.floor(at) + 1;
      step = step + 1 === rates.length ? 0 : step + 1;
    }
    if (rates[step] > 0) at += area / rates[step];
    schedule.after(wholeMicroseconds((at - begin) * stepUs), this.kind, server, object);
  }
}
