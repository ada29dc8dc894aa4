// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The tests of the tests: a page with one thing wrong must be found out, a good page must pass. The pages come from a
// small server here, so that this holds before and whatever filon serves.
import { createServer } from 'node:http';
import { check, checkEqual, checkPage, keyboard, openPage, test, weigh } from './lib.mjs';

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; " +
  "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const page = (main, head = '') => `<!doctype html><html lang="en"><head><title>A page</title>
  <meta name="viewport" content="width=device-width">${head}</head><body><main id="main"><h1>A page</h1>${main}</main></body></html>`;
const FORM = `<form method="post" action="/sent"><input type="hidden" name="csrf" value="x">
  <p><label>Title <input name="title"></label></p>
  <fieldset><legend>Kind</legend><label><input type="radio" name="kind" value="sale"> Sale</label>
  <label><input type="radio" name="kind" value="gift"> Gift</label></fieldset>
  <p><label>Unit <select name="unit"><option>Euro</option><option>Hours</option></select></label></p>
  <p><label><input type="checkbox" name="sure"> Sure</label></p><p><button>Publish</button></p></form>`;

const PAGES = {
  '/good': page(FORM),
  '/alt': page('<img src="/a.svg">'),
  '/wide': page('<div class="wide">x</div>', '<link rel="stylesheet" href="/wide.css">'),
  '/third': page('<img alt="" src="http://127.0.0.2:9/x.png">'),
  '/inline': page('<p style="color: red">x</p>'),
  '/script': page('<script>1</script>'),
  '/console': page('', '<script src="/error.js"></script>'),
  '/two': page('<h1>Again</h1>'),
  '/token': page('<form method="post"><button>Go</button></form>'),
  '/ring': page('<a href="/good">Go</a>', '<link rel="stylesheet" href="/ring.css">'),
  '/broken': page(''),
};
const FILES = {
  '/a.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  '/wide.css': ['text/css', '.wide { inline-size: 3000px }'],
  '/ring.css': ['text/css', ':focus-visible { outline: none }'],
  '/error.js': ['text/javascript', 'console.error("no")'],
  '/favicon.ico': ['image/png', ''],
};

/** The server as openPage wants it. */
async function serve() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    const [type, body] = FILES[pathname] ?? ['text/html; charset=utf-8', PAGES[pathname]];
    if (pathname === '/sent') {
      request.setEncoding('utf8').once('data', (sent) => {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': CSP });
        response.end(page(`<p id="sent">${sent.replaceAll('&', ' ')}</p>`));
      });
      return;
    }
    const status = pathname === '/broken' ? 500 : 200;
    response.writeHead(status, { 'content-type': type, 'content-security-policy': CSP });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function findings(coop, path, options) {
  const one = await openPage(coop, { lang: 'en', path, ...options });
  const found = await checkPage(one).then(() => '', (error) => error.message);
  await one.context().close();
  return found;
}

test('a good page passes, with and without JavaScript, dark and light, narrow and wide', async () => {
  const coop = await serve();
  for (const js of [true, false])
    for (const dark of [true, false])
      for (const width of [390, 1280]) checkEqual(await findings(coop, '/good', { js, dark, width }), '', 'findings');
  coop.close();
});

test('each wrong page is found out', async () => {
  const coop = await serve();
  const wanted = { '/alt': 'axe image-alt', '/wide': 'pixels wider', '/third': 'third party', '/inline': 'a style attribute',
    '/script': 'a script in the page', '/console': 'console: no', '/two': '2 h1', '/token': 'no token', '/broken': 'status 500' };
  for (const [path, what] of Object.entries(wanted)) {
    const found = await findings(coop, path);
    check(found.includes(what), `${path}: wanted "${what}" in "${found}"`);
  }
  check((await findings(coop, '/inline')).includes('console: '), 'a CSP violation is a console error');
  check((await findings(coop, '/alt', { js: false })).includes('axe image-alt'), 'axe runs without JavaScript');
  coop.close();
});

test('a form is filled in by keyboard alone, without JavaScript', async () => {
  const coop = await serve();
  const one = await openPage(coop, { lang: 'en', path: '/good', js: false });
  const keys = keyboard(one);
  await keys.type(one.getByLabel('Title'), 'Bread');
  await keys.choose(one.getByLabel('Gift'));
  await keys.select(one.getByLabel('Unit'), 'Hours');
  await keys.toggle(one.getByLabel('Sure'));
  await keys.press(one.getByRole('button', { name: 'Publish' }));
  checkEqual(await one.locator('#sent').textContent(), 'csrf=x title=Bread kind=gift unit=Hours sure=on', 'what was sent');
  coop.close();
});

test('the mouse and a missing ring are found out', async () => {
  const coop = await serve();
  const one = await openPage(coop, { lang: 'en', path: '/ring' });
  const keys = keyboard(one);
  const link = one.getByRole('link');
  const clicked = await (async () => link.click())().then(() => '', (error) => error.message);
  checkEqual(clicked, 'a mouse in a keyboard test', 'a click');
  const pressed = await keys.press(link).then(() => '', (error) => error.message);
  checkEqual(pressed, 'the element with the focus does not show it', 'no ring');
  coop.close();
});

test('bytes are weighed', async () => {
  const coop = await serve();
  const weight = await weigh(coop, '/wide', { lang: 'en' });
  check(weight.html > 200 && weight.css > 20 && weight.js === 0, JSON.stringify(weight));
  coop.close();
});
