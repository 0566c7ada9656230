// SPDX-License-Identifier: Apache-2.0
// The language of the page, and the direction of the panel's parts of it.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openPage} from './page.js';

const SCRIPTS = ['base/namespace.js', 'base/enhance.js', 'base/language.js'];

test('the page names its language, and the parts of the panel their direction', () => {
  const {document} = openPage(SCRIPTS, `<template data-hip-language="ar" data-hip-direction="rtl"></template>
    <div id="content_body"></div><div id="modal_wrapper"></div><div id="frame"></div>`);
  assert.equal(document.documentElement.lang, 'ar');
  assert.deepEqual(['content_body', 'modal_wrapper', 'frame'].map((id) => document.getElementById(id).dir), ['rtl', 'rtl', '']);
});
