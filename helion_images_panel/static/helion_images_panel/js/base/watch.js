// SPDX-License-Identifier: Apache-2.0
// Watches images on their way: one question for all of them.
(function () {
  'use strict';

  // Those for which so much of their time has passed are asked about together
  // with one that is due.
  var EARLY = 0.5;
  // No faster than this while the dashboard does not answer.
  var TROUBLED_MS = 10000;
  var hip = horizon.helionImages;
  var watchers = [];
  var timer = 0;

  // report(state, project) gets the image's state, or undefined when it is gone,
  // and the project in which the person works now, every everyMs until the
  // watcher that is returned is stopped. `calm` ones wait while the page is
  // hidden. The watcher's ended() is called, if it has one, when the session
  // has ended.
  function watch(url, id, everyMs, report, calm) {
    var watcher = {
      url: url,
      id: id,
      everyMs: everyMs,
      report: report,
      calm: Boolean(calm),
      due: Date.now() + (calm ? everyMs : 0),
      stop: function () {
        watchers = watchers.filter(function (other) { return other !== watcher; });
      }
    };
    watchers.push(watcher);
    plan();
    return watcher;
  }

  function waiting() {
    return watchers.filter(function (watcher) {
      return !watcher.asked && !(watcher.calm && document.hidden);
    });
  }

  function plan() {
    var dues = waiting().map(function (watcher) { return watcher.due; });
    window.clearTimeout(timer);
    if (dues.length) {
      timer = window.setTimeout(question, Math.max(0, Math.min.apply(null, dues) - Date.now()));
    }
  }

  function question() {
    var now = Date.now(), byUrl = {};
    waiting().forEach(function (watcher) {
      if (watcher.due - now <= watcher.everyMs * EARLY) {
        watcher.asked = true;
        (byUrl[watcher.url] = byUrl[watcher.url] || []).push(watcher);
      }
    });
    Object.keys(byUrl).forEach(function (url) {
      var group = byUrl[url], ids = {};
      group.forEach(function (watcher) { ids[watcher.id] = true; });
      hip.states(url, Object.keys(ids)).then(function (found) {
        answered(group, 0);
        group.forEach(function (watcher) {
          if (watchers.indexOf(watcher) >= 0) {
            watcher.report(found[watcher.id], found.project);
          }
        });
      }, function (error) {
        answered(group, TROUBLED_MS);
        group.forEach(function (watcher) {
          if ((error.status === 401 || error.kind === 'session') && watcher.ended) {
            watcher.ended();
          }
        });
      });
    });
    plan();
  }

  function answered(group, atLeastMs) {
    group.forEach(function (watcher) {
      watcher.asked = false;
      watcher.due = Date.now() + Math.max(watcher.everyMs, atLeastMs);
    });
    plan();
  }

  document.addEventListener('visibilitychange', plan);

  hip.watch = watch;
}());
