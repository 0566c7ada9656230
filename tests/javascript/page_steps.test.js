// SPDX-License-Identifier: Apache-2.0
// Work in steps: it goes on by itself, and the focus stays where it was.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/page_session.js', 'base/http.js', 'base/enhance.js', 'base/steps.js'];

// The figures of a step; whole without a percentage.
function figures(text, percent) {
  const isWhole = percent === undefined;
  return `<div data-hip-steps data-hip-steps-failure="No answer." data-hip-steps-say="${isWhole ? 'All is counted.' : percent}" ${isWhole ? '' : `data-hip-steps-percent="${percent}"`}><p>${text}</p>
    <a href="?format=raw">raw</a>
    <form method="post" action="/storage/" data-hip-steps-say="Counting…">
      ${isWhole ? '' : `<input type="hidden" name="state" value="after ${text}">`}
      <button id="${isWhole ? 'again' : 'next'}">${isWhole ? 'Count Again' : 'Count the Next Images'}</button>
    </form></div>`;
}

// The page with these figures, where the dashboard answers each step in turn.
async function opened(shown, answers) {
  const window = openPage(SCRIPTS), posted = [];
  window.fetch = async (url, options) => {
    posted.push(options.body.get('state'));
    const answer = answers[Math.min(posted.length, answers.length) - 1];
    if (answer.isLost) {
      throw new Error('network');
    }
    return answer.reason ? new Response(JSON.stringify(answer), {status: 503}) : new Response(answer);
  };
  window.document.body.insertAdjacentHTML('beforeend',
    `<main><p data-hip-steps-status></p>${shown}</main>`);
  window.horizon.helionImages.enhanceIn(window.document.body);
  return {window, posted, find: (selector) => window.document.querySelector(selector)};
}

async function until(condition, what) {
  const end = Date.now() + 10000;
  while (!condition()) {
    assert.ok(Date.now() < end, `waited for ${what}`);
    await wait(5);
  }
}

function submit(page) {
  page.find('form').dispatchEvent(
    new page.window.Event('submit', {bubbles: true, cancelable: true}));
}

// Until these figures are shown.
function shows(page, text) {
  return until(() => page.find('[data-hip-steps] p').textContent === text, text);
}

test('a count goes on by itself, and ends', async () => {
  const page = await opened(figures('2', 20), [figures('4', 60), figures('5')]);
  await shows(page, '5');
  assert.deepEqual(page.posted, ['after 2', 'after 4']);
  assert.equal(page.find('[data-hip-steps-status]').textContent, 'All is counted.');
});

test('a whole count begins anew when the button is pressed, which keeps the focus', async () => {
  const page = await opened(figures('5'), [figures('2', 20), figures('6')]);
  assert.deepEqual(page.posted, []);
  page.find('button').focus();
  submit(page);
  await shows(page, '6');
  assert.deepEqual(page.posted, [null, 'after 2']);
  assert.equal(page.window.document.activeElement, page.find('#again'));
});

test('a link keeps the focus while the figures change', async () => {
  const page = await opened(figures('5'), [figures('6')]);
  page.find('a').focus();
  submit(page);
  await shows(page, '6');
  assert.equal(page.window.document.activeElement, page.find('a'));
});

test('a failure is shown with the figures so far, and the button goes on', async () => {
  const page = await opened(figures('2', 20), [{reason: 'Glance is away.'}, figures('3')]);
  await until(() => page.find('[role=alert]'), 'the failure');
  assert.equal(page.find('[role=alert]').textContent, 'Glance is away.');
  assert.equal(page.find('[data-hip-steps] p').textContent, '2');
  assert.equal(page.find('button').hidden, false);
  submit(page);
  await shows(page, '3');
  assert.deepEqual(page.posted, ['after 2', 'after 2']);
  assert.equal(page.find('[role=alert]'), null);
});

test('a button sends its own value, and the answer says where the focus goes', async () => {
  const question = `<div data-hip-steps><h2 tabindex="-1" data-hip-steps-focus>Delete?</h2></div>`;
  const page = await opened(figures('5').replace('id="again"', 'id="again" name="delete" value="1"'), [question]);
  const sent = [];
  const fetch = page.window.fetch;
  page.window.fetch = (url, options) => {
    sent.push(options.body.get('delete'));
    return fetch(url, options);
  };
  page.find('#again').focus();
  page.find('#again').click();
  await until(() => page.find('h2'), 'the question');
  assert.deepEqual(sent, ['1']);
  assert.equal(page.window.document.activeElement, page.find('h2'));
});

test('the answer to a form that was sent without the script has the focus', async () => {
  const result = '<div data-hip-steps><p></p><h2 tabindex="-1" data-hip-steps-focus>2 images</h2></div>';
  const page = await opened(result, []);
  assert.equal(page.window.document.activeElement, page.find('h2'));
});

test('a lost answer is said in the words of the page', async () => {
  const page = await opened(figures('2', 20), [{isLost: true}]);
  await until(() => page.find('[role=alert]'), 'the failure');
  assert.equal(page.find('[role=alert]').textContent, 'No answer.');
});
