// SPDX-License-Identifier: Apache-2.0
// Keeps "2 minutes ago" true while the page is open.
(function () {
  'use strict';

  // Units in seconds, and how many of one make the next.
  var UNITS = [[60, 60], [3600, 24], [86400, 7], [604800, 4]];
  // The clock of the server counts, and of the browser's only what has passed since then.
  var began = Date.now();
  var page = document.querySelector('template[data-hip-ages]');
  var words = page ? page.getAttribute('data-hip-ages').split('|') : [];
  var now = page ? Number(page.getAttribute('data-hip-now')) * 1000 : 0;

  // Which of the words of ui/base/times.py; -1 for an age that has none there.
  function place(seconds) {
    var before = 0, found = -1;
    UNITS.some(function (unit) {
      var count = Math.floor(seconds / unit[0]), isIt = count < unit[1];
      if (isIt && count > 0) {
        found = before + count - 1;
      }
      before += unit[1] - 1;
      return isIt;
    });
    return found;
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

  window.setInterval(update, 60000);
  document.addEventListener('visibilitychange', update);
  window.addEventListener('pageshow', update);
}());
