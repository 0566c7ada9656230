// SPDX-License-Identifier: Apache-2.0
// The person, the project and the region that this page shows: another tab may
// switch them, as the session is one for all tabs. What the page sends names
// them, and the dashboard refuses changes that come from another session's page.
(function () {
  'use strict';

  var FIELD = 'hip_page', TOKEN = 'csrfmiddlewaretoken';
  var hip = horizon.helionImages;
  // Whether the person has read that the session has ended.
  var saidEnded = false;

  // As the server wrote it. A dialog that is loaded later may come from another
  // project: what the person sees above it is that of the page.
  function ofPage(page) {
    var place = (page || document).querySelector('[data-hip-page]');
    return place ? place.getAttribute('data-hip-page') : '';
  }

  // Whether a page that was loaded again is still that of the same session; said
  // once where it is not.
  function isStill(page) {
    var same = ofPage(page) === ofPage();
    if (!same && !document.querySelector('[data-hip-elsewhere]')) {
      hip.notice('warning', gettext(
        'The project, the region or the user was changed in another tab. This page is not updated any more. Reload it to continue with the current project.'
      )).setAttribute('data-hip-elsewhere', '');
    }
    if (same) {
      saidEnded = false;
      dropEnded();
    }
    return same;
  }

  // Of a form that the person has decided to send from the project of now.
  function ofForm(form) {
    return form.getAttribute('data-hip-page-chosen') || ofPage();
  }

  function set(form, name, value) {
    var field = form.querySelector('input[type=hidden][name=' + name + ']');
    if (field && value) {
      field.value = value;
    }
  }

  // The token of the last login, and the session of the page.
  function prepare(form) {
    if (!form.matches('form[method=post i]')) {
      return;
    }
    if (!form.matches('[data-hip-outdated]')) {
      set(form, FIELD, ofForm(form));
    }
    set(form, TOKEN, hip.http.csrfCookie());
  }

  // Before all others: of those that send a form themselves, and of the browser.
  document.addEventListener('submit', function (event) { prepare(event.target); }, true);

  // A confirmed action submits its form without an event of the browser.
  $(document).on('submit', 'form', function () { prepare(this); });

  // What the dashboard says of a request from an outdated page, and what can be
  // done about it. answer: {reason, kind, switch_url, switch_label, now,
  // now_name}. decided(encoded) hears of the session that the person chose in
  // place of the page's; without it there is no such choice.
  function refusalAlert(answer, decided) {
    var alert = hip.alert('danger', answer.reason), buttons = hip.element('p', 'hip-refusal-buttons');
    if (answer.kind === 'session') {
      buttons.append(loginLink());
    }
    if (answer.switch_url) {
      buttons.append(hip.button(answer.switch_label, 'btn-primary btn-sm', function () {
        hip.http.visit(answer.switch_url).then(function () {
          var close = alert.querySelector('.close');
          alert.className = 'alert alert-info';
          alert.textContent = gettext('The project was switched back. Try again.');
          if (close) {
            alert.prepend(close);
          }
        });
      }));
    }
    if (answer.switch_url && decided) {
      buttons.append(' ', hip.button(interpolate(gettext('Continue in %(project)s'), {project: answer.now_name}, true), 'btn-default btn-sm', function () {
        decided(answer.now);
      }));
    }
    if (buttons.childNodes.length) {
      alert.append(buttons);
    }
    return alert;
  }

  // The same above the page, until the person closes it.
  function refusalNotice(answer) {
    var alert = refusalAlert(answer);
    if (answer.kind === 'session') {
      dropEnded();
      saidEnded = true;
      alert.setAttribute('data-hip-ended', '');
    }
    hip.raise(alert);
  }

  // The same of what scripts ask for by themselves, again and again: said once.
  function sessionEnded(answer) {
    if (!saidEnded) {
      refusalNotice(answer);
    }
  }

  function dropEnded() {
    document.querySelectorAll('[data-hip-ended]').forEach(function (alert) { alert.remove(); });
  }

  function loginLink() {
    var link = hip.element('a', 'btn btn-primary btn-sm', gettext('Log In'));
    link.href = loginUrl();
    link.target = '_blank';
    link.rel = 'noopener';
    return link;
  }

  function loginUrl() {
    return document.querySelector('[data-hip-login-url]').getAttribute('data-hip-login-url');
  }

  // Above what the person has entered, in place of what was said before.
  function complain(form, answer, decided) {
    var body = form.querySelector('.modal-body') || form, old = body.querySelector('[data-hip-complaint]'),
      alert = refusalAlert(answer, decided);
    if (old) {
      old.remove();
    }
    alert.setAttribute('data-hip-complaint', '');
    body.insertBefore(alert, body.firstChild);
    alert.scrollIntoView({block: 'nearest'});
  }

  hip.page = {
    FIELD: FIELD,
    encoded: function () { return ofPage(); },
    isStill: isStill,
    ofForm: ofForm,
    refusalAlert: refusalAlert,
    refusalNotice: refusalNotice,
    sessionEnded: sessionEnded,
    loginUrl: loginUrl,
    complain: complain
  };
}());
