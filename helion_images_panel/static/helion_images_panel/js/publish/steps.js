// SPDX-License-Identifier: Apache-2.0
// Publishes one image, some projects a step, as the dashboard says how many
// are left.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // choice: {audience, removeOld, page}, the last of which is the session for
  // which it is published, where that is not the page's. tried: the projects that earlier steps have
  // handled. report(answer) is called for each step: {left, tried, reached, total,
  // projects: [{project, kind, reason}]}; false ends it. Rejects with the refusal
  // {kind, reason, …} where it cannot go on.
  function publishSteps(url, choice, tried, report) {
    var data = new FormData();
    data.append('audience', choice.audience);
    // In one field: Django counts fields, and there may be many projects.
    data.append('tried', tried.join(','));
    if (choice.removeOld) {
      data.append('remove_old', 'on');
    }
    return hip.http.postForJson(url, data, choice.page).then(function (answer) {
      if (!answer.projects) {
        return Promise.reject(answer);
      }
      if (report(answer) !== false && answer.left) {
        return publishSteps(url, choice, tried.concat(answer.tried), report);
      }
      return null;
    });
  }

  // Of these projects there is more to say than that it is done.
  function notDone(projects) {
    return projects.filter(function (each) { return each.kind !== 'done'; });
  }

  Object.assign(hip, {publishSteps: publishSteps, notDone: notDone});
}());
