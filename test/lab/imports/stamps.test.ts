/** lab/imports/stamps.ts: a time is read in one way, or not at all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { epochOf, stampOf } from "../../../lab/imports/stamps.ts";

const us = (iso: string) => Date.parse(iso) * 1000;

test("local times are read as written", () => {
  const at = us("2024-03-04T13:05:09.250Z");
  for (const [text, order] of [
    ["2024-03-04 13:05:09.25"],
    ["2024-03-04T13:05:09,250"],
    ["04.03.2024 13:05:09.250"],
    ["03/04/2024 13:05:09.250", "month-first"],
    ["4/3/2024 1:05:09.250 PM", "day-first"],
  ] as const) {
    assert.deepEqual(stampOf(text, order), { us: at, isUtc: false }, text);
  }
  assert.deepEqual(stampOf("3/4/2024 12:05 AM", "month-first"), { us: us("2024-03-04T00:05:00Z"), isUtc: false });
});

test("times with a zone, and seconds, milliseconds or microseconds since 1970, are UTC", () => {
  const at = us("2024-03-04T13:05:09Z");
  for (const text of [
    "2024-03-04T13:05:09Z",
    "2024-03-04 14:05:09+01:00",
    "2024-03-04T08:05:09-0500",
    "04/Mar/2024:13:05:09 +0000",
    "1709557509",
    "1709557509.000",
    "1709557509000",
    "1709557509000000",
  ]) {
    assert.deepEqual(stampOf(text), { us: at, isUtc: true }, text);
  }
  assert.deepEqual(stampOf("1709557509.010"), { us: at + 10_000, isUtc: true });
});

test("an ambiguous or malformed time is refused", () => {
  for (const [text, rule] of [
    ["03/04/2024 13:05:09", "a date with slashes can be read in two ways; choose dates month-first or day-first"],
    ["2023-02-29 00:00:00", "the day does not exist"],
    ["2024-03-04 24:00:00", "the time of day does not exist"],
    ["2024-03-04 13:05 PM", "an hour with AM or PM is 1 to 12"],
    ["04/Mrz/2024:13:05:09 +0100", "the day does not exist"],
    ["13:05:09", "a time is written as 2024-03-01 13:05:00, or in seconds since 1970"],
    ["9026-03-04 13:05:09", "the time of a log lies in the years 1990 to 2099"],
    ["01.01.1969 00:00:00", "the time of a log lies in the years 1990 to 2099"],
    ["222657000000", "the time of a log lies in the years 1990 to 2099"],
    ["2100-01-01 00:30:00+00:00", "the time of a log lies in the years 1990 to 2099"],
    ["2024-03-04T14:05:09+99:00", "a zone is at most 15:00 from UTC"],
    ["2024-03-04T14:05:09+01:75", "a zone is at most 15:00 from UTC"],
    ["2026030213", "it can be seconds since 1970, or a year, month, day and hour"],
    ["17095575090000", "seconds, milliseconds or microseconds since 1970"],
    ["", "a time is written as 2024-03-01 13:05:00, or in seconds since 1970"],
  ] as const) {
    assert.equal(stampOf(text), rule, text);
  }
});

test("seconds since 1970 are nothing else", () => {
  assert.deepEqual(epochOf("1709557509.25"), { us: us("2024-03-04T13:05:09.250Z"), isUtc: true });
  assert.equal(epochOf("2024-03-04T13:05:09Z"), "a time is seconds since 1970");
  assert.deepEqual(epochOf("2026030213"), { us: 2_026_030_213e6, isUtc: true });
  assert.equal(epochOf("222654580800"), "the time of a log lies in the years 1990 to 2099");
});
