// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What holds on every page that anyone reaches. First every link of every role is followed over plain HTTP (dead links,
// faults, weight, words), then one page of each kind and shape is looked at by Chromium: axe, overflow, console, content
// security policy, third parties, bytes of a first view. FILON_WEB_FULL=1 looks at every theme, width and language of each.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { axeFindings, check, checkEqual, closeCoop, openCoop, openPage, overflow, ROOT, structureFindings, test } from './lib.mjs';
import { everyone } from './people.mjs';
import { crawl, visitor } from './plain.mjs';

const BUDGET = { html: 14_336, css: 9_216, js: 10_240, font: 16_384, view: 51_200, requests: 12 };
const FULL = process.env.FILON_WEB_FULL === '1';
const SHAPES_MAX = 6;

let coop, people, reached;

const keysOf = (lang) => [...readFileSync(join(ROOT, `src/pages/lang/${lang}.po`), 'utf8').matchAll(/^msgid "([^"]+)"/gm)]
  .map(([, key]) => key);

test('every role reaches its pages', async () => {
  coop = await openCoop({ demo: true });
  people = await everyone(coop);
  reached = new Map();
  for (const [role, person] of people) reached.set(role, await crawl(person));
  for (const [role, seen] of reached) check(seen.size > 20, `${role} reaches ${seen.size} pages only`);
}, { timeout: 420_000 });

/** Every reached page, as { role, path, ... }, and what is wrong with one of them as lines. */
function* pages() {
  for (const [role, seen] of reached) for (const [path, one] of seen) yield { role, path, ...one };
}

function none(found) {
  const all = [...new Set(found)];
  check(all.length === 0, `${all.length} findings\n${all.slice(0, 40).join('\n')}`);
}

test('no link is dead, nothing fails', async () => {
  const allowed = (status) => status < 400;
  none([...pages()].filter((one) => !allowed(one.status)).map((one) => `${one.status} ${one.path} (${one.role}, from ${one.from})`));
});

test('every picture is there and is one', async () => {
  const me = visitor(coop);
  const found = [];
  for (const path of new Set([...pages()].flatMap((one) => one.page?.pictures ?? []))) {
    const { status, headers, bytes } = await me.get(path);
    if (status !== 200 || !/^image\//.test(headers['content-type']) || bytes.length === 0) found.push(`${path}: ${status} ${headers['content-type']}`);
  }
  none(found);
});

test('links within a page lead somewhere', async () => {
  const found = [];
  for (const { role, path, page } of pages())
    for (const href of page?.links ?? [])
      if (href.startsWith('#') && !page.ids.has(href.slice(1))) found.push(`${path} (${role}): ${href}`);
  none(found);
});

test('every page has one heading, a title and its language', async () => {
  const found = [];
  for (const { role, path, page, status } of pages()) {
    if (!page) continue;
    if (page.h1.length !== 1 || !page.h1[0].trim()) found.push(`${path} (${role}): ${page.h1.length} h1`);
    if (!/\S+ — \S+/.test(page.title)) found.push(`${path} (${role}): title "${page.title}"`);
    if (status === 422 && !/^(Error: |Erreur\u202f?\s?: )/.test(page.title)) found.push(`${path}: title "${page.title}"`);
    const wanted = path.match(/^\/(fr|en)\b/)?.[1];
    if (wanted && page.lang !== wanted) found.push(`${path} (${role}): lang ${page.lang}`);
  }
  none(found);
});

test('the HTML of every page fits the first flight', async () => {
  none([...pages()].filter((one) => one.page && one.answer.wire > BUDGET.html)
    .map((one) => `${one.path} (${one.role}): ${one.answer.wire} bytes`));
});

// Words that one of the two languages has and the other has not. What members wrote is marked with its own language, or as
// of a language that nobody knows (lang=""); only a title cannot be.
const OTHER = {
  fr: /(?<![\p{L}'’-])(the|and|with|your|you|from|this|that|have|which|what|when|where|search|password|there|their|nothing|yes)(?![\p{L}'’-])/iu,
  en: /(?<![\p{L}'’-])(dans|avec|pour|vous|votre|vos|sont|nous|cette|avez|être|aucune?|rien|mais|leur|depuis|oui|une)(?![\p{L}'’-])/iu,
};

test('every page speaks its language and shows no key', async () => {
  const keys = new Set(keysOf('en').filter((key) => key.includes('.')));
  const found = [];
  for (const { role, path, page } of pages()) {
    for (const { lang, text } of page?.words ?? []) {
      const wrong = lang === page.lang && text !== page.title.trim() && OTHER[lang]?.exec(text);
      if (wrong) found.push(`${path} (${role}): "${wrong[0]}" in "${text.slice(0, 80)}"`);
      const key = text.match(/[a-z_]+\.[\w.-]+/g)?.find((word) => keys.has(word));
      if (key || /[{}]/.test(text) || /\b(undefined|null|NaN|\(null\)|%[sd])\b/.test(text))
        found.push(`${path} (${role}): "${text.slice(0, 80)}"`);
    }
  }
  none(found);
});

test('both tables of words have the same keys', async () => {
  checkEqual(keysOf('fr').sort().join(' '), keysOf('en').sort().join(' '), 'keys');
});

// --- in Chromium ------------------------------------------------------------------------------------------------------

/** One page of each kind and shape: what differs in its forms is another shape. */
function shapes() {
  const found = new Map();
  const count = new Map();
  for (const one of pages()) {
    if (!one.page || one.status >= 400) continue;
    const kind = one.kind.replace(/\?.*/, '');
    const forms = one.page.forms.map((form) => form.action.replace(/\d+/g, 'N').replace(/^\/(fr|en)/, '')).sort();
    const shape = `${kind} ${one.path.slice(0, 3)} ${[...new Set(forms)]}`;
    const lot = `${kind} ${one.path.slice(0, 3)}`;
    if (found.has(shape) || (count.get(lot) ?? 0) >= SHAPES_MAX) continue;
    count.set(lot, (count.get(lot) ?? 0) + 1);
    found.set(shape, one);
  }
  return [...found.values()];
}

/** The looks of one page: [dark, width] for each run of axe. Both languages come as pages of their own. */
const looks = (path) => FULL ? [true, false].flatMap((dark) => [1280, 390, 320].map((width) => [dark, width]))
  : path.startsWith('/fr') ? [[false, 1280], [true, 390]] : [[true, 1280], [false, 320]];

async function look(page, one) {
  const found = [];
  const say = (what) => found.push(`${one.path} (${one.role}): ${what}`);
  await page.emulateMedia({ colorScheme: 'light' });
  const answer = await page.goto(one.path);
  if (answer.status() >= 400) say(`status ${answer.status()}`);
  for (const what of await structureFindings(page)) say(what);
  for (const [dark, width] of looks(one.path)) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    for (const what of await axeFindings(page)) say(`${what} [${dark ? 'dark' : 'light'} ${width}]`);
  }
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await overflow(page);
    if (wide > 0) say(`${wide} pixels wider than ${width}`);
  }
  for (const what of page.problems.splice(0)) say(what);
  return found;
}

/** Three look at the pages in turn: as many as two cores keep busy. */
async function lookAll(list) {
  const found = [];
  const work = async () => {
    let page, role;
    for (let one = list.shift(); one; one = list.shift()) {
      if (role !== one.role) {
        await page?.context().close();
        page = await openPage(coop, { cookies: people.get(one.role).storage(), lang: 'fr' });
        role = one.role;
      }
      found.push(...(await look(page, one)));
    }
    await page?.context().close();
  };
  await Promise.all([work(), work(), work()]);
  return found;
}

test('axe, width, console, policy: nothing on any page', async () => {
  none(await lookAll(shapes()));
}, { timeout: 420_000 });

test('a first view weighs what it may', async () => {
  const found = [];
  const sizes = new Map();
  const me = visitor(coop);
  const size = async (path) => {
    if (!sizes.has(path)) sizes.set(path, await me.get(path));
    return sizes.get(path);
  };
  for (const one of shapes()) {
    const weight = { html: one.answer.wire, css: 0, js: 0, font: 0, image: 0 };
    const html = one.answer.text;
    const assets = new Set([...html.matchAll(/(?:<link rel="(?:stylesheet|preload|icon|modulepreload)" |<script[^>]* |<img )[^>]*?(?:href|src)="([^"]+)"/g)]
      .map(([, path]) => path).filter((path) => path.startsWith('/') && !path.startsWith('/photo/')));
    for (const path of assets) {
      const answer = await size(path);
      if (answer.status !== 200) found.push(`${one.path}: ${answer.status} ${path}`);
      const kind = path.match(/\.css/) ? 'css' : path.match(/\.m?js/) ? 'js' : path.match(/\.woff2/) ? 'font' : 'image';
      weight[kind] += answer.wire;
    }
    const view = Object.values(weight).reduce((sum, bytes) => sum + bytes, 0);
    for (const kind of ['html', 'css', 'js', 'font']) if (weight[kind] > BUDGET[kind]) found.push(`${one.path}: ${kind} ${weight[kind]}`);
    if (view > BUDGET.view) found.push(`${one.path}: a first view of ${view} bytes`);
    if (assets.size + 1 > BUDGET.requests) found.push(`${one.path}: ${assets.size + 1} requests`);
  }
  none(found);
});

test('the server ends cleanly', async () => {
  await closeCoop(coop);
});
