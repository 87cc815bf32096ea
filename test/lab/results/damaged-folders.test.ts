/** Damaged results folders are reported in one line; `npm run prove -- survival` damages more of them. */
import { test } from "node:test";
import { damagedFolders } from "../../cases/damage.ts";

test("100 damaged folders are each either read or reported in one line", () => damagedFolders(100));
