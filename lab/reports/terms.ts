/**
 * Explains terms where they first appear on a page: terms of statistics, which all experiments use, and those of the
 * model. A reader points at a term, moves to it with the keyboard or taps it.
 */
import { escaped } from "../../page/html.ts";
import type { Model } from "../../models/model.ts";

/** Terms of statistics and of experiments, explained in a sentence or two each. */
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

/** Terms are not marked in these elements: they are clicked, copied, or large enough. */
const UNMARKED = new Set(["a", "button", "code", "h1", "h2", "nav", "script", "style", "summary", "svg", "title"]);

/** Marks the first occurrence of each term in the HTML. */
export function markTerms(html: string, terms: readonly Term[]): string {
  if (terms.length === 0) return html;
  const meanings = new Map(terms.map(({ name, meaning }) => [name.toLowerCase(), meaning]));
  const names = terms.map(({ name }) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\w-])(${names.join("|")})s?(?![\\w-])`, "gi");
  const mark = (text: string) =>
    text.replaceAll(pattern, (found: string, singular: string) => {
      const name = singular.toLowerCase();
      const meaning = meanings.get(name);
      if (meaning === undefined) return found;
      meanings.delete(name);
      const explanation = escaped(meaning);
      return `<span class="term" role="button" tabindex="0" aria-description="${explanation}" data-meaning="${explanation}">${found}</span>`;
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
