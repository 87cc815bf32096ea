/**
 * Explains terms where they first appear on a page: those of statistics, which every experiment uses, and those of the
 * model. A reader points at a term, moves to it with the keyboard or taps it.
 */
import type { Model } from "../../models/model.ts";

/** Terms of statistics and of experiments, each explained in a sentence or two. */
const GENERAL: Readonly<Record<string, string>> = {
  "95 % interval": "A range computed so that, in 95 of 100 repetitions of the experiment, it contains the true value.",
  "server-day": "One server for one day. Ten servers for a week are 70 server-days.",
  "variance ratio":
    "How many times as many replications the comparison would need with independent random numbers. Above 1, using the " +
    "same random numbers for both sides has paid.",
  "log-rank": "A test of whether two groups reach an event at the same rate, however long each server was observed.",
  "Kaplan-Meier": "An estimate of the share without an event that uses servers which had none before the end, too.",
  "right-censored": "Observed only up to the horizon, without the event so far: it may come later.",
  replication: "One independent simulation of the same settings with different random numbers.",
  "closed form": "The exact value, known from mathematics.",
};

export interface Term {
  readonly name: string;
  readonly meaning: string;
}

/** The terms that a page about a model may have to explain, longest first. */
export function termsOf(model: Pick<Model, "terms">): readonly Term[] {
  return Object.entries({ ...GENERAL, ...model.terms })
    .map(([name, meaning]) => ({ name, meaning }))
    .sort((a, b) => b.name.length - a.name.length || (a.name < b.name ? -1 : 1));
}

/** Marks the first appearance of each term in texts that are already escaped, over as many calls as a page needs. */
export class TermMarker {
  private readonly meanings: ReadonlyMap<string, string>;
  private readonly pattern: RegExp | undefined;
  private readonly seen = new Set<string>();

  constructor(terms: readonly Term[]) {
    this.meanings = new Map(terms.map(({ name, meaning }) => [name.toLowerCase(), meaning]));
    const names = terms.map(({ name }) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    this.pattern = names.length === 0 ? undefined : new RegExp(`\\b(${names.join("|")})s?\\b`, "gi");
  }

  /** @param html text without tags, escaped */
  mark(html: string): string {
    if (this.pattern === undefined) return html;
    return html.replaceAll(this.pattern, (found: string, singular: string) => {
      const name = singular.toLowerCase();
      if (this.seen.has(name)) return found;
      this.seen.add(name);
      const meaning = this.meanings.get(name)!.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      return `<span class="term" tabindex="0" aria-description="${meaning}" data-meaning="${meaning}">${found}</span>`;
    });
  }
}
