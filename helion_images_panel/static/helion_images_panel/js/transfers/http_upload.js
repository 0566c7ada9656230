// SPDX-License-Identifier: Apache-2.0
// Sends a file's bytes as they are, and says how far it has come.
(function () {
  'use strict';

  // Speed is what the last few seconds gave, not the average of the whole.
  var WINDOW_MS = 5000;
  // Where nothing moves, that is reported too.
  var REPORT_EVERY_MS = 2000;

  function Speed() {
    this.samples = [];
  }

  // How many bytes a second, now that this many have come.
  Speed.prototype.at = function (count) {
    var now = Date.now(), first;
    this.samples.push([now, count]);
    while (this.samples.length > 2 && now - this.samples[0][0] > WINDOW_MS) {
      this.samples.shift();
    }
    first = this.samples[0];
    return now > first[0] ? Math.max(0, count - first[1]) * 1000 / (now - first[0]) : 0;
  };

  // The dashboard answers JSON; Glance itself a page with one sentence in it.
  function answerOf(xhr) {
    var page, title;
    try {
      return JSON.parse(xhr.responseText);
    } catch {
      page = new DOMParser().parseFromString(xhr.responseText || '', 'text/html');
      title = page.querySelector('h1');
      if (title) {
        title.remove();
      }
      return {answer: page.body.textContent.replace(/\s+/g, ' ').trim().slice(0, 500)};
    }
  }

  // target: {url, headers}. handlers: progress(sent, bytesPerSecond),
  // done(answer), failed(answer with status and sent). Returns the request, to
  // be aborted, of which no handler hears.
  function upload(target, file, handlers) {
    var xhr = new XMLHttpRequest(), speed = new Speed(), sent = 0, timer = window.setInterval(report, REPORT_EVERY_MS);
    function report() {
      handlers.progress(sent, speed.at(sent));
    }
    function failed() {
      handlers.failed(Object.assign({}, xhr.status ? answerOf(xhr) : {}, {
        status: xhr.status,
        sent: sent
      }));
    }
    xhr.open('PUT', target.url);
    Object.keys(target.headers).forEach(function (name) {
      xhr.setRequestHeader(name, target.headers[name]);
    });
    xhr.upload.addEventListener('progress', function (event) {
      sent = event.loaded;
      report();
    });
    xhr.addEventListener('loadend', function () { window.clearInterval(timer); });
    xhr.addEventListener('load', function () {
      if (xhr.status >= 200 && xhr.status < 300) {
        handlers.done(answerOf(xhr));
      } else {
        failed();
      }
    });
    xhr.addEventListener('error', failed);
    xhr.send(file);
    return xhr;
  }

  horizon.helionImages.upload = upload;
}());
