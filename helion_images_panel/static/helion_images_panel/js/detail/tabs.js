// SPDX-License-Identifier: Apache-2.0
// Switches between the tabs of an image without a load. The address names the tab, so
// that Back, a reload and a bookmark lead to it; without this, each tab is a link.
(function () {
  'use strict';

  var ANSWER_MS = 60000;
  var hip = horizon.helionImages;

  function tabOf(url) {
    return new URL(url).searchParams.get('tab');
  }

  function paneOf(link) {
    return document.querySelector(link.getAttribute('data-target'));
  }

  function linksOf(list) {
    return Array.from(list.querySelectorAll('a[data-target]'));
  }

  // Where the focus was before the pane was emptied; not if it has gone elsewhere meanwhile.
  function focusIn(pane, element) {
    var active = document.activeElement;
    if (!active || active === document.body || pane.contains(active)) {
      if (!element) {
        pane.tabIndex = -1;
      }
      (element || pane).focus();
    }
  }

  // The number beside the name is that of what the tab shows.
  function showCount(link, pane) {
    var shown = pane.querySelector('[data-hip-tab-count]'), badge = link.querySelector('[data-hip-count]');
    if (shown && !badge) {
      badge = hip.element('span', 'badge');
      badge.setAttribute('data-hip-count', '');
      link.append(' ', badge);
    }
    if (shown) {
      badge.textContent = shown.getAttribute('data-hip-tab-count');
    }
  }

  // url: that of the tab, unless it is to be read anew. isChosenInPane: by a button in it.
  function load(link, url, isChosenInPane) {
    var pane = paneOf(link), end = hip.loading(pane);
    link.removeAttribute('data-hip-lazy');
    pane.textContent = '';
    // Horizon sends the tab alone.
    hip.http.getPage(url || link.href, {'X-Requested-With': 'XMLHttpRequest', 'X-Helion-Images-Refresh': 'tab'}, ANSWER_MS)
      .then(function (page) {
        pane.replaceChildren.apply(pane, Array.from(page.body.childNodes, function (node) {
          return document.importNode(node, true);
        }));
        showCount(link, pane);
        hip.enhanceIn(pane);
        hip.compileIn($(pane));
        if (isChosenInPane) {
          focusIn(pane, pane.querySelector('[data-hip-tab-reload]'));
        }
      }, function (error) {
        var again = fail(link, pane, error, url);
        if (isChosenInPane) {
          focusIn(pane, again);
        }
      }).then(end);
  }

  // Returns the button that tries the same again.
  function fail(link, pane, error, url) {
    var alert = hip.alert('warning', ''), again = hip.button(gettext('Try Again'), 'btn-default btn-sm', function () { load(link, url, true); });
    alert.append(hip.element('p', '', gettext('This tab could not be loaded.')));
    if (error.reason) {
      alert.append(hip.element('p', '', error.reason));
    }
    alert.append(again);
    pane.replaceChildren(alert);
    return again;
  }

  function begin(list) {
    var links = linksOf(list);

    list.addEventListener('click', function (event) {
      var link = event.target.closest('a[data-target]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
        return;
      }
      event.preventDefault();
      if (link.parentNode.matches('.active, .disabled')) {
        return;
      }
      window.history.pushState({}, '', link.href);
      $(link).tab('show');
    });
    $(list).on('show.bs.tab', function (event) {
      if (event.target.hasAttribute('data-hip-lazy')) {
        load(event.target);
      }
      links.forEach(function (link) { link.removeAttribute('aria-current'); });
      event.target.setAttribute('aria-current', 'page');
      // An action leads back to the tab where it was chosen. The form's property of that
      // name is one of its buttons.
      document.querySelectorAll('.detail-actions-form').forEach(function (form) {
        form.setAttribute('action', event.target.getAttribute('href'));
      });
    });
    links.forEach(function (link) {
      paneOf(link).addEventListener('click', function (event) {
        var chosen = event.target.closest('[data-hip-tab-reload], [data-hip-tab-link]'), other;
        if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
          return;
        }
        other = links.find(function (each) { return tabOf(each.href) === tabOf(chosen.href); });
        if (other === link) {
          event.preventDefault();
          load(link, chosen.href, true);
        } else if (other) {
          // As if that tab itself were chosen.
          event.preventDefault();
          other.click();
          other.focus();
        }
      });
      // In a form Horizon leads from the last field of a tab to the next tab.
      paneOf(link).addEventListener('keydown', function (event) {
        if (event.key === 'Tab') {
          event.stopPropagation();
        }
      });
    });
  }

  // Before AngularJS, which would answer Back with the address from before it: its own
  // is added once the page has loaded, and the window asks in that order.
  window.addEventListener('popstate', function (event) {
    var list = document.querySelector('[data-hip-tabs]'), tab = tabOf(window.location.href), links;
    if (list) {
      links = linksOf(list);
      event.stopImmediatePropagation();
      $(links.find(function (link) { return tabOf(link.href) === tab; }) || links[0]).tab('show');
    }
  });

  hip.enhance('[data-hip-tabs]', begin);
}());
