// SPDX-License-Identifier: Apache-2.0
// The searches of Horizon's wizard above a filtered list.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage, source} from './page.js';

const MODULE = 'horizon.framework.widgets.magic-search';

// The terms that the wizard's searches begin with, above a page of this query.
function terms(page, asked) {
  const decorated = {};
  const angular = {module: (name) => ({decorator: (service, [, make]) => { decorated[`${name} ${service}`] = make; }})};
  const window = openPage([]);
  window.history.replaceState(null, '', page);
  window.angular = angular;
  window.eval(source('listing/launch.js'));
  const service = decorated[`${MODULE} ${MODULE}.service`]({
    getSearchTermsFromQueryString: (query) => query.replace(/^\?/, '').split('&'),
  });
  return service.getSearchTermsFromQueryString(asked(window));
}

test('the filters of the list are not those of the wizard', () => {
  assert.deepEqual(terms('?name=web&status=active', (window) => window.location.search), ['']);
  assert.deepEqual(terms('?', (window) => window.location.search), ['']);
});

test('a search in the wizard is what a user enters', () => {
  assert.deepEqual(terms('?name=web', () => 'ram=1024&name=small'), ['ram=1024', 'name=small']);
  assert.deepEqual(terms('?', () => 'ram=1024'), ['ram=1024']);
});

test('a Horizon without AngularJS, or without its search, is left alone', () => {
  assert.doesNotThrow(() => openPage(['listing/launch.js']));
  const window = openPage([]);
  window.angular = {module: () => { throw new Error('unknown'); }};
  assert.doesNotThrow(() => window.eval(source('listing/launch.js')));
});
