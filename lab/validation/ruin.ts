/**
 * Ruin: an insurer's reserve grows with the premiums and falls with each claim; he is ruined when it is below 0.
 *
 * Claims come in a Poisson stream, one a second, and are exponential of mean 1. Cramér and Lundberg's probability that
 * an insurer with the premium c a second and the reserve u is ever ruined is exp(-(1 - 1 / c) u) / c.
 */
import { assembleModel } from "../../models/kit/assemble-model.ts";
import { count } from "../../models/kit/measures.ts";
import { Digest } from "../../sim/digest.ts";
import { Simulation } from "../../sim/simulation.ts";
import { openStreams } from "../../sim/streams.ts";
import { exponentials } from "../../sim/variates.ts";
import { meanEstimate, sum, type Estimate } from "../../statistics/estimate.ts";

const SECOND_US = 1e6;
/** With a premium of 2, only one insurer in 10^8 is ruined later. */
const SECONDS = 100;
const INSURERS = 2000;
const REPLICATIONS = 40;

/** The estimated share of insurers that are ruined. @param premium >= 2, per second @param reserve >= 0 */
export function ruinedShare(
  premium: number,
  reserve: number,
): { readonly estimate: Estimate; readonly replications: number } {
  const insurers = assembleModel({
    name: "insurers",
    meaning: "insurers until they are ruined",
    parameters: {},
    parts: (_values, kit) => ({
      gaps: kit.timer("CLAIM", "gaps", exponentials, SECOND_US),
      claims: kit.open("claims", exponentials),
      claimed: kit.column(),
      ruined: kit.column(),
    }),
    start: ({ gaps }, insurer, clock) => gaps.start(insurer, clock),
    on: {
      CLAIM({ gaps, claims, claimed, ruined }, insurer, clock) {
        claimed[insurer]! += claims.draw(insurer);
        if (claimed[insurer]! > reserve + (premium * clock.now) / SECOND_US) ruined[insurer] = 1;
        else gaps.start(insurer, clock);
      },
    },
    responses: ({ ruined }) => ({ ruined: count("1 if ruined", ruined) }),
  });
  const slice = { first: 0, count: INSURERS };
  const ruined = Array.from({ length: REPLICATIONS }, (_, replication) => {
    const instance = insurers.create({}, slice, openStreams("validate", replication, slice));
    new Simulation(instance, new Digest(0, INSURERS)).run(SECONDS * SECOND_US);
    return sum(instance.columns[0]!);
  });
  return { estimate: meanEstimate(ruined, INSURERS), replications: REPLICATIONS };
}
