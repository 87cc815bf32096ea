/** spoolsim cache, and the parts of a run that several machines compute for one cache. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { filesBelow, folderForEachTest } from "../support/folders.ts";
import { refuses } from "../support/refuses.ts";
import { spoolsim, tiny, timeout } from "../support/spoolsim.ts";

let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

test("the cache is listed, used, and cleared", { timeout }, async () => {
  const listed = async (...words: string[]) => (await spoolsim(cwd, "cache", ...words)).stdout;
  assert.equal(await listed(), "results/.cache: 0 runs, 0 B\n");
  assert.doesNotMatch((await spoolsim(cwd, ...tiny)).stdout, /cache/);
  assert.match((await spoolsim(cwd, ...tiny)).stdout, /^4 of 4 runs from the cache$/m);
  assert.match(
    (await spoolsim(cwd, ...tiny, "--force", "--replications", "2")).stderr,
    /--replications is given twice/,
  );
  assert.match(await listed("--list"), /^mm1, mm1, seed mm1: 4 runs, 16\.4 kB\nresults\/\.cache: 4 runs, 16\.4 kB\n$/);
  assert.equal(await listed("--clear"), "4 runs removed from results/.cache\n");
  assert.ok(!existsSync(join(cwd, "results/.cache")));
  const none = await spoolsim(cwd, ...tiny, "--no-cache");
  assert.deepEqual([none.status, existsSync(join(cwd, "results/.cache"))], [0, false]);
  const full = await spoolsim(cwd, ...tiny, "--force", "--cache-max", "0");
  assert.match(full.stderr, /^spoolsim: cache: not all results can be kept: .*; see --cache-max$/m);
  await refuses(cwd, [...tiny, "--cache-max", "much"], /--cache-max is much; it must be a number of gigabytes/);
  await refuses(cwd, [...tiny, "--cache-max", "1", "--no-cache"], /--cache-max has no meaning with --no-cache/);
});

test("parts on several machines, merged into one cache, are enough for a run", { timeout }, async () => {
  const part = async (...words: string[]) => (await spoolsim(cwd, ...tiny, ...words)).stdout;
  assert.equal(
    await part("--part", "1/2", "--cache", "here"),
    "part 1 of 2 is in here: 2 runs, 0 of them already there\n",
  );
  await part("--part", "2/2", "--cache", "there");
  const merged = await spoolsim(cwd, "cache", "merge", "here", "there", "--cache", "all");
  const lines = ["here: 2 runs copied to all, 0 already there", "there: 2 runs copied to all, 0 already there"];
  assert.equal(merged.stdout, `${lines.join("\n")}\n`);
  assert.equal(existsSync(join(cwd, "results")), false);
  assert.match(await part("--cache", "all", "--no-report"), /^4 of 4 runs from the cache$/m);
  assert.equal(existsSync(join(cwd, "results/.cache")), false);
});

test("a malformed part is refused in one line", { timeout }, async () => {
  await refuses(cwd, [...tiny, "--part", "1/2"], /--part needs --cache and a folder/);
  const own = /needs --cache and a folder of its own; other runs remove results from results\/\.cache when it is full/;
  await refuses(cwd, [...tiny, "--part", "1/2", "--cache", "./results/.cache"], own);
  await refuses(cwd, ["cache", "merge", ".", "--cache", "results/.cache/"], own);
  await refuses(cwd, ["cache", "merge", "."], /cache merge needs --cache and a folder, which keeps the results/);
  for (const part of ["0/2", "3/2", "2", "a/b"]) {
    await refuses(cwd, [...tiny, "--part", part, "--cache", "here"], /--part is .*; it must be i\/n with 1 <= i <= n/);
  }
  const useless = ["--force", "--check-determinism", "--priority", "1", "--no-report"];
  const rule = /--part only fills the cache; leave out --force, --check-determinism, --priority, --no-report$/m;
  await refuses(cwd, [...tiny, "--part", "1/2", "--cache", "here", ...useless], rule);
  await refuses(cwd, [...tiny, "--priority", "0"], /--priority has no meaning without --queue/);
  await refuses(cwd, ["cache", "merge", "nowhere"], /nowhere is not a folder; name the folder of a cache/);
  assert.deepEqual(await filesBelow(cwd), []);
});

test("a folder that does not exist is no empty cache, and an empty folder stays", { timeout }, async () => {
  await mkdir(join(cwd, "empty"));
  await writeFile(join(cwd, "file"), "");
  for (const folder of ["nowhere", "file"]) {
    for (const words of [[], ["--list"], ["--clear"]]) {
      await refuses(cwd, ["cache", ...words, "--cache", folder], / is not a folder; name the folder of a cache/);
    }
  }
  const { stdout } = await spoolsim(cwd, "cache", "--clear", "--cache", "empty");
  assert.equal(stdout, "0 runs removed from empty\n");
  assert.ok(existsSync(join(cwd, "empty")));
});
