// SPDX-License-Identifier: Apache-2.0
// What the scripts ask of the dashboard.
(function () {
  'use strict';

  // What one question about images may ask for: see ProgressView.
  var IDS_PER_QUESTION = 80;
  var hip = horizon.helionImages;

  // The cookie changes when the person logs in again in another tab; a cloud
  // may keep it from scripts.
  function csrfToken() {
    var field = document.querySelector('input[name=csrfmiddlewaretoken]');
    return horizon.cookies.get('csrftoken') || (field ? field.value : '');
  }

  function headers() {
    return {'X-CSRFToken': csrfToken(), 'X-Requested-With': 'XMLHttpRequest'};
  }

  function ask(url) {
    return fetch(url, {
      credentials: 'same-origin',
      headers: {'X-Requested-With': 'XMLHttpRequest'}
    }).then(function (response) {
      if (!response.ok) {
        return response.json().catch(function () { return {}; }).then(function (answer) {
          throw Object.assign(new Error(String(response.status)), {kind: answer.kind});
        });
      }
      return response.json();
    });
  }

  // The addresses that ask about these images.
  function questions(url, ids) {
    var made = [], start;
    for (start = 0; start < ids.length; start += IDS_PER_QUESTION) {
      made.push(url + '?' + ids.slice(start, start + IDS_PER_QUESTION).map(function (id) {
        return 'id=' + encodeURIComponent(id);
      }).join('&'));
    }
    return made;
  }

  // One question after the other, for each of them is many at the services behind.
  function inTurn(url, ids, tell) {
    return questions(url, ids).reduce(function (before, question) {
      return before.then(function () { return ask(question); }).then(tell);
    }, Promise.resolve());
  }

  // Who uses these images, told in parts: { ID: [words, …], … }.
  function uses(url, ids, tell) {
    return inTurn(url, ids, function (answer) { tell(answer.uses); });
  }

  // Where these images stand, by ID; images that are gone have no entry. Beside
  // them `project`, from which that was seen, where the answer tells it.
  function states(url, ids) {
    var found = {};
    return inTurn(url, ids, function (answer) {
      found.project = answer.project;
      answer.images.forEach(function (state) { found[state.id] = state; });
    }).then(function () { return found; });
  }

  // An action of the table on one image, as its button would send it.
  function act(steps, action) {
    var body = new URLSearchParams();
    body.append('action', 'images__' + action + '__' + steps.id);
    return fetch(steps.index_url, {
      method: 'POST',
      body: body,
      credentials: 'same-origin',
      headers: headers()
    });
  }

  // The image goes, protected or not. What the dashboard has to say about it
  // stands in the messages of its next page.
  function remove(steps) {
    var first = steps.protected ? act(steps, 'unprotect') : Promise.resolve();
    return first.then(function () { return act(steps, 'delete'); });
  }

  // The answer's object with its status added; {} where it is none.
  function post(url) {
    return fetch(url, {method: 'POST', credentials: 'same-origin', headers: headers()})
      .then(function (response) {
        return response.json().catch(function () { return {}; }).then(function (answer) {
          return Object.assign({}, answer, {status: response.status});
        });
      });
  }

  Object.assign(hip, {
    headers: headers,
    states: states,
    uses: uses,
    remove: remove,
    post: post
  });
}());
