// SPDX-License-Identifier: Apache-2.0
// The one place that asks the dashboard. Only a file's bytes go another way,
// as a person wants to see how far they are: transfers/http_upload.js.
(function () {
  'use strict';

  var TOKEN = 'csrfmiddlewaretoken';
  var hip = horizon.helionImages;

  // Horizon has horizon.cookies by AngularJS only, which it removes.
  function csrfCookie() {
    var found = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
    return found ? found[1] : '';
  }

  // The cookie changes when the person logs in again in another tab; a cloud
  // may keep it from scripts. Then that of the form counts, or of the page.
  function csrfToken(body) {
    var field = document.querySelector('input[name=' + TOKEN + ']');
    return csrfCookie() || (isForm(body) && body.get(TOKEN)) || (field ? field.value : '');
  }

  function isForm(body) {
    return body instanceof FormData;
  }

  // Of a request that changes something, with this body, for the session of the
  // page, or for another one that the person has chosen: see page_session.js.
  function headers(body, page) {
    var fields = {'X-CSRFToken': csrfToken(body), 'X-Requested-With': 'XMLHttpRequest'};
    page = page || hip.page.encoded();
    return page ? Object.assign(fields, {'X-Helion-Images-Page': page}) : fields;
  }

  function ask(url, options) {
    return fetch(url, Object.assign({credentials: 'same-origin'}, options));
  }

  // Rejects with an Error of the answer's status, and of what the dashboard
  // says about it: {status, kind, reason, …}. For what only reads. That the
  // session has ended is said above the page, whoever asks.
  function refused(response) {
    return refusalOf(response, gettext('The dashboard does not respond. Try again.')).then(function (answer) {
      if (answer.kind === 'session') {
        hip.page.sessionEnded(answer);
      }
      throw Object.assign(new Error(String(response.status)), answer, {status: response.status});
    });
  }

  function objectOf(text) {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  }

  function pageIn(text) {
    return new DOMParser().parseFromString(text, 'text/html');
  }

  function pageOf(response) {
    return response.text().then(pageIn);
  }

  // Why the dashboard has another page, or dialog, in place of the one that was
  // asked for; empty where it does not say.
  function reasonOf(page) {
    var place = page.querySelector('[data-hip-reason]');
    return place ? place.textContent.trim() : '';
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

  // Of a dialog: where another address has it, that of its redirect.
  function textOf(response) {
    return response.ok && !response.headers.get('X-Horizon-Location') ? response.text() : refused(response);
  }

  // Resolves to the response, whatever its status: a dialog as Horizon asks for
  // it, without the page around it.
  function get(url) {
    return ask(url, {headers: {'X-Requested-With': 'XMLHttpRequest'}});
  }

  function getDialog(url) {
    return get(url).then(textOf).then(pageIn);
  }

  // The page that a browser would show, and no other in its place, such as that
  // of the login. It may come with other parameters, as the list does that has
  // changed.
  function getPage(url, headersOfPage, timeoutMs) {
    return ask(url, {headers: headersOfPage, signal: AbortSignal.timeout(timeoutMs)}).then(function (response) {
      var isIt = response.ok && (!response.redirected || pathOf(response.url) === pathOf(url));
      return isIt ? pageOf(response) : refused(response);
    });
  }

  function pathOf(url) {
    return new URL(url, window.location.href).pathname;
  }

  // Goes to a page of Horizon's that switches something, and not on to where it
  // leads: that would take the messages along. Whether it did shows with the
  // next request.
  function visit(url) {
    return ask(url, {redirect: 'manual'}).catch(function () {
      // Without the network the next request fails as well, and says so.
    });
  }

  // Resolves to the response, whatever its status.
  function post(url, body, page) {
    var fields = headers(body, page);
    // Django looks at the header only where the form has no token.
    if (isForm(body) && body.has(TOKEN)) {
      body.set(TOKEN, fields['X-CSRFToken']);
    }
    // A dialog may have been loaded from another project than the page's.
    if (isForm(body) && body.has(hip.page.FIELD)) {
      body.set(hip.page.FIELD, fields['X-Helion-Images-Page'] || body.get(hip.page.FIELD));
    }
    return ask(url, {method: 'POST', body: body, headers: fields});
  }

  // The answer's object, or the refusal, with its status added.
  function postForJson(url, body, page) {
    return post(url, body, page).then(function (response) {
      return (response.ok ? response.text().then(objectOf) : refusalOf(response)).then(function (answer) {
        return Object.assign({}, answer, {status: response.status});
      });
    });
  }

  // The page in the answer to a form.
  function postForPage(url, body) {
    return post(url, body).then(textOf).then(pageIn);
  }

  // What was refused, in words for the person: {reason, kind, …} as the
  // dashboard's scripts get it, what its page says, or what the status says of
  // any other page. otherwise: the words where nothing is known.
  function refusalOf(response, otherwise) {
    return response.text().then(function (text) {
      var answer = objectOf(text);
      return answer && answer.reason ? answer : Object.assign(guess(response, reasonOf(pageIn(text)), otherwise), answer);
    });
  }

  function guess(response, said, otherwise) {
    if (response.status === 401 || response.headers.get('X-Horizon-Location') || isLogin(response)) {
      return sessionRefusal();
    }
    if (said) {
      return {kind: 'refused', reason: said};
    }
    if (response.status === 403) {
      return {kind: 'refused', reason: gettext('You are not allowed to do this.')};
    }
    if (response.status === 404) {
      return {kind: 'refused', reason: gettext('The image was not found. It may have been deleted, or it is not visible to you any more.')};
    }
    return {
      kind: 'refused',
      reason: otherwise || gettext('The action may not have completed. Check the images before you try again.')
    };
  }

  // A page that was asked for without a script's header is redirected there.
  function isLogin(response) {
    return response.redirected && pathOf(response.url) === pathOf(hip.page.loginUrl());
  }

  function sessionRefusal() {
    return {kind: 'session', reason: gettext('Your session has ended. Log in again in another tab, then try again here.')};
  }

  hip.http = {
    refusalOf: refusalOf,
    sessionRefusal: sessionRefusal,
    reasonOf: reasonOf,
    csrfCookie: csrfCookie,
    headers: headers,
    pageOf: pageOf,
    textOf: textOf,
    get: get,
    getJson: getJson,
    getDialog: getDialog,
    getPage: getPage,
    visit: visit,
    post: post,
    postForJson: postForJson,
    postForPage: postForPage
  };
}());
