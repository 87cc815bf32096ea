/** A queue with one server, M/M/1, on the kernel alone: the mean wait beside its closed form, 4 s. */
import { exponentials, openStreams, Simulation, wholeMicroseconds } from "spoolsim";

const [DEPARTURE, ARRIVAL] = [0, 1];
const open = openStreams("queue");
const gaps = open("arrivals", exponentials);
const services = open("services", exponentials);

const arrivals = []; // of the customers present [us]
let served = 0;
let waitedUs = 0;

function serve(schedule) {
  waitedUs += schedule.now - arrivals[0];
  schedule.after(wholeMicroseconds(services.draw(0) * 1e6), DEPARTURE, 0, 0);
}

const queue = {
  start: (schedule) => schedule.after(0, ARRIVAL, 0, 0),
  handle(kind, _subject, _object, schedule) {
    if (kind === ARRIVAL) {
      schedule.after(wholeMicroseconds((gaps.draw(0) * 1e6) / 0.8), ARRIVAL, 0, 0);
      if (arrivals.push(schedule.now) === 1) serve(schedule);
    } else {
      served++;
      arrivals.shift();
      if (arrivals.length > 0) serve(schedule);
    }
  },
};

const simulation = new Simulation(queue);
simulation.run(30 * 86400e6);
console.log(`${served} customers waited ${(waitedUs / served / 1e6).toFixed(2)} s, closed form 4.00 s`);
console.log(`${simulation.eventCount} events, digest ${simulation.digest.of(0)}`);
