/** Logs that something happened to: 30 ways for each format, none of which is guessed at. */
import { test } from "node:test";
import { mutilated, wholeLogs } from "../../cases/mutilated-logs.ts";

for (const format of Object.keys(wholeLogs)) {
  test(`30 mutilations of ${format} end in one line, or are counted and named`, () => mutilated(format, 30));
}
