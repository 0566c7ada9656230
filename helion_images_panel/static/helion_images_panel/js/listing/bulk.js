// SPDX-License-Identifier: Apache-2.0
// The bar of actions on ticked rows: Horizon's own buttons, which stand in it while
// rows are ticked. Without scripts they are always above the table.
(function () {
  'use strict';

  var BOX = '.table-row-multi-select', TICKED = 'tbody ' + BOX + ':checked', OTHERS = '[data-hip-images]:not(.hip-list) ';
  var hip = horizon.helionImages;
  var bars = new WeakMap();

  // Horizon's scripts find the buttons inside of .table_actions, which has to be the
  // next div around them: no div may come between.
  function build(actions) {
    var found = actions.querySelectorAll(':scope > button[data-batch-action], :scope > .table_actions_menu'),
      bar = hip.element('section', 'hip-bulk bg-info text-info'), count = hip.element('strong'),
      status = hip.element('span', 'sr-only'), dangers = [];
    if (!found.length) {
      return;
    }
    bar.setAttribute('aria-label', gettext('Selected images'));
    count.setAttribute('aria-hidden', 'true');
    // It stands outside of the bar: what is hidden is not announced.
    status.setAttribute('role', 'status');
    bar.append(count, hip.button(gettext('Clear selection'), 'btn-link hip-bulk-clear', function () { clear(actions); }));
    found.forEach(function (button) {
      if (button.matches('.btn-danger')) {
        dangers.push(button);
      } else {
        bar.append(button);
      }
    });
    bar.append.apply(bar, dangers);
    actions.append(status, bar);
    bars.set(actions, {section: bar, count: count, status: status});
    show(actions);
  }

  function show(actions) {
    var bar = bars.get(actions), caption = actions.closest('caption'),
      ticked = actions.closest('table').querySelectorAll(TICKED).length;
    bar.count.textContent = interpolate(ngettext('%(count)s selected', '%(count)s selected', ticked), {count: ticked}, true);
    bar.status.textContent = ticked ?
      interpolate(ngettext('%(count)s image selected', '%(count)s images selected', ticked), {count: ticked}, true) : '';
    caption.classList.toggle('hip-bulk-shown', ticked > 0);
    // A browser that measures a page lays it out first: not before the page is shown.
    if (ticked) {
      // The bar itself is to stand there, not the caption around it.
      caption.style.top = (bottomOfHeader() - (bar.section.getBoundingClientRect().top - caption.getBoundingClientRect().top)) + 'px';
    }
  }

  // Below the header of the page, where the theme keeps that in sight.
  function bottomOfHeader() {
    var header = document.querySelector('.navbar-fixed-top');
    return header && window.getComputedStyle(header).position === 'fixed' ? header.offsetHeight : 0;
  }

  function clear(actions) {
    var table = actions.closest('table'), all = table.querySelector('thead ' + BOX);
    $(table).find(BOX).prop('checked', false).last().trigger('change');
    if (all) {
      all.focus();
    }
  }

  function showAll() {
    document.querySelectorAll('.hip-list .table_actions').forEach(function (actions) {
      if (bars.has(actions)) {
        show(actions);
      }
    });
  }

  // Buttons of other tables always stand there: while no row is ticked, none is a stop of
  // the keyboard.
  function disable(table) {
    var isTicked = Boolean(table.querySelector(TICKED));
    table.querySelectorAll('.table_actions button[data-batch-action]').forEach(function (button) {
      button.disabled = !isTicked;
    });
  }

  // A box has no words of its own.
  function nameBox(box) {
    var row = box.closest('tbody tr'), isImage = box.closest('.hip-list');
    if (row) {
      box.setAttribute('aria-label', interpolate(gettext('Select %(name)s'),
        {name: row.getAttribute('data-hip-name') || row.getAttribute('data-display')}, true));
    } else {
      box.setAttribute('aria-label', isImage ? gettext('Select all images of this page') : gettext('Select all rows'));
    }
  }

  // Nor has the button of a row's menu.
  function nameMenu(button) {
    var row = button.closest('tr[id]');
    // By it the focus comes back when the list is shown anew.
    button.id = (row ? row.id : 'hip_detail') + '__menu';
    button.setAttribute('aria-label', row ?
      interpolate(gettext('More actions of %(image)s'), {image: row.getAttribute('data-hip-name') || row.getAttribute('data-display')}, true) :
      gettext('More actions'));
  }

  hip.enhance('.hip-list .table_actions', build);
  hip.enhance('[data-hip-images] .actions_column .dropdown-toggle, .detail-actions .dropdown-toggle', nameMenu);
  hip.enhance('[data-hip-images] ' + BOX, nameBox);
  hip.enhance(OTHERS + 'table', disable);
  $(document).on('change', OTHERS + BOX, function () { disable(this.closest('table')); });
  // Behind Horizon's own listener, which ticks all boxes with that of the heading.
  $(document).on('change', '.hip-list ' + BOX, showAll);
  // A page that comes back has its boxes ticked as they were.
  window.addEventListener('pageshow', function () {
    window.setTimeout(function () {
      showAll();
      document.querySelectorAll(OTHERS + 'table').forEach(disable);
    }, 0);
  });
}());
