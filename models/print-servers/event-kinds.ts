/**
 * The kinds of events of the print servers, in the order in which events of equal time are handled (docs/model.md,
 * section 1).
 */

export const kinds = [
  "LEAVE",
  "RELOCK",
  "ENTER",
  "ALTER",
  "CLOSE",
  "DONE",
  "WAKE",
  "OPEN",
  "SPOOLED",
  "SUBMIT",
  "STOP",
  "STOPPED",
  "START",
  "STARTED",
  "POLL",
  "COMPLAIN",
  "RELAPSE",
  "PATCH",
  "RESTORE",
  "DISCONNECT",
  "RETRY",
  "STUCK",
] as const;

export const LEAVE = 0;
export const RELOCK = 1;
export const ENTER = 2;
export const ALTER = 3;
export const CLOSE = 4;
export const DONE = 5;
export const WAKE = 6;
export const OPEN = 7;
export const SPOOLED = 8;
export const SUBMIT = 9;
export const STOP = 10;
export const STOPPED = 11;
export const START = 12;
export const STARTED = 13;
export const POLL = 14;
export const COMPLAIN = 15;
export const RELAPSE = 16;
export const PATCH = 17;
export const RESTORE = 18;
export const DISCONNECT = 19;
export const RETRY = 20;
export const STUCK = 21;
