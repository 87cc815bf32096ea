/** The gallery is what the program makes, and has every experiment that ships. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shippedExperiments } from "../lab/experiment/load.ts";
import { exhibit, publishedGallery } from "../scripts/gallery.ts";

test("every built-in experiment has a picture and a section, and nothing else has", async () => {
  const files = await publishedGallery();
  const names = await shippedExperiments();
  const pictures = names.map((name) => `docs/gallery/${name}.svg`);
  assert.deepEqual([...files.keys()].sort(), ["docs/gallery.md", ...pictures].sort());
  const page = files.get("docs/gallery.md")!;
  assert.deepEqual(
    [...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name),
    names,
    "npm run gallery makes it again",
  );
});

test("every picture and its section are reproduced to the byte", async () => {
  const files = await publishedGallery();
  const { section, path, svg } = await exhibit("rejuvenation-huang");
  assert.equal(svg, files.get(path), "npm run gallery makes it again");
  assert.ok(files.get("docs/gallery.md")!.includes(section));
});
