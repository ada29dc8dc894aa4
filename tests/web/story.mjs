// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The story that every room has to be in for: people trade in a co-operative. Each chapter is told in one language, one
// width, with or without JavaScript, by mouse or by keyboard (hand.mjs), and asserts what each page says.
import { check, letter } from './lib.mjs';

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
