/** The words of a sensitivity study: the rows of its table, and its sentences. */
import type { Index } from "../statistics/sobol-indices.ts";
import { isList } from "../lab/studies/assumption-ranges.ts";
import { isSearched, type Exception, type Influence, type Sensitivity } from "../lab/studies/sensitivity.ts";
import { counted, enumerated, significant } from "../lab/reports/format.ts";
import { RAN_OUT } from "../lab/reports/interval-text.ts";
import { boundMark } from "../lab/reports/table-legends.ts";
import { afterNumber } from "../lab/reports/units.ts";

/** How many assumptions to show at least; the file has all of them. */
export const SHOWN = 12;

/** The assumptions with the largest effects, and all that a sentence names. */
export function shownOf({ influences, zero, unnoticed }: Sensitivity): Influence[] {
  const named = [zero.split, unnoticed?.split].map((split) => split?.assumption.name);
  return influences.filter(({ assumption, indices }, i) => {
    return i < SHOWN || indices !== undefined || named.includes(assumption.name);
  });
}

export function variedText(sensitivity: Sensitivity): string {
  const [all, shown] = [sensitivity.influences.length, shownOf(sensitivity).length];
  const which = shown < all ? `The table has ${shown} of the ${all}` : `The table has all ${all}`;
  return (
    `${which} assumptions that were varied, by size of their effects. ` +
    "The other assumptions are 0, excluded, known, or set or varied by the experiment."
  );
}

/** From this many rows on, the intervals of the indices have their nominal coverage. */
const ROWS_ENOUGH = 128;

export function influenceLegend({ response, rows, influences }: Sensitivity): string[] {
  const few =
    rows < ROWS_ENOUGH
      ? `; with ${rows} rows, they hold in some 90 % of cases or fewer: use --rows ${ROWS_ENOUGH}`
      : "";
  return [
    `effect: mean change of ${response} per server-day over the range (Morris's mu*), and its standard error`,
    `alone, in all: shares of the variance, by itself and with its interactions (Sobol), with 95 % intervals${few}`,
    ...(influences.some(({ indices }) => indices !== undefined && indices.first.value > indices.total.value)
      ? ["a share alone is at most the share in all; a larger estimate is an error of both"]
      : []),
    ...(influences.some(isMarked)
      ? [`${RAN_OUT} a resource ran out at a value that was tried, so a leak rate behind this effect is a lower bound`]
      : []),
  ];
}

/** Whether its share alone is estimated beyond the interval of its share in all, as happens with few rows. */
function isContradictory({ indices }: Influence): boolean {
  return indices !== undefined && indices.first.value > indices.total.upper;
}

function contradictionText({ influences, rows }: Sensitivity): string[] {
  const names = influences.filter(isContradictory).map(({ assumption }) => assumption.name);
  if (names.length === 0) return [];
  return [
    `With ${rows} rows, the share of ${enumerated(names)} is estimated far larger alone than in all, which is impossible. ` +
      `The shares are too uncertain to rank by; use more rows, such as --rows ${Math.max(4 * rows, ROWS_ENOUGH)}.`,
  ];
}

function isMarked({ effects, bounded }: Influence): boolean {
  return effects.muStar > 0 && bounded.some > 0;
}

/** A smaller relative error of equal effects is one of rounding. */
const ROUNDING = 1e-12;

export const influenceHead = ["assumption", "assumed", "range", "effect", "+-", "direction", "alone", "in all"];

/** The estimate of an index may be above 1 or below 0; a share of a variance may not. */
function shareText(index: Index | undefined): string {
  return index === undefined ? "" : `${shareOf(index.value)} (${shareOf(index.lower)} .. ${shareOf(index.upper)})`;
}

function shareOf(index: number): string {
  return percent(Math.min(1, Math.max(0, index)));
}

export function influenceCells(influence: Influence): string[] {
  const { assumption, effects, indices } = influence;
  const { name, unit, assumed } = assumption;
  return [
    name,
    `${assumed}${afterNumber(unit)}`,
    rangeText(assumption.values),
    significant(effects.muStar) + boundMark(isMarked(influence)),
    significant(effects.muStarError < ROUNDING * effects.muStar ? 0 : effects.muStarError),
    directionOf(effects),
    shareText(indices?.first),
    shareText(indices?.total),
  ];
}

export function chanceCells(chance: NonNullable<Sensitivity["chance"]>): string[] {
  return ["chance", "", "", "", "", "", shareText(chance.first), shareText(chance.total)];
}

function rangeText(values: Influence["assumption"]["values"]): string {
  return isList(values) ? values.join(", ") : `${significant(values.from)} .. ${significant(values.to)}`;
}

function directionOf({ mu, muStar }: Influence["effects"]): string {
  if (muStar === 0) return "none";
  if (Math.abs(mu) < 0.5 * muStar) return "both ways";
  return mu > 0 ? "more" : "less";
}

/** How many assumptions to name by their effects. */
const NAMED = 3;

/** What to measure first, how far to trust the ranking, and what would change the conclusion: a sentence each. */
export function sensitivitySentences(sensitivity: Sensitivity): string[] {
  return [
    ...leadersText(sensitivity),
    ...contradictionText(sensitivity),
    ...boundedText(sensitivity),
    ...flipText(sensitivity),
  ];
}

function leadersText({ influences, chance, response }: Sensitivity): string[] {
  const totalOf = ({ indices }: Influence) => indices?.total.value ?? 0;
  const leaders = influences.filter((one) => totalOf(one) > 0.1).sort((a, b) => totalOf(b) - totalOf(a));
  if (chance === undefined) return [`No assumption changes ${response} at all.`];
  const moving = influences.filter(({ effects }) => effects.muStar > 0).map(({ assumption }) => assumption.name);
  const named = leaders.map(({ assumption, indices }) => `${assumption.name} (${shareOf(indices!.total.value)})`);
  const [shares, are] = named.length === 1 ? ["share", "is that"] : ["shares", "are those"];
  const first = influences.some(isContradictory)
    ? `The largest effects are those of ${enumerated(moving.slice(0, NAMED))}; measure these first.`
    : named.length === 0
      ? `No assumption stands out: none explains more than a tenth of the variance of ${response}.`
      : `The largest ${shares} of the variance, in all, ${are} of ${enumerated(named)}; measure these first.`;
  return [
    first,
    `Chance, with its interactions, explains about ${shareOf(chance.total.value)} of the variance; ` +
      `${counted(influences.length - moving.length, "assumption")} had no effect at all.`,
  ];
}

/** Names the leading assumptions at both of whose values a resource ran out. */
function boundedText({ influences, trajectories, response }: Sensitivity): string[] {
  const both = influences.filter((one) => one.indices !== undefined && one.bounded.both > 0);
  if (both.length === 0) return [];
  const named = both.map(
    ({ assumption, bounded }) => `${assumption.name} (${bounded.both} of ${trajectories} changes)`,
  );
  return [
    `A resource ran out at both values of ${enumerated(named)}: both rates of ${response} are then lower bounds, and their ` +
      "difference is not the effect on the leak. A shorter horizon (--days) may avoid this.",
  ];
}

/** Describes what would have to be true for another conclusion. */
function flipText({ influences, zero, unnoticed, tried, response, against, baseline }: Sensitivity): string[] {
  const days = counted(baseline.scenario.horizonDays, "day");
  const what = against === undefined ? response : `the difference in ${response}`;
  const within =
    zero.count === 0
      ? `Within these ranges the conclusion does not change: ${what} was above 0 in all of ${tried} settings.`
      : `In ${zero.count} of ${tried} settings ${what} was not above 0${splitText(zero)}.`;
  const stopping = influences.filter(({ zeroAt }) => zeroAt !== undefined);
  const alone = stopping.map(({ assumption, effects, zeroAt }) => {
    const { name, unit, assumed } = assumption;
    const word = effects.mu > 0 ? "or less" : "or more";
    return `${name} were ${zeroAt}${afterNumber(unit)} ${word} (assumed: ${assumed})`;
  });
  const searched = influences.filter((one) => one.indices !== undefined && isSearched(one)).length;
  const alternatives =
    alone.length === 0
      ? `None of ${counted(searched, "number")} with indices makes it 0 by itself, not even when changed a hundredfold (or as ` +
        "far as the model allows) in the direction that lowers it on average."
      : `On the ${counted(baseline.scenario.servers, "server")} simulated for ${days} it was 0 if, by itself, ${enumerated(alone, "or")}. ` +
        "That is no proof of a rate of 0: more servers (--servers) and days (--days) show rarer events.";
  // Where nothing has an effect, and of words and switches, none was changed by itself.
  const flipped = searched === 0 ? [] : [alternatives];
  if (unnoticed === undefined) return [within, ...flipped];
  const felt =
    unnoticed.count === 0
      ? `Within ${days} users noticed in every setting.`
      : unnoticed.count === tried
        ? `Within ${days} no user noticed in any setting; with a longer horizon (--days), some may.`
        : `In ${unnoticed.count} of ${tried} settings no user noticed within ${days}${splitText(unnoticed)}.`;
  return [within, ...flipped, felt];
}

function splitText({ split }: Exception): string {
  if (split === undefined) return "";
  const { assumption, isAbove, threshold, wantedShare, otherShare } = split;
  const { name, values, unit } = assumption;
  const side = isList(values)
    ? `one of ${values.filter((_, i) => i > threshold === isAbove).join(", ")}`
    : `${isAbove ? "above" : "at most"} ${significant(threshold)}${afterNumber(unit)}`;
  const shares = `in ${percent(wantedShare)} of these and ${percent(otherShare)} of the others`;
  return `; ${name} distinguishes them best: it is ${side} ${shares}`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? "" : `${Math.round(100 * share)} %`;
}
