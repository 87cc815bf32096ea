/** A deliberately wrong list, last in, first out among ties, and the suite run on it: the suite must be seen to fail. */
import { SortedList } from "../../sim/sorted-list.ts";
import { eventListCases } from "./event-list.ts";

class WrongList extends SortedList {
  override push(time: number, kind: number, subject: number, object: number): void {
    const later = this.events.findIndex((other) => other.time > time || (other.time === time && other.kind >= kind));
    this.events.splice(later === -1 ? this.events.length : later, 0, { time, kind, subject, object });
  }
}

eventListCases("wrong list", () => new WrongList());
