/**
 * The closed forms of the related bugs: leak rates per server-day.
 *
 * They are exact in the limit of a long horizon for a server that never stops: jobs and outages in progress at the
 * horizon are ignored, and so are hangs and restarts that would end an outage. If only some servers are fixed, or
 * visits fix them meanwhile, there is no closed form.
 */
import { exp, pow } from "../../../sim/math.ts";
import { fixedThroughout } from "../upkeep/installed-patches.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { RETRY_US } from "./draws.ts";
import { HANDLES_PER_FAILED_CLOSE } from "./related-bugs.ts";

/**
 * The mean leaks of an outage of exponential length with the given mean [s]: one, and one more every four seconds.
 * Floor(D / 4) is geometric: E[N] = 1 / (1 - e^(-4/m)).
 */
export function leaksPerOutage(secondsMean: number): number {
  return 1 / (1 - exp(-RETRY_US / 1e6 / secondsMean));
}

/** Mean pages of a job, whose distribution is truncated geometric or fixed. */
function pagesMean({ emptyShare, pagesLaw, pagesMean: mean, pagesMax }: PrintServersValues): number {
  const pages = pagesLaw === "fixed" ? Math.max(1, Math.round(mean)) : mean * (1 - pow(1 - 1 / mean, pagesMax));
  return (1 - emptyShare) * pages;
}

/** Mean bytes of a job, from the sizes of the data types. */
function bytesMean(values: PrintServersValues): number {
  const { textShare, emfShare, rawBytesPerPage, textBytesPerPage, emfBytesPerPage } = values;
  const rawShare = 1 - textShare - emfShare;
  const bytesPerPage = rawShare * rawBytesPerPage + textShare * textBytesPerPage + emfShare * emfBytesPerPage;
  return pagesMean(values) * bytesPerPage;
}

/** Jobs per day if each is printed exactly once unless it is empty; NaN if there is no closed form. */
function printedPerDay(values: PrintServersValues): number {
  const { deleteShare, pauseDeleteShare, restartShare, pauseResumeShare, waitingDeleteShare } = values;
  const altered = deleteShare + pauseDeleteShare + restartShare + pauseResumeShare + waitingDeleteShare;
  return altered > 0 ? NaN : submittedPerDay(values) * (1 - values.emptyShare);
}

/** Jobs per day if the rate is the same every day; otherwise NaN. */
function submittedPerDay({ profile, hourShares, jobsPerDay, restartEveryHours }: PrintServersValues): number {
  return profile === "flat" && hourShares.length === 0 && restartEveryHours === 0 ? jobsPerDay : NaN;
}

/** The exact rate of a leak per server-day; undefined if it is not known. See Model.closedForm. */
export function relatedBugClosedForm(values: PrintServersValues, name: string): number | undefined {
  const rate = rateOf(values, name);
  return Number.isNaN(rate) ? undefined : rate;
}

function rateOf(values: PrintServersValues, name: string): number {
  const by = (bug: "Q224345" | "Q223791" | "Q226513" | "Q283102", rate: number): number => {
    const isMended = values[bug] === "fixed" || fixedThroughout(values, bug);
    if (values[bug] === "absent" || isMended === undefined) return NaN;
    return isMended ? 0 : rate;
  };
  switch (name) {
    case "leakedHandlesByRemoteCloses":
      return by("Q224345", HANDLES_PER_FAILED_CLOSE * failedClosesPerDay(values));
    case "leakedPrivateBytesByRemoteCloses":
      return by("Q224345", values.remoteCloseBytes * failedClosesPerDay(values));
    case "leakedPrivateBytesByLpr":
      return by("Q223791", values.lprLeakBytes * attemptsPerDay(values));
    case "leakedNonpagedPoolBytesByPipedJobs":
      return by("Q226513", values.pipedPoolShare * pipedBytesPerDay(values));
    case "leakedPagedPoolBytesByPopUps":
      return by("Q283102", values.popUpBytes * lostPopUpsPerDay(values));
    default:
      return NaN;
  }
}

function failedClosesPerDay(values: PrintServersValues): number {
  return values.remoteShare * values.remoteCloseFailShare * printedPerDay(values);
}

function pipedBytesPerDay(values: PrintServersValues): number {
  return values.pipedShare * bytesMean(values) * submittedPerDay(values);
}

function lostPopUpsPerDay(values: PrintServersValues): number {
  return values.netPopUp ? values.popUpLostShare * printedPerDay(values) : 0;
}

function attemptsPerDay({ lprOutagesPerDay, lprOutageSecondsMean, restartEveryHours }: PrintServersValues): number {
  return restartEveryHours === 0 ? lprOutagesPerDay * leaksPerOutage(lprOutageSecondsMean) : NaN;
}
