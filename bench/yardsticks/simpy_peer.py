#!/usr/bin/python3
"""The yardsticks' three workloads as SimPy models (SimPy 3.0.11, Debian's python3-simpy3).

They are written as SimPy's documentation writes models: processes that yield timeouts, and a Resource for what is
served first come, first served. `guard-fleet-callbacks` does without processes: it appends functions to the callbacks
of bare timeouts, which is the fastest that SimPy can be used.

What is counted are the model's events (hold.c, mm1.c and guard-fleet.c say which), not those that SimPy makes of them.
Only the simulation is timed. The runs of `hold` go on from one another after one warm-up of max(2 N, 10^6) events; the
other workloads start afresh in every run.
"""
import json
import random
import sys
from collections import deque
from math import inf
from time import process_time

import simpy

USAGE = """usage: simpy_peer.py hold PENDING EVENTS RUNS
       simpy_peer.py mm1 CUSTOMERS RUNS
       simpy_peer.py guard-fleet|guard-fleet-callbacks SERVERS HORIZON_SECONDS RUNS"""

MEAN_GAP = 60
MEAN_SERVICE = 20
MEAN_STAY = 0.5
ALTERED_SHARE = 0.2
CLOSE_BYTES = 4096


def print_run(name, events, seconds, check):
    print(json.dumps({"name": name, "events": events, "seconds": round(seconds, 6), "check": check}), flush=True)


class Hold:
    """As many pending events as processes; each schedules its successor at a process drawn at random."""

    def __init__(self, pending):
        self.env = simpy.Environment()
        self.draws = random.Random(1)
        self.pending = pending
        self.events = 0
        self.visited = 0
        for _ in range(pending):
            self.env.process(self.succession())

    def succession(self):
        """One pending event and all its successors."""
        timeout = self.env.timeout
        expovariate = self.draws.expovariate
        randrange = self.draws.randrange
        while True:
            yield timeout(expovariate(1))
            self.events += 1
            self.visited += randrange(self.pending)

    def run(self, events):
        """Runs for as long as so many events take on average, and tells how many there were."""
        before = self.events
        self.env.run(until=self.env.now + events / self.pending)
        return self.events - before


def hold(runs, pending, events):
    model = Hold(pending)
    model.run(max(2 * pending, 1_000_000))
    for _ in range(runs):
        start = process_time()
        handled = model.run(events)
        seconds = process_time() - start
        check = f"time {model.env.now:.6f}, mean process {model.visited / model.events:.1f}"
        print_run(f"simpy hold {pending}", handled, seconds, check)


class SingleQueue:
    def __init__(self):
        self.env = simpy.Environment()
        self.server = simpy.Resource(self.env, capacity=1)
        self.draws = random.Random(1)
        self.events = 0
        self.time_in_system = 0

    def arrivals(self, customers):
        for _ in range(customers):
            yield self.env.timeout(self.draws.expovariate(0.9))
            self.events += 1
            self.env.process(self.customer())

    def customer(self):
        arrived = self.env.now
        with self.server.request() as turn:
            yield turn
            yield self.env.timeout(self.draws.expovariate(1.0))
        self.events += 1
        self.time_in_system += self.env.now - arrived


def mm1(runs, customers):
    for _ in range(runs):
        model = SingleQueue()
        model.env.process(model.arrivals(customers))
        start = process_time()
        model.env.run()
        seconds = process_time() - start
        print_run("simpy mm1", model.events, seconds, f"mean time in system {model.time_in_system / customers:.6f}")


class Tally:
    def __init__(self):
        self.submits = self.alters = self.clears = self.closes = self.leaked_handles = self.leaked_bytes = 0

    def events(self):
        return self.submits + self.alters + self.clears + self.closes

    def skip_close(self):
        self.leaked_handles += 1
        self.leaked_bytes += CLOSE_BYTES

    def check(self):
        return (
            f"leaked {self.leaked_handles} handles, {self.leaked_bytes} bytes; {self.submits} submits, "
            f"{self.alters} alters, {self.clears} clears, {self.closes} closes; "
            f"{self.events() / self.submits:.4f} events a job"
        )


class Server:
    """A print server made of processes: one that submits, one a job, one an alteration."""

    def __init__(self, env, draws, tally):
        self.env = env
        self.draws = draws
        self.tally = tally
        self.port = simpy.Resource(env, capacity=1)
        self.guard_until = 0
        env.process(self.submissions())

    def submissions(self):
        while True:
            yield self.env.timeout(self.draws.expovariate(1 / MEAN_GAP))
            self.tally.submits += 1
            self.env.process(self.job())

    def job(self):
        service = self.draws.expovariate(1 / MEAN_SERVICE)
        u = self.draws.random()
        with self.port.request() as turn:
            yield turn
            if u < ALTERED_SHARE:
                self.env.process(self.alteration(u / ALTERED_SHARE * service))
            yield self.env.timeout(service)
            self.tally.closes += 1
            if self.guard_until > self.env.now:
                self.tally.skip_close()

    def alteration(self, delay):
        yield self.env.timeout(delay)
        self.tally.alters += 1
        stay = self.draws.expovariate(1 / MEAN_STAY)
        clear_at = self.guard_until = self.env.now + stay
        yield self.env.timeout(stay)
        if self.guard_until == clear_at:
            self.tally.clears += 1


class CallbackServer:
    """The same print server with a function to call for each kind of event."""

    def __init__(self, env, draws, tally):
        self.env = env
        self.draws = draws
        self.tally = tally
        self.busy = False
        self.waiting = deque()
        self.guard_until = 0
        self.await_job()

    def after(self, delay, handler):
        self.env.timeout(delay).callbacks.append(handler)

    def await_job(self):
        self.after(self.draws.expovariate(1 / MEAN_GAP), self.submit)

    def submit(self, _event):
        self.tally.submits += 1
        self.await_job()
        service = self.draws.expovariate(1 / MEAN_SERVICE)
        u = self.draws.random()
        alteration = u / ALTERED_SHARE * service if u < ALTERED_SHARE else inf
        if self.busy:
            self.waiting.append((service, alteration))
        else:
            self.busy = True
            self.start(service, alteration)

    def start(self, service, alteration):
        self.after(service, self.close)
        if alteration < inf:
            self.after(alteration, self.alter)

    def alter(self, _event):
        self.tally.alters += 1
        stay = self.draws.expovariate(1 / MEAN_STAY)
        self.guard_until = self.env.now + stay
        self.after(stay, self.clear)

    def clear(self, _event):
        if self.guard_until == self.env.now:
            self.tally.clears += 1

    def close(self, _event):
        self.tally.closes += 1
        if self.guard_until > self.env.now:
            self.tally.skip_close()
        if self.waiting:
            self.start(*self.waiting.popleft())
        else:
            self.busy = False


def guard_fleet(name, server_class, runs, servers, horizon):
    for _ in range(runs):
        env = simpy.Environment()
        draws = random.Random(1)
        tally = Tally()
        for _ in range(servers):
            server_class(env, draws, tally)
        start = process_time()
        env.run(until=horizon)
        seconds = process_time() - start
        print_run(f"simpy {name} {servers}", tally.events(), seconds, tally.check())


WORKLOADS = {
    "hold": (3, hold),
    "mm1": (2, mm1),
    "guard-fleet": (3, lambda *numbers: guard_fleet("guard-fleet", Server, *numbers)),
    "guard-fleet-callbacks": (3, lambda *numbers: guard_fleet("guard-fleet-callbacks", CallbackServer, *numbers)),
}


def main(arguments):
    count, run = WORKLOADS.get(arguments[0], (0, None)) if arguments else (0, None)
    texts = arguments[1:]
    right = run is not None and len(texts) == count and all(text.isdecimal() and int(text) > 0 for text in texts)
    if not right:
        print(USAGE, file=sys.stderr)
        return 2
    *sizes, runs = map(int, texts)
    run(runs, *sizes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
