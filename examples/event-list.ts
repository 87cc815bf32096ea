/** Your own future event list: an unsorted array. It gives the same digest as the built-in list. */
import { Digest, Simulation, type EventList, type Kind, type System, type Time } from "spoolsim";

class Unsorted implements EventList {
  readonly clock = new Float64Array(1);
  kind: Kind = 0;
  subject = 0;
  object = 0;
  private readonly events: { time: Time; kind: Kind; subject: number; object: number }[] = [];

  get time(): Time {
    return this.clock[0];
  }

  get size(): number {
    return this.events.length;
  }

  get nextTime(): Time {
    return Math.min(Infinity, ...this.events.map(({ time }) => time));
  }

  push(time: Time, kind: Kind, subject: number, object: number): void {
    this.events.push({ time, kind, subject, object });
  }

  pop(until: Time): boolean {
    let first = 0;
    this.events.forEach(({ time, kind }, i) => {
      const best = this.events[first];
      if (time < best.time || (time === best.time && kind < best.kind)) first = i;
    });
    if (this.events.length === 0 || this.events[first].time >= until) return false;
    const [next] = this.events.splice(first, 1);
    this.clock[0] = next.time;
    this.kind = next.kind;
    this.subject = next.subject;
    this.object = next.object;
    return true;
  }
}

/** Three subjects tick, each at its own pace. */
const ticking: System = {
  start(schedule) {
    for (const subject of [0, 1, 2]) schedule.after(0, 0, subject, 0);
  },
  handle(_kind, subject, object, schedule) {
    schedule.after(100 + 7 * subject, 0, subject, object + 1);
  },
};

function digestsWith(list?: EventList): string[] {
  const simulation = new Simulation(ticking, new Digest(0, 3), list);
  simulation.run(1e6);
  return [0, 1, 2].map((subject) => simulation.digest.of(subject));
}

const [own, shipped] = [digestsWith(new Unsorted()), digestsWith()];
console.log(`${own.join() === shipped.join() ? "the same" : "other"} digests: ${own.join(", ")}`);
