// SPDX-License-Identifier: Apache-2.0
// While bytes move, the links and the filters of the list do not end the uploads:
// another part of the list is shown in this page, any other page of the panel in
// a new tab.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var moves = 0;
  // Ends what shows that a part is being loaded.
  var loaded = function () {};
  // The address of what is shown.
  var shown = address();

  function address() {
    return window.location.pathname + window.location.search;
  }

  function isOfTheList(url) {
    return url.origin === window.location.origin && url.pathname === window.location.pathname &&
      Boolean(document.querySelector('[data-hip-images] > .table_wrapper'));
  }

  // The last one that was asked for counts.
  function show(url) {
    var panel = document.querySelector('[data-hip-images]'), move = moves += 1;
    shown = address();
    loaded();
    loaded = hip.loading(panel);
    return hip.show(url).catch(function () {
      if (move === moves) {
        hip.notice('danger', gettext('This part of the list could not be loaded. The uploads go on. Try again.'));
      }
    }).then(function () {
      if (move === moves) {
        loaded();
      }
    });
  }

  function go(url) {
    window.history.pushState({}, '', url);
    show(url);
  }

  // Before Horizon's own, and AngularJS's.
  document.addEventListener('click', function (event) {
    var link = hip.linkOf(event), url;
    if (!link || !hip.queue.needsPage()) {
      return;
    }
    url = new URL(link.href);
    if (isOfTheList(url)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      go(url.href);
    } else if (url.protocol === 'http:' || url.protocol === 'https:') {
      // No attribute of the link: once the uploads are done it opens here again.
      event.preventDefault();
      event.stopImmediatePropagation();
      window.open(url.href, '_blank', 'noopener');
    }
  }, true);

  document.addEventListener('submit', function (event) {
    var form = event.target, url;
    if (form.matches('[data-hip-filters]') && hip.queue.needsPage()) {
      event.preventDefault();
      url = new URL(window.location.pathname, window.location.href);
      new FormData(form).forEach(function (value, name) {
        if (value) {
          url.searchParams.append(name, value);
        }
      });
      go(url.href);
    }
  });

  // Back and Forward: the list as the address now says; the browser would show
  // the page as it stands.
  window.addEventListener('popstate', function () {
    // The details follow by themselves: detail/tabs.js.
    if (shown === address() || !isOfTheList(window.location)) {
      return;
    }
    if (hip.queue.needsPage()) {
      show(window.location.href);
    } else {
      window.location.reload();
    }
  });
}());
