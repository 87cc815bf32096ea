/** lab/reports/report.ts: one page, of the same bytes for the same results, that says what the results say. */
import assert from "node:assert/strict";
import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parseHTML } from "linkedom";
import { readResults } from "../../../lab/reports/results-reader.ts";
import { choiceFor, reportOf, writeReport } from "../../../lab/reports/report.ts";
import { answers } from "../../../lab/reports/answers.ts";
import { headlineOf } from "../../../lab/reports/headline.ts";
import { verifyResults } from "../../../lab/verify.ts";
import { leaking, queues, remove, resultsOf, single } from "../../support/small-results.ts";

const folders: string[] = [];
let html: string;

before(async () => {
  for (const yaml of [leaking, queues, single]) folders.push(await resultsOf(yaml));
  html = (await reportOf(folders[0])).html;
});
after(() => Promise.all(folders.map(remove)));

test("the same results give the same bytes, and the page is the only new file in the folder", async () => {
  const names = await readdir(folders[0]);
  await writeReport(folders[0]);
  assert.equal(await readFile(join(folders[0], "report.html"), "utf8"), html);
  await writeReport(folders[0]);
  assert.equal(await readFile(join(folders[0], "report.html"), "utf8"), html);
  assert.deepEqual((await readdir(folders[0])).sort(), [...names, "report.html"].sort());
});

test("a page has the question, the answers of the terminal, the way it was made and the assumptions", async () => {
  const results = await readResults(folders[0]);
  assert.match(html, /<h1>Does &lt;it&gt; leak &amp; hurt\?<\/h1>/);
  const { answer, more } = headlineOf(results)!;
  const sentences = answers(results);
  assert.equal(sentences.length, 2);
  assert.deepEqual(more, sentences);
  const plain = html.replaceAll(/<(span|a) class="term"[^>]*>(.*?)<\/\1>/g, "$2");
  for (const sentence of [answer, ...more])
    assert.ok(
      [`<li>${sentence}</li>`, `<p>${sentence}</p>`].some((one) => plain.includes(one)),
      sentence,
    );
  const { digest, version, node } = results.manifest;
  for (const fact of [digest, `spoolsim ${version}`, `Node ${node}`, "spoolsim verify .", "controlSigma"]) {
    assert.ok(html.includes(fact), fact);
  }
  assert.match(html, /spoolsim replay manifest\.json --at dcs=many,spooler=buggy --replication 0/);
});

test("a page of a quick run says how small it is, and a page of the full experiment does not", async () => {
  const own = await resultsOf(`${queues}quick: {replications: 3}\n`);
  const quick = await resultsOf(`${queues}quick: {replications: 4, servers: 2}\n`);
  folders.push(own, quick);
  assert.doesNotMatch((await reportOf(own)).html, /Quick look/);
  assert.match((await reportOf(quick)).html, /Quick look: 2 servers in each of 4 /);
  assert.doesNotMatch(html, /Quick look/);
});

test("a page says which of its results are in no table", () => {
  const { document } = parseHTML(html);
  const footer = document.querySelector("footer")!.textContent;
  assert.match(footer, /The story of a leak and the histories of individual servers are exceptions: .* in no table\./);
});

test("it contains no time and no path of the machine", async () => {
  const { manifest } = await readResults(folders[0]);
  const { startedAt, finishedAt, cpu, experiment } = manifest;
  for (const secret of [startedAt, finishedAt, cpu, experiment.folder, folders[0]]) {
    assert.ok(!html.includes(secret), secret);
  }
});

test("the servers drawn individually are counted with at most three digits", () => {
  assert.match(html, /Each row is a server\. .* more than [\d.]{1,4} million events\. Each column is [\d.]+ h wide/);
});

test("the servers of all design points and replications are multiplied", () => {
  assert.match(html, /4 design points x 3 .*replications.* x 3 servers = 36 servers, each for 3 days</);
});

test("an empty section is left out", async () => {
  const headings = async (folder: string) => {
    const { document } = parseHTML((await reportOf(folder)).html);
    return [...document.querySelectorAll("section")].flatMap((section) => {
      const heading = section.querySelector("h2")!.textContent;
      const parts = [...section.querySelectorAll("h3")].map(({ textContent }) => `${heading}: ${textContent}`);
      return parts.length === 0 ? [heading] : parts;
    });
  };
  const making = ["How it was made", "How far to trust it"];
  assert.deepEqual(await headings(folders[0]), [
    "One leak, step by step",
    "How soon events happen",
    "Leak rates",
    "All numbers: Comparison",
    "All numbers: Operational impact",
    "All numbers: Events",
    "All numbers: Differences server by server",
    "All numbers: Means and closed forms",
    "All numbers: Server by server",
    ...making,
  ]);
  assert.deepEqual(await headings(folders[1]), [
    "Over time",
    "All numbers: Server by server",
    "All numbers: Table of means",
    ...making,
  ]);
  assert.deepEqual(await headings(folders[2]), ["All numbers: What leaks", ...making]);
});

test("results with their report are verified, and a changed report is not", async () => {
  const options = { workers: 1, sliceSize: 64, command: "", signal: new AbortController().signal };
  const [, folder] = folders;
  await writeReport(folder);
  assert.deepEqual((await verifyResults(folder, 1, options)).differences, []);
  await appendFile(join(folder, "report.html"), "<!-- and yet -->");
  const { differences } = await verifyResults(folder, 1, options);
  assert.deepEqual(differences, ["report.html is not the report of these tables; spoolsim report makes it again"]);
});

test("a page with simultaneous intervals says so, keeps the tables, and is the report of these tables", async () => {
  const options = { workers: 1, sliceSize: 64, command: "", signal: new AbortController().signal };
  const [folder] = folders;
  assert.deepEqual(await choiceFor(folder, undefined), { simultaneous: false });
  const page = await writeReport(folder, undefined, { simultaneous: true });
  assert.deepEqual(await choiceFor(folder, undefined), { simultaneous: true }, "the page is made again as it was");
  assert.deepEqual(await choiceFor(folder, false), { simultaneous: false });
  assert.deepEqual(await choiceFor(join(folder, "none"), undefined), { simultaneous: false });
  const [, queueFolder] = folders;
  await writeReport(queueFolder, undefined, { simultaneous: true });
  assert.deepEqual(await choiceFor(queueFolder, undefined), { simultaneous: true }, "without a table that says so");
  await writeReport(queueFolder);
  assert.match(page.html, /intervals? of this table hold/);
  assert.doesNotMatch(html, /intervals? of this table hold/);
  assert.deepEqual((await verifyResults(folder, 1, options)).differences, []);
});

test("a folder that cannot hold a report is reported and keeps its contents", async () => {
  const folder = await resultsOf(queues);
  try {
    await mkdir(join(folder, "report.html"));
    await writeFile(join(folder, "report.html", "mine"), "");
    await assert.rejects(writeReport(folder), /report\.html cannot be written: it is a folder/);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith(".")),
      [],
    );
  } finally {
    await remove(folder);
  }
});
