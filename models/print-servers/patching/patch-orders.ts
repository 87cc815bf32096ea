/**
 * Patch orders: what is installed on a server, visit by visit. A replaceable part: a name from the catalogue, or a
 * user's module whose default export has a name, a meaning and visits.
 *
 * A visit is a list of steps (models/print-servers/patching/patch-state.ts) that staff take while the spooler is
 * stopped; it ends with a reboot. If one of its steps is refused, none of it is done. The orders that ship save the
 * printers first.
 */
import {
  changesFiles,
  isAtLeast,
  rebootPending,
  steps,
  take,
  type PatchState,
  type Readings,
  type Step,
} from "./patch-state.ts";

export interface PatchOrder {
  readonly name: string;
  /** One sentence. */
  readonly meaning: string;
  readonly visits: readonly (readonly Step[])[];
}

function order(name: string, meaning: string, ...visits: Step[][]): [string, PatchOrder] {
  const [first, ...later] = visits;
  return [name, { name, meaning, visits: first === undefined ? [] : [["backUpPrinters", ...first], ...later] }];
}

export const patchOrders: Readonly<Record<string, PatchOrder>> = Object.fromEntries([
  order("none", "nothing is installed"),
  order("hotfix", "the hotfix of Q225095", ["installHotfix", "reboot"]),
  order("sp5", "Service Pack 5; on Terminal Server it may have the fix (Q236390)", ["installSp5", "reboot"]),
  order("sp6", "Service Pack 6", ["installSp6", "reboot"]),
  order("sp6a", "Service Pack 6a", ["installSp6a", "reboot"]),
  order("key-sp6", "UseSoftwareKey, then Service Pack 6", ["setUseSoftwareKey", "installSp6", "reboot"]),
  order(
    "hotfix-sp6",
    "the hotfix, later Service Pack 6: loses the printers (Q223863)",
    ["installHotfix", "reboot"],
    ["installSp6", "reboot"],
  ),
  order(
    "hotfix-misnomer-sp6",
    "the hotfix, later UseSoftwareHive as Q223863 spells it, and Service Pack 6",
    ["installHotfix", "reboot"],
    ["setUseSoftwareHive", "installSp6", "reboot"],
  ),
  order(
    "hotfix-key-sp6",
    "the hotfix, later UseSoftwareKey (Q239907) and Service Pack 6",
    ["installHotfix", "reboot"],
    ["setUseSoftwareKey", "installSp6", "reboot"],
  ),
  order(
    "hotfix-sp5",
    "the hotfix, later Service Pack 5, which overwrites it",
    ["installHotfix", "reboot"],
    ["installSp5", "reboot"],
  ),
]);

/** Says why a value is not a patch order; undefined if it is one. */
export function validatePatchOrder(part: unknown): string | undefined {
  const candidate = part as Partial<PatchOrder> | null;
  if (typeof candidate !== "object" || candidate === null) return "is not an object";
  for (const text of ["name", "meaning"] as const) {
    if (typeof candidate[text] !== "string") return `has no text "${text}"`;
  }
  if (!Array.isArray(candidate.visits)) return `has no list "visits"`;
  for (const [i, visit] of (candidate.visits as readonly unknown[]).entries()) {
    if (!Array.isArray(visit) || visit.length === 0) return `has a visit ${i} without steps`;
    for (const step of visit as readonly unknown[]) {
      if (steps.includes(step as Step)) continue;
      return `has a step ${JSON.stringify(step)}, which is none of ${steps.join(", ")}`;
    }
    if (visit.at(-1) !== "reboot") return `has a visit ${i} that does not end with "reboot"`;
  }
  return undefined;
}

/** The result of a visit: the final state, or why it cannot be made. */
export function visited(
  state: PatchState,
  visit: readonly Step[],
  readings: Readings,
): { readonly state: PatchState } | { readonly refusal: string } {
  let next = state;
  for (const step of visit) {
    const result = take(next, step, readings);
    if ("refusal" in result) return { refusal: `${step}: ${result.refusal}` };
    next = result.state;
  }
  return { state: next };
}

/** The number of installations and removals of a visit: those of service packs, and those of hotfixes. */
export function installationsOf(visit: readonly Step[]): { readonly servicePacks: number; readonly hotfixes: number } {
  const installed = visit.filter(changesFiles);
  const hotfixes = installed.filter((step) => step.endsWith("Hotfix")).length;
  return { servicePacks: installed.length - hotfixes, hotfixes };
}

/**
 * The visit that removes what the order installed on the server: Service Pack 6 first, then the hotfix (in reverse
 * order: Q184305). It also moves the printers to where the older spooler looks for them. Undefined if nothing can be
 * removed.
 */
export function undoOf({ visits }: PatchOrder, state: PatchState, readings: Readings): Step[] | undefined {
  const ordered = new Set(visits.flat());
  const undo: Step[] = [];
  const hasSp6 = isAtLeast(state.disk.servicePack, "6") && state.beforeSp6 !== null;
  if (hasSp6 && (ordered.has("installSp6") || ordered.has("installSp6a"))) undo.push("uninstallSp6", "reboot");
  const below = visited(state, undo, readings);
  if ("state" in below && below.state.disk.hotfix && ordered.has("installHotfix")) undo.push("removeHotfix", "reboot");
  if (undo.length === 0) return undefined;
  const end = visited(state, undo, readings);
  if ("refusal" in end) return undefined;
  if (end.state.visible) return undo;
  return end.state.backup && !rebootPending(end.state) ? [...undo, "restorePrinters"] : undo;
}
