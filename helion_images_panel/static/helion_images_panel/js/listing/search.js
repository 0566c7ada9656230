// SPDX-License-Identifier: Apache-2.0
// Goes on with a search that has stopped before the page was full: the rows of
// each further part are added to the table. Without this, a link leads on.
(function () {
  'use strict';

  // After so long a request counts as lost.
  var ANSWER_MS = 60000;
  var PREVIOUS = 'a[href*="prev_marker="]';
  var hip = horizon.helionImages;
  // The list whose search the person has stopped: it stays so when it is shown anew.
  var stopped = '';

  function begin(block) {
    var text = block.querySelector('[data-hip-search-text]'), go = block.querySelector('[data-hip-search-go]'),
      stop = block.querySelector('[data-hip-search-stop]'), previous = block.getAttribute('data-hip-previous'),
      isRunning = false, turn = 0, end;

    function show() {
      var hadFocus = document.activeElement === go || document.activeElement === stop;
      block.classList.toggle('hip-search-running', isRunning);
      go.classList.toggle('hidden', isRunning || !block.hasAttribute('data-hip-search'));
      stop.classList.toggle('hidden', !isRunning);
      if (hadFocus) {
        (isRunning ? stop : go).focus();
      }
    }

    function run() {
      var mine = turn += 1;
      isRunning = true;
      // Not of what says how far it is: nobody would hear that while it is busy.
      end = end || hip.loading(document.querySelector('[data-hip-images] > .table_wrapper'));
      show();
      // With the header, reports are left to the next page.
      hip.http.getPage(block.getAttribute('data-hip-search'), {'X-Helion-Images-Refresh': 'table'}, ANSWER_MS)
        .then(function (page) {
          if (mine === turn) {
            take(page);
          }
        }).catch(function () {
          if (mine === turn) {
            halt(gettext('The search was interrupted.'));
          }
        });
    }

    function halt(reason) {
      turn += 1;
      isRunning = false;
      if (end) {
        end();
        end = null;
      }
      if (reason) {
        text.textContent = reason;
      }
      show();
    }

    function take(page) {
      var fresh = page.querySelector('[data-hip-search-place] .hip-search');
      if (!fresh || !hip.page.isStill(page)) {
        halt(gettext('The search was interrupted.'));
        return;
      }
      add(page.querySelector('#images'), previous);
      text.textContent = fresh.querySelector('[data-hip-search-text]').textContent;
      if (fresh.hasAttribute('data-hip-search')) {
        block.setAttribute('data-hip-search', fresh.getAttribute('data-hip-search'));
        go.href = fresh.querySelector('[data-hip-search-go]').getAttribute('href');
        run();
      } else {
        block.removeAttribute('data-hip-search');
        halt();
      }
    }

    stop.addEventListener('click', function () {
      stopped = window.location.href;
      halt();
    });
    go.addEventListener('click', function (event) {
      event.preventDefault();
      stopped = '';
      run();
    });
    if (stopped === window.location.href) {
      show();
    } else {
      run();
    }
    return function () {
      turn += 1;
      if (end) {
        end();
      }
    };
  }

  // Adds the rows of a further part of the page. What leads on is that of the
  // further part, what leads back that of the first.
  function add(fresh, previous) {
    var table = document.querySelector('#images'), body = table && table.tBodies[0], wrapper,
      rows = fresh ? Array.from(fresh.querySelectorAll('tbody > tr[data-object-id]')) : [], wasEmpty, empty;
    if (!body || !fresh) {
      return;
    }
    empty = body.querySelector('tr.empty');
    if (!rows.length) {
      if (empty && fresh.querySelector('tr.empty')) {
        empty.textContent = '';
        empty.append(document.importNode(fresh.querySelector('tr.empty > td'), true));
      }
      return;
    }
    wasEmpty = Boolean(empty);
    if (empty) {
      empty.remove();
    }
    // An image that was changed meanwhile may come once more.
    rows = rows.filter(function (row) { return !document.getElementById(row.id); }).map(function (row) {
      return document.importNode(row, true);
    });
    body.append.apply(body, rows);
    [table, fresh].forEach(function (each) { correctPrevious(each, previous); });
    exchangeFooters(table, fresh);
    wrapper = $(table).closest('.table_wrapper');
    horizon.datatables.update_footer_count($(table), 0);
    horizon.datatables.update_header_checkbox($(table));
    if (wasEmpty) {
      horizon.datatables.add_table_checkboxes(wrapper);
    }
    hip.enhanceIn(body);
    hip.compileIn($(rows));
  }

  function correctPrevious(table, previous) {
    table.querySelectorAll(PREVIOUS).forEach(function (link) {
      if (previous) {
        link.setAttribute('href', previous);
      } else {
        link.remove();
      }
    });
  }

  // Horizon shows how many rows there are, and where to turn to, above and below.
  function exchangeFooters(table, fresh) {
    var heading = table.querySelector('thead > tr.table_column_header');
    table.querySelectorAll('thead > tr:not(.table_column_header), tfoot').forEach(function (old) { old.remove(); });
    fresh.querySelectorAll('thead > tr:not(.table_column_header)').forEach(function (row) {
      heading.before(document.importNode(row, true));
    });
    fresh.querySelectorAll('tfoot').forEach(function (foot) { table.append(document.importNode(foot, true)); });
  }

  hip.enhance('[data-hip-search]', begin);
}());
