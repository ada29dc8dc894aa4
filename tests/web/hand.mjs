// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One hand for two ways to use a page: with a mouse, or by keyboard alone (then any mouse event is an error). A story is
// written once against it. Fields are found by their name and buttons by what they do, so that one story serves both
// languages; that they have labels is axe's business.
//
//   const ada = await person(coop, { lang, width, js, dark, keys })
//   await ada.open('/fr/login'); await ada.write('email', '...'); await ada.press('form[action$="/login/mail"] button')
import { check, keyboard, openPage, overflow } from './lib.mjs';

/** A person in a browser of their own. */
export async function person(coop, way) {
  const page = await openPage(coop, { lang: way.lang, width: way.width, js: way.js, dark: way.dark });
  return new Hand(page, way);
}

class Hand {
  constructor(page, way) {
    Object.assign(this, { page, way, lang: way.lang, keys: way.keys ? keyboard(page) : undefined });
    page.on('response', (answer) => {
      if (answer.request().isNavigationRequest()) this.status = answer.status();
    });
  }

  /** Goes where a letter or a printed link leads, or where the address line does. */
  async open(address) {
    const path = address.startsWith('http') ? new URL(address).pathname + new URL(address).search : address;
    await this.page.goto(path);
    await this.looked();
  }

  /** What no step of a story may leave behind; cheap enough for each. */
  async looked() {
    check(this.status < 400 || this.status === 422, `${this.page.url()}: status ${this.status}\n${(await this.said()).slice(0, 600)}`);
    const wide = await overflow(this.page);
    check(wide === 0, `${this.page.url()} is ${wide} pixels wider than ${this.way.width}`);
    check(this.page.problems.length === 0, `${this.page.url()}: ${this.page.problems.join('; ')}`);
  }

  /** The first that is seen; never the link to the same page in the other language. */
  one(selector) {
    return this.page.locator(`:is(main, header) :is(${selector}):not([hreflang])`).locator('visible=true').first();
  }

  field(name, within = '') {
    return this.one(`${within} :is(input, textarea, select)[name="${name}"]`.trim());
  }

  async write(name, text, within = '') {
    const field = this.field(name, within);
    if (this.keys) await this.keys.type(field, text);
    else await field.fill(text);
  }

  /** A radio button or an option, by value; a checkbox by its name alone. */
  async pick(name, value, within = '') {
    if (value === undefined) {
      const box = this.field(name, within);
      if (!(await box.isChecked())) await (this.keys ? this.keys.toggle(box) : box.check());
      return;
    }
    const select = this.page.locator(`main ${within} select[name="${name}"]`);
    if ((await select.count()) === 0) {
      const radio = this.page.locator(`main ${within} input[name="${name}"][value="${value}"]`).first();
      if (await radio.isChecked()) return;
      await (this.keys ? this.keys.choose(radio) : radio.check());
    } else if (this.keys) {
      const text = await select.locator(`option[value="${value}"]`).textContent();
      await this.keys.select(select, text.trim());
    } else {
      await select.selectOption(value);
    }
  }

  /** A link or a button that leads to another page; waits for that page. */
  async press(selector) {
    const target = this.one(selector);
    const before = this.page.url();
    const loaded = this.page.waitForEvent('domcontentloaded');
    loaded.catch(() => {});
    try {
      if (this.keys) await this.keys.press(target);
      else await target.click();
      await loaded;
    } catch (error) {
      throw new Error(`${selector} on ${before}: ${error.message}\n${(await this.said()).slice(0, 1500)}`);
    }
    await this.looked();
  }

  /** A button that does its work in the page. */
  async hit(selector) {
    const target = this.one(selector);
    await (this.keys ? this.keys.press(target) : target.click());
  }

  /** A folded part of the page. */
  async unfold(selector) {
    const fold = this.page.locator(`main details${selector}`).first();
    if (await fold.evaluate((element) => element.open)) return;
    const handle = fold.locator('summary').first();
    if (this.keys) await this.keys.press(handle);
    else await handle.click();
  }

  /** The button of the form that posts to an address which ends so; with `event`, the one of an order's page. */
  async send(action, event) {
    const form = `form[action$="${action}"]`;
    if (event === undefined) return this.press(`${form} button[type=submit]`);
    const hidden = `${form}:has(input[name="event"][value="${event}"]) button[type=submit]`;
    const named = `${form} button[name="event"][value="${event}"]`;
    return this.press(`:is(${hidden}, ${named})`);
  }

  /** What the page says, as a reader has it; narrow and no-break spaces become plain ones. */
  async said(selector = 'main') {
    return (await this.page.locator(selector).first().innerText()).replace(/[\u00a0\u202f]/g, ' ');
  }

  async sees(...words) {
    const said = await this.said();
    for (const word of words)
      check(word instanceof RegExp ? word.test(said) : said.includes(word), `${this.page.url()}: no "${word}" in\n${said.slice(0, 3000)}`);
  }

  async leave() {
    await this.page.context().close();
  }
}
