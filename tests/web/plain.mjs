// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A person without a browser: requests as bytes, cookies kept, pages read as plain structure. For what a browser is too
// polite to send and for visiting more pages than a browser has time for.
//
//   const person = visitor(coop, 'fr')                   then person.get('/fr/market'), person.post(path, pairs)
//   const page = readPage(answer.text)                   title, lang, links, forms, ids, words with their language
import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

// --- requests ---------------------------------------------------------------------------------------------------------

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const ANSWER_MS = 20_000;

/** Pairs of [name, value] as a form sends them; a value that is a Buffer is sent byte by byte. */
export function encode(pairs) {
  const part = (value) => Buffer.isBuffer(value)
    ? [...value].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    : encodeURIComponent(value);
  return pairs.map(([name, value]) => `${part(name)}=${part(value)}`).join('&');
}

/** The same as multipart/form-data; a value { name, type, bytes } is a file. */
export function multipart(pairs, boundary = 'filonfilonfilon') {
  const parts = pairs.map(([name, value]) => {
    const file = value !== null && typeof value === 'object' && !Buffer.isBuffer(value);
    const about = file ? `; filename="${value.name}"\r\nContent-Type: ${value.type}` : '';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${about}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), Buffer.from(file ? value.bytes : value), Buffer.from('\r\n')]);
  });
  return { type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]) };
}

class Person {
  constructor(coop, lang) {
    Object.assign(this, { coop, lang, cookies: new Map() });
  }

  /** { status, headers, text, bytes, wire, path }: `wire` is how many bytes of body went over the wire. */
  send(method, path, { body, type, headers = {} } = {}) {
    const { hostname, port } = new URL(this.coop.url);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = { 'accept-language': this.lang, 'accept-encoding': 'gzip', ...(cookie && { cookie }), ...headers,
      ...(body !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(body) }) };
    return new Promise((done, failed) => {
      const sent = request({ agent, hostname, port, method, path, headers: all, timeout: ANSWER_MS }, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => done(this.read(answer, Buffer.concat(chunks), path)));
        answer.on('error', failed);
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path} after ${ANSWER_MS} ms`)));
      sent.on('error', (error) => failed(new Error(`${method} ${path}: ${error.message}`)));
      sent.end(body);
    });
  }

  read(answer, wire, path) {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/max-age=(0|-\d+)/i.test(line) || value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const bytes = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(wire) : wire;
    return { status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString('utf8'), wire: wire.length, path };
  }

  get(path, options) {
    return this.send('GET', path, options);
  }

  /** A form as browsers send it; the token of `csrf` is put in when the pairs have none. */
  post(path, pairs, options = {}) {
    const form = options.multipart ? multipart(pairs)
      : { type: 'application/x-www-form-urlencoded', body: encode(pairs) };
    return this.send('POST', path, { ...form, ...options });
  }

  /** Follows 303 to the page that says what happened. */
  async follow(answer) {
    let now = answer;
    for (let hop = 0; hop < 5 && now.status >= 300 && now.status < 400; hop++) {
      const next = new URL(now.headers.location, this.coop.url + now.path);
      now = await this.get(next.pathname + next.search);
    }
    return now;
  }

  /** The same cookies as a browser wants them. */
  storage() {
    const { hostname } = new URL(this.coop.url);
    const cookies = [...this.cookies].map(([name, value]) =>
      ({ name, value, domain: hostname, path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' }));
    return { cookies, origins: [] };
  }
}

export const visitor = (coop, lang = 'fr') => new Person(coop, lang);

// --- pages ------------------------------------------------------------------------------------------------------------

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
const SPOKEN = ['alt', 'title', 'aria-label', 'placeholder'];

export function unescape(text) {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : NAMED[name] ?? whole);
}

function attributes(text) {
  const found = {};
  for (const [, name, , value] of text.matchAll(/([^\s=/]+)(\s*=\s*"([^"]*)")?/g)) found[name] = unescape(value ?? '');
  return found;
}

/** Every start tag, end tag and text in order: { tag, end, has } or { text }. */
function* tokens(html) {
  const pattern = /<!--[\s\S]*?-->|<!doctype[^>]*>|<(\/?)([a-zA-Z][\w:-]*)((?:[^>"]|"[^"]*")*)>|([^<]+)/g;
  let match;
  while ((match = pattern.exec(html)) !== null) {
    const [, end, name, rest, text] = match;
    if (text !== undefined) yield { text: unescape(text) };
    if (name === undefined) continue;
    const tag = name.toLowerCase();
    yield end ? { tag, end: true } : { tag, has: attributes(rest), alone: VOID.has(tag) || rest.endsWith('/') };
    if (tag !== 'textarea' || end) continue;
    const close = html.indexOf('</textarea', pattern.lastIndex);
    yield { text: unescape(html.slice(pattern.lastIndex, close).replace(/^\r?\n/, '')) };
    pattern.lastIndex = close;
  }
}

/** A form's field out of its tag. */
const fieldOf = (tag, has) => ({ tag, name: has.name, type: has.type ?? (tag === 'input' ? 'text' : tag),
  value: has.value ?? '', checked: 'checked' in has, options: [], once: /one-time-code|password/.test(has.autocomplete ?? '') });

/** What a page is made of. `words`: pieces of text with the language that they are marked as; `links`: where <a> lead. */
export function readPage(html) {
  const page = { lang: '', title: '', h1: [], links: [], pictures: [], forms: [], ids: new Set(), words: [], classes: new Set(), status: [] };
  const open = [];
  let form, field, option;
  for (const token of tokens(html)) {
    const lang = open.length > 0 ? open[open.length - 1].lang : page.lang;
    if (token.text !== undefined) {
      const inside = open[open.length - 1]?.tag;
      if (inside === 'title' && open.every((one) => one.tag !== 'svg')) page.title += token.text;
      if (inside === 'textarea' && field) field.value += token.text;
      if (inside === 'option' && option) option.text += token.text;
      if (open.some((one) => one.tag === 'h1')) page.h1[page.h1.length - 1] += token.text;
      if (inside !== 'textarea' && inside !== 'code' && inside !== 'pre' && token.text.trim())
        page.words.push({ lang, text: token.text.trim() });
      continue;
    }
    if (token.end) {
      const at = open.findLastIndex((one) => one.tag === token.tag);
      if (at >= 0) open.length = at;
      if (token.tag === 'form') form = undefined;
      if (token.tag === 'textarea' || token.tag === 'select') field = undefined;
      continue;
    }
    const { tag, has } = token;
    const mine = has.lang ?? lang;
    if (tag === 'html') page.lang = has.lang ?? '';
    if (has.id) page.ids.add(has.id);
    for (const name of (has.class ?? '').split(/\s+/)) if (name) page.classes.add(name);
    for (const name of SPOKEN) if (has[name]) page.words.push({ lang: mine, text: has[name] });
    if (tag === 'a' && has.href !== undefined) page.links.push(has.href);
    if (tag === 'img') page.pictures.push(has.src);
    if (tag === 'h1') page.h1.push('');
    if (tag === 'form') {
      form = { id: has.id, method: (has.method ?? 'get').toLowerCase(), action: has.action ?? '', fields: [], multipart: has.enctype === 'multipart/form-data' };
      page.forms.push(form);
    }
    if (['input', 'textarea', 'select', 'button'].includes(tag) && has.name !== undefined) {
      field = fieldOf(tag, has);
      const owner = has.form ? page.forms.find((one) => one.id === has.form) : form;
      owner?.fields.push(field);
    }
    if (tag === 'option' && field) {
      option = { value: has.value, text: '' };
      field.options.push(option);
      if ('selected' in has || field.options.length === 1) field.value = has.value ?? '';
    }
    if (!token.alone) open.push({ tag, lang: mine });
  }
  return page;
}

/** `/fr/offer/12/ask` is `/:lang/offer/:id/ask`: pages of one kind. */
export function kindOf(path) {
  const [name, query] = path.split('?');
  const parts = name.split('/').map((part, at) => {
    if (at === 1 && /^(fr|en)$/.test(part)) return ':lang';
    if (/^\d+$/.test(part)) return ':id';
    if (/^@/.test(part)) return '@:name';
    if (/^[\w-]{20,}$/.test(part)) return ':token';
    return part;
  });
  const keys = query ? [...new URLSearchParams(query).keys()].sort() : [];
  return parts.join('/') + (keys.length > 0 ? `?${[...new Set(keys)].join('&')}` : '');
}

/** Every page that `person` reaches by links and by search forms as they stand, from `start`:
 *  a Map of path to { status, page, answer, from, kind }. Of one kind at most `most` are opened. */
export async function crawl(person, start = ['/fr/', '/en/'], most = 40) {
  const seen = new Map();
  const count = new Map();
  const queue = start.map((path) => ({ path, from: '(start)' }));
  const opened = new Set(start);
  const want = (href, from) => {
    const url = new URL(href, person.coop.url + from);
    if (url.origin !== new URL(person.coop.url).origin || /^(mailto|tel|geo):/.test(href)) return;
    const path = url.pathname + url.search;
    const kind = kindOf(path) + (path.match(/^\/(fr|en)\b/)?.[0] ?? '');
    if (opened.has(path) || (count.get(kind) ?? 0) >= most) return;
    opened.add(path);
    count.set(kind, (count.get(kind) ?? 0) + 1);
    queue.push({ path, from });
  };
  const next = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const answer = await person.get(job.path);
      const html = /^text\/html/.test(answer.headers['content-type'] ?? '');
      const page = html ? readPage(answer.text) : undefined;
      seen.set(job.path, { ...job, status: answer.status, answer, page, kind: kindOf(job.path) });
      if (answer.headers.location) want(answer.headers.location, job.path);
      for (const href of page?.links ?? []) want(href, job.path);
      for (const form of page?.forms ?? [])
        if (form.method === 'get')
          want(`${form.action}?${encode(form.fields.filter((field) => field.checked || !/radio|checkbox|button|submit/.test(field.type))
            .map((field) => [field.name, field.value]))}`, job.path);
    }
  };
  // The queue is drained by four, and filled while it is.
  while (queue.length > 0) await Promise.all([next(), next(), next(), next()]);
  return seen;
}
