// SPDX-License-Identifier: Apache-2.0
// The one place that asks the dashboard. Only a file's bytes go another way,
// as a person wants to see how far they are: transfers/http_upload.js.
(function () {
  'use strict';

  var TOKEN = 'csrfmiddlewaretoken';
  var hip = horizon.helionImages;

  // The cookie changes when the person logs in again in another tab; a cloud
  // may keep it from scripts. Then that of the form counts, or of the page.
  function csrfToken(body) {
    var field = document.querySelector('input[name=' + TOKEN + ']');
    return horizon.cookies.get('csrftoken') || (isForm(body) && body.get(TOKEN)) || (field ? field.value : '');
  }

  function isForm(body) {
    return body instanceof FormData;
  }

  // Of a request that changes something, with this body.
  function headers(body) {
    return {'X-CSRFToken': csrfToken(body), 'X-Requested-With': 'XMLHttpRequest'};
  }

  function ask(url, options) {
    return fetch(url, Object.assign({credentials: 'same-origin'}, options));
  }

  // Rejects with an Error of the answer's status, and of what the dashboard
  // says about it: {status, kind, reason}.
  function refused(response) {
    return objectOf(response).then(function (answer) {
      throw Object.assign(new Error(String(response.status)), {
        status: response.status, kind: answer.kind, reason: answer.reason
      });
    });
  }

  function objectOf(response) {
    return response.json().catch(function () { return {}; });
  }

  function pageOf(response) {
    return response.text().then(function (text) { return new DOMParser().parseFromString(text, 'text/html'); });
  }

  // parameters: {name: value} to be put behind the URL.
  function getJson(url, parameters) {
    var query = new URLSearchParams(parameters || {}).toString();
    return ask(url + (query ? (url.indexOf('?') < 0 ? '?' : '&') + query : ''), {
      headers: {'X-Requested-With': 'XMLHttpRequest'}
    }).then(function (response) {
      return response.ok ? response.json() : refused(response);
    });
  }

  // Resolves to the response, whatever its status: a dialog as Horizon asks for
  // it, without the page around it.
  function get(url) {
    return ask(url, {headers: {'X-Requested-With': 'XMLHttpRequest'}});
  }

  function getDialog(url) {
    return get(url).then(function (response) {
      return response.ok ? pageOf(response) : refused(response);
    });
  }

  // The page that a browser would show, and no other in its place, such as that
  // of the login.
  function getPage(url, headersOfPage, timeoutMs) {
    return ask(url, {headers: headersOfPage, signal: AbortSignal.timeout(timeoutMs)}).then(function (response) {
      return response.ok && !response.redirected ? pageOf(response) : refused(response);
    });
  }

  // Resolves to the response, whatever its status.
  function post(url, body) {
    var fields = headers(body);
    // Django looks at the header only where the form has no token.
    if (isForm(body) && body.has(TOKEN)) {
      body.set(TOKEN, fields['X-CSRFToken']);
    }
    return ask(url, {method: 'POST', body: body, headers: fields});
  }

  // The answer's object with its status added; {status} where it is none.
  function postForJson(url, body) {
    return post(url, body).then(function (response) {
      return objectOf(response).then(function (answer) {
        return Object.assign({}, answer, {status: response.status});
      });
    });
  }

  // The page in the answer to a form.
  function postForPage(url, body) {
    return post(url, body).then(function (response) {
      return response.ok ? pageOf(response) : refused(response);
    });
  }

  hip.http = {
    headers: headers,
    pageOf: pageOf,
    get: get,
    getJson: getJson,
    getDialog: getDialog,
    getPage: getPage,
    post: post,
    postForJson: postForJson,
    postForPage: postForPage
  };
}());
