// SPDX-License-Identifier: Apache-2.0
// Work of the dashboard in steps, each of which it answers with the state so
// far: a count, or what a rule finds. The first form of an unfinished state is
// sent by itself; without this script a person does so with its button.
(function () {
  'use strict';

  var STATE = '[data-hip-steps]', PERCENT = 'data-hip-steps-percent', SAY = 'data-hip-steps-say';
  var FOCUS = '[data-hip-steps-focus]';
  var hip = horizon.helionImages, hasArrived = false;

  function statusPlace() {
    return document.querySelector('[data-hip-steps-status]');
  }

  // Puts the answer in the place of the state so far, and the focus where it was, or
  // where the answer wants it.
  function show(state, page) {
    var fresh = page.querySelector(STATE), active = document.activeElement, had = state.contains(active), found;
    if (!fresh) {
      throw {reason: hip.http.reasonOf(page)};
    }
    fresh = document.importNode(fresh, true);
    state.replaceWith(fresh);
    if (had) {
      found = fresh.querySelector(FOCUS) || sameAs(active, fresh) || fresh.querySelector('button');
      if (found) {
        found.focus({preventScroll: !found.matches(FOCUS)});
      }
    }
    hip.enhanceIn(fresh);
  }

  function sameAs(active, fresh) {
    var href = active.getAttribute('href');
    if (active.id) {
      return document.getElementById(active.id);
    }
    return href && fresh.querySelector('a[href="' + CSS.escape(href) + '"]');
  }

  function send(state, form, pressed) {
    var button = pressed || form.querySelector('button'), body = new FormData(form);
    if (pressed && pressed.name) {
      body.append(pressed.name, pressed.value);
    }
    // Not disabled: the focus stays on it.
    button.setAttribute('aria-disabled', 'true');
    button.hidden = document.activeElement !== button;
    return hip.http.postForPage(form.action, body).then(function (page) {
      if (document.contains(state)) {
        show(state, page);
      }
    }).catch(function (answer) {
      var text = answer.reason || state.getAttribute('data-hip-steps-failure');
      button.removeAttribute('aria-disabled');
      button.hidden = false;
      failure(form).textContent = text;
    });
  }

  // The state so far stays, and the button goes on with it.
  function failure(form) {
    var place = form.querySelector('[role=alert]');
    if (!place) {
      place = hip.element('p', 'alert alert-danger');
      place.setAttribute('role', 'alert');
      form.append(place);
    }
    return place;
  }

  // What a person has asked for is there when the page opens.
  function arrive(state) {
    var place = state.querySelector(FOCUS);
    if (!hasArrived && place && document.activeElement === document.body) {
      place.focus();
    }
    hasArrived = true;
  }

  hip.enhance(STATE, function (state) {
    var goesOn = state.hasAttribute(PERCENT), status = statusPlace();
    state.addEventListener('submit', function (event) {
      var form = event.target;
      if (!form.hasAttribute(SAY)) {
        return;
      }
      event.preventDefault();
      if (form.querySelector('[aria-disabled]')) {
        return;
      }
      status.textContent = form.getAttribute(SAY);
      send(state, form, event.submitter);
    });
    // What is there when the page opens is read with it.
    if (goesOn || status.textContent) {
      status.textContent = state.getAttribute(SAY);
    }
    if (goesOn) {
      send(state, state.querySelector('form'));
    }
    arrive(state);
  });
}());
