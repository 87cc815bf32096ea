/** Section 8 of docs/model.md: the installed patches, and how steps change them. */
import { freshState, isFixed, take, type PatchState, type Step } from "../patching/patch-state.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import type { Draws } from "./draws.ts";
import type { Server } from "./server.ts";

/** Whether the installed patches fix the bug of Q223863. */
export function fixedByPatch({ values, state }: Server): boolean {
  return isFixed(state.patch, values);
}

/** What is installed at the start; if all servers are alike, nothing is drawn. */
export function firstPatchState(v: PrintServersValues, draws: Draws): PatchState {
  const shares = [v.sp3Share, v.sp5Share, v.sp6Share, v.hotfixedShare, v.keyShare];
  const [u, hotfix, key] = shares.every((share) => share === 0)
    ? [1, 1, 1]
    : [0, 0, 0].map(() => draws.installedPatch());
  const pack =
    u < v.sp3Share
      ? "3"
      : u < v.sp3Share + v.sp5Share
        ? "5"
        : u < v.sp3Share + v.sp5Share + v.sp6Share
          ? "6"
          : v.servicePack;
  let state = freshState(v.edition, v.processor, pack);
  if (v.keySet || key < v.keyShare) state = afterSteps(v, state, ["setUseSoftwareKey", "restartSpooler"])!;
  if (v.hotfixed || hotfix < v.hotfixedShare) state = afterSteps(v, state, ["installHotfix", "reboot"]) ?? state;
  return state;
}

/** The state after all of the steps; undefined if one is refused. */
export function afterSteps(
  values: PrintServersValues,
  start: PatchState,
  wanted: readonly Step[],
): PatchState | undefined {
  let state = start;
  for (const step of wanted) {
    const result = take(state, step, values);
    if ("refusal" in result) return undefined;
    state = result.state;
  }
  return state;
}

/** The steps that remove what the patch order installed: Service Pack 6 first, then the hotfix. */
export function undoing(values: PrintServersValues, patch: PatchState): Step[] | undefined {
  const ordered = values.patchOrder.visits.flat();
  const has = (step: Step): boolean => ordered.includes(step);
  const undo: Step[] = [];
  const sp6 = has("installSp6") || has("installSp6a");
  if (sp6 && afterSteps(values, patch, ["uninstallSp6"]) !== undefined) undo.push("uninstallSp6", "reboot");
  const removed = has("installHotfix") ? afterSteps(values, patch, [...undo, "removeHotfix", "reboot"]) : undefined;
  if (removed !== undefined) undo.push("removeHotfix", "reboot");
  const end = undo.length === 0 ? undefined : afterSteps(values, patch, undo);
  if (end === undefined) return undefined;
  const restores = !end.visible && afterSteps(values, end, ["restorePrinters"]) !== undefined;
  return restores ? [...undo, "restorePrinters"] : undo;
}
