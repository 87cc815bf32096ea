/**
 * What is installed on each server of a slice, and the visits that change it (docs/model.md, section 8).
 *
 * The states and their steps are in patching/patch-state.ts. This file has the state of each server, the state that a
 * visit leaves, and the responses. A visit is prepared when the service is asked to stop, and takes effect when it has
 * started again.
 */
import type { Duration } from "../../../sim/event-list.ts";
import type { Clock } from "../../../sim/simulation.ts";
import { durationUs, US_PER_MINUTE, US_PER_MS } from "../../../sim/time-units.ts";
import type { Settings } from "../../contract/parameters.ts";
import { sumOfShares } from "../../define-parameters.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { installationsOf, undoOf, visited, type PatchOrder } from "../patching/patch-orders.ts";
import {
  freshState,
  isAtLeast,
  fixes,
  isFixed,
  printersVisible,
  refusalOf,
  take,
  type Bug,
  type PatchState,
  type Readings,
  type ServicePack,
  type Step,
} from "../patching/patch-state.ts";
import type { InstallationDraws, Workload } from "../workload.ts";

/** The state of a server at the start. The hotfix is installed only if the server accepts it. */
export function firstState(values: PrintServersValues, draws: InstallationDraws): PatchState {
  const { sp3Share, sp5Share, sp6Share } = values;
  const u = draws.servicePack;
  let pack: ServicePack = values.servicePack;
  if (u < sp3Share) pack = "3";
  else if (u < sp3Share + sp5Share) pack = "5";
  else if (u < sp3Share + sp5Share + sp6Share) pack = "6";
  const isHotfixed = values.hotfixed || draws.hotfix < values.hotfixedShare;
  const hasKey = values.keySet || draws.key < values.keyShare;
  const fresh = freshState(values.edition, values.processor, pack);
  const setUp: Step[] = [...(hasKey ? (["setUseSoftwareKey"] as const) : []), "restartSpooler"];
  const readings = readingsOf(values);
  const state = setUp.reduce((before, step) => taken(before, step, readings), fresh);
  const hotfixed = visited(state, ["installHotfix", "reboot"], readings);
  return isHotfixed && "state" in hotfixed ? hotfixed.state : state;
}

/** Every possible state of a server at the start. */
export function firstStates(values: PrintServersValues): PatchState[] {
  const { sp3Share, sp5Share, sp6Share, hotfixedShare, keyShare } = values;
  const ends = [0, sp3Share, sp3Share + sp5Share, sp3Share + sp5Share + sp6Share];
  const packs = ends.filter((begin, i) => begin < (ends[i + 1] ?? 1));
  const either = (share: number): number[] => (share === 0 ? [1] : share === 1 ? [0] : [0, 1]);
  return packs.flatMap((servicePack) =>
    either(hotfixedShare).flatMap((hotfix) =>
      either(keyShare).map((key) => firstState(values, { servicePack, hotfix, key })),
    ),
  );
}

/**
 * Whether the installed files fix the bug on every server throughout (true) or on none at any time (false); undefined
 * otherwise.
 */
export function fixedThroughout(values: PrintServersValues, bug: Bug): boolean | undefined {
  if (values.patchOrder.visits.length > 0) return undefined;
  const [first, ...others] = firstStates(values).map((state) => fixes(state, bug, readingsOf(values)));
  return others.every((other) => other === first) ? first : undefined;
}

/** The settings of a fleet of those servers that do not have the fix at the start; undefined if all have it. */
export function unfixedPart(values: PrintServersValues): Settings | undefined {
  const { sp3Share, sp5Share, sp6Share, hotfixedShare } = values;
  const isUnfixed = (servicePack: number, hotfix: number) => {
    return !isFixed(firstState(values, { servicePack, hotfix, key: 1 }), readingsOf(values));
  };
  let before = 0;
  const [sp3, sp5, sp6, others] = [sp3Share, sp5Share, sp6Share, 1].map((share) => {
    const own = Math.min(share, 1 - before);
    const unfixed = hotfixedShare * Number(isUnfixed(before, 0)) + (1 - hotfixedShare) * Number(isUnfixed(before, 1));
    before = sumOfShares(before, own);
    return own * unfixed;
  }) as [number, number, number, number];
  const all = sumOfShares(sp3, sp5, sp6, others);
  if (all === 0) return undefined;
  const shares = { sp3Share: sp3 / all, sp5Share: sp5 / all, sp6Share: sp6 / all };
  return all === 1 ? {} : { ...shares, hotfixed: false, hotfixedShare: 0 };
}

/** How long a visit with these steps keeps the service down. */
export function visitDuration(steps: readonly Step[], values: PrintServersValues): Duration {
  const { hotfixes, servicePacks } = installationsOf(steps);
  const reboots = steps.filter((step) => step === "reboot").length;
  return (
    hotfixes * durationUs(values.hotfixMinutes, US_PER_MINUTE) +
    servicePacks * durationUs(values.servicePackMinutes, US_PER_MINUTE) +
    reboots * durationUs(values.rebootMs, US_PER_MS)
  );
}

export function readingsOf(values: PrintServersValues): Readings {
  const { tseSp5HasRollup, acceptMisnomer, migrateNeedsKey, spOverwritesHotfix } = values;
  return { tseSp5HasRollup, acceptMisnomer, migrateNeedsKey, spOverwritesHotfix };
}

/** What is wrong with the installed patches or the patch order; undefined if nothing is. */
export function validateInstalledPatches(values: PrintServersValues): string | undefined {
  const { edition, servicePack, sp3Share, sp5Share, sp6Share, hotfixedShare, patchOrder } = values;
  if (edition === "TSE" && servicePack === "6a") {
    return "servicePack is 6a; edition is TSE, which has no Service Pack 6a: its 6 contains it (Q258970)";
  }
  const others = sumOfShares(sp3Share, sp5Share, sp6Share);
  if (others > 1) return `sp3Share + sp5Share + sp6Share is ${others}; shares of one whole sum to at most 1`;
  if (values.hotfixed) {
    const bare = firstState({ ...values, hotfixed: false }, { servicePack: 1, hotfix: 1, key: 1 });
    const hotfix = visited(bare, ["installHotfix"], readingsOf(values));
    if ("refusal" in hotfix) return `hotfixed is true; ${hotfix.refusal}`;
  }
  if (hotfixedShare > 0 && !firstStates({ ...values, hotfixedShare: 1 }).some(({ disk }) => disk.hotfix)) {
    const bare = firstStates({ ...values, hotfixedShare: 0 }).map((state) => refusalOf(state, "installHotfix"));
    return `hotfixedShare is ${hotfixedShare}; no server of the fleet can have it: ${bare[0]}`;
  }
  if (patchOrder.visits.length === 0) return undefined;
  // A mixed fleet skips servers that refuse the order; if all servers refuse it, the order is an error.
  const results = firstStates(values).map((state) => visited(state, patchOrder.visits[0], readingsOf(values)));
  const refusals = results.flatMap((result) => ("refusal" in result ? [result.refusal] : []));
  if (refusals.length < results.length) return undefined;
  return `patchOrder is ${patchOrder.name}; no server of the fleet can take it: ${refusals[0]}`;
}

export class InstalledPatches {
  /** Visits that installed something [1] - response - one per server; the columns below likewise. */
  readonly visitsMade: Float64Array;
  readonly visitsRefused: Float64Array;
  readonly visitsUndone: Float64Array;
  /** 1 if a patch has fixed the spooler that runs, otherwise 0. */
  readonly fixedNow: Float64Array;
  /** When a fixed spooler first ran [us]; NaN if none has. */
  readonly fixedUs: Float64Array;
  readonly printersLostUs: Float64Array;
  /** Completed time without printers [us]. */
  readonly pastHiddenUs: Float64Array;
  /** The time at which the service started without its printers [us] - state - meaningless while it has them. */
  readonly hiddenSince: Float64Array;
  private readonly values: PrintServersValues;
  private readonly workload: Workload;

  /** The state of each server, and the state that a visit under way will leave; undefined without one. */
  private readonly states: PatchState[];
  private readonly next: (PatchState | undefined)[];
  /** The visit after the one under way; 0 if there is none. */
  private readonly following: Int32Array;
  private readonly order: PatchOrder;
  private readonly readings: Readings;

  constructor(values: PrintServersValues, count: number, workload: Workload) {
    this.visitsMade = new Float64Array(count);
    this.visitsRefused = new Float64Array(count);
    this.visitsUndone = new Float64Array(count);
    this.fixedNow = new Float64Array(count);
    this.fixedUs = new Float64Array(count).fill(NaN);
    this.printersLostUs = new Float64Array(count).fill(NaN);
    this.pastHiddenUs = new Float64Array(count);
    this.hiddenSince = new Float64Array(count);
    this.values = values;
    this.workload = workload;
    this.states = new Array<PatchState>(count).fill(firstStates(values)[0]);
    this.next = new Array<PatchState | undefined>(count).fill(undefined);
    this.following = new Int32Array(count);
    this.order = values.patchOrder;
    this.readings = readingsOf(values);
  }

  /** Sets the initial state of a server, from its draws. */
  begin(server: number, clock: Clock): void {
    this.states[server] = firstState(this.values, this.workload.drawInstalled(server));
    this.note(server, clock.now);
  }

  /** The number of visits of the order. A PATCH with this object rolls them back. */
  get visits(): number {
    return this.order.visits.length;
  }

  /**
   * Prepares a visit. Returns how long it keeps the service down [us]; undefined if a step is refused or there is
   * nothing to do.
   */
  prepare(server: number, visit: number): Duration | undefined {
    const state = this.states[server];
    const isUndoing = visit === this.visits;
    const wanted = isUndoing ? undoOf(this.order, state, this.readings) : this.order.visits[visit];
    const result = wanted === undefined ? undefined : visited(state, wanted, this.readings);
    if (wanted === undefined || result === undefined || "refusal" in result) {
      this.visitsRefused[server]++;
      return undefined;
    }
    this.next[server] = result.state;
    if (isUndoing) this.visitsUndone[server]++;
    else this.visitsMade[server]++;
    this.following[server] = visit + 1 < this.visits ? visit + 1 : 0;
    return visitDuration(wanted, this.values);
  }

  /** Returns the visit after the one under way, once; undefined if there is none. */
  nextVisit(server: number): number | undefined {
    const visit = this.following[server];
    this.following[server] = 0;
    return visit === 0 ? undefined : visit;
  }

  /** Whether restarted jobs survive a start of the service, as they do from Service Pack 5 on (Q219355). */
  sparesRestarted(server: number): boolean {
    return isAtLeast(this.states[server].running.servicePack, "5");
  }

  /**
   * Prepares the restoration of lost printers: by setting UseSoftwareKey if that suffices, otherwise from the backup.
   */
  prepareRestoration(server: number): void {
    const state = this.states[server];
    const withKey = visited(state, ["setUseSoftwareKey", "restartSpooler"], this.readings);
    const isEnough = "state" in withKey && printersVisible(withKey.state);
    this.next[server] = isEnough ? withKey.state : taken({ ...state, backup: true }, "restorePrinters", this.readings);
  }

  /** The service starts, and the prepared state takes effect. Returns whether the printers are visible. */
  start(server: number, { now }: Clock): boolean {
    this.states[server] = this.next[server] ?? this.states[server];
    this.next[server] = undefined;
    this.note(server, now);
    const isVisible = printersVisible(this.states[server]);
    if (!isVisible) {
      this.hiddenSince[server] = now;
      if (Number.isNaN(this.printersLostUs[server])) this.printersLostUs[server] = now;
    }
    return isVisible;
  }

  /** Whether the files that run on the server fix the bug. */
  fixes(server: number, bug: Bug): boolean {
    return fixes(this.states[server], bug, this.readings);
  }

  /** Records whether the spooler that runs is fixed. */
  private note(server: number, now: number): void {
    this.fixedNow[server] = this.fixes(server, "Q223863") ? 1 : 0;
    if (this.fixedNow[server] === 1 && Number.isNaN(this.fixedUs[server])) this.fixedUs[server] = now;
  }

  /** A service that ran without its printers is asked to stop. */
  endHiding(server: number, { now }: Clock): void {
    this.pastHiddenUs[server] += now - this.hiddenSince[server];
  }
}

function taken(state: PatchState, step: Step, readings: Readings): PatchState {
  const result = take(state, step, readings);
  if ("refusal" in result) throw new Error(`${step} was refused: ${result.refusal}`);
  return result.state;
}
