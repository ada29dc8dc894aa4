// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who looks at a co-operative: a visitor and one person of each role, as people without browser (plain.mjs).
import { signIn, visitor } from './plain.mjs';

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
