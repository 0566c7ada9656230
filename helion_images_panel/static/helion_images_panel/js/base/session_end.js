// SPDX-License-Identifier: Apache-2.0
// What is said where the session has ended, and a page of Horizon's comes in
// place of what was asked for.
(function () {
  'use strict';

  var LINKS = '[data-hip-images] a[href], .detail-actions a[href]', FILTERS = '[data-hip-filters]';
  var hip = horizon.helionImages;

  // The cookie of which Horizon's login page takes why it appears, written as
  // Horizon does. It is for the next seconds, and a page that does appear drops it.
  function explainLogin(reason) {
    var text = reason.replace(/[^a-zA-Z0-9]/g, function (character) {
      return '\\u' + character.charCodeAt(0).toString(16).padStart(4, '0');
    });
    document.cookie = 'logout_reason=' + text + '; path=/; samesite=lax; max-age=' + (reason ? 10 : 0);
  }

  // Before a person goes to another page of the panel, or to a file.
  function listen(name, selector) {
    document.addEventListener(name, function (event) {
      if (event.target.closest(selector)) {
        explainLogin(gettext('Your session has ended. Log in to continue.'));
      }
    }, true);
  }

  listen('click', LINKS);
  listen('submit', FILTERS);
  explainLogin('');

  // Horizon leaves the page for the login where a dialog cannot be opened.
  $.ajaxPrefilter(function (options) {
    var failed = options.error;
    options.error = function (request) {
      if (request.status === 401) {
        hip.page.refusalNotice(hip.http.sessionRefusal());
      } else if (failed) {
        failed.apply(this, arguments);
      }
    };
  });
}());
