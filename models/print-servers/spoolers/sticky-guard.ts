/**
 * A rival reading of Q223863: once an alteration has raised the guard, nothing lowers it, so the next close is always
 * skipped.
 */
import { buggy } from "./buggy.ts";
import type { Spooler } from "./spooler.ts";

export const stickyGuard: Spooler = {
  ...buggy,
  name: "sticky-guard",
  meaning: "like buggy, but leaving does not lower the guard: one leak for every altered printout, an upper bound",

  leaveAlteration() {},
};
