// SPDX-License-Identifier: Apache-2.0
// Completes what the list says of access, and how many images wait for an
// answer, after the page is there: the page itself asks nothing for it.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  // Those that are new in the page: all of them are one question.
  var waiting = [];

  function complete(cell) {
    waiting.push(cell);
    if (waiting.length === 1) {
      window.setTimeout(ask, 0);
    }
  }

  function ask() {
    var panel = document.querySelector('[data-access-url]'), cells = waiting;
    waiting = [];
    if (!panel) {
      return;
    }
    hip.states(panel.getAttribute('data-access-url'), cells.map(function (cell) {
      return cell.getAttribute('data-hip-access');
    })).then(function (found) {
      cells.forEach(function (cell) {
        var details = found[cell.getAttribute('data-hip-access')];
        if (details) {
          cell.textContent = details.label;
          if (details.sync_url) {
            cell.append(' ', syncLink(details, nameOf(cell)));
          }
        }
      });
    }, function () {
      // "Shared" stands there, and is true.
    });
  }

  function nameOf(cell) {
    var row = cell.closest('tr'), link = row && row.querySelector('.hip-name a');
    return link ? link.textContent.trim() : '';
  }

  // Leads to what makes it right again. Each names its image to those who hear
  // the links of a page without their rows.
  function syncLink(details, name) {
    var link = hip.element('a', 'hip-drift ajax-modal'), icon = hip.element('span', 'fa fa-exclamation-triangle');
    icon.setAttribute('aria-hidden', 'true');
    link.href = details.sync_url;
    link.title = gettext('Projects in the domain were added, disabled or deleted, or have not accepted the image.');
    link.append(icon, ' ' + gettext('Re-sync'));
    if (name) {
      link.setAttribute('aria-label', interpolate(gettext('Re-sync %(image)s'), {image: name}, true));
    }
    return link;
  }

  // One answer for the tab and for the view of the list.
  function count(pills) {
    hip.http.getJson(pills.getAttribute('data-hip-pending-url')).then(function (answer) {
      document.querySelectorAll('[data-hip-pending]').forEach(function (badge) { show(badge, answer); });
    }, function () {
      // Without a number the link leads there all the same.
    });
  }

  function show(badge, answer) {
    var number;
    badge.hidden = !answer.pending;
    badge.textContent = '';
    if (answer.pending) {
      number = String(answer.pending) + (answer.more ? '+' : '');
      badge.append(' ', hip.element('span', 'sr-only', interpolate(
        ngettext('%(count)s image to accept or reject', '%(count)s images to accept or reject', answer.pending), {count: number}, true
      )));
      number = hip.element('span', '', number);
      number.setAttribute('aria-hidden', 'true');
      badge.prepend(number);
    }
  }

  hip.enhance('[data-hip-access]', complete);
  hip.enhance('[data-hip-pending-url]', count);
}());
