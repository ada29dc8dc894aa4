// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What every browser test needs: a co-operative of its own on a free port, a real Chromium, pages as people have them
// (language, theme, width, with and without JavaScript), and the checks that hold on every page.
//
//   test('name', async () => { ... })        registers; run.mjs runs them in order
//   const coop = await openCoop({ found: true })   or { demo: true }, or { wizard: true }
//   const page = await openPage(coop, { lang: 'fr', dark: true, width: 390, js: false })
//   await checkPage(page)                    axe, console, CSP, third parties, overflow
//   const keys = keyboard(page)              from here on the mouse is refused
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, existsSync, readFileSync, readdirSync, rmSync, statSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import axe from 'axe-core';

const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = resolve(HERE, '../..');
export const FILON = process.env.FILON ?? join(ROOT, 'build/filon');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const START_MS = 60_000;

// --- tests ------------------------------------------------------------------------------------------------------------

export const tests = [];

/** Registers a test; `options.timeout` in milliseconds (default 60 s). */
export function test(name, body, options = {}) {
  tests.push({ name, body, timeout: options.timeout ?? 60_000 });
}

class Skipped extends Error {}
/** Leaves the running test out, with its reason. */
export function skip(why) {
  throw new Skipped(why);
}
export const isSkip = (error) => error instanceof Skipped;

export function check(condition, what) {
  if (!condition) throw new Error(what);
}
export function checkEqual(got, wanted, what) {
  if (got !== wanted) throw new Error(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
}

// --- the program ------------------------------------------------------------------------------------------------------

const running = new Set();

/** Runs one command to its end on the co-operative's folder: { status, out, err }. */
export function filon(coop, args, input = '') {
  const done = spawnSync(FILON, [...args, '--data', coop.dir], { input, encoding: 'utf8', timeout: 120_000 });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

/** A co-operative in a folder of its own, served on a free port. One of:
 *  { found: true } from tests/coop.json, or a file's name; { demo: true, lang }; { wizard: true }; { dir } a folder that has one.
 *  `rates`: with the limits that stop a hurried visitor. `args` go to the server. Ends with closeCoop, or with the run. */
export async function openCoop({ found, demo, wizard, lang = 'fr', dir, rates = false, args = [] } = {}) {
  const coop = { dir: dir ?? mkdtempSync(join(tmpdir(), 'filon-web-')), log: '', own: dir === undefined };
  if (found) {
    const founded = filon(coop, ['found', found === true ? join(ROOT, 'tests/coop.json') : found]);
    if (founded.status !== 0) throw new Error(`found ${found}: ${founded.err}`);
  }
  const command = demo ? ['demo', '--lang', lang] : ['serve', '--lang', lang, ...(wizard ? ['--wizard'] : [])];
  const always = ['--data', coop.dir, '--port', '0', ...(rates ? [] : ['--no-rate-limit'])];
  coop.server = spawn(FILON, [...command, ...always, ...args], { cwd: ROOT });
  running.add(coop);
  coop.url = await printedAddress(coop);
  return coop;
}

function printedAddress(coop) {
  return new Promise((found, failed) => {
    const late = setTimeout(() => failed(new Error(`no address after ${START_MS} ms: ${coop.log}`)), START_MS);
    const read = (bytes) => {
      coop.log += bytes;
      const address = coop.log.match(/https?:\/\/(?:[\w.-]+|\[[\da-f:]+\]):\d+/);
      if (address) {
        clearTimeout(late);
        found(address[0]);
      }
    };
    coop.server.stdout.on('data', read);
    coop.server.stderr.on('data', read);
    coop.server.once('error', failed);
    coop.server.once('exit', (code, signal) => {
      coop.ended = { code, signal };
      clearTimeout(late);
      failed(new Error(`the server ended with ${code ?? signal}: ${coop.log}`));
    });
  });
}

/** Stops the server as Ctrl-C does; anything but a clean end is an error. */
export async function closeCoop(coop) {
  running.delete(coop);
  if (!coop.ended) {
    const ended = new Promise((done) => coop.server.once('exit', done));
    coop.server.kill('SIGINT');
    const hung = setTimeout(() => coop.server.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(hung);
  }
  if (coop.own) rmSync(coop.dir, { recursive: true, force: true });
  check(coop.ended.code === 0, `the server ended with ${coop.ended.code ?? coop.ended.signal}: ${coop.log.slice(-2000)}`);
}

/** The wizard's one-time link, as the server prints it. */
export function wizardLink(coop) {
  const link = coop.log.match(/https?:\/\/\S+\/found\S*/);
  check(link, `no link of the wizard in: ${coop.log}`);
  return link[0];
}

/** E-mails that the co-operative wrote to files, oldest first; `to` keeps those for one address. */
export function letters(coop, to = '') {
  const folder = join(coop.dir, 'mail');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort()
    .map((path) => readFileSync(path, 'utf8'))
    .filter((text) => text.includes(to));
}

/** The next e-mail for `to` that fits `pattern`; waits for it, does not sleep for it. */
export async function letter(coop, to, pattern, timeout = 30_000) {
  const folder = join(coop.dir, 'mail');
  mkdirSync(folder, { recursive: true });
  const until = Date.now() + timeout;
  for (;;) {
    // Watched before it is read, so that what comes between is not missed.
    const changes = new AbortController();
    const watched = watch(folder, { signal: changes.signal });
    const changed = new Promise((done) => watched.once('change', done).once('error', done));
    const text = letters(coop, to).reverse().find((mail) => pattern.test(mail));
    const late = setTimeout(() => changes.abort(), Math.max(until - Date.now(), 0));
    watched.once('close', () => clearTimeout(late));
    if (text === undefined && Date.now() < until) await Promise.race([changed, new Promise((done) => watched.once('close', done))]);
    changes.abort();
    clearTimeout(late);
    if (text !== undefined) return text;
    check(Date.now() < until, `no e-mail to ${to} like ${pattern} among ${letters(coop).length}`);
  }
}

// --- the browser ------------------------------------------------------------------------------------------------------

let browser;

async function theBrowser() {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return browser;
}

/** A page in a browser profile of its own: a person. `page.problems` collects what must not happen on any page.
 *  `as`: the page of the same person under other settings (shares cookies). `cookies`: those of plain.mjs' storage(). */
export async function openPage(coop, { lang = 'fr', dark = false, width = 1280, js = true, as, cookies, path } = {}) {
  const context = await (await theBrowser()).newContext({
    baseURL: coop.url,
    locale: lang === 'fr' ? 'fr-FR' : 'en-GB',
    timezoneId: 'Europe/Paris',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    viewport: { width, height: width < 600 ? 844 : 900 },
    javaScriptEnabled: js,
    storageState: as ? await as.context().storageState() : cookies,
  });
  const page = await context.newPage();
  page.problems = [];
  Object.assign(page, { coop, lang, dark, js });
  page.setDefaultTimeout(30_000);
  // Chromium tells a CSP violation and a Trusted Types one as console errors; a 4xx page that a test asks for is none.
  page.on('console', (message) => {
    const status = /the server responded with a status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !status) page.problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.problems.push(`script: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(coop.url) && !request.url().startsWith('data:'))
      page.problems.push(`third party: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) page.problems.push(`status ${response.status()}: ${response.url()}`);
  });
  if (path) await page.goto(path);
  return page;
}

export async function closeAll() {
  await browser?.close();
  browser = undefined;
  for (const coop of [...running]) await closeCoop(coop).catch(() => {});
}

// Whatever happens to the run, no server outlives it.
process.once('exit', () => running.forEach((coop) => coop.server.kill('SIGKILL')));

// --- what holds on every page -----------------------------------------------------------------------------------------

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The same document in a page where scripts may run, but its own do not: what a person without JavaScript sees, for a
 *  tool that needs timers. */
async function withTimers(page) {
  const options = { as: page, dark: page.dark, lang: page.lang, width: page.viewportSize().width };
  const twin = await openPage(page.coop, options);
  const body = (await page.content()).replace(/<\/?noscript>/g, '');
  const address = page.url().split('#')[0];
  await twin.route('**/*', (route) =>
    route.request().resourceType() === 'script' ? route.abort() : route.continue());
  await twin.route(address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  await twin.goto(address);
  return twin;
}

/** Violations that axe finds, one line each. */
export async function axeFindings(page) {
  if (!page.js) {
    const twin = await withTimers(page);
    const found = await axeFindings(twin);
    await twin.context().close();
    return found;
  }
  await page.evaluate(axe.source);
  const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
  return found.violations.map((v) =>
    `axe ${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join('; ')})`);
}

/** Pixels that the page is wider than its window. */
export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What search engines, screen readers and the house ask of each page. */
export async function structureFindings(page) {
  return page.evaluate(() => {
    const wrong = [];
    const one = (selector) => document.querySelectorAll(selector).length === 1;
    if (!document.documentElement.lang) wrong.push('no lang on html');
    if (!one('h1')) wrong.push(`${document.querySelectorAll('h1').length} h1`);
    if (!one('main#main')) wrong.push('no main#main');
    if (document.querySelector('[style]')) wrong.push('a style attribute');
    if (document.querySelector('script:not([src])')) wrong.push('a script in the page');
    for (const form of document.querySelectorAll('form[method=post]'))
      if (!form.querySelector('input[name=csrf]')) wrong.push(`no token in the form ${form.action}`);
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined) wrong.push(`id ${twice} twice`);
    return wrong;
  });
}

/** All of it; throws with every finding. */
export async function checkPage(page) {
  const found = [...page.problems, ...(await axeFindings(page)), ...(await structureFindings(page))];
  const wide = await overflow(page);
  if (wide > 0) found.push(`${wide} pixels wider than the window`);
  page.problems.length = 0;
  if (found.length > 0) throw new Error(`${page.url()}\n${found.join('\n')}`);
}

/** Bytes over the wire for a first view of `path`: { html, css, js, font, image, requests }, as compressed. */
export async function weigh(coop, path, options = {}) {
  const page = await openPage(coop, options);
  const session = await page.context().newCDPSession(page);
  const kinds = new Map();
  const weight = { html: 0, css: 0, js: 0, font: 0, image: 0, other: 0, requests: 0 };
  const names = { Document: 'html', Stylesheet: 'css', Script: 'js', Font: 'font', Image: 'image' };
  await session.send('Network.enable');
  session.on('Network.responseReceived', (event) => kinds.set(event.requestId, names[event.type] ?? 'other'));
  session.on('Network.loadingFinished', (event) => {
    weight[kinds.get(event.requestId) ?? 'other'] += event.encodedDataLength;
    weight.requests++;
  });
  await page.goto(path, { waitUntil: 'networkidle' });
  await page.context().close();
  return weight;
}

// --- by keyboard alone ------------------------------------------------------------------------------------------------

const STOPS_MAX = 250;

const MOUSE = ['click', 'dblclick', 'tap', 'hover', 'check', 'uncheck', 'setChecked', 'selectOption', 'dragTo', 'fill',
  'focus'];

/** Makes what a person without a mouse cannot do throw on this page, by whichever way the test asks for it. */
function refuseMouse(page) {
  const refuse = () => {
    throw new Error('a mouse in a keyboard test');
  };
  const locators = Object.getPrototypeOf(page.locator('html'));
  for (const name of MOUSE) {
    page[name] = refuse;
    const before = locators[name];
    if (before.watched) continue;
    locators[name] = function watched(...args) {
      return this.page().keyboardOnly ? refuse() : before.apply(this, args);
    };
    locators[name].watched = true;
  }
  for (const name of ['click', 'dblclick', 'down', 'move', 'up', 'wheel']) page.mouse[name] = refuse;
  page.keyboardOnly = true;
}

/** Drives the page with Tab, arrows, Space, Enter and text. After this call the mouse throws. */
export function keyboard(page) {
  refuseMouse(page);
  const has = (locator) => locator.evaluate((element) => element === document.activeElement);
  /** Tabs forward until `locator` has the focus; every stop on the way must show a ring. */
  async function reach(locator) {
    await locator.first().waitFor();
    for (let stop = 0; stop < STOPS_MAX; stop++) {
      if (await has(locator.first())) {
        await checkRing(page);
        return;
      }
      await page.keyboard.press('Tab');
    }
    throw new Error(`${locator} is not reached by Tab`);
  }
  return {
    reach,
    /** A link or a button. */
    async press(locator) {
      await reach(locator);
      await page.keyboard.press('Enter');
    },
    async type(locator, text) {
      await reach(locator);
      await page.keyboard.press('Control+A');
      if (text === '') await page.keyboard.press('Delete');
      else await page.keyboard.insertText(text);
    },
    /** A checkbox. */
    async toggle(locator) {
      await reach(locator);
      await page.keyboard.press('Space');
    },
    /** A radio button: Tab reaches its group, arrows the button. */
    async choose(locator) {
      const name = await locator.getAttribute('name');
      const group = page.locator(`input[type=radio][name="${name}"]`);
      for (let stop = 0; stop < STOPS_MAX; stop++) {
        const inside = await group.evaluateAll((all) => all.includes(document.activeElement));
        if (inside) break;
        await page.keyboard.press('Tab');
      }
      for (let turn = (await group.count()) + 1; turn > 0 && !(await has(locator)); turn--)
        await page.keyboard.press('ArrowDown');
      check(await has(locator), `${locator} is not reached by arrows`);
      await page.keyboard.press('Space');
    },
    /** A select, by the text of its option. */
    async select(locator, text) {
      await reach(locator);
      const count = await locator.locator('option').count();
      await page.keyboard.press('Home');
      for (let turn = 0; turn < count; turn++) {
        const now = await locator.evaluate((element) => element.selectedOptions[0]?.textContent.trim());
        if (now === text) return;
        await page.keyboard.press('ArrowDown');
      }
      throw new Error(`no option ${text}`);
    },
  };
}

/** The element with the focus shows it by an outline, a shadow or a border that is not there otherwise. */
export async function checkRing(page) {
  const shown = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return true;
    const style = getComputedStyle(element);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  });
  check(shown, 'the element with the focus does not show it');
}

/** A picture of the page in tests/web/out, which nobody commits. */
export async function picture(page, name) {
  mkdirSync(join(HERE, 'out'), { recursive: true });
  await page.screenshot({ path: join(HERE, 'out', `${name}.png`), fullPage: true });
}
