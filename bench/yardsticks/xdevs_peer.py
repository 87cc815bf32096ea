"""DEVStone as xDEVS has it among its examples (xdevs.py 3.0.0): LI, HI, HO and HOmod without delays.

xDEVS is found in the folder XDEVS, a copy of its repository (iscar-ucm/xdevs.py), or where Python finds packages. Its
coupled models are flattened, as ours are. What is counted are internal transitions, in a run before those that are
timed. Only the simulation is timed.
"""
import json
import os
import sys
from time import process_time

sys.path.insert(0, os.environ.get("XDEVS", ""))

from xdevs.examples.devstone import devstone
from xdevs.examples.devstone.main import DEVStoneEnvironment
from xdevs.sim import Coordinator

USAGE = "usage: xdevs_peer.py LI|HI|HO|HOmod SIZE RUNS"


def simulate(kind, size, test):
    """Of a model as wide as deep: its internal transitions (0 unless it is a test), and the processor time [s]."""
    model = getattr(devstone, kind)("root", size, size, 0, 0, test)
    environment = DEVStoneEnvironment("environment", model)
    coordinator = Coordinator(environment, flatten=True)
    coordinator.initialize()
    start = process_time()
    coordinator.simulate_time()
    seconds = process_time() - start
    atomics = [one for one in environment.components if isinstance(one, devstone.DelayedAtomic)]
    return sum(atomic.n_internals for atomic in atomics), seconds


def main(arguments):
    if len(arguments) != 3 or arguments[0] not in ("LI", "HI", "HO", "HOmod"):
        print(USAGE, file=sys.stderr)
        return 2
    kind, size, runs = arguments[0], int(arguments[1]), int(arguments[2])
    internals, _ = simulate(kind, size, True)
    for _ in range(runs):
        _, seconds = simulate(kind, size, False)
        print(json.dumps({"name": f"xdevs {kind}", "events": internals, "seconds": seconds, "check": str(size)}))
    return 0


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    sys.exit(main(sys.argv[1:]))
