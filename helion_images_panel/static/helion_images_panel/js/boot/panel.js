// SPDX-License-Identifier: Apache-2.0
// Will It Boot?: has the dashboard look at the content of the disk, which takes longer than
// the page waits for, and shows the findings with those of the content.
(function () {
  'use strict';

  var ANSWER_MS = 30000;
  var BODY = '[data-hip-boot-body]';
  var hip = horizon.helionImages;

  // Where a person is at a link, the same one has the focus afterwards.
  function exchange(body, fresh) {
    var active = body.contains(document.activeElement) && document.activeElement, href = active && active.getAttribute('href'), link;
    body.replaceChildren.apply(body, Array.from(fresh.childNodes, function (node) {
      return document.importNode(node, true);
    }));
    hip.enhanceIn(body);
    if (active) {
      link = href && body.querySelector('a[href="' + CSS.escape(href) + '"]');
      if (!link) {
        link = body;
        body.tabIndex = -1;
      }
      link.focus({preventScroll: true});
    }
  }

  function endOf(body) {
    var pending = body.querySelector('[data-hip-boot-pending]');
    if (pending) {
      pending.remove();
    }
  }

  hip.enhance('[data-hip-boot]', function (panel) {
    var url = panel.getAttribute('data-hip-boot'), body = panel.querySelector(BODY);
    if (!url) {
      return;
    }
    hip.http.getPage(url, {'X-Requested-With': 'XMLHttpRequest'}, ANSWER_MS).then(function (page) {
      var fresh = page.querySelector(BODY);
      if (fresh) {
        exchange(body, fresh);
      } else {
        endOf(body);
      }
    }).catch(function () {
      // The findings of the properties stay.
      endOf(body);
    });
  });
}());
