/**
 * Bundles the client into static/dist with hashed names: `node build.mjs`.
 *
 * In:  static/js/app.js, guard.js, rescue.js and public.js, static/js/visits/photo_worker.js, static/css/app.css, static/icons.txt,
 *      static/img/*.png, service_worker/main.js and off.js, curator_app/texts/*.toml.
 * Out: the bundles, each with .br and .gz beside it; sw.js and sw_off.js, which keep their names (a browser
 *      knows a service worker by its address); manifest.json, which maps a plain name to its hashed address.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { parse } from 'smol-toml';

const ROOT = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(ROOT, 'static', 'dist');
const PUBLIC = '/static/dist/';
/** A page that is open during an update may still ask for the chunks it was built with. */
const KEEP_OLD_MS = 24 * 3600 * 1000;
/** WebAuthn PRF, module workers and Web Locks need newer engines than these. */
const TARGET = ['chrome111', 'firefox115', 'safari16.4'];

/** Tables that only the server's templates read: a phone need not load them. */
const SERVER_TEXTS = new Set(['empty', 'repairs', 'history', 'gallery', 'periods', 'duties', 'backup', 'rescue_page', 'rescued', 'task_states', 'record', 'phones', 'people', 'duty', 'territories', 'way_back', 'office_refusals', 'before_door', 'layers', 'promises', 'undo']);
/** The system fetches them when the app is put on its screen; without a network it asks for none. */
const SYSTEM_PICTURES = /^icon-(maskable-)?512-/;
/** The page without an account is no part of the app. */
const WITHOUT_APP = /^public-/;
/** Pages that come from the server and from nowhere else: so do their scripts. */
const ONLINE_PAGES = new Set(['static/js/auth/enrol.js', 'static/js/auth/sign_in_page.js', 'static/js/card.js', 'static/js/office.js']);

/** What a phone calls itself at the office: the sources that it was built from. */
const BUILD = await buildName();

/** @type {Map<string, Buffer>} file name in dist → content */
const files = new Map();
/** @type {Map<string, { imports: { path: string }[], entryPoint?: string }>} script in dist → what it asks for */
const graph = new Map();

const worker = await bundle({ entryPoints: ['static/js/visits/photo_worker.js'] });
const css = await bundle({ entryPoints: ['static/css/app.css'] });
const hints = keep('wording', '.json', await wording());
const app = await bundle({
  entryPoints: ['static/js/app.js'],
  splitting: true,
  define: { PHOTO_WORKER_URL: JSON.stringify(worker['photo_worker.js']), WORDING_URL: JSON.stringify(hints) },
});
// Apart from the app and from each other: what goes wrong in one must not reach the other.
const guard = await bundle({ entryPoints: ['static/js/guard.js'] });
const rescue = await bundle({ entryPoints: ['static/js/rescue.js'] });
// The page without an account is nobody's app: no phone keeps its script.
const open = await bundle({ entryPoints: ['static/js/public.js'] });
const manifest = {
  ...app,
  ...guard,
  ...rescue,
  ...open,
  ...css,
  ...worker,
  ...(await pictures()),
  'icons.svg': keep('icons', '.svg', await sprite()),
  'texts.json': keep('texts', '.json', await texts()),
};

const unkept = onlineOnly(app['app.js']);
const urls = [...files.keys()].filter((name) => !unkept.has(name) && !SYSTEM_PICTURES.test(name) && !WITHOUT_APP.test(name)).sort().map((name) => PUBLIC + name);
await bundle({
  entryPoints: { sw: 'service_worker/main.js' },
  entryNames: '[name]',
  format: 'iife',
  define: {
    PHOTO_WORKER_URL: JSON.stringify(manifest['photo_worker.js']),
    PUSH_WORDS: JSON.stringify((({ title, generic }) => ({ title, generic }))((await reminderTexts()).push)),
    PUSH_ICON: JSON.stringify(manifest['icon-192.png']),
    SHELL: JSON.stringify({ version: await shellVersion(urls), urls: ['/shell', '/rescue', ...urls] }),
  },
});
await bundle({ entryPoints: { sw_off: 'service_worker/off.js' }, entryNames: '[name]', format: 'iife' });
files.set('manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
await write();
report();

/**
 * Runs esbuild in memory and keeps what it made.
 *
 * @param {esbuild.BuildOptions} options
 * @returns {Promise<Record<string, string>>} "app.js" → "/static/dist/app-XXXX.js", entry points only
 */
async function bundle(options) {
  const result = await esbuild.build({
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: TARGET,
    outdir: DIST,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    legalComments: 'none',
    ...options,
    define: { BUILD: JSON.stringify(BUILD), ...options.define },
  }).catch(() => process.exit(1)); // esbuild has said what is wrong
  for (const file of result.outputFiles ?? []) files.set(path.basename(file.path), Buffer.from(file.contents));
  /** @type {Record<string, string>} */
  const entries = {};
  for (const [output, { entryPoint, imports }] of Object.entries(result.metafile?.outputs ?? {})) {
    graph.set(path.basename(output), { imports, ...(entryPoint ? { entryPoint } : {}) });
    if (entryPoint) entries[path.basename(entryPoint)] = PUBLIC + path.basename(output);
  }
  return entries;
}

/**
 * The app's scripts that only those pages ask for: the service worker does not keep them.
 *
 * @param {string | undefined} app  address of the app's entry
 * @returns {Set<string>} file names
 */
function onlineOnly(app) {
  /** @param {string} from @param {boolean} all @param {Set<string>} found @returns {Set<string>} */
  const reached = (from, all, found) => {
    const { imports = [], entryPoint = '' } = graph.get(from) ?? {};
    if (found.has(from) || (!all && ONLINE_PAGES.has(entryPoint))) return found;
    found.add(from);
    for (const { path: file } of imports) reached(path.basename(file), all, found);
    return found;
  };
  const entry = path.basename(app ?? '');
  const kept = reached(entry, false, new Set());
  return new Set([...reached(entry, true, new Set())].filter((name) => !kept.has(name)));
}

/** The app's own icons, as they are: "icon-192.png" → "/static/dist/icon-192-XXXX.png". */
async function pictures() {
  const folder = path.join(ROOT, 'static/img');
  const entries = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort()
    .map(async (name) => [name, keep(name.slice(0, -4), '.png', await readFile(path.join(folder, name)))]);
  return Object.fromEntries(await Promise.all(entries));
}

/** The words that the client says by itself, out of the server's own file. */
async function texts() {
  const tables = parse(await readFile(path.join(ROOT, 'curator_app/texts/app.toml'), 'utf8'));
  const { confirmation, check_in } = /** @type {any} */ (parse(await readFile(path.join(ROOT, 'curator_app/texts/urgent.toml'), 'utf8')));
  const { push_priming } = await reminderTexts();
  const client = Object.entries(tables).filter(([name]) => !SERVER_TEXTS.has(name));
  const refusals = await sayable(/** @type {any} */ (tables).refusals);
  return Buffer.from(JSON.stringify({ ...Object.fromEntries(client), refusals, push_priming, urgent: { confirmation, check_in } }));
}

/** @returns {Promise<any>} what is said of reminders: the worker's words and the question's */
async function reminderTexts() {
  return parse(await readFile(path.join(ROOT, 'curator_app/texts/reminders.toml'), 'utf8'));
}

/**
 * Refusals that the client can say: its code names them, or an attribute of a page does. The server says the others itself.
 *
 * @param {Record<string, unknown>} all
 */
async function sayable(all) {
  let sources = '';
  for (const folder of ['static/js', 'templates']) {
    for (const name of await readdir(path.join(ROOT, folder), { recursive: true })) {
      if (/\.(js|html)$/.test(name)) sources += await readFile(path.join(ROOT, folder, name), 'utf8');
    }
  }
  const named = new Set(sources.match(/\w+/g));
  return Object.fromEntries(Object.entries(all).filter(([id]) => named.has(id)));
}

/** The hints «можно мягче» without their examples: a file of its own, since only «Проверьте» asks for it. */
async function wording() {
  const { meta, hints } = /** @type {any} */ (parse(await readFile(path.join(ROOT, 'curator_app/texts/wording.toml'), 'utf8')));
  const rules = hints.map((/** @type {any} */ { id, pattern, why, suggestion }) => ({ id, pattern, why, suggestion }));
  return Buffer.from(JSON.stringify({ meta, hints: rules }));
}

/** One SVG of <symbol>s from static/icons.txt: a name a line, drawn in static/icons/ or else by Lucide. */
async function sprite() {
  const names = (await readFile(path.join(ROOT, 'static/icons.txt'), 'utf8'))
    .split('\n').map((line) => line.replace(/#.*/, '').trim()).filter(Boolean);
  const symbols = await Promise.all([...new Set(names)].map(symbol));
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`);
}

/** @param {string} name */
async function symbol(name) {
  const own = path.join(ROOT, 'static/icons', `${name}.svg`);
  const lucide = path.join(ROOT, 'node_modules/lucide-static/icons', `${name}.svg`);
  const svg = await readFile(own, 'utf8').catch(() => readFile(lucide, 'utf8'));
  const inner = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>|<\/svg>[\s\S]*$/g, '');
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, ' ').replaceAll('> <', '><').trim()}</symbol>`;
}

/**
 * @param {string} stem
 * @param {string} suffix
 * @param {Buffer} content
 */
function keep(stem, suffix, content) {
  const name = `${stem}-${createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase()}${suffix}`;
  files.set(name, content);
  return PUBLIC + name;
}

/**
 * What the installed worker compares: the bundles' names, and all that the shell's HTML is made of.
 *
 * @param {string[]} parts
 */
async function shellVersion(parts) {
  const hash = createHash('sha256').update(parts.join('\n'));
  for (const folder of ['templates', 'curator_app/texts']) {
    const names = await readdir(path.join(ROOT, folder), { recursive: true });
    for (const name of names.sort()) {
      const file = path.join(ROOT, folder, name);
      if ((await stat(file)).isFile()) hash.update(name).update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 12);
}

/** A short name of this build, the same wherever the same sources are built. */
async function buildName() {
  const hash = createHash('sha256');
  for (const folder of ['static/js', 'service_worker', 'curator_app/texts']) {
    for (const name of (await readdir(path.join(ROOT, folder), { recursive: true })).sort()) {
      if (/\.(js|toml)$/.test(name)) hash.update(name).update(await readFile(path.join(ROOT, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 8);
}

/** Writes the files and their compressed twins; sweeps away what no open page can ask for any more. */
async function write() {
  await mkdir(DIST, { recursive: true });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  for (const [name, content] of files) {
    await writeFile(path.join(DIST, name), content);
    if (name === 'manifest.json') continue;
    await writeFile(path.join(DIST, `${name}.br`), brotliCompressSync(content, { params }));
    await writeFile(path.join(DIST, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
  const now = new Date();
  for (const name of await readdir(DIST)) {
    const file = path.join(DIST, name);
    if (files.has(name.replace(/\.(br|gz)$/, ''))) await utimes(file, now, now);
    else if (name !== '.stamp' && now.getTime() - (await stat(file)).mtimeMs > KEEP_OLD_MS) await rm(file);
  }
}

function report() {
  const total = [...files.keys()].filter((name) => name !== 'manifest.json')
    .reduce((sum, name) => sum + brotliCompressSync(files.get(name) ?? Buffer.alloc(0)).length, 0);
  console.log(`static/dist: ${files.size} files, ${(total / 1024).toFixed(1)} KB compressed`);
}
