/**
 * Your own model: a pool of connections, some of which are never returned.
 *
 * Requests arrive at random and hold a connection for a while. A share of them never returns it, and in the end the
 * pool is empty. The exact leak rate is known, so the tables show it beside the simulated rate.
 */
import { defineModel, exponentials, wholeMicroseconds } from "spoolsim";

// The kinds of events, in the order of `kinds`. Events at the same time are handled in this order.
const RETURN = 0;
const REQUEST = 1;

export default defineModel({
  name: "pool",
  meaning: "a pool of connections that loses some",
  kinds: ["RETURN", "REQUEST"],
  // A promise: whatever changes is in a column of the instance or in a stream, and never in a `let` of `create`. It lets
  // `diff`, `rare` and `run --checkpoint` save the model. List further arrays in a field of the instance, such as
  // `state: [queue]`. `spoolsim describe` finds most broken promises.
  keepsStateInFields: true,
  parameters: {
    requestsPerHour: {
      kind: "number",
      unit: "1/h",
      default: 60,
      min: 0.001,
      max: 1e6,
      meaning: "requests to each server",
      source: "assumption: one a minute",
    },
    holdSeconds: {
      kind: "number",
      unit: "s",
      default: 10,
      min: 0,
      max: 1e5,
      meaning: "mean time for which a request holds its connection",
      source: "assumption: a slow page",
    },
    forgetShare: {
      kind: "number",
      unit: "1",
      default: 0.01,
      min: 0,
      max: 1,
      meaning: "share of the requests that never return their connection",
      source: "assumption: one in a hundred",
    },
    connectionsMax: {
      kind: "number",
      unit: "1",
      default: 200,
      min: 1,
      max: 1e6,
      whole: true,
      meaning: "connections of the pool",
      source: "assumption: a usual setting",
    },
  },
  responses: [
    {
      name: "leakedConnections",
      unit: "1",
      role: "leak",
      meaning: "connections never returned",
      ceiling: "emptyUs",
      leakSize: 1,
    },
    { name: "inUse", unit: "1", role: "gauge", meaning: "connections that are not in the pool" },
    { name: "refused", unit: "1", role: "count", meaning: "requests that found the pool empty" },
    { name: "emptyUs", unit: "us", role: "eventTime", meaning: "the pool was first found empty" },
  ],
  /** The exact leak rate while the pool is not empty. Omit it if you know no closed form. */
  closedForm: ({ requestsPerHour, forgetShare }, name) =>
    name === "leakedConnections" ? 24 * requestsPerHour * forgetShare : undefined,
  /** One instance simulates `count` servers; each server has an index in every column. */
  create({ requestsPerHour, holdSeconds, forgetShare, connectionsMax }, { count }, open) {
    // Each purpose has its own stream, so a change in one does not change the random numbers of another.
    const gaps = open("requests", exponentials);
    const holds = open("holds", exponentials);
    const memories = open("memories");
    const leaked = new Float64Array(count);
    const inUse = new Float64Array(count);
    const refused = new Float64Array(count);
    const emptyUs = new Float64Array(count).fill(NaN);
    return {
      // One column for each response, in the same order.
      columns: [leaked, inUse, refused, emptyUs],
      start(schedule) {
        for (let server = 0; server < count; server++) schedule.after(0, REQUEST, server, 0);
      },
      handle(kind, server, _object, schedule) {
        if (kind === RETURN) {
          inUse[server]--;
          return;
        }
        schedule.after(wholeMicroseconds((gaps.draw(server) * 3600e6) / requestsPerHour), REQUEST, server, 0);
        if (inUse[server] === connectionsMax) {
          refused[server]++;
          if (Number.isNaN(emptyUs[server])) emptyUs[server] = schedule.now;
          return;
        }
        inUse[server]++;
        if (memories.draw(server) < forgetShare) leaked[server]++;
        else schedule.after(wholeMicroseconds(holds.draw(server) * holdSeconds * 1e6), RETURN, server, 0);
      },
      /** Updates the columns before they are read. These columns are always up to date. */
      observe() {},
      /** Throws if the state is impossible. */
      check() {
        for (let server = 0; server < count; server++) {
          if (leaked[server] > inUse[server]) throw new Error(`more leaked than in use at server ${server}`);
        }
      },
    };
  },
});
