/** `import ... from "spoolsim/models"`: the models that ship, and the laws and spoolers that they are made of. */
export { catalogue } from "../models/catalogue.ts";
export { printServers } from "../models/print-servers/model.ts";
export { sites } from "../models/print-servers/sites.ts";
export { buggy } from "../models/print-servers/spoolers/buggy.ts";
export { fixed } from "../models/print-servers/spoolers/fixed.ts";
export { stickyGuard } from "../models/print-servers/spoolers/sticky-guard.ts";
export { mm1 } from "../models/queues/mm1.ts";
export { mmc } from "../models/queues/mmc.ts";
export { guardWindow } from "../models/guard-window/guard-window.ts";
export { exhaustion } from "../models/rejuvenation/exhaustion.ts";
export { huang } from "../models/rejuvenation/huang.ts";
export { periodicRejuvenation } from "../models/rejuvenation/periodic.ts";
export { runThrough } from "../models/barrier.ts";
export { choice, number, onOff, share, sumOfShares, whole } from "../models/define-parameters.ts";
export { unitLawNames, unitLaws, type UnitLaw } from "../models/unit-laws.ts";
