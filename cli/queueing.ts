/** The option that selects a queue. */
import type { Options } from "yargs";

export const queueing = {
  queue: {
    type: "string",
    requiresArg: true,
    describe:
      "the queue of runs, postgres://USER@HOST:PORT/DATABASE; the password comes from PGPASSWORD, ~/.pgpass or a service file",
  },
} as const satisfies Record<string, Options>;
