/** A deliberately wrong future event list: last in, first out among ties. Suites must be seen to fail on it. */
import { SortedList } from "../../sim/sorted-list.ts";

export class WrongList extends SortedList {
  override push(time: number, kind: number, subject: number, object: number): void {
    const later = this.events.findIndex((other) => other.time > time || (other.time === time && other.kind >= kind));
    this.events.splice(later === -1 ? this.events.length : later, 0, { time, kind, subject, object });
  }
}
