/** Common random numbers: what they bought in a published program, and the generator that it draws from. */
import { mean, variance } from "../../../statistics/estimate.ts";
import { DEFAULT_SEED, Mrg32k3a, nextStream } from "../mrg32k3a.ts";
import { inventoryDifferences, type InventoryDifferences } from "../ssj-programs.ts";
import { vector, type Topic } from "../target.ts";
import { itemAt } from "../../lists.ts";

const SSJ_INVENTORY = "printed by SSJ, InventoryCRN.res";
const RNG_STREAMS = "printed by RngStreams, test2RngStream.res";

/** 500 pairs of 2000 days, computed once. */
let known: InventoryDifferences | undefined;
const differences = () => (known ??= inventoryDifferences(500, 2000));

const numbersOfThird = () => {
  const stream = new Mrg32k3a(nextStream(nextStream(DEFAULT_SEED)));
  return Array.from({ length: 5 }, () => stream.draw());
};

export const commonRandomNumbers: Topic = {
  name: "common random numbers",
  targets: [
    vector(25, "MRG32k3a: seed of stream 2, last number", RNG_STREAMS, "475798818", () =>
      itemAt(nextStream(DEFAULT_SEED), 5),
    ),
    vector(25, "MRG32k3a: seed of stream 3, last number", RNG_STREAMS, "3876682925", () =>
      itemAt(nextStream(nextStream(DEFAULT_SEED)), 5),
    ),
    vector(25, "MRG32k3a: stream 1 after 35 steps", RNG_STREAMS, "0.07941673614985", () => {
      const stream = new Mrg32k3a();
      for (let step = 0; step < 35; step++) stream.draw();
      return stream.draw();
    }),
    vector(25, "MRG32k3a: stream 3, first number", RNG_STREAMS, "0.7285097861965", () => itemAt(numbersOfThird(), 0)),
    vector(25, "MRG32k3a: stream 3, fifth number", RNG_STREAMS, "0.9731454191297", () => itemAt(numbersOfThird(), 4)),
    vector(19, "inventory, independent: mean difference", SSJ_INVENTORY, "0.320", () =>
      mean(differences().independent),
    ),
    vector(19, "inventory, independent: least", SSJ_INVENTORY, "-1.032", () => Math.min(...differences().independent)),
    vector(19, "inventory, common: mean difference", SSJ_INVENTORY, "0.308", () => mean(differences().common)),
    vector(19, "inventory, common: greatest", SSJ_INVENTORY, "0.649", () => Math.max(...differences().common)),
    vector(
      19,
      "inventory: variance ratio",
      SSJ_INVENTORY,
      "19.95",
      () => variance(differences().independent) / variance(differences().common),
    ),
  ],
};
