/** Damaged results folders are reported in one line; `npm run prove -- survival` damages more of them. */
import { test } from "node:test";
import { damagedFolders } from "../../cases/damage.ts";

test("300 damaged folders are reported in one line, or read", () => damagedFolders(300));
