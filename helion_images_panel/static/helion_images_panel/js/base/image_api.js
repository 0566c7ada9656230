// SPDX-License-Identifier: Apache-2.0
// What the scripts ask of the dashboard about images, and have it do to them.
(function () {
  'use strict';

  // What one question may ask for: IDS_PER_CALL of the dashboard.
  var IDS_PER_QUESTION = 80;
  var hip = horizon.helionImages;

  // The addresses that ask about these images.
  function questions(url, ids, parameters) {
    var made = [], start;
    for (start = 0; start < ids.length; start += IDS_PER_QUESTION) {
      made.push(url + '?' + ids.slice(start, start + IDS_PER_QUESTION).map(function (id) {
        return 'id=' + encodeURIComponent(id);
      }).join('&') + (parameters || ''));
    }
    return made;
  }

  // One question after the other, for each of them is many at the services behind.
  function inTurn(url, ids, report, parameters) {
    return questions(url, ids, parameters).reduce(function (before, question) {
      return before.then(function () { return hip.http.getJson(question); }).then(report);
    }, Promise.resolve());
  }

  // What uses these images, in parts: { ID: [words, …], … }, and what these do not include.
  // parameters: further ones of the address, if any.
  function uses(url, ids, report, parameters) {
    return inTurn(url, ids, function (answer) { report(answer.uses, answer.note); }, parameters);
  }

  // Where these images stand, by ID; images that are gone have no entry. Beside
  // them `project`, from which that was seen, where the answer has it.
  function states(url, ids) {
    var found = {};
    return inTurn(url, ids, function (answer) {
      found.project = answer.project;
      answer.images.forEach(function (state) { found[state.id] = state; });
    }).then(function () { return found; });
  }

  // An action of the table on one image, as its button would send it. Resolves
  // to the refusal {reason, …} of the request; what the dashboard has to say about
  // the image stands in the messages of its next page.
  function act(steps, action) {
    return hip.http.post(
      steps.index_url, new URLSearchParams({action: 'images__' + action + '__' + steps.id}), steps.page
    ).then(function (response) { return response.ok ? {} : hip.http.refusalOf(response); });
  }

  // The image goes, protected or not.
  function deleteImage(steps) {
    var first = steps.protected ? act(steps, 'unprotect') : Promise.resolve();
    return first.then(function () { return act(steps, 'delete'); });
  }

  Object.assign(hip, {IDS_PER_QUESTION: IDS_PER_QUESTION, states: states, uses: uses, deleteImage: deleteImage});
}());
