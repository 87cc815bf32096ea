/** The model of the print servers: everything that the lab knows of them, in one object. */
import type { Model } from "../model.ts";
import { controls } from "./controls.ts";
import { scene } from "./scene.ts";
import { sumOfShares } from "../define-parameters.ts";
import { kinds } from "./event-kinds.ts";
import { PrintServers } from "./kernel.ts";
import { limits } from "./limits.ts";
import { parameters, type PrintServersValues } from "./parameters/parameters.ts";
import { relatedBugClosedForm } from "./related-bugs/closed-form.ts";
import { articleOf } from "./related-bugs/related-bugs.ts";
import { means, responses } from "./responses.ts";
import { scriptFault } from "./script.ts";
import { scripted } from "./scripted.ts";
import { sites } from "./sites.ts";
import { PrintServerTimeline } from "./timeline.ts";
import { fixedThroughout, validateInstalledPatches } from "./upkeep/installed-patches.ts";
import { validatePolicy } from "./upkeep/maintenance.ts";
import { partsAt } from "./upkeep/parting.ts";
import { isRollout, validateRollout } from "./upkeep/rollout.ts";
import { calibration } from "./calibration.ts";
import { counters, logged } from "./counters.ts";
import { jobLog } from "./job-log.ts";
import { impacts } from "./impacts.ts";
import { narrative } from "./narrative.ts";
import { background, terms } from "./terms.ts";
import { prices } from "./prices.ts";
import { trial, upkeep } from "./upkeep/upkeep.ts";

/** With a smaller share, practically no job would be submitted. */
const HOUR_SHARES_MIN = 0.01;

/** What is wrong with the combination of values; undefined if nothing is. */
function validate(values: PrintServersValues, servers = Infinity): string | undefined {
  const types = sumOfShares(values.textShare, values.emfShare);
  if (types > 1) return `textShare + emfShare is ${types}; shares of one whole sum to at most 1`;
  const altered = sumOfShares(
    values.deleteShare,
    values.pauseDeleteShare,
    values.restartShare,
    values.pauseResumeShare,
    values.levelShare,
    values.waitingDeleteShare,
    values.waitingPauseResumeShare,
  );
  if (altered > 1) return `the shares of altered jobs sum to ${altered}; a job has at most one episode, so at most 1`;
  const { hourShares } = values;
  const hours = hourShares.reduce((sum, each) => sum + each, 0);
  if (hourShares.length > 0 && hours < HOUR_SHARES_MIN) {
    return `hourShares sums to ${hours}; the shares of all hours sum to at least ${HOUR_SHARES_MIN}`;
  }
  const stuck = sumOfShares(values.stuckDeleteShare, values.stuckResubmitShare);
  if (stuck > 1) return `stuckDeleteShare + stuckResubmitShare is ${stuck}; shares of one whole sum to at most 1`;
  const fault = scriptFault(values);
  if (fault !== undefined) return `jobScript ${fault}`;
  return validatePolicy(values) ?? validateInstalledPatches(values) ?? validateRollout(values, servers);
}

export const printServers: Model<typeof parameters> = {
  name: "print-servers",
  meaning: "Windows NT 4.0 print servers that may leak a print processor when a job is altered (Q223863)",
  kinds,
  parameters,
  renamed: { restartMeter: "restartGauge", restartAtMeter: "restartAtGauge" },
  hints: {
    alteredShare:
      "jobs are altered by seven shares, which sum up: deleteShare, pauseDeleteShare, restartShare, pauseResumeShare, " +
      "levelShare, waitingDeleteShare and waitingPauseResumeShare; a site sets the first four",
  },
  presets: (settings) => sites[(settings.site ?? parameters.site.default) as keyof typeof sites],
  validate,
  responses,
  means,
  isCoordinated: isRollout,
  create: (values, slice, open) => new PrintServers(values, slice, open),
  keepsStateInFields: true,
  partsAt,
  closedForm,
  canLeak,
  startsOnMonday: true,
  background,
  terms,
  limits,
  impacts,
  prices,
  counters,
  logged: logged,
  jobLog,
  calibration,
  upkeep,
  trial,
  narrative,
  scripted,
  timeline: () => new PrintServerTimeline(),
  controls,
  scene,
};

/** Whether a response can leak: if its bug is present, or, for the others, if the spooler can leave instances open. */
function canLeak(values: PrintServersValues, response: string): boolean {
  const article = articleOf(response);
  if (article !== undefined) return values[article] === "present" && fixedThroughout(values, article) !== true;
  return values.spooler.cannotLeak !== true && fixedThroughout(values, "Q223863") !== true;
}

/**
 * The leak rates of the related bugs (related-bugs/closed-form.ts), and the leaks per alteration that enters a print
 * processor. The latter need RAW jobs that are at most deleted or restarted once, at a uniform time, constant
 * durations, and the buggy or the fixed spooler throughout. The alteration waits for the next test of abort, uniform
 * over a chunk, and leaks if it is still inside after the unwinding: clamp((stay - unwinding) / chunk, 0, 1). Exact in
 * the limit of long printouts and an idle lock.
 */
function closedForm(values: PrintServersValues, name: string): number | undefined {
  if (values.jobScript !== "") return undefined;
  if (name !== "leaksPerControlEntry") return relatedBugClosedForm(values, name);
  const { pauseDeleteShare, pauseResumeShare, waitingDeleteShare, waitingPauseResumeShare } = values;
  const others = [pauseDeleteShare, pauseResumeShare, waitingDeleteShare, waitingPauseResumeShare];
  const onlyAborts = others.every((share) => share === 0);
  const constant = values.controlSigma === 0 && values.unwindSigma === 0;
  const raw = values.textShare + values.emfShare === 0;
  if (!onlyAborts || !constant || !raw || values.guardMode !== "control-commands") return undefined;
  const isMended = fixedThroughout(values, "Q223863");
  if (values.spooler.name === "fixed" || isMended === true) return 0;
  if (values.spooler.name !== "buggy" || isMended === undefined) return undefined;
  const chunkMs = (values.rawChunkBytes / values.portBytesPerSecond) * 1000;
  return Math.min(1, Math.max(0, (values.controlMsMedian - values.unwindRawMs) / chunkMs));
}
