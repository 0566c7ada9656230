// SPDX-License-Identifier: Apache-2.0
// Keeps "2 minutes ago" true while the page is open.
(function () {
  'use strict';

  var MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400, WEEK_S = 604800, WEEKS = 4;
  // The clock of the server counts, and of the browser's only what has passed since then.
  var began = Date.now();
  var page = document.querySelector('template[data-hip-ages]');
  var words = page ? page.getAttribute('data-hip-ages').split('|') : [];
  var now = page ? Number(page.getAttribute('data-hip-now')) * 1000 : 0;

  // Which of the words of ui/base/times.py; -1 for an age that has none there.
  function place(seconds) {
    if (seconds < MINUTE_S || seconds >= WEEKS * WEEK_S) {
      return -1;
    }
    if (seconds < HOUR_S) {
      return Math.floor(seconds / MINUTE_S) - 1;
    }
    if (seconds < DAY_S) {
      return HOUR_S / MINUTE_S - 1 + Math.floor(seconds / HOUR_S) - 1;
    }
    if (seconds < WEEK_S) {
      return HOUR_S / MINUTE_S - 1 + DAY_S / HOUR_S - 1 + Math.floor(seconds / DAY_S) - 1;
    }
    return HOUR_S / MINUTE_S - 1 + DAY_S / HOUR_S - 1 + WEEK_S / DAY_S - 1 + Math.floor(seconds / WEEK_S) - 1;
  }

  function update() {
    if (document.hidden) {
      return;
    }
    document.querySelectorAll('time[datetime]').forEach(function (element) {
      var age = (now + Date.now() - began - Date.parse(element.dateTime)) / 1000, word = words[place(age)];
      if (word && element.firstChild && element.firstChild.data !== word) {
        element.firstChild.data = word;
      }
    });
  }

  window.setInterval(update, MINUTE_S * 1000);
  document.addEventListener('visibilitychange', update);
  window.addEventListener('pageshow', update);
}());
