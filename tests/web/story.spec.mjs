// SPDX-License-Identifier: AGPL-3.0-or-later
//
// From nothing to a co-operative where people trade: founded, joined, an order in euro and one in hours, reviews, a dispute
// settled, and everything adds up to the cent. Told in every way that people use pages.
import { check, checkEqual, closeCoop, filon, openCoop, test, wizardLink } from './lib.mjs';
import { person } from './hand.mjs';
import { admit, apply, ask, checkReceipt, euro, find, found, giveAccount, invite, join, openOrder, publish, review, signInByLetter, statement, step } from './story.mjs';

const WAYS = [
  { lang: 'en', width: 1280, js: true, keys: false, dark: false },
  { lang: 'fr', width: 390, js: false, keys: true, dark: true },
  { lang: 'fr', width: 1280, js: false, keys: false, dark: true },
  { lang: 'en', width: 390, js: true, keys: true, dark: false },
];

const COOP = { name: 'La Traboule', sentence: 'Ce que nous faisons les uns pour les autres.', place: 'Lyon', email: 'bonjour@traboule.example',
  fee: { fee_running: '5.2', fee_reserve: '2.3', fee_solidarity: '1.5' } };
const ADA = { name: 'Ada Perrin', email: 'ada@traboule.example', trade: 'couturière', password: 'trois-rivieres-de-cuivre' };
const MALIK = { name: 'Malik Benali', email: 'malik@traboule.example', trade: 'menuisier' };
const ZOE = { name: 'Zoé Martin', email: 'zoe@traboule.example', trade: 'médiatrice' };
const LOU = { name: 'Lou Fabre', email: 'lou@traboule.example', trade: 'jardinage', why: 'Je cultive des tomates et je répare des vélos.' };
const INES = { name: 'Inès Moreau', email: 'ines@traboule.example', trade: 'pain', password: 'six-rivieres-de-cuivre' };

const told = ({ lang, width, js, keys }) => `${lang}, ${width} px, ${js ? 'with' : 'without'} JavaScript, by ${keys ? 'keyboard' : 'mouse'}`;

/** Founded by three; one asks and is admitted; one is invited and joins. */
async function people(coop, way) {
  const ada = await person(coop, way);
  await found(ada, wizardLink(coop), COOP, [ADA, MALIK, ZOE]);
  const others = {};
  for (const [name, who] of Object.entries({ malik: MALIK, zoe: ZOE })) {
    others[name] = await person(coop, way);
    await others[name].open(`/${way.lang}/`);
    await signInByLetter(others[name], who.email);
  }
  const lou = await person(coop, way);
  await lou.open(`/${way.lang}/`);
  await apply(lou, LOU);
  await admit(ada, LOU);
  await signInByLetter(lou, LOU.email);
  const ines = await person(coop, way);
  await invite(ada, INES.email);
  await join(ines, INES);
  return { ada, lou, ines, ...others };
}

/** 38.00 for a service, paid from person to person; both write a review and neither sees the other's before. */
async function inEuro({ ada, malik }) {
  await giveAccount(ada, 'FR76 3000 6000 0112 3456 7890 189');
  const offer = await publish(ada, { kind: 'service', title: 'Réglage de vélo', body: 'Freins, dérailleur et roues.',
    price: ada.lang === 'fr' ? '38,00' : '38.00', receives: euro(ada, 3458) });
  await find(malik, 'vélo', offer);
  await malik.sees(euro(malik, 3800), euro(malik, 3458), euro(malik, 198), euro(malik, 87), euro(malik, 57));
  const order = await ask(malik, { note: 'Le mardi me va.', total: euro(malik, 3800) });
  await openOrder(ada, order);
  await ada.sees('Le mardi me va.');
  await step(ada, order, 'accept');
  await openOrder(malik, order);
  await malik.press(`a[href$="/orders/${order}/pay"]`);
  await malik.sees('Ada Perrin', 'FR76 3000 6000 0112 3456 7890 189', euro(malik, 3800), /RF\d\d/);
  check((await malik.page.locator('.qr-box svg').count()) === 1, 'no QR');
  await step(malik, order, 'pay_said');
  await openOrder(ada, order);
  await step(ada, order, 'pay_seen');
  await step(ada, order, 'deliver');
  await openOrder(malik, order);
  await step(malik, order, 'confirm');
  await review(malik, { stars: 5, text: 'Impeccable, merci.' });
  await openOrder(ada, order);
  check(!(await ada.said()).includes('Impeccable'), 'the envelope is open before both wrote');
  await review(ada, { stars: 4, text: 'Ponctuel et aimable.' });
  await ada.sees('Impeccable', 'Ponctuel');
  return order;
}

/** An hour and a half, held when asked, given when confirmed. */
async function inHours({ ada, lou }) {
  const offer = await publish(ada, { kind: 'exchange', title: 'Cours de couture', body: 'Une robe, pas à pas.', hours: '1:30' });
  await find(lou, 'couture', offer);
  const order = await ask(lou, { total: '1 h 30' });
  await openOrder(ada, order);
  await step(ada, order, 'accept');
  await step(ada, order, 'deliver');
  await openOrder(lou, order);
  await step(lou, order, 'confirm');
}

/** Two hours, of which a mediator who is no party gives half an hour back. */
async function inDispute({ ines, lou, zoe }) {
  const offer = await publish(lou, { kind: 'exchange', title: 'Taille de haie', body: 'Une haie, et la coupe emportée.', hours: '2:00' });
  await find(ines, 'haie', offer);
  const order = await ask(ines, { total: '2 h' });
  await openOrder(lou, order);
  await step(lou, order, 'accept');
  await step(lou, order, 'deliver');
  await openOrder(ines, order);
  await ines.press(`a[href$="/orders/${order}/problem"]`);
  await ines.write('note', 'La coupe est restée devant la porte.');
  await ines.pick('wish', 'part');
  await ines.send('/problem');
  await zoe.press('a[href$="/account"]');
  await zoe.press('a[href$="/desk"]');
  await zoe.press('a[href$="/desk/mediation"]');
  await zoe.press(`a[href$="/orders/${order}"]`);
  await zoe.sees('La coupe est restée devant la porte.');
  await zoe.send('/mediate');
  await zoe.write('back_0', '0:30');
  await zoe.write('note', 'Une demi-heure pour emporter la coupe.', `form:has(input[value="decide"])`);
  await step(zoe, order, 'decide');
  await openOrder(ines, order);
  await ines.sees('Une demi-heure pour emporter la coupe.');
}

/** Sums of a person's statement, as the command line tells it: { 'ACCOUNT CURRENCY': minor units }. */
function sums(coop, name) {
  const rows = (args) => filon(coop, [...args, '--json']).out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const { handle } = rows(['user', 'list']).find((one) => one.name === name);
  const all = {};
  for (const { account, currency, amount } of rows(['statement', handle])) {
    const key = `${account} ${currency}`;
    all[key] = (all[key] ?? 0) + amount;
  }
  return JSON.stringify(all);
}

/** What was traded, as the statements of all, on paper and on the page, and the money page of the co-op have it. */
async function addsUp(coop, { ada, malik, lou, ines }) {
  checkEqual(sums(coop, ADA.name), '{"411000 EUR":342,"803000 EUR":3800,"801000 HOUR":90}', 'statement of Ada');
  checkEqual(sums(coop, MALIK.name), '{"803000 EUR":-3800}', 'statement of Malik');
  checkEqual(sums(coop, LOU.name), '{"801000 HOUR":0}', 'statement of Lou');
  checkEqual(sums(coop, INES.name), '{"801000 HOUR":-90}', 'statement of Inès');
  await statement(ada);
  await ada.sees(`+${euro(ada, 3800)}`, euro(ada, 342), `+${euro(ada, 198)}`, `+${euro(ada, 87)}`, `+${euro(ada, 57)}`);
  await statement(malik);
  await malik.sees(euro(malik, -3800));
  await statement(ada, 'hours');
  await ada.sees('+1 h 30');
  await statement(lou, 'hours');
  await lou.sees('+1 h 30', '−1 h 30', '0 min');
  await statement(ines, 'hours');
  await ines.sees('−1 h 30');
  await malik.press('nav a[href$="/money"]');
  await malik.sees(euro(malik, 3800), euro(malik, 3458), euro(malik, 198), euro(malik, 87), euro(malik, 57), '3 h');
}

async function tell(way) {
  const coop = await openCoop({ wizard: true, lang: way.lang });
  const all = await people(coop, way);
  const order = await inEuro(all);
  await inHours(all);
  await inDispute(all);
  await addsUp(coop, all);
  await checkReceipt(all.ada, order, { witnessed: false });
  await checkReceipt(all.malik, order, { witnessed: true });
  const audit = filon(coop, ['audit']);
  check(audit.status === 0 && /\b0 (findings|constats?|anomalies?)/.test(audit.out), `audit: ${audit.out}${audit.err}`);
  for (const hand of Object.values(all)) await hand.leave();
  await closeCoop(coop);
}

// Two at a time: while one waits for a letter, the other has the processor.
const telling = [];
const begin = (at) => {
  if (at < WAYS.length) (telling[at] ??= tell(WAYS[at])).catch(() => {});
};
WAYS.forEach((way, at) => test(told(way), () => {
  begin(at);
  if (at % 2 === 0) begin(at + 1);
  return telling[at];
}, { timeout: 420_000 }));
