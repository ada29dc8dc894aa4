// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who looks at the demonstration: a visitor and one person of each role, as people without browser (plain.mjs).
import { readPage, visitor } from './plain.mjs';

export const ROLES = ['courier', 'client', 'facilitator', 'accountant', 'auditor'];

/** Looks as this role, by the button that the demonstration has for it; also after a form has ended the session. */
export async function lookAs(person, role) {
  person.cookies.clear();
  const page = readPage((await person.get(`/${person.lang}/demo`)).text);
  const form = page.forms.find((one) => one.action.endsWith(`/demo/as/${role}`));
  const answer = await person.post(form.action, form.fields.map((field) => [field.name, field.value]));
  if (answer.status !== 303) throw new Error(`nobody can look as ${role}: ${answer.status}`);
  return person;
}

/** A Map of role to person. */
export async function everyone(coop, lang = 'fr') {
  const people = new Map([['visitor', visitor(coop, lang)]]);
  for (const role of ROLES) people.set(role, await lookAs(visitor(coop, lang), role));
  return people;
}
