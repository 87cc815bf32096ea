/**
 * Explains terms where they first appear on a page: terms of statistics, which all experiments use, and those of the
 * model. A reader points at a term, moves to it with the keyboard or taps it; some are links to an article.
 */
import { escaped } from "../../page/html.ts";
import type { Model } from "../../models/model.ts";

const WIKIPEDIA = "https://en.wikipedia.org/wiki";
/** Terms of statistics and of experiments, explained in a sentence or two each. */
const GENERAL: NonNullable<Model["terms"]> = {
  "95 % interval": {
    meaning: "A range computed so that, in 95 of 100 repetitions of the experiment, it contains the true value.",
    href: `${WIKIPEDIA}/Confidence_interval`,
  },
  "design point": "The settings of one simulation: one level of each factor, such as one site with one spooler.",
  "server-day": "One server for one day. Ten servers for a week are 70 server-days.",
  "variance ratio":
    "How many times as many replications would be needed with independent random numbers for the same standard error of " +
    "the difference. Above 1, using the same random numbers for both sides has paid.",
  "log-rank": {
    meaning: "A test of whether two groups reach an event at the same rate, however long each server was observed.",
    href: `${WIKIPEDIA}/Logrank_test`,
  },
  "Kaplan-Meier": {
    meaning:
      "An estimate of the share of servers that have not had the event yet. Servers that still have not had it when the simulation ends count as well, for as long as they were observed.",
    href: `${WIKIPEDIA}/Kaplan-Meier_estimator`,
  },
  "right-censored": {
    meaning: "Observed only up to the horizon, without the event so far: it may come later.",
    href: `${WIKIPEDIA}/Censoring_(statistics)`,
  },
  replication: "One independent simulation of the same settings with different random numbers.",
  "closed form": "The exact value, known from mathematics.",
};

export interface Term {
  readonly name: string;
  readonly meaning: string;
  /** The article about it. */
  readonly href?: string;
}

/** The terms that a page about a model may have to explain, longest first. */
export function termsOf(model: Pick<Model, "terms">): readonly Term[] {
  return Object.entries({ ...GENERAL, ...model.terms })
    .map(([name, is]): Term => (typeof is === "string" ? { name, meaning: is } : { name, ...is }))
    .sort((a, b) => b.name.length - a.name.length || (a.name < b.name ? -1 : 1));
}

/** Terms are not marked in these elements: they are clicked, copied, or large enough. */
const UNMARKED = new Set(["a", "button", "code", "h1", "h2", "nav", "script", "style", "summary", "svg", "title"]);

/** Marks the first occurrence of each term in the HTML. */
export function markTerms(html: string, terms: readonly Term[]): string {
  if (terms.length === 0) return html;
  const unseen = new Map(terms.map((term) => [term.name.toLowerCase(), term]));
  const names = terms.map(({ name }) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\w-])(${names.join("|")})s?(?![\\w-])`, "gi");
  const mark = (text: string) =>
    text.replaceAll(pattern, (found: string, singular: string) => {
      const name = singular.toLowerCase();
      const term = unseen.get(name);
      if (term === undefined) return found;
      unseen.delete(name);
      const explanation = escaped(term.meaning);
      const explained = `aria-description="${explanation}" data-meaning="${explanation}"`;
      return term.href === undefined
        ? `<span class="term" role="button" tabindex="0" ${explained}>${found}</span>`
        : `<a class="term" href="${escaped(term.href)}" rel="noreferrer" ${explained}>${found}</a>`;
    });
  let unmarked: string | undefined;
  // Texts and tags in turn; the text of a script ends only with its closing tag.
  return html
    .split(/(<script[\s\S]*?<\/script>|<[^>]*>)/)
    .map((piece, i) => {
      if (i % 2 === 0) return unmarked === undefined ? mark(piece) : piece;
      const [, isEnd, tag = ""] = /^<(\/?)(\w+)/.exec(piece) ?? [];
      if (unmarked === undefined && isEnd === "" && UNMARKED.has(tag) && !piece.startsWith("<script")) unmarked = tag;
      else if (isEnd === "/" && tag === unmarked) unmarked = undefined;
      return piece;
    })
    .join("");
}
