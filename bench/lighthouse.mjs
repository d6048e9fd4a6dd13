/**
 * Runs Lighthouse over pages: `node bench/lighthouse.mjs < runs.json`, one line of JSON for each as it is done.
 *
 * In:  [{name, url, cookie, profile: "edge" | "slow4g", accessibility: boolean}]
 * Out: {name, profile, lcp (ms), fcp (ms), bytes, accessibility (0 to 100 or null), faults: [audit ids], error}
 *
 * The links are simulated (Lantern): Lighthouse loads the page fast and computes what a slow link makes of
 * it, which is far steadier than slowing it down.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lighthouse from 'lighthouse';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SWITCHES = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-extensions',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--remote-debugging-port=0',
];
/** Phone-like CPU in both; 4x is what Lighthouse's mobile preset says. */
const PROFILES = { edge: link(500, 200), slow4g: link(150, 1638.4) };
const SCREEN = { mobile: true, width: 412, height: 823, deviceScaleFactor: 1.75, disabled: false };

/**
 * @param {number} rttMs
 * @param {number} kbps
 */
function link(rttMs, kbps) {
  return {
    rttMs,
    throughputKbps: kbps,
    requestLatencyMs: rttMs * 3.75,
    downloadThroughputKbps: kbps * 0.9,
    uploadThroughputKbps: kbps * 0.9,
    cpuSlowdownMultiplier: 4,
  };
}

/** Starts a Chromium of its own, so that no page finds another's cache or worker. */
async function chromium() {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'bench-lh-'));
  const process_ = spawn(CHROMIUM, [...SWITCHES, `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore' });
  const gone = new Promise((resolve) => process_.once('exit', resolve));
  const close = async () => {
    process_.kill();
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  for (let tries = 0; tries < 150; tries += 1) {
    const file = await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '');
    if (file.includes('\n')) return { port: Number(file.split('\n')[0]), close };
    await sleep(100);
  }
  await close();
  throw new Error('Chromium does not start');
}

/** @param {{url: string, cookie: string, profile: 'edge' | 'slow4g', accessibility: boolean}} run */
function settings(run) {
  return {
    formFactor: /** @type {const} */ ('mobile'),
    screenEmulation: SCREEN,
    throttlingMethod: /** @type {const} */ ('simulate'),
    throttling: PROFILES[run.profile],
    onlyCategories: run.accessibility ? ['performance', 'accessibility'] : ['performance'],
    extraHeaders: run.cookie ? { Cookie: run.cookie } : null,
    ignoreStatusCode: true,
    maxWaitForLoad: 60_000,
  };
}

/** @param {any} run */
async function measure(run) {
  const { name, profile } = run;
  const browser = await chromium();
  try {
    const options = { port: browser.port, output: /** @type {const} */ ('json'), logLevel: /** @type {const} */ ('error') };
    const result = await lighthouse(run.url, options, { extends: 'lighthouse:default', settings: settings(run) });
    if (!result) throw new Error('no result');
    return { name, profile, ...summary(result.lhr) };
  } catch (error) {
    return { name, profile, error: String(error) };
  } finally {
    await browser.close();
  }
}

/** @param {any} lhr */
function summary({ audits, categories, runtimeError, finalDisplayedUrl }) {
  const accessibility = categories.accessibility;
  const faults = (accessibility?.auditRefs ?? [])
    .filter((/** @type {any} */ one) => one.weight > 0 && audits[one.id].score === 0)
    .map((/** @type {any} */ one) => one.id);
  return {
    lcp: audits['largest-contentful-paint']?.numericValue ?? null,
    fcp: audits['first-contentful-paint']?.numericValue ?? null,
    bytes: audits['total-byte-weight']?.numericValue ?? null,
    accessibility: accessibility ? Math.round(accessibility.score * 100) : null,
    faults,
    url: finalDisplayedUrl,
    error: runtimeError?.message ?? null,
  };
}

let input = '';
for await (const piece of process.stdin) input += piece;
for (const run of JSON.parse(input)) console.log(JSON.stringify(await measure(run)));
