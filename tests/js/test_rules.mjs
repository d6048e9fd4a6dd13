import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { ruleFor, SHELL_PATHS } from '../../service_worker/rules.js';

const HOME = 'https://curator.example';
const ID = '01890000-0000-7000-8000-000000000001';

/** @param {string} path @param {{ method?: string, mode?: string, origin?: string }} [how] */
const rule = (path, { method = 'GET', mode = 'navigate', origin = HOME } = {}) => ruleFor({ method, mode }, new URL(path, origin), HOME);

for (const path of ['/', '/today', '/families', '/outbox', '/more', `/families/${ID}`, `/families/${ID}/visit`, '/today?x=1']) {
  test(`a phone opens ${path} from the shell`, () => assert.equal(rule(path), 'shell'));
}

for (const path of ['/enrol', '/sign-in', '/rescued', '/shell', '/sw.js', '/nobody/knows', `/families/${ID}/print`, `/photos/${ID}/full`, '/families/x', '/today/']) {
  test(`${path} is the network's`, () => assert.equal(rule(path), 'network'));
}

for (const [path, how] of /** @type {[string, any][]} */ ([
  ['/kit', { method: 'POST', mode: 'cors' }],
  ['/session', { mode: 'cors' }],
  [`/sync/envelopes/${ID}`, { method: 'PATCH', mode: 'cors' }],
  [`/photos/${ID}/thumb`, { mode: 'no-cors' }],
  ['/today', { mode: 'cors' }],
  ['/today', { method: 'POST' }],
  ['/static/dist/manifest.json', { mode: 'cors' }],
  ['/static/dist/app-ABCDEFGH.js', { mode: 'cors', origin: 'https://other.example' }],
])) {
  test(`${how.method ?? 'GET'} ${path} (${how.mode ?? 'navigate'}) is never answered from a cache`, () => assert.equal(rule(path, how), 'network'));
}

test('the page that needs no app has a rule of its own', () => assert.equal(rule('/rescue'), 'rescue'));

test('a file whose name changes with its content comes from the cache', () => {
  for (const name of ['app-2KAYFT6Z.js', 'icons-0A1B2C3D.svg']) assert.equal(rule(`/static/dist/${name}`, { mode: 'no-cors' }), 'asset');
});

test('the server has the same table of shell pages', async () => {
  const python = await readFile(new URL('../../curator_app/pwa/routes.py', import.meta.url), 'utf8');
  const pattern = /SHELL_PATHS = re\.compile\(\s*r"(.+)"\s*\)/.exec(python)?.[1];
  assert.equal(SHELL_PATHS.source.replaceAll('\\/', '/'), pattern);
});
