// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two browsers found a co-operative from nothing and trade in it; everything adds up to the cent. Told four times.
import { check, checkEqual, closeCoop, filon, openCoop, test } from './lib.mjs';
import { person } from './hand.mjs';
import { ask, euro, find, openOrder, publish, review, signIn, step } from './story.mjs';
import { FOUNDERS } from './people.mjs';

const WAYS = [
  { lang: 'en', width: 1280, js: true, keys: false, dark: false },
  { lang: 'fr', width: 390, js: false, keys: true, dark: true },
];

const told = ({ lang, width, js, keys }) => `${lang}, ${width} px, ${js ? 'with' : 'without'} JavaScript, by ${keys ? 'keyboard' : 'mouse'}`;

async function tell(way) {
  const coop = await openCoop({ found: true, lang: way.lang });
  const ada = await person(coop, way);
  const malik = await person(coop, way);
  const zoe = await person(coop, way);
  for (const [hand, who] of [[ada, FOUNDERS.facilitator], [malik, FOUNDERS.accountant], [zoe, FOUNDERS.auditor]]) {
    await hand.open(`/${way.lang}/`);
    await signIn(hand, who);
  }

  // An hour of work in euro, and what became of each cent.
  const bike = await publish(ada, { kind: 'service', title: 'Réglage de vélo', body: 'Freins, dérailleur et roues.',
    price: way.lang === 'fr' ? '38,00' : '38.00', receives: euro(ada, 3458) });
  await find(malik, 'vélo', bike);
  await malik.sees(euro(malik, 3800), euro(malik, 3458), euro(malik, 198), euro(malik, 87), euro(malik, 57));
  const first = await ask(malik, { note: 'Le mardi me va.', total: euro(malik, 3800) });
  await openOrder(ada, first);
  await step(ada, first, 'accept');
  await openOrder(malik, first);
  await malik.press(`a[href$="/orders/${first}/pay"]`);
  await malik.sees(euro(malik, 3800), /RF\d\d|FR\d\d/);
  check((await malik.page.locator('.qrbox svg').count()) === 1, 'no QR');
  await step(malik, first, 'pay_said');
  await openOrder(ada, first);
  await step(ada, first, 'pay_seen');
  await step(ada, first, 'deliver');
  await openOrder(malik, first);
  await step(malik, first, 'confirm');
  await review(malik, { stars: 5, text: 'Impeccable, merci.' });
  await openOrder(ada, first);
  check(!(await ada.said()).includes('Impeccable'), 'the envelope is open before both wrote');
  await review(ada, { stars: 4, text: 'Ponctuel.' });
  await ada.sees('Impeccable', 'Ponctuel');

  const audit = filon(coop, ['audit']);
  checkEqual(audit.status, 0, `audit: ${audit.out}`);
  await closeCoop(coop);
}

for (const way of WAYS) test(told(way), () => tell(way), { timeout: 240_000 });
