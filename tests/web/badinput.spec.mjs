// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Every field of every form that anyone finds, times a table of bad values. The answer is a redirect, a page or a refusal in
// 4xx, never a fault; a refusal in 422 names what is wrong, keeps what was typed and writes nothing; nothing hostile comes
// back unescaped; afterwards the books are clean.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { check, closeCoop, filon, openCoop, test } from './lib.mjs';
import { everyone, lookAs } from './people.mjs';
import { crawl, encode, kindOf, readPage } from './plain.mjs';

const MISSING = Symbol('missing');
const TWICE = Symbol('twice');
const BAD = {
  empty: '', blank: ' \t ', long: 'a'.repeat(10_000), emoji: '🧵🪡'.repeat(20), nul: 'a\0b', 'new line': 'a\r\nSet-Cookie: x=1',
  'not UTF-8': Buffer.from([0x61, 0xff, 0xfe, 0x80, 0xc0, 0xaf]), surrogate: Buffer.from([0xed, 0xa0, 0x80]),
  markup: '"><script>alert(1)</script>', negative: '-1', exponent: '1e9', huge: '99999999999999999999', zero: '0',
  quote: "' OR 1=1; --", path: '../../../../etc/passwd', direction: '\u202eevil\u0000', missing: MISSING, doubled: TWICE,
};
// A hidden field is the house's own: fewer ways to be wrong make sense.
const HIDDEN = ['empty', 'long', 'nul', 'not UTF-8', 'markup', 'negative', 'huge', 'missing', 'doubled'];
const KEPT = ['long', 'emoji', 'markup', 'negative', 'exponent', 'huge', 'quote', 'path'];
const NOT_TYPED = /^(hidden|password|file|submit|button|radio|checkbox|select)$/;

/** What a person in a hurry would type. */
function plausible(field) {
  if (field.value !== '' && field.type !== 'checkbox') return field.value;
  const byName = { email: 'someone@example.org', account: 'someone@example.org', title: 'Pain au levain', name: 'Lou Fabre',
    place: 'Lyon', iban: 'FR7630006000011234567890189', bic: 'AGRIFRPP', price: '12,50', hours: '1:30', quantity: '1', stars: '4' };
  if (field.name in byName) return byName[field.name];
  if (field.type === 'email') return 'someone@example.org';
  if (field.type === 'number') return '2';
  if (field.type === 'date') return '2027-03-01';
  if (field.type === 'tel') return '+33 4 72 00 00 00';
  if (field.type === 'password') return 'assez-long-et-rare-42';
  return field.tag === 'textarea' ? 'Une phrase, puis une autre.' : 'Quelques mots';
}

/** The pairs that a browser sends of this form, filled in as a person would. */
function filled(form) {
  const pairs = [];
  const radios = new Set();
  for (const field of form.fields) {
    if (field.type === 'checkbox') {
      if (field.checked) pairs.push([field.name, field.value || 'on']);
    } else if (field.type === 'radio') {
      const chosen = form.fields.find((one) => one.name === field.name && one.checked) ?? field;
      if (!radios.has(field.name)) pairs.push([field.name, chosen.value]);
      radios.add(field.name);
    } else if (field.type === 'file') {
      pairs.push([field.name, { name: '', type: 'application/octet-stream', bytes: '' }]);
    } else if (field.tag !== 'button' && field.type !== 'submit') {
      pairs.push([field.name, plausible(field)]);
    }
  }
  return pairs;
}

const FILES = {
  'no picture': { name: 'a.jpg', type: 'image/jpeg', bytes: 'not a picture' },
  'cut picture': { name: 'a.png', type: 'image/png', bytes: Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex') },
  'vast picture': { name: 'a.png', type: 'image/png',
    bytes: Buffer.from('89504e470d0a1a0a0000000d494844527fffffff7fffffff0806000000', 'hex') },
  zeros: { name: '../../a.csv', type: 'text/csv', bytes: Buffer.alloc(1 << 20) },
  'not UTF-8': { name: 'é\u0001.csv', type: 'text/csv', bytes: Buffer.from([0x6e, 0x61, 0xff, 0x0a, 0x22, 0x2c]) },
};

/** The pairs with one field changed: [what, pairs] for each bad value. */
function* spoiled(form, field) {
  const good = filled(form);
  const with_ = (value) => good.some(([name]) => name === field.name)
    ? good.map(([name, was]) => [name, name === field.name ? value : was]) : [...good, [field.name, value]];
  if (field.type === 'file') {
    for (const [what, file] of Object.entries(FILES)) yield [what, with_(file)];
    return;
  }
  for (const [what, value] of Object.entries(BAD)) {
    if (field.type === 'hidden' && !HIDDEN.includes(what)) continue;
    if (value === MISSING) yield [what, good.filter(([name]) => name !== field.name)];
    else if (value === TWICE) yield [what, [...good, [field.name, plausible(field)]]];
    else yield [what, with_(value)];
  }
}

let coop, people, forms;

/** One form of each kind, with the role and page where it stands. */
function collect(role, seen, into) {
  for (const [path, { page, status }] of seen) {
    if (!page || status >= 400) continue;
    page.forms.forEach((form, at) => {
      const names = [...new Set(form.fields.map((field) => field.name))];
      const key = `${form.method} ${kindOf(form.action).replace(/^\/(:lang|fr|en)/, '')} ${names}`;
      if (!into.has(key)) into.set(key, { key, role, path, at, form });
    });
  }
}

test('every form is found', async () => {
  coop = await openCoop({ demo: true });
  people = await everyone(coop);
  forms = new Map();
  for (const [role, person] of people) collect(role, await crawl(person, ['/fr/'], 12), forms);
  // What ends a session comes late, and signing in last: bad attempts make everybody of this network wait.
  const late = (one) => [/account\/(security|leave)/, /logout/, /login/].findIndex((pattern) => pattern.test(one.form.action));
  forms = new Map([...forms].sort(([, a], [, b]) => late(a) - late(b)));
  check(forms.size > 10, `only ${forms.size} forms`);
}, { timeout: 420_000 });

// --- one form ---------------------------------------------------------------------------------------------------------

/** The journal of the database as it lies on the disk: what differs was written to. */
function journal() {
  const path = join(coop.dir, 'filon.db-wal');
  const { size, mtimeNs } = statSync(path, { bigint: true });
  return `${size} ${mtimeNs}`;
}

/** The form as it stands now, for its token and its idempotency key; undefined when the page has it no more. */
async function fresh(one) {
  let answer = await people.get(one.role).get(one.path);
  if (answer.status === 303 && /\/login/.test(answer.headers.location)) {
    await lookAs(people.get(one.role), one.role);
    answer = await people.get(one.role).get(one.path);
  }
  if (answer.status !== 200) return undefined;
  const named = (form) => `${kindOf(form.action)} ${form.fields.map((field) => field.name)}`;
  return readPage(answer.text).forms.find((form) => named(form) === named(one.form));
}

/** What a page of 422 must have; `pairs` were sent. */
function refusalFindings(answer, pairs, field, what) {
  const found = [];
  const page = readPage(answer.text);
  if (!/^(Error: |Erreur\s?: )/.test(page.title)) found.push(`title "${page.title}"`);
  if (!page.ids.has('errors')) found.push('no summary of what is wrong');
  for (const href of page.links.filter((link) => /^#f-/.test(link)))
    if (!page.ids.has(href.slice(1))) found.push(`the summary leads to ${href}, which is not there`);
  const fields = page.forms.flatMap((form) => form.fields);
  for (const [name, value] of pairs) {
    if (typeof value !== 'string' || pairs.filter(([other]) => other === name).length > 1) continue;
    const back = fields.filter((one) => one.name === name && !one.once && !NOT_TYPED.test(one.type));
    if (back.length === 0 || (name === field.name && !KEPT.includes(what))) continue;
    const kept = back.some((one) => one.value.replace(/\r\n/g, '\n').trim() === value.replace(/\r\n/g, '\n').trim());
    if (!kept) found.push(`what was typed in ${name} is gone: "${back[0].value.slice(0, 40)}" for "${value.slice(0, 40)}"`);
  }
  return found;
}

async function send(one, form, pairs) {
  const person = people.get(one.role);
  if (form.method === 'get') return person.get(`${form.action}?${encode(pairs)}`);
  return person.post(form.action, pairs, { multipart: form.multipart });
}

// Signing in counts attempts, refused or not.
const COUNTS = /\/(login|account\/security|account\/email)/;

async function tryField(one, name) {
  const found = [];
  let form = await fresh(one);
  const field = form?.fields.find((other) => other.name === name);
  if (!field) return found;
  for (const [what] of spoiled(form, field)) {
    form = await fresh(one);
    const again = form?.fields.find((other) => other.name === name);
    if (!again) return found;
    const pairs = [...spoiled(form, again)].find(([other]) => other === what)[1];
    const say = (text) => found.push(`${form.method} ${form.action} (${one.role}) ${name} ${what}: ${text}`);
    const before = journal();
    const answer = await send(one, form, pairs);
    const wrote = journal() !== before;
    if (answer.status >= 500) say(`status ${answer.status}`);
    if (form.method === 'post' && ![200, 303].includes(answer.status) && answer.status < 400) say(`status ${answer.status}`);
    if (/<script>alert|Set-Cookie: x=1\r?\n/.test(answer.text) && /<script>alert/.test(answer.text)) say('markup comes back');
    if (answer.headers['set-cookie']?.some((cookie) => /^x=/.test(cookie))) say('a header was made');
    if (answer.status !== 422) continue;
    for (const wrong of refusalFindings(answer, pairs, again, what)) say(wrong);
    if (wrote && !COUNTS.test(form.action)) {
      // The clock of the house may write at any time, but not five times running.
      let times = 1;
      for (let at = journal(); times < 5; at = journal(), times++) {
        await send(one, form, pairs);
        if (journal() === at) break;
      }
      if (times === 5) say('a refusal wrote');
    }
  }
  return found;
}

test('no bad value brings a fault, and what was typed is kept', async () => {
  const found = [];
  for (const one of forms.values()) {
    const names = new Set(one.form.fields.map((field) => field.name));
    for (const name of names) found.push(...(await tryField(one, name)));
  }
  check(found.length === 0, `${found.length} findings\n${found.slice(0, 60).join('\n')}`);
}, { timeout: 420_000 });

test('a form without its token, of another kind or too large changes nothing', async () => {
  const found = [];
  for (const one of forms.values()) {
    if (one.form.method !== 'post') continue;
    const form = await fresh(one);
    if (!form) continue;
    const person = people.get(one.role);
    const bare = filled(form).filter(([name]) => name !== 'csrf');
    const ways = {
      'no token': () => person.post(form.action, bare),
      'wrong token': () => person.post(form.action, [...bare, ['csrf', 'x'.repeat(86)]]),
      'another site': () => person.post(form.action, filled(form), { headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } }),
      JSON: () => person.send('POST', form.action, { type: 'application/json', body: '{"a":1}' }),
      'cut multipart': () => person.send('POST', form.action, { type: 'multipart/form-data; boundary=x', body: '--x\r\nContent-Disp' }),
      'many fields': () => person.post(form.action, [...filled(form), ...Array.from({ length: 400 }, (_, n) => [`x${n}`, '1'])]),
    };
    for (const [what, way] of Object.entries(ways)) {
      const answer = await way();
      if (answer.status < 400 || answer.status >= 500)
        if (form.fields.some((field) => field.name === 'csrf')) found.push(`${form.action} (${one.role}) ${what}: status ${answer.status}`);
    }
  }
  check(found.length === 0, `${found.length} findings\n${found.slice(0, 40).join('\n')}`);
}, { timeout: 120_000 });

test('no address brings a fault', async () => {
  const found = [];
  const parts = ['0', '-1', '99999999999999999999', '1e3', 'a%00b', '%ff%fe', '..%2f..%2fetc', '%F0%9F%A7%B5', "'", 'a'.repeat(4000)];
  const kinds = new Set([...forms.values()].flatMap((one) => [one.path, one.form.action]).map((path) => kindOf(path.split('?')[0]))
    .filter((kind) => /:id|:token|:name/.test(kind)));
  for (const kind of kinds)
    for (const part of parts) {
      const path = kind.replace(':lang', 'fr').replace(/:id|:token|:name/g, part);
      for (const person of people.values()) {
        const answer = await person.get(path);
        if (answer.status >= 500 || answer.status === 200) found.push(`${path}: ${answer.status}`);
      }
    }
  check(found.length === 0, `${found.length} findings\n${found.slice(0, 40).join('\n')}`);
}, { timeout: 120_000 });

test('nothing hostile is shown to anyone, and the books are clean', async () => {
  const found = [];
  for (const [role, person] of people)
    for (const [path, { answer, status }] of await crawl(person, ['/fr/'], 30)) {
      if (status >= 500) found.push(`${path} (${role}): ${status}`);
      if (/<script>alert/.test(answer.text) && /html/.test(answer.headers['content-type'])) found.push(`${path} (${role}): markup`);
    }
  check(found.length === 0, found.slice(0, 40).join('\n'));
  const audit = filon(coop, ['audit']);
  check(audit.status === 0, `audit: ${audit.out}${audit.err}`);
  await closeCoop(coop);
}, { timeout: 120_000 });
