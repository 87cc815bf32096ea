/**
 * The page_log of CUPS: a line for each page, or for each job ("total").
 *
 *     DeskJet root 2 [20/May/1999:19:21:05 +0000] 1 1 acme-123 localhost myjob letter one-sided
 *     DeskJet root 2 [20/May/1999:19:21:05 +0000] total 5 acme-123 localhost myjob letter one-sided
 *
 * The lines of a job follow each other; the time of the job is that of its first line. It has no bytes and no type, and
 * names no server. Names of users and jobs are not taken over.
 *
 * Source: "page_log" and PageLogFormat of the CUPS documentation (ref-page_log, 1.1 to 2.4).
 */
import { amountOf } from "./amounts.ts";
import type { Collector } from "./collector.ts";
import { CUT } from "./csv-records.ts";
import type { LogFile } from "./formats.ts";
import { linesOf } from "./log-lines.ts";
import { stampOf } from "./stamps.ts";

const LINE = /^(\S+) (.+?) (\d+) \[([^\]]+)\] (\d+|total) (\d+)(?: .*)?$/;

export function isPageLog(line: string): boolean {
  return /^\S+ .+? \d+ \[\d{1,2}\/[A-Za-z]{3}\/\d{4}:/.test(line);
}

interface Job {
  readonly key: string;
  readonly line: number;
  readonly timeUs: number;
  pages: number;
}

/** @throws UserError when the file cannot be read */
export async function readPageLog(file: LogFile, out: Collector): Promise<void> {
  let job: Job | undefined;
  const finish = () => {
    if (job !== undefined) out.job(file.server!, job.timeUs, job.line, { bytes: NaN, pages: job.pages, type: "" });
    job = undefined;
  };
  for await (const { first, texts, isCut } of linesOf(file.path)) {
    for (const [i, text] of texts.entries()) {
      if (text.trim() === "") continue;
      const line = first + i;
      if (isCut) {
        out.fault(line, text, CUT);
        continue;
      }
      const [, printer, , id, time, page, count] = LINE.exec(text) ?? [];
      if (printer === undefined) {
        out.fault(line, text, "a line is a printer, a user, a job, [a time], a page and a number of copies");
        continue;
      }
      const stamp = stampOf(time!);
      const copies = amountOf(count!);
      if (typeof stamp === "string") out.fault(line, time!, stamp);
      else if (typeof copies === "string") out.fault(line, count!, copies);
      else {
        const key = `${printer} ${id}`;
        if (job?.key !== key) {
          finish();
          job = { key, line, timeUs: out.local(stamp), pages: 0 };
        }
        job.pages = page === "total" ? copies : job.pages + copies;
      }
    }
    await file.flush();
  }
  finish();
}
