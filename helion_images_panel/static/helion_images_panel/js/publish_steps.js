// SPDX-License-Identifier: Apache-2.0
// Publishes one image, some projects a step, as the dashboard tells how many
// are left.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // tried: the projects that earlier steps have handled. told(answer) hears of
  // each step: {left, tried, reached, total, projects: [{project, reason}]};
  // false ends it. Rejects with why it cannot go on, in words.
  function publishSteps(url, audience, tried, told) {
    var data = new FormData();
    data.append('audience', audience);
    tried.forEach(function (id) { data.append('tried', id); });
    return fetch(url, {
      method: 'POST', body: data, credentials: 'same-origin', headers: hip.headers()
    }).then(function (response) {
      return response.json().then(function (answer) {
        return response.ok ? answer : Promise.reject(answer.reason);
      });
    }).then(function (answer) {
      if (told(answer) !== false && answer.left) {
        return publishSteps(url, audience, tried.concat(answer.tried), told);
      }
      return null;
    });
  }

  hip.publishSteps = publishSteps;
}());
