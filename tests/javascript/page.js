// SPDX-License-Identifier: Apache-2.0
// A page with scripts of the panel in it, and as much of Horizon as they ask of
// while they are tested: no dashboard, no clock of its own.
import {readFileSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';
import {mock} from 'node:test';
import {JSDOM} from 'jsdom';

const SCRIPTS = new URL('../../helion_images_panel/static/helion_images_panel/js/', import.meta.url);

// As Django's, with names or in order.
function interpolate(text, values, named) {
  return named ? text.replace(/%\(\w+\)s/g, (found) => String(values[found.slice(2, -2)])) :
    text.replace(/%s/g, () => String(values.shift()));
}

export function source(name) {
  return readFileSync(new URL(name, SCRIPTS), 'utf8');
}

// The page once it has loaded: its window, with `dialog(html)` to open one.
export function openPage(scripts, html = '') {
  const {window} = new JSDOM(`<body><template data-hip-login-url="/auth/login/"></template>${html}</body>`, {
    runScripts: 'outside-only', url: 'https://dashboard.example/project/images/',
  });
  const begins = [], dialogBegins = [];
  Object.assign(window, {
    gettext: (text) => text,
    ngettext: (one, many, count) => (count === 1 ? one : many),
    interpolate,
    get_format: () => '.',
    $: (found) => ({each: (act) => [found].flat().forEach((each) => act.call(each)), on: () => {}}),
    horizon: {
      addInitFunction: (begin) => begins.push(begin),
      modals: {addModalInitFunction: (begin) => dialogBegins.push(begin)},
    },
    setTimeout: (...given) => globalThis.setTimeout(...given),
    clearTimeout: (timer) => globalThis.clearTimeout(timer),
  });
  window.Date.now = () => Date.now();
  scripts.forEach((name) => window.eval(source(name)));
  begins.forEach((begin) => begin());
  window.dialog = (content) => {
    const element = window.document.createElement('div');
    element.innerHTML = content;
    window.document.body.append(element);
    dialogBegins.forEach((begin) => begin(element));
    return element;
  };
  return window;
}

// A script more, in a page that has loaded.
export function loadScript(window, name) {
  window.eval(readFileSync(new URL(name, SCRIPTS), 'utf8'));
}

// From here on time passes only where a test says so.
export function stopClock() {
  mock.timers.enable({apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000});
}

export function releaseClock() {
  mock.timers.reset();
}

// Whatever has been promised by now is kept.
export async function settle() {
  for (let i = 0; i < 5; i += 1) {
    await setImmediate();
  }
}

export async function pass(ms, stepMs = 250) {
  await settle();
  for (let passed = 0; passed < ms; passed += stepMs) {
    mock.timers.tick(Math.min(stepMs, ms - passed));
    await settle();
  }
}

export function press(window, element, key) {
  const event = new window.KeyboardEvent('keydown', {key, bubbles: true, cancelable: true});
  element.dispatchEvent(event);
  return event;
}

export function type(window, element, text) {
  element.value += text;
  element.dispatchEvent(new window.Event('input', {bubbles: true}));
}
