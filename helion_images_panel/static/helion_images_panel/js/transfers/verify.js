// SPDX-License-Identifier: Apache-2.0
// Has images compared with the checksum that was expected of them, where the
// page says that it is due or the person asks for it.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  // Each may read the whole image: one after the other.
  var last = Promise.resolve();
  // The answers that are waited for, by URL: the dock and a mark share one.
  var asked = {};
  // Whether the dashboard is at one now, whose outcome may be that the image is
  // deleted: only its answer says why.
  var checking = false;
  // What was asked for once, here or by the dock: what could not be noted on
  // the image is due again in the next table, and would be for ever; what was
  // deleted may still stand in a table that was asked for before.
  var looked = {};

  function later(seconds) {
    return new Promise(function (resolve) { window.setTimeout(resolve, seconds * 1000); });
  }

  function once(url, page) {
    checking = true;
    return hip.http.postForJson(url, null, page).finally(function () { checking = false; }).then(function (answer) {
      if (answer.kind === 'busy') {
        return later(answer.retry_after_s || 5).then(function () { return once(url, page); });
      }
      if (!answer.verification && !answer.reason) {
        answer.reason = gettext('Unable to verify the image.');
      }
      return answer;
    }, function () {
      return {reason: gettext('The dashboard does not respond. The image is not verified yet.')};
    });
  }

  // What is wrong goes once it has been shown: an answer that nobody reads
  // leaves the image with the mark of a mismatch, to be shown once more.
  function shown(answer, page) {
    hip.http.postForJson(answer.seen_url, null, page).catch(function () { return {}; }).then(function (seen) {
      if (seen.verification === 'mismatch' && !seen.deleted) {
        alarm(seen);
      }
      hip.refresh();
    });
  }

  // Resolves to the answer: {verification, reason, expected, actual, …}, of
  // which everybody who asked makes something visible at once.
  // page: the session for which it is checked, where that is not the page's.
  function verify(url, page) {
    looked[url] = true;
    if (!asked[url]) {
      last = last.then(function () { return once(url, page); });
      asked[url] = last.then(function (answer) {
        delete asked[url];
        if (answer.seen_url) {
          window.setTimeout(shown, 0, answer, page);
        }
        return answer;
      });
    }
    return asked[url];
  }

  // What a failed comparison means. Two checksums in one sentence are hard to
  // compare by eye: where the words are ours, they stand below it.
  function words(failure) {
    if (failure.expected && failure.actual && failure.seen_url && failure.official) {
      return gettext('The data that the image service downloaded does not match the publisher\'s checksum, and the image is being deleted. Add it again from Official Images. If the checksum is wrong again, contact the cloud\'s operator: the publisher, or a proxy or mirror in between, delivers other data.');
    }
    if (failure.expected && failure.actual && failure.seen_url) {
      return gettext('The data does not match the expected checksum, and the image is being deleted. Compare the entered checksum with the publisher\'s, then create the image again.');
    }
    if (failure.expected && failure.actual && !('deleted' in failure)) {
      return gettext('The file does not match the expected checksum. Download the file again, or compare the entered checksum with the publisher\'s.');
    }
    return failure.reason || gettext('The data of the image does not match the expected checksum.');
  }

  function explain(alert, failure) {
    var text = words(failure), list = hip.element('dl', 'hip-checksums');
    alert.appendChild(hip.element('p', '', text));
    [[gettext('Expected'), failure.expected], [gettext('Actual'), failure.actual]].forEach(function (pair) {
      if (pair[1] && text.indexOf(pair[1]) < 0) {
        list.append(hip.element('dt', '', pair[0]), hip.element('dd', '', pair[1]));
      }
    });
    if (list.childNodes.length) {
      alert.appendChild(list);
    }
  }

  // Stays until the person closes it, also when the table is shown anew.
  function alarm(answer) {
    var made = hip.notice('danger', '');
    made.setAttribute('data-hip-alarm', '');
    if (answer.name) {
      made.appendChild(hip.element('p')).appendChild(hip.element('strong', '', answer.name));
    }
    explain(made, answer);
  }

  function show(mark, text) {
    var line = mark.querySelector('[data-hip-verify-line]') || mark;
    if (!line.matches('button, a')) {
      line.textContent = text;
    }
  }

  // What was to be published once it was compared; resolves to the answer.
  function published(answer) {
    var found = answer.publication;
    return !found ? answer : hip.publishSteps(found.url, found, [], function (step) {
      hip.notDone(step.projects).forEach(function (each) { hip.notice('warning', [each.project, each.reason].join(' \u2013 ')); });
    }).catch(function (refusal) { hip.notice('warning', refusal.reason || hip.notPublished()); }).then(function () { return answer; });
  }

  function check(mark, url) {
    show(mark, gettext('Checking…'));
    verify(url).then(published).then(function (answer) {
      mark.removeAttribute('aria-disabled');
      if (answer.verification === 'mismatch') {
        alarm(answer);
      } else if (answer.verification === 'converted') {
        // The mark alone does not say why, and that nothing is wrong.
        hip.notice('info', answer.reason);
      } else if (answer.verification !== 'verified' && answer.status !== 404) {
        show(mark, gettext('Not verified'));
        mark.setAttribute('title', answer.reason || '');
        if (mark.matches('[data-hip-verify-now]')) {
          hip.notice('warning', answer.reason);
        }
        return;
      }
      hip.refresh();
    });
  }

  // The dock has it checked itself when the data has come.
  function isOnItsWay(url) {
    return hip.queue.all().some(function (transfer) {
      return transfer.steps.verify_url === url && transfer.is('sending', 'storing', 'importing', 'verifying');
    });
  }

  hip.enhance('[data-hip-verify]', function (mark) {
    var url = mark.getAttribute('data-hip-verify');
    if (!looked[url] && !isOnItsWay(url)) {
      check(mark, url);
    }
  });

  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-hip-verify-now]');
    if (button) {
      event.preventDefault();
    }
    // A button that is disabled outright would lose the focus.
    if (button && !button.hasAttribute('aria-disabled')) {
      button.setAttribute('aria-disabled', 'true');
      check(button, button.getAttribute('data-hip-verify-now'));
    }
  });

  hip.verify = verify;
  hip.isChecking = function () { return checking; };
  hip.explainMismatch = explain;
}());
