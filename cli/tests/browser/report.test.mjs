// The page of `clean --report` in Chromium: what it shows, that it filters and pages, and that texts
// cannot do anything in it. UNFURNISH is the tool, CHROMIUM the browser.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const HOSTILE = '</script><script>window.hacked = 1</script><img src="x" onerror="window.hacked = 1">\u2028{{script}}';
const PROSE = "The bridge was closed for most of the winter, and people went the long way round by the mill.";

const rows = [];
for (let number = 0; number < 40; number++) {
  const lines = [`${PROSE} It was day ${number}.`];
  if (number % 2 === 0) lines.push("ALSO READ: Ten hotels with a view of the sea");
  if (number % 3 === 0) lines.push("Sign up for our newsletter and get the news in your inbox!");
  if (number % 5 === 0) lines.push("Share this article:");
  lines.push(...Array(1 + (number % 4)).fill(PROSE));
  rows.push({ id: `row ${number}`, domain: `site${number % 4}.example`, lang: "eng", text: lines.join("\n\n") });
}
const mostly = `${"Sign up for our newsletter and get the news in your inbox!\n\n".repeat(4)}${PROSE}`;
rows.push({ id: "too much", domain: "site0.example", text: mostly });
rows.push({ id: HOSTILE, domain: HOSTILE, lang: HOSTILE, text: `${PROSE} ${HOSTILE}\n\nALSO READ: ${HOSTILE}\n\n${PROSE}` });

const folder = mkdtempSync(join(tmpdir(), "unfurnish-report-"));
let browser;
let page;
const troubles = [];

async function open(options) {
  const opened = await browser.newPage(options);
  opened.on("pageerror", (error) => troubles.push(String(error)));
  opened.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  opened.on("request", (request) => request.url().startsWith("file:") || troubles.push(request.url()));
  await opened.goto(pathToFileURL(join(folder, "report.html")).href);
  return opened;
}

before(async () => {
  writeFileSync(join(folder, "rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const tool = process.env.UNFURNISH;
  execFileSync(tool, ["clean", "rows.jsonl", "-o", "clean.jsonl", "--report", "report.html"], { cwd: folder });
  // Root, as in containers, may not have a sandbox.
  const args = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  const chromiumSandbox = process.getuid?.() !== 0;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args, chromiumSandbox });
  page = await open({ viewport: { width: 1280, height: 900 } });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

const position = () => page.locator("#position").textContent();
const name = () => page.locator("#name").textContent();
const marks = () => page.locator("#text mark:not(.dim)").evaluateAll((all) => all.map((mark) => mark.title));
const kept = (rule) => rows.filter((row) => row.id !== "too much" && row.text.includes(rule)).length;

/** Clears the filters, and then chooses. */
async function choose(choices = {}) {
  await page.locator("#clear").click();
  await page.locator("#order").selectOption("drawn");
  for (const [id, value] of Object.entries(choices)) await page.locator(`#${id}`).selectOption(value);
}

/** What `look` sees of each document that is shown. */
async function pages(look) {
  const seen = [await look()];
  while (await page.locator("#next").isEnabled()) {
    await page.locator("#next").click();
    seen.push(await look());
  }
  return seen;
}

test("totals", async () => {
  const words = rows.reduce((sum, row) => sum + row.text.split(/\s+/u).filter(Boolean).length, 0);
  const summary = await page.locator("#summary").textContent();
  assert.ok(summary.startsWith(`Of ${words.toLocaleString("en")} words in 42 documents, `), summary);
  const figures = await page.locator(".figure").allTextContents();
  assert.equal(figures.at(-1), "1abstained: too much would have gone");
  assert.equal(await page.locator("#sites .bar").count(), 5);
  const histogram = await page.locator("#lost .bar .value").allTextContents();
  assert.equal(histogram.reduce((sum, value) => sum + Number(value.split(" ")[0]), 0), 41);
});

test("filters by rule and category", async () => {
  await choose({ rule: "en/newsletter/sign-up" });
  const count = kept("Sign up") + 1;
  assert.equal(await position(), `1 of ${count}`);
  const seen = await pages(marks);
  assert.equal(seen.length, count);
  for (const titles of seen) {
    assert.ok(titles.length > 0);
    assert.deepEqual([...new Set(titles)], ["en/newsletter/sign-up (newsletter)"]);
  }
  await choose({ category: "share" });
  assert.equal(await position(), `1 of ${kept("Share this")}`);
  await choose({ category: "share", rule: "en/newsletter/sign-up" });
  assert.equal(await position(), "no document");
});

test("a bar filters", async () => {
  await choose();
  await page.locator("#categories button", { hasText: "share" }).click();
  assert.equal(await page.locator("#category").inputValue(), "share");
  assert.equal(await position(), `1 of ${kept("Share this")}`);
});

test("pages by button and key", async () => {
  await choose();
  const all = kept("ALSO READ") + kept("Sign up") + kept("Share this");
  const total = Number((await position()).split(" ").at(-1));
  assert.ok(total > 20 && total < all, `${total}`);
  assert.ok(await page.locator("#previous").isDisabled());
  const first = await name();
  await page.keyboard.press("ArrowRight");
  const second = await name();
  assert.equal(await position(), `2 of ${total}`);
  assert.notEqual(first, second);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await name(), first);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await position(), `1 of ${total}`);
  const names = await pages(name);
  assert.equal(new Set(names).size, total);
  assert.ok(await page.locator("#next").isDisabled());
});

test("most removed first", async () => {
  await choose({ kind: "cleaned", order: "most" });
  const shares = await pages(async () => Number(/\(([\d.]+) %\)/u.exec(await page.locator("#about").textContent())[1]));
  assert.deepEqual(shares, shares.toSorted((a, b) => b - a));
  assert.ok(shares[0] > shares.at(-1));
});

test("what abstained is marked", async () => {
  await choose({ kind: "abstained" });
  assert.equal(await position(), "1 of 1");
  assert.equal(await name(), "too much");
  assert.ok((await page.locator("#about").textContent()).includes("abstained"));
  assert.ok((await marks()).length > 0);
});

test("texts are only texts", async () => {
  await choose();
  const found = await pages(async () => [await name(), await page.locator("#text").textContent()]);
  const [, text] = found.find(([id]) => id === HOSTILE);
  assert.ok(text.includes(HOSTILE));
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator("img").count(), 0);
  // Nor could one that got in run: the page forbids it.
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.hacked = 2";
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.ok(/Content Security Policy/u.test(troubles.pop()));
});

test("wide and narrow, light and dark", async () => {
  const papers = [];
  for (const [width, colorScheme] of [[1280, "light"], [360, "light"], [1280, "dark"], [360, "dark"]]) {
    const other = await open({ viewport: { width, height: 740 }, colorScheme });
    const overflow = await other.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${width}: ${overflow}`);
    papers.push(await other.evaluate(() => getComputedStyle(document.body).backgroundColor));
    await other.close();
  }
  assert.equal(papers[0], papers[1]);
  assert.notEqual(papers[0], papers[2]);
});

test("nothing is wrong, and nothing is loaded", () => {
  assert.deepEqual(troubles, []);
});
