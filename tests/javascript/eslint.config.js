// SPDX-License-Identifier: Apache-2.0
import js from '@eslint/js';
import globals from 'globals';

const HORIZON = ['$', 'horizon', 'gettext', 'ngettext', 'interpolate', 'get_format'];
const SCRIPTS = 'helion_images_panel/static/helion_images_panel/js';

// Horizon's own functions stay Horizon's own.
const replacements = [
  'AssignmentExpression[left.object.name="horizon"][left.property.name!="helionImages"]',
  'AssignmentExpression[left.object.object.name="horizon"][left.object.property.name!="helionImages"]',
  'CallExpression[callee.object.name="Object"][callee.property.name="assign"][arguments.0.name="horizon"]',
  'CallExpression[callee.object.name="Object"][callee.property.name="assign"][arguments.0.object.name="horizon"]',
].map((selector) => ({selector, message: 'This replaces a part of Horizon.'}));

// New parts of the page get their behaviour in one way.
const bindings = {
  selector: 'MemberExpression[property.name=/^add(Init|ModalInit|TabLoad)Function$/]',
  message: 'Use hip.enhance of base/enhance.js.',
};

// What is put together at run time is in no catalogue.
const messages = ['gettext', 'ngettext'].flatMap((name) => [0, ...(name === 'ngettext' ? [1] : [])].map((place) => ({
  selector: `CallExpression[callee.name="${name}"]:not([arguments.${place}.type="Literal"])`,
  message: 'A message is one literal.',
})));

const asksElsewhere = [
  {name: 'fetch', message: 'Only base/http.js asks the dashboard.'},
  {name: 'XMLHttpRequest', message: 'Only transfers/http_upload.js sends bytes.'},
];

export default [
  js.configs.recommended,
  {
    linterOptions: {reportUnusedDisableDirectives: 'error'},
  },
  {
    files: [`${SCRIPTS}/**/*.js`],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: 'script',
      globals: {...globals.browser, ...Object.fromEntries(HORIZON.map((name) => [name, 'readonly']))},
    },
    rules: {
      strict: ['error', 'function'],
      'max-lines': ['error', 300],
      'no-implicit-globals': 'error',
      'no-restricted-globals': ['error', ...asksElsewhere],
      'no-restricted-properties': ['error',
        ...asksElsewhere.flatMap(({name: property, message}) =>
          ['window', 'self', 'globalThis'].map((object) => ({object, property, message}))),
        ...['ajax', 'get', 'getJSON', 'post'].map((property) =>
          ({object: '$', property, message: 'Only base/http.js asks the dashboard.'})),
      ],
      'no-restricted-syntax': ['error', ...replacements, bindings, ...messages],
      'no-shadow': 'error',
    },
  },
  {
    files: [`${SCRIPTS}/base/http.js`],
    rules: {'no-restricted-globals': ['error', asksElsewhere[1]]},
  },
  {
    files: [`${SCRIPTS}/transfers/http_upload.js`],
    rules: {'no-restricted-globals': ['error', asksElsewhere[0]]},
  },
  {
    files: [`${SCRIPTS}/base/enhance.js`],
    rules: {'no-restricted-syntax': ['error', ...replacements, ...messages]},
  },
  {
    files: ['tests/javascript/**/*.js'],
    languageOptions: {ecmaVersion: 2024, sourceType: 'module', globals: globals.node},
    rules: {'max-lines': ['error', 300]},
  },
];
