// SPDX-License-Identifier: Apache-2.0
// What the scripts ask of the dashboard about images, and have it do to them.
(function () {
  'use strict';

  // What one question may ask for, images as well as projects: IDS_PER_CALL of the dashboard.
  var IDS_PER_QUESTION = 80;
  // Projects that a form may have, which is sent for more of them: PROJECTS_PER_FORM.
  var PROJECTS_PER_FORM = 900;
  var hip = horizon.helionImages;

  // The parameters of one question each.
  function portions(name, values, most) {
    var made = [], start;
    for (start = 0; start < values.length; start += most) {
      made.push(values.slice(start, start + most).map(function (value) {
        return name + '=' + encodeURIComponent(value);
      }).join('&'));
    }
    return made;
  }

  function post(url, fields) {
    return hip.http.postForJson(url, new URLSearchParams(fields)).then(function (answer) {
      if (answer.kind === 'session') {
        hip.page.sessionEnded(answer);
      }
      if (answer.reason) {
        throw answer;
      }
      return answer;
    });
  }

  // What asks about these images, in these projects alone if there are any: a function each.
  function questions(url, ids, projects) {
    var made = [], isForm = projects.length > IDS_PER_QUESTION,
      ofProjects = portions('project', projects, PROJECTS_PER_FORM);
    portions('id', ids, IDS_PER_QUESTION).forEach(function (some) {
      (ofProjects.length ? ofProjects : ['']).forEach(function (others) {
        var parameters = some + (others && '&' + others);
        made.push(function () {
          return isForm ? post(url, parameters) : hip.http.getJson(url + '?' + parameters);
        });
      });
    });
    return made;
  }

  // One question after the other, for each of them is many at the services behind.
  function inTurn(url, ids, report, projects) {
    return questions(url, ids, projects || []).reduce(function (before, question) {
      return before.then(question).then(report);
    }, Promise.resolve());
  }

  // What uses these images, in parts: { ID: [words, …], … }, and what these do not include.
  // projects: those that lose the images, if not all do. The words are of up to
  // PROJECTS_PER_FORM of them together.
  function uses(url, ids, report, projects) {
    return inTurn(url, ids, function (answer) { report(answer.uses, answer.note); }, projects);
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
