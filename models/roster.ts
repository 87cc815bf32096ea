/** The models that ship, by name. A user's own model needs no entry: a scenario may name its module path instead. */
import { mm1 } from "./mm1.ts";
import type { Model } from "./model.ts";
import { printServers } from "./print-servers.ts";

// A model is written against its own parameters; the roster forgets which, and the lab fills them in from their descriptions.
export const roster: Readonly<Record<string, Model>> = {
  "print-servers": printServers as unknown as Model,
  mm1: mm1 as unknown as Model,
};
