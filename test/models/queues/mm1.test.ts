/** mm1 on its own terms: customers are conserved, its closed form is the textbook's, and its streams are its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mm1 } from "../../../models/queues/mm1.ts";
import type { Settings } from "../../../models/contract/parameters.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { valuesOf } from "../print-servers/lockstep.ts";

const SECOND = 1e6;

/** The columns [arrived, started, served, waitUs, sojournUs] of some queues. */
function run(settings: Settings, seconds: number, first = 0, count = 1) {
  const slice = { first, count };
  const queues = mm1.create(valuesOf(mm1, settings), slice, openStreams("mm1", 0, slice));
  const simulation = new Simulation(queues, new Digest(first, count));
  simulation.run(seconds * SECOND);
  queues.observe(simulation.now);
  queues.check();
  return queues.columns;
}

test("the first customers are served at the times of their draws", () => {
  const open = openStreams("mm1", 0, { first: 0, count: 1 });
  const [arrivals, services] = [open("arrivals"), open("services")];
  let [arrival, free, waits, customers] = [0, 0, 0, 0];
  for (;;) {
    arrival += Math.max(1, Math.ceil(-Math.log1p(-arrivals.draw(0)) * 1.25 * SECOND));
    // Its service began before the end, too.
    const start = Math.max(arrival, free);
    if (start >= 500 * SECOND) break;
    waits += start - arrival;
    customers++;
    free = start + Math.max(1, Math.ceil(-Math.log1p(-services.draw(0)) * SECOND));
  }
  const [, started, , waitUs] = run({}, 500);
  // Lindley's recursion; Math.log1p may differ from ours in the last digit, and so by a microsecond a draw.
  assert.equal(started[0], customers);
  assert.ok(Math.abs(waitUs[0] - waits) <= 100 * customers, `${waitUs[0]} ${waits}`);
});

test("the customer ring grows: constant service at rho 0.999 keeps many waiting", () => {
  const settings = { serviceLaw: "constant", arrivalsPerSecond: 0.999 };
  const [arrived, started, served, waitUs, sojournUs] = run(settings, 20_000, 0, 8);
  assert.ok(Math.max(...arrived.map((n, i) => n - served[i])) > 32, "the ring of 16 has doubled twice");
  for (let i = 0; i < 8; i++) {
    assert.ok(started[i] - served[i] <= 1 && arrived[i] >= started[i]);
    // Every customer served spent its wait and one second of service.
    const inService = started[i] - served[i];
    assert.ok(waitUs[i] + served[i] * SECOND >= sojournUs[i]);
    if (inService === 0) assert.equal(sojournUs[i], waitUs[i] + served[i] * SECOND);
  }
});

test("a queue is the same alone and next to others", () => {
  const together = run({}, 2_000, 0, 5);
  for (let i = 0; i < 5; i++) {
    const alone = run({}, 2_000, i, 1);
    assert.deepEqual(
      alone.map((column) => column[0]),
      together.map((column) => column[i]),
    );
  }
});

test("the closed form is the textbook's: M/M/1 waits 4 s at rho 0.8, half as long with constant service", () => {
  const theory = (settings: Settings, name: string) => mm1.closedForm!(valuesOf(mm1, settings), name);
  assert.ok(Math.abs(theory({}, "waitUsMean")! - 4e6) < 1e-3);
  assert.ok(Math.abs(theory({}, "sojournUsMean")! - 5e6) < 1e-3);
  assert.ok(Math.abs(theory({ serviceLaw: "constant" }, "waitUsMean")! - 2e6) < 1e-3);
  assert.ok(Math.abs(theory({ arrivalsPerSecond: 8, servicesPerSecond: 10 }, "waitUsMean")! - 0.4e6) < 1e-3);
  assert.equal(theory({}, "customersArrived"), undefined);
});

test("the closed form does not hold for services below a millisecond, because times are whole microseconds", () => {
  const fault = (servicesPerSecond: number) =>
    mm1.closedFormFault!(valuesOf(mm1, { servicesPerSecond }), "waitUsMean", false);
  assert.deepEqual([1, 1000].map(fault), [undefined, undefined]);
  assert.equal(fault(900_000), "a service takes less than 1 ms on average: times are whole microseconds");
});

test("an unstable queue is refused with its numbers", () => {
  const refuse = (arrivalsPerSecond: number) => mm1.validate!(valuesOf(mm1, { arrivalsPerSecond }));
  assert.equal(refuse(0.999), undefined);
  assert.match(refuse(1)!, /arrivalsPerSecond is 1 and servicesPerSecond 1; a stable queue is served faster/);
});

test("a lost customer is detected", () => {
  const slice = { first: 0, count: 1 };
  const queues = mm1.create(valuesOf(mm1, {}), slice, openStreams("mm1", 0, slice));
  queues.columns[0][0] = 1;
  assert.throws(() => queues.check(), /arrived - served is 1 but 0 customers are present at queue 0/);
});
