/**
 * The parameters of the workload that a job log determines. Types have the names that Windows logs: RAW, TEXT, "NT EMF
 * 1.008".
 */
import { exp, log1p } from "../../sim/math.ts";
import type { JobLog } from "../contract/logs.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";

export const jobLog: JobLog<PrintServersValues> = {
  rate: { parameter: "jobsPerDay", hours: 24 },
  hours: "hourShares",
  pages: { mean: "pagesMean", largest: "pagesMax", empty: "emptyShare", cumulative },
  types: [
    { name: "TEXT", matches: /^TEXT$/i, share: "textShare", bytesPerPage: "textBytesPerPage" },
    { name: "EMF", matches: /\bEMF\b/i, share: "emfShare", bytesPerPage: "emfBytesPerPage" },
    { name: "RAW", matches: /^RAW\b/i, bytesPerPage: "rawBytesPerPage" },
  ],
};

/** The cumulative distribution of pages, which are truncated geometric or fixed. */
function cumulative({ pagesLaw, pagesMean, pagesMax }: PrintServersValues, pages: number): number {
  if (pagesLaw === "fixed") return pages < Math.max(1, Math.round(pagesMean)) ? 0 : 1;
  if (pages < 1 || pages >= pagesMax) return Number(pages >= 1);
  return pagesMean === 1 ? 1 : 1 - exp(pages * log1p(-1 / pagesMean));
}
