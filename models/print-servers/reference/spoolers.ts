/**
 * Section 5 of docs/model.md: the four verbs of each spooler, restated. Every close attempt with the guard down closes;
 * the spoolers differ in what happens when it is up.
 */
import type { Draft } from "immer";
import type { Instance } from "./state.ts";

export type Verb = "open" | "enterAlteration" | "leaveAlteration" | "close";
type Does = (instance: Draft<Instance>, close: () => void) => void;

const buggy: Record<Verb, Does> = {
  open() {},
  enterAlteration(instance) {
    instance.guard++;
  },
  leaveAlteration(instance) {
    instance.guard--;
  },
  close(instance, close) {
    if (instance.guard === 0) close();
  },
};

const fixed: Record<Verb, Does> = {
  ...buggy,
  leaveAlteration(instance, close) {
    instance.guard--;
    if (instance.closePending && instance.guard === 0) close();
  },
  close(instance, close) {
    if (instance.guard === 0) close();
    else instance.closePending = 1;
  },
};

const stickyGuard: Record<Verb, Does> = { ...buggy, leaveAlteration() {} };

export const spoolers: Readonly<Record<string, Record<Verb, Does>>> = { buggy, fixed, "sticky-guard": stickyGuard };
