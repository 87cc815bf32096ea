/**
 * The yardsticks' three workloads as models for simjs 2.0.3, the discrete-event simulator on npm.
 *
 * They use the library as its documentation does: entities that set timers, a facility for M/M/1, and the library's
 * own random numbers. The print servers keep their lines themselves, as a facility does not tell when a service starts.
 *
 * The published bundle exports nothing to Node.js; it only sets a `Sim` on a browser's `window`, so it is given one. It
 * is found in the folder SIMJS (one that has node_modules), or, without it, from here.
 *
 * What is counted are the model's events (hold.c, mm1.c and guard-fleet.c say which). Only the simulation is timed, in
 * processor time. The runs of `hold` go on from one another after one warm-up of max(2 N, 10^6) events; the other
 * workloads start afresh in every run.
 */
import { createRequire } from "node:module";
import { resolve } from "node:path";

const USAGE = `usage: simjs_peer.mjs hold PENDING EVENTS RUNS
       simjs_peer.mjs mm1 CUSTOMERS RUNS
       simjs_peer.mjs guard-fleet SERVERS HORIZON_SECONDS RUNS`;

const MEAN_GAP = 60;
const MEAN_SERVICE = 20;
const MEAN_STAY = 0.5;
const ALTERED_SHARE = 0.2;
const CLOSE_BYTES = 4096;

const { Entity, Facility, Random, Sim } = load();

function load() {
  const folder = process.env.SIMJS;
  const from = createRequire(folder === undefined ? import.meta.url : resolve(folder, "peer.cjs"));
  globalThis.window = {};
  from("simjs");
  const library = globalThis.window.Sim;
  delete globalThis.window;
  return library;
}

function printRun(name, events, seconds, check) {
  console.log(JSON.stringify({ name, events, seconds: Number(seconds.toFixed(6)), check }));
}

function secondsNow() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** What all processes of the hold model share. */
class HoldModel {
  processes = [];
  random = new Random(1);
  events = 0;
  visited = 0;

  constructor(sim, pending) {
    for (let i = 0; i < pending; i++) this.processes.push(sim.addEntity(HoldProcess, `process ${i}`, i, this));
  }
}

class HoldProcess extends Entity {
  start(number, model) {
    this.number = number;
    this.model = model;
    this.await();
  }

  await() {
    this.setTimer(this.model.random.exponential(1)).done(this.handle);
  }

  handle() {
    const { model } = this;
    model.events++;
    model.visited += this.number;
    model.processes[Math.floor(model.random.random() * model.processes.length)].await();
  }
}

function hold(runs, pending, events) {
  const sim = new Sim();
  const model = new HoldModel(sim, pending);
  sim.simulate(Infinity, Math.max(2 * pending, 1e6));
  for (let run = 0; run < runs; run++) {
    const before = model.events;
    const start = secondsNow();
    sim.simulate(Infinity, events);
    const seconds = secondsNow() - start;
    const check = `time ${sim.time().toFixed(6)}, mean process ${(model.visited / model.events).toFixed(1)}`;
    printRun(`simjs hold ${pending}`, model.events - before, seconds, check);
  }
}

class Arrivals extends Entity {
  start(facility, random, customers) {
    this.facility = facility;
    this.random = random;
    this.toArrive = customers;
    this.events = 0;
    this.await();
  }

  await() {
    if (this.toArrive-- > 0) this.setTimer(this.random.exponential(0.9)).done(this.arrive);
  }

  arrive() {
    this.events++;
    this.useFacility(this.facility, this.random.exponential(1)).done(this.depart);
    this.await();
  }

  depart() {
    this.events++;
  }
}

function mm1(runs, customers) {
  for (let run = 0; run < runs; run++) {
    const sim = new Sim();
    const facility = new Facility("server");
    const arrivals = sim.addEntity(Arrivals, "arrivals", facility, new Random(1), customers);
    const start = secondsNow();
    sim.simulate(Infinity);
    const seconds = secondsNow() - start;
    const mean = facility.systemStats().durationSeries.average();
    printRun("simjs mm1", arrivals.events, seconds, `mean time in system ${mean.toFixed(6)}`);
  }
}

class Tally {
  submits = 0;
  alters = 0;
  clears = 0;
  closes = 0;
  leakedHandles = 0;
  leakedBytes = 0;

  get events() {
    return this.submits + this.alters + this.clears + this.closes;
  }

  skipClose() {
    this.leakedHandles++;
    this.leakedBytes += CLOSE_BYTES;
  }

  get check() {
    const { submits, alters, clears, closes, leakedHandles, leakedBytes, events } = this;
    const counts = `${submits} submits, ${alters} alters, ${clears} clears, ${closes} closes`;
    const perJob = (events / submits).toFixed(4);
    return `leaked ${leakedHandles} handles, ${leakedBytes} bytes; ${counts}; ${perJob} events a job`;
  }
}

class PrintServer extends Entity {
  start(random, tally) {
    this.random = random;
    this.tally = tally;
    this.busy = false;
    this.waiting = [];
    this.guard = null;
    this.awaitJob();
  }

  awaitJob() {
    this.setTimer(this.random.exponential(1 / MEAN_GAP)).done(this.submit);
  }

  submit() {
    this.tally.submits++;
    this.awaitJob();
    const service = this.random.exponential(1 / MEAN_SERVICE);
    const u = this.random.random();
    const job = { service, alteration: u < ALTERED_SHARE ? (u / ALTERED_SHARE) * service : Infinity };
    if (this.busy) {
      this.waiting.push(job);
    } else {
      this.busy = true;
      this.serve(job);
    }
  }

  serve({ service, alteration }) {
    this.setTimer(service).done(this.close);
    if (alteration < Infinity) this.setTimer(alteration).done(this.alter);
  }

  alter() {
    this.tally.alters++;
    if (this.guard !== null) this.guard.cancel();
    this.guard = this.setTimer(this.random.exponential(1 / MEAN_STAY)).done(this.clear);
  }

  clear() {
    this.tally.clears++;
    this.guard = null;
  }

  close() {
    this.tally.closes++;
    if (this.guard !== null) this.tally.skipClose();
    if (this.waiting.length > 0) {
      this.serve(this.waiting.shift());
    } else {
      this.busy = false;
    }
  }
}

function guardFleet(runs, servers, horizon) {
  for (let run = 0; run < runs; run++) {
    const sim = new Sim();
    const random = new Random(1);
    const tally = new Tally();
    for (let i = 0; i < servers; i++) sim.addEntity(PrintServer, `server ${i}`, random, tally);
    const start = secondsNow();
    sim.simulate(horizon);
    const seconds = secondsNow() - start;
    printRun(`simjs guard-fleet ${servers}`, tally.events, seconds, tally.check);
  }
}

const WORKLOADS = new Map([
  ["hold", hold],
  ["mm1", mm1],
  ["guard-fleet", guardFleet],
]);

/** @returns the process's exit code */
function main([name, ...texts]) {
  const run = WORKLOADS.get(name);
  // A workload's first parameter is the number of runs, which comes last on the command line.
  if (run === undefined || texts.length !== run.length || !texts.every((text) => /^[1-9]\d*$/.test(text))) {
    console.error(USAGE);
    return 2;
  }
  const numbers = texts.map(Number);
  run(numbers.pop(), ...numbers);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
