/** The models that ship, by name. A user's own model needs no entry: a scenario gives the path of its module. */
import { exhaustion } from "./rejuvenation/exhaustion.ts";
import { guardWindow } from "./guard-window/guard-window.ts";
import { mm1 } from "./queues/mm1.ts";
import { mmc } from "./queues/mmc.ts";
import type { Model } from "./model.ts";
import { periodicRejuvenation } from "./rejuvenation/periodic.ts";
import { printServers } from "./print-servers/model.ts";
import { Reference } from "./print-servers/reference/reference.ts";
import { huang } from "./rejuvenation/huang.ts";

// The kernel and its reference do not import each other; they are combined here.
const printServersWithReference: typeof printServers = {
  ...printServers,
  reference: (values, seed, server, replication, decisions) =>
    new Reference(values, seed, server, replication, decisions),
};

// A model is typed by its own parameters. The catalogue drops that type; the lab provides values from the descriptions.
export const catalogue: Readonly<Record<string, Model>> = {
  "print-servers": printServersWithReference as unknown as Model,
  mm1: mm1 as unknown as Model,
  mmc: mmc as unknown as Model,
  "guard-window": guardWindow as unknown as Model,
  exhaustion: exhaustion as unknown as Model,
  rejuvenation: huang as unknown as Model,
  "periodic-rejuvenation": periodicRejuvenation as unknown as Model,
};
