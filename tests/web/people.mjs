// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who looks at a co-operative: a visitor and one person of each role, as people without browser (plain.mjs).
import { filon } from './lib.mjs';
import { readPage, signIn, visitor } from './plain.mjs';

/** The founders of tests/coop.json. */
export const FOUNDERS = {
  facilitator: { name: 'Ada Perrin', handle: 'ada', email: 'ada@traboule.example', password: 'trois-rivieres-de-cuivre' },
  accountant: { name: 'Malik Benali', handle: 'malik', email: 'malik@traboule.example', password: 'quatre-rivieres-de-cuivre' },
  auditor: { name: 'Zoé Martin', handle: 'zoe', email: 'zoe@traboule.example', password: 'cinq-rivieres-de-cuivre' },
};

/** A Map of role to person. */
export async function everyone(coop, lang = 'fr') {
  const people = new Map([['visitor', visitor(coop, lang)]]);
  for (const [role, { email, password }] of Object.entries(FOUNDERS))
    people.set(role, await signIn(visitor(coop, lang), email, password));
  return people;
}

/** Once more, after a form has ended the session or changed the password: by the console's link. */
export async function signInAgain(people, role) {
  const person = people.get(role);
  const link = filon(person.coop, ['user', 'link', FOUNDERS[role].handle]).out.trim();
  person.cookies.clear();
  const path = `/${person.lang}${link.slice(link.indexOf('/login/link/'))}`;
  const form = readPage((await person.get(path)).text).forms.find((one) => one.action.includes('/login/link/'));
  const answer = await person.post(form.action, form.fields.map((field) => [field.name, field.value]));
  if (answer.status !== 303) throw new Error(`${role} is not let in by ${link}: ${answer.status}`);
}
