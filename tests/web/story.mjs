// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The story that every room has to be in for: people trade in a co-operative. Each chapter is told in one language, one
// width, with or without JavaScript, by mouse or by keyboard (hand.mjs), and asserts what each page says.
import { mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as at } from 'node:path';
import { check, checkEqual, filon, letter } from './lib.mjs';
import { publish as publishRegister } from './register.mjs';

/** Amounts as the page's language writes them. */
export const euro = (hand, cents) => {
  const sign = cents < 0 ? '−' : '';
  const [whole, rest] = [Math.trunc(Math.abs(cents) / 100), String(Math.abs(cents) % 100).padStart(2, '0')];
  return hand.lang === 'fr' ? `${sign}${whole},${rest} €` : `${sign}€${whole}.${rest}`;
};

export async function signIn(hand, { email, password }) {
  await hand.press('a[href$="/login"]');
  await hand.write('account', email);
  await hand.write('password', password);
  await hand.send('/login');
}

/** Signs in by the link of a letter, as those without a password do. */
export async function signInByLetter(hand, email) {
  await hand.press('a[href$="/login"]');
  await hand.write('email', email, 'form[action$="/login/mail"]');
  await hand.send('/login/mail');
  await openLink(hand, email, /\/login\/link\//);
  await hand.press('form[action*="/login/link/"] button');
}

/** Follows the link that fits `pattern` out of the next letter to `email`. */
export async function openLink(hand, email, pattern) {
  const text = unfolded(await letter(hand.page.coop, email, pattern));
  const link = text.split(/\s+/).find((word) => pattern.test(word) && /^<?https?:/.test(word));
  check(link, `no link like ${pattern} in the letter to ${email}`);
  await hand.open(link.replace(/[<>.,]+$/, '').replace(/^</, ''));
}

/** A letter's text without the folding of quoted-printable. */
const unfolded = (mail) => mail.replace(/=\r?\n/g, '').replace(/(?:=[\dA-F]{2})+/g, (codes) =>
  Buffer.from(codes.replace(/=/g, ''), 'hex').toString('utf8'));

// --- founding ---------------------------------------------------------------------------------------------------------

const next = (hand) => hand.press('button[name="go"][value="next"]');

/** The wizard, from the printed link to the first signed-in page; left once on the way and taken up again. */
export async function found(hand, link, coop, founders) {
  await hand.open(link.replace(/\/(fr|en)\/found/, `/${hand.lang}/found`));
  await hand.press('form[action*="/found/"] button');
  await hand.pick('lang', hand.lang);
  for (const name of ['name', 'sentence', 'place', 'email']) await hand.write(name, coop[name]);
  await next(hand);
  await hand.pick('legal_form', 'association');
  await next(hand);
  await hand.pick('hours');
  await next(hand);
  await next(hand);
  await hand.write('share', '20');
  await hand.press('button[name="go"][value="leave"]');
  await hand.press('a[href$="/found"]');
  if ((await hand.page.locator('[name="share"]').count()) === 0) await hand.press('a[href$="/found/step/5"]');
  checkEqual(await hand.field('share').inputValue(), '20', 'what was typed before leaving');
  await next(hand);
  for (const [name, percent] of Object.entries(coop.fee)) await hand.write(name, number(hand, percent));
  await hand.write('sample', number(hand, '38.00'));
  await hand.press('button[name="go"][value="again"]');
  await hand.sees(euro(hand, 3458), euro(hand, 198), euro(hand, 87), euro(hand, 57));
  await next(hand);
  await hand.write('iban', 'FR76 3000 6000 0112 3456 7890 189');
  await next(hand);
  for (const [at, founder] of founders.entries()) {
    if ((await hand.page.locator(`[name="founder_${at}_name"]`).count()) === 0) await hand.press('button[name="go"][value="add"]');
    for (const what of ['name', 'email', 'trade']) await hand.write(`founder_${at}_${what}`, founder[what]);
    if (founder.password) await hand.write(`founder_${at}_password`, founder.password);
  }
  await next(hand);
  await hand.pick('keys');
  await next(hand);
  await hand.sees(coop.name, coop.sentence, ...founders.map((founder) => founder.name));
  await hand.press('button[name="go"][value="adopt"]');
  await hand.sees(coop.sentence);
  check((await hand.page.locator('header a[href$="/account"]').count()) > 0, 'the first founder is not signed in');
}

/** What a person of this language types for 38.00. */
const number = (hand, text) => hand.lang === 'fr' ? text.replace('.', ',') : text;

// --- people -----------------------------------------------------------------------------------------------------------

/** Asks to become a member. */
export async function apply(hand, who) {
  await hand.press('a[href$="/people"]');
  await hand.press('a[href$="/join"]');
  for (const name of ['name', 'email', 'trade', 'why']) await hand.write(name, who[name]);
  await hand.pick('statutes');
  await hand.send('/join');
}

/** The facilitator lets in who has asked. */
export async function admit(hand, who) {
  await hand.press('a[href$="/account"]');
  await hand.press('a[href$="/desk"]');
  await hand.sees(who.name, who.why);
  await hand.press(`li:has-text("${who.name}") form[action$="/admit"] button`);
}

/** The facilitator invites; the invited follows the letter. */
export async function invite(hand, email) {
  await hand.press('a[href$="/account"]');
  await hand.press('a[href$="/desk"]');
  await hand.press('a[href$="/desk/invite"]');
  await hand.write('email', email);
  await hand.press('button[name="go"][value="send"]');
}

export async function join(hand, who) {
  await openLink(hand, who.email, /\/join\/[\w-]{20,}/);
  for (const name of ['name', 'trade', 'password']) await hand.write(name, who[name]);
  await hand.pick('statutes');
  await hand.press('form[action*="/join/"] button');
}

/** One's bank account, into which others pay. */
export async function giveAccount(hand, iban) {
  await hand.press('a[href$="/account"]');
  await hand.press('a[href$="/account/profile"]');
  await hand.write('iban', iban);
  await hand.send('/account/profile');
}

// --- market -----------------------------------------------------------------------------------------------------------

const KIND = { sale: '1', exchange: '4', gift: '5', service: '6' };

/** Publishes an offer and returns its number. */
export async function publish(hand, offer) {
  await hand.press('a[href$="/account"]');
  await hand.press('a[href$="/offers/new"]');
  await hand.pick('kind', KIND[offer.kind]);
  await hand.write('title', offer.title);
  await hand.write('body', offer.body);
  if (offer.price) await hand.write('price', offer.price);
  if (offer.hours) await hand.write('hours', offer.hours);
  await hand.press('form button[value="check"]');
  if (offer.receives) await hand.sees(offer.receives);
  await hand.press('form button[value="publish"]');
  await hand.sees(offer.title);
  return hand.page.url().match(/\/offer\/(\d+)/)[1];
}

/** Finds an offer by a word of its title and opens it. */
export async function find(hand, word, id) {
  await hand.press('nav a[href$="/market"]');
  await hand.write('q', word);
  await hand.press('form[role=search] button');
  await hand.press(`a[href$="/offer/${id}"]`);
}

// --- orders -----------------------------------------------------------------------------------------------------------

/** Asks for an offer whose page is open; returns the order's number. */
export async function ask(hand, { note, total }) {
  await hand.press('form[action$="/ask"] button');
  if (note) await hand.write('note', note);
  await hand.sees(total);
  await hand.press('form[action$="/ask"] button.primary');
  const id = hand.page.url().match(/\/orders\/(\d+)/)?.[1];
  check(id, `not on the page of an order: ${hand.page.url()}\n${await hand.said()}`);
  return id;
}

/** One's orders, then this one. */
export async function openOrder(hand, id) {
  await hand.press('a[href$="/account"]');
  await hand.press('a[href$="/orders"]');
  const here = hand.page.locator(`main a[href$="/orders/${id}"]`);
  for (const tab of ['running', 'done'])
    if ((await here.count()) === 0) await hand.press(`a[href$="tab=${tab}"]`);
  await hand.press(`a[href$="/orders/${id}"]`);
}

/** One step of the order that is open. */
export const step = (hand, id, event) => hand.send(`/orders/${id}`, event);

export async function review(hand, { stars, text }) {
  await hand.pick('stars', String(stars));
  await hand.write('text', text);
  await hand.send('/review');
}

// --- money ------------------------------------------------------------------------------------------------------------

/** One's statement, in euro or in hours. */
export async function statement(hand, unit) {
  await hand.press('a[href$="/account"]');
  await hand.press('a[href$="/account/statement"]');
  if (unit === 'hours') await hand.press('nav.chips a:not([aria-current]), .chips a:not([aria-current])');
}

// --- the register -----------------------------------------------------------------------------------------------------

/** A file behind a link of the page, with the cookies of whoever looks. */
const take = async (hand, path) => {
  const answer = await hand.page.request.get(path);
  return { status: answer.status(), text: await answer.text() };
};

const PUBLISHED_MS = 30_000;

/** Entry, proof and list as the register itself has them, as soon as it is published that far; not by sleeping, by watching. */
async function ownFiles(hand, index) {
  for (const until = Date.now() + PUBLISHED_MS; ;) {
    const changes = new AbortController();
    const watched = watch(at(hand.page.coop.dir, 'log'), { signal: changes.signal });
    const changed = new Promise((done) => watched.once('change', done).once('close', done).once('error', done));
    const late = setTimeout(() => changes.abort(), Math.max(until - Date.now(), 0));
    const proof = await take(hand, `/proof/${index}/proof`);
    if (proof.status !== 200) await changed;
    clearTimeout(late);
    changes.abort();
    if (proof.status === 200)
      return { entry: (await take(hand, `/proof/${index}/entry.json`)).text, proof: proof.text, policy: (await take(hand, '/log/policy')).text };
    check(Date.now() < until, `entry ${index} was not published: ${proof.status}`);
  }
}

/** The form of /proof/verify with these files; the browser checks where it can, the server where there is no script. */
async function tryReceipt(hand, receipt, { proof, policy }) {
  await hand.press('a[href*="/proof/verify"]');
  await hand.unfold(':has([name="policy"])');
  for (const [name, text] of Object.entries({ receipt, proof, policy })) await hand.write(name, text);
  if (hand.way.js) await hand.hit('#here');
  else await hand.press('form[action$="/proof/verify"] button[type=submit]');
  await hand.page.locator('#result').waitFor();
}

const verdictOf = async (hand) => {
  for (const id of ['v-whole', 'v-broken', 'v-part']) if (await hand.page.locator(`#${id}`).isVisible()) return id;
  return 'none';
};

/** A member takes the receipt of an order out of the register and has it checked: in the page, and by the command that asks
 *  nobody; one changed figure is noticed by the first, one changed byte by the second. `witnessed`: not with the register's own
 *  proof, which nobody cosigns here, but with one that register.mjs makes of the entries and a witness signs. */
export async function checkReceipt(hand, order, { witnessed }) {
  await openOrder(hand, order);
  await hand.press('a[href*="/proof/"]');
  const index = Number(hand.page.url().match(/\/proof\/(\d+)$/)?.[1]);
  const entry = hand.page.url();
  const receipt = (await take(hand, `/proof/${index}/receipt.json`)).text;
  const files = witnessed ? await publishRegister(hand.page.coop, index) : await ownFiles(hand, index);
  checkEqual(JSON.parse(receipt).entry, files.entry.toString(), 'the entry of the receipt');
  await tryReceipt(hand, receipt, files);
  checkEqual(await verdictOf(hand), witnessed ? 'v-whole' : 'v-part', `the receipt of entry ${index}`);
  await hand.looked();
  await hand.open(entry);
  await tryReceipt(hand, receipt.replace(/(\\"transfers\\":\[\[)(\d+)/, (whole, before, seq) => `${before}${Number(seq) + 1}`), files);
  checkEqual(await verdictOf(hand), 'v-broken', `a changed receipt of entry ${index}`);
  checkByCommand(hand, files);
}

function checkByCommand(hand, { entry, proof, policy }) {
  const folder = mkdtempSync(at(tmpdir(), 'filon-receipt-'));
  const run = (leaf) => {
    for (const [name, text] of Object.entries({ entry: leaf, proof, policy })) writeFileSync(at(folder, name), text);
    return filon(hand.page.coop, ['log', 'verify-proof', at(folder, 'proof'), '--leaf', at(folder, 'entry'), '--policy', at(folder, 'policy')]);
  };
  const good = run(entry), bad = run(`${entry} `);
  rmSync(folder, { recursive: true });
  checkEqual(good.status, 0, `filon log verify-proof: ${good.out}${good.err}`);
  checkEqual(bad.status, 1, 'filon log verify-proof of another entry');
}
