// SPDX-License-Identifier: Apache-2.0
// Sends a file's bytes as they are, and says how far it has come.
(function () {
  'use strict';

  // Speed is what the last few seconds gave, not the average of the whole.
  var WINDOW_MS = 5000;

  function Speed() {
    this.samples = [];
  }

  Speed.prototype.bytesPerSecond = function (sent) {
    var now = Date.now(), first;
    this.samples.push([now, sent]);
    while (this.samples.length > 2 && now - this.samples[0][0] > WINDOW_MS) {
      this.samples.shift();
    }
    first = this.samples[0];
    return now > first[0] ? (sent - first[1]) * 1000 / (now - first[0]) : 0;
  };

  function reasonOf(xhr) {
    try {
      return JSON.parse(xhr.responseText).reason || '';
    } catch (error) {
      return '';
    }
  }

  // target: {url, headers}. handlers: progress(sent, bytesPerSecond), done(),
  // failed({status, reason, sent}). Returns the request, to be aborted.
  function upload(target, file, handlers) {
    var xhr = new XMLHttpRequest(), speed = new Speed(), sent = 0;
    xhr.open('PUT', target.url);
    Object.keys(target.headers).forEach(function (name) {
      xhr.setRequestHeader(name, target.headers[name]);
    });
    xhr.upload.addEventListener('progress', function (event) {
      sent = event.loaded;
      handlers.progress(sent, speed.bytesPerSecond(sent));
    });
    xhr.addEventListener('load', function () {
      if (xhr.status >= 200 && xhr.status < 300) {
        handlers.done();
      } else {
        handlers.failed({status: xhr.status, reason: reasonOf(xhr), sent: sent});
      }
    });
    xhr.addEventListener('error', function () {
      handlers.failed({status: 0, reason: '', sent: sent});
    });
    xhr.send(file);
    return xhr;
  }

  horizon.helionImages.upload = upload;
}());
