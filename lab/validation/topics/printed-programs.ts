/** Programs of textbooks and of other simulators, to the last digit that they print. */
import { itemAt } from "../../lists.ts";
import { devstone, type DevstoneKind, type Transitions } from "../devstone.ts";
import { ciwMeanWait, lawInventory, lawQueue, simPyBank } from "../printed-programs.ts";
import { certain, type Topic } from "../target.ts";

const LAW_QUEUE = "printed by Law, Simulation Modeling and Analysis, 1.4";
const LAW_INVENTORY = "printed by Law, Simulation Modeling and Analysis, 1.5";
const SIMPY_BANK = "printed by SimPy, examples, bank_renege.out";

const CIW_SEEDS = "printed by Ciw, documentation, How to Set a Seed";
const DEVSTONE = "computed by xDEVS (xdevs.py), and from the formulas of its tests";

/** By model, width and depth: transitions, as many internal as external, and messages. */
const DEVSTONES: readonly (readonly [
  kind: DevstoneKind,
  width: number,
  depth: number,
  transitions: string,
  messages: string,
])[] = [
  ["LI", 10, 10, "82", "82"],
  ["HI", 10, 10, "406", "406"],
  ["HO", 10, 10, "406", "406"],
  ["HOmod", 10, 10, "18712", "92764"],
  ["LI", 40, 40, "1522", "1522"],
  ["HI", 40, 40, "30421", "30421"],
  ["HO", 40, 40, "30421", "30421"],
  ["HOmod", 20, 20, "689872", "4097389"],
];

/** By policy: what ordering, holding and shortage cost a month, and their sum. */
const INVENTORY: readonly (readonly [
  policy: string,
  total: string,
  ordering: string,
  holding: string,
  shortage: string,
])[] = [
  ["(20, 40)", "126.61", "99.26", "9.25", "18.10"],
  ["(20, 60)", "122.74", "90.52", "17.39", "14.83"],
  ["(20, 80)", "123.86", "87.36", "26.24", "10.26"],
  ["(20, 100)", "125.32", "81.37", "36.00", "7.95"],
  ["(40, 60)", "126.37", "98.43", "25.99", "1.95"],
  ["(40, 80)", "125.46", "88.40", "35.92", "1.14"],
  ["(40, 100)", "132.34", "84.62", "46.42", "1.30"],
  ["(60, 80)", "150.02", "105.69", "44.02", "0.31"],
  ["(60, 100)", "143.20", "89.05", "53.91", "0.24"],
];

const BANK: readonly (readonly [customer: number, what: string, time: string])[] = [
  [0, "arrives", "0.0000"],
  [0, "leaves", "3.8595"],
  [1, "is served", "10.2006"],
  [2, "arrives", "12.7265"],
  [2, "reneges", "13.9003"],
  [1, "leaves", "23.7507"],
  [3, "is served", "34.9993"],
  [3, "leaves", "37.9599"],
  [4, "arrives", "40.4798"],
  [4, "leaves", "43.1401"],
];

export const printedPrograms: Topic = {
  name: "programs that others printed",
  targets: [
    certain("Law's M/M/1: mean delay [min]", LAW_QUEUE, "0.430", async () => lawQueue().meanDelay),
    certain("Law's M/M/1: mean number in queue", LAW_QUEUE, "0.418", async () => lawQueue().meanQueueLength),
    certain("Law's M/M/1: utilization", LAW_QUEUE, "0.460", async () => lawQueue().utilization),
    certain("Law's M/M/1: end of the simulation [min]", LAW_QUEUE, "1027.915", async () => lawQueue().endTime),
    ...INVENTORY.flatMap(([policy, ...costs], i) =>
      (["total", "ordering", "holding", "shortage"] as const).map((cost, c) =>
        certain(`Law's inventory ${policy}: ${cost} cost a month`, LAW_INVENTORY, itemAt(costs, c), async () => {
          return itemAt(lawInventory(), i)[cost];
        }),
      ),
    ),
    ...Object.entries({ 1: "0.082405865456", 2: "0.169134940456" }).map(([seed, wait]) =>
      certain(`Ciw's M/M/1, seed ${seed}: mean wait`, CIW_SEEDS, wait, async () => ciwMeanWait(Number(seed))),
    ),
    ...DEVSTONES.flatMap(([kind, width, depth, transitions, messages]) =>
      (["internal", "external", "messages"] as const).map((what: keyof Transitions) =>
        certain(
          `DEVStone ${kind}, width ${width}, depth ${depth}: ${what === "messages" ? what : `${what} transitions`}`,
          DEVSTONE,
          what === "messages" ? messages : transitions,
          async () => devstone(kind, width, depth)[what],
        ),
      ),
    ),
    ...BANK.map(([customer, what, time]) =>
      certain(`SimPy's bank: customer ${customer} ${what} [min]`, SIMPY_BANK, time, async () => {
        return simPyBank().find((event) => event.customer === customer && event.what === what)?.time ?? NaN;
      }),
    ),
  ],
};
