// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files of other platforms on the facilitators' desk: tried out, looked at, brought in, and found in the market.
import { check, checkEqual, checkPage, closeCoop, openCoop, openPage, test } from './lib.mjs';

const LISTINGS = `id,name,host_id,host_name,neighbourhood,latitude,longitude,room_type,price,minimum_nights
1,Attic with a zeppelin view,7,Host 7,Vasastan,59.34521,18.04872,Private room,944,2
2,Boathouse,8,Host 8,Vasastan,59.34,18.04,Entire home/apt,many,1
`;
const csv = (text, name = 'listings.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

let coop;

async function deskOf(options) {
  coop ??= await openCoop({ demo: true });
  const page = await openPage(coop, options);
  await page.goto(`/${page.lang}/demo`);
  await page.locator('form[action$="/demo/as/facilitator"] button').click();
  await page.goto(`/${page.lang}/desk/import`);
  return page;
}
async function send(page, source, file, fields = {}) {
  await page.check(`input[value=${source}]`);
  await page.setInputFiles('#f-file', file);
  for (const [name, value] of Object.entries(fields)) await page.fill(`#f-${name}`, value);
  await page.locator('form[enctype] button.primary').click();
}
const figures = async (page) => (await page.locator('.figs dd').allInnerTexts()).join(' ');

for (const [name, options] of [['in French without JavaScript at 390 px', { lang: 'fr', js: false, width: 390 }],
  ['in English, dark', { lang: 'en', dark: true }]]) {
  test(`an empty form names what is missing, ${name}`, async () => {
    const page = await deskOf(options);
    await checkPage(page);
    await page.locator('form[enctype] button.primary').click();
    checkEqual(await page.locator('#errors li').count(), 2, 'points to correct');
    check(/^(Error|Erreur)/.test(await page.title()), await page.title());
    await checkPage(page);
  });

  test(`a file that is none is refused on the form, ${name}`, async () => {
    const page = await deskOf(options);
    await send(page, 'woocommerce', { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from([0, 1, 2, 0x89]) }, { seller: 'leonie' });
    check((await page.locator('#e-file').innerText()).length > 10, 'why');
    checkEqual(await page.inputValue('#f-seller'), 'leonie', 'what was typed');
    await checkPage(page);
  });
}

test('money that nobody has a rate for is asked for', async () => {
  const page = await deskOf({ lang: 'en' });
  await send(page, 'inside-airbnb', csv(LISTINGS), { currency: 'SEK' });
  checkEqual(await page.locator('#errors a').getAttribute('href'), '#f-rate', 'the field');
  await checkPage(page);
});

test('listings are tried out, left, tried again, brought in and found', async () => {
  const page = await deskOf({ lang: 'fr', js: false });
  await send(page, 'inside-airbnb', csv(LISTINGS), { currency: 'sek', rate: '0,088' });
  checkEqual(await figures(page), '1 0 0 1', 'what would come in');
  const [line, column] = await page.locator('tbody tr').locator('th, td').allInnerTexts();
  checkEqual(`${line} ${column}`, '3 price', 'the line that would not');
  await checkPage(page);
  await page.click('button[value=drop]');
  await page.goto('/fr/market?q=zeppelin');
  check(!(await page.content()).includes('Attic with a zeppelin'), 'nothing came in');
  await page.goto('/fr/desk/import');
  await send(page, 'inside-airbnb', csv(LISTINGS), { currency: 'SEK', rate: '0,088' });
  await page.click('button[value=bring]');
  await page.locator('[role=status]').first().waitFor();
  await page.goto('/fr/market?q=zeppelin');
  check((await page.content()).includes('Attic with a zeppelin view'), 'it came in');
  check(/83,07/.test(await page.locator('main').innerText()), '944 krona are 83,07 euro');
});

test('a large file waits and goes again', async () => {
  const page = await deskOf({ lang: 'en' });
  const people = ['email,name'];
  for (let i = 0; i < 15000; i++) people.push(`person${i}@the-rather-long-name-of-a-host.example,"Somebody with rather a long name, number ${i}"`);
  await send(page, 'members', csv(`${people.join('\n')}\n`, 'people.csv'));
  checkEqual(await figures(page), '15,000 0 0 0', 'what would come in');
  await page.click('button[value=drop]');
  check((await page.title()).startsWith('Bring in'), await page.title());
}, { timeout: 120_000 });

test('the same file again changes nothing', async () => {
  const page = await deskOf({ lang: 'en' });
  await send(page, 'inside-airbnb', csv(LISTINGS.split('\n').slice(0, 2).join('\n') + '\n'), { currency: 'SEK', rate: '0.088' });
  checkEqual(await figures(page), '0 0 1 0', 'what would come in');
  checkEqual(await page.locator('button[value=bring]').count(), 0, 'buttons to bring nothing in');
  await checkPage(page);
});

test('a report is for the person who sent the file', async () => {
  const page = await deskOf({ lang: 'en' });
  await send(page, 'members', csv('email,name\nada@example.org,Ada\n', 'people.csv'));
  const path = new URL(page.url()).pathname;
  const other = await openPage(coop, { lang: 'en' });
  checkEqual((await other.goto(path)).status() === 200 && (await other.content()).includes('people.csv'), false, 'others see it');
  await closeCoop(coop);
});
