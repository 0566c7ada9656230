// SPDX-License-Identifier: Apache-2.0
// Shows the list, or the details, as they are now, in the page as it stands:
// nothing that the person has begun, nor any upload, is lost over it.
(function () {
  'use strict';

  // Several changes at once are one new table; a busy person is waited for.
  var SOON_MS = 300, LATER_MS = 2000;
  // After so long a question counts as lost, and another may be asked.
  var ANSWER_MS = 60000;
  // A person's hands are on the page, or a search is adding rows to it.
  var HANDS = '.modal.in, [data-hip-images] .open > .dropdown-toggle, .detail-actions .open > .dropdown-toggle, ' +
    '[data-hip-images] .table-row-multi-select:checked, form[data-submitted], .hip-search-running';
  // What is exchanged: the list, or the details and what can be done there.
  var LIST = '[data-hip-images] > .table_wrapper', SEARCH = '[data-hip-search-place]', DETAILS = ['.detail-title', '.detail-actions', '[data-hip-images]'];
  var hip = horizon.helionImages;
  var timer = 0;
  var running = false;
  var again = false;
  var current = Promise.resolve();

  function panel() {
    return document.querySelector('[data-hip-images]');
  }

  function refresh() {
    if (panel() && !timer) {
      timer = window.setTimeout(attempt, SOON_MS);
    }
  }

  function attempt() {
    timer = 0;
    if (running) {
      again = true;
    } else if (document.querySelector(HANDS)) {
      timer = window.setTimeout(attempt, LATER_MS);
    } else {
      run(load);
    }
  }

  function run(task) {
    running = true;
    current = task().catch(function () {
      // The page stays as it is; the next change asks anew.
    }).then(function () {
      running = false;
      if (again) {
        again = false;
        refresh();
      }
    });
  }

  // Resolves to what `act` resolves to, during which the page is not loaded
  // anew: an answer to a question from before would say to the browser that there
  // are no messages, when this has just left one.
  function alone(act) {
    return current.then(function () {
      var result;
      if (running) {
        return alone(act);
      }
      result = act();
      run(function () { return result; });
      return result;
    });
  }

  // Not a login page, nor the list in place of an image that is gone.
  function ask(url) {
    return hip.http.getPage(url, {'X-Helion-Images-Refresh': 'table'}, ANSWER_MS).then(function (page) {
      showMessages(page);
      return page;
    });
  }

  // Shows another part of the list, such as its next page, in place of this one.
  // Resolves once it is there.
  function show(url) {
    return alone(function () {
      return ask(url).then(function (page) {
        var back;
        if (!page.querySelector(LIST)) {
          throw new Error('another page');
        }
        if (hip.page.isStill(page)) {
          back = focusIn(panel());
          exchange(page, LIST);
          exchangeAround(page);
          if (back) {
            back();
          }
        }
      });
    });
  }

  // What stands above and below the table, such as the filters.
  function exchangeAround(page) {
    var before = true, fresh = page.querySelector('[data-hip-images]'), element = panel(), table = document.querySelector(LIST);
    Array.from(element.children).forEach(function (child) {
      if (child !== table) {
        child.remove();
      }
    });
    Array.from(fresh.children).forEach(function (child) {
      if (child.matches('.table_wrapper')) {
        before = false;
      } else {
        element.insertBefore(document.importNode(child, true), before ? table : null);
      }
    });
    hip.enhanceIn(element);
  }

  function load() {
    return ask(window.location.href).then(function (page) {
      if (!hip.page.isStill(page)) {
        return;
      }
      if (document.querySelector(HANDS)) {
        timer = timer || window.setTimeout(attempt, LATER_MS);
        return;
      }
      (document.querySelector(LIST) ? [LIST, SEARCH] : DETAILS).forEach(function (part) { exchange(page, part); });
    });
  }

  // The server says each message once.
  function showMessages(page) {
    var place = document.querySelector('#main_content .messages');
    page.querySelectorAll('.messages .alert').forEach(function (message) {
      if (place) {
        place.appendChild(document.adoptNode(message));
        horizon.autoDismissAlert($(message));
      }
    });
  }

  function exchange(page, part) {
    var element = document.querySelector(part), fresh = page.querySelector(part), back, tab;
    if (!element || !fresh) {
      return;
    }
    back = focusIn(element);
    tab = element.querySelector('.nav-tabs .active [data-target]');
    element.replaceChildren.apply(element, Array.prototype.map.call(
      fresh.childNodes, function (node) { return document.importNode(node, true); }
    ));
    arm(element);
    hip.enhanceIn(element);
    // After what loads a tab that the answer does not have.
    if (tab) {
      $(element).find('.nav-tabs [data-target="' + tab.getAttribute('data-target') + '"]').tab('show');
    }
    if (back) {
      back();
    }
  }

  // What Horizon does to a table when its page has loaded. What it listens to
  // on the wrapper itself has stayed.
  function arm(element) {
    var $element = $(element), $forms = $element.find('> form, .table_wrapper > form');
    $element.find('table.datatable').each(function () {
      horizon.datatables.update_footer_count($(this), 0);
    });
    horizon.datatables.add_table_checkboxes($element);
    horizon.datatables.set_table_sorting($element);
    horizon.datatables.disable_actions_on_submit($forms);
    horizon.datatables.validate_button($forms);
    $element.find('table .table_actions').on('click', '.btn.disabled', function (event) {
      event.preventDefault();
      event.stopPropagation();
    });
    $element.find('div.table_wrapper').tooltip({selector: '[data-toggle="tooltip"]', container: 'body'});
    compileIn($element);
  }

  // Launch is a button of AngularJS.
  function compileIn($elements) {
    if ($elements.find('[ng-click]').length && window.recompileAngularContent) {
      window.recompileAngularContent($elements);
    }
  }

  // Gives the focus back to what stands now where it was; where nothing does,
  // to the part as a whole, and not to the beginning of the page.
  function focusIn(element) {
    var active = document.activeElement, focusVisible, row, selector;
    if (!active || !element.contains(active)) {
      return null;
    }
    // On a page that has had no key yet, a browser draws nothing around what a script focuses.
    focusVisible = active.matches(':focus-visible');
    row = active.closest('tr[id]');
    if (active.id) {
      selector = '#' + CSS.escape(active.id);
    } else if (row && active.matches('a[href]')) {
      selector = '#' + CSS.escape(row.id) + ' a[href="' + CSS.escape(active.getAttribute('href')) + '"]';
    }
    return function () {
      var found = selector && element.querySelector(selector);
      if (!found) {
        found = element;
        found.tabIndex = -1;
      }
      found.focus({focusVisible: focusVisible, preventScroll: true});
    };
  }

  hip.refresh = refresh;
  hip.show = show;
  hip.showMessages = showMessages;
  hip.alone = alone;
  hip.compileIn = compileIn;
}());
