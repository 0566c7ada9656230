// SPDX-License-Identifier: Apache-2.0
// The choice of density and columns, kept in a cookie that the server reads.
(function () {
  'use strict';

  var YEAR_S = 31536000;
  var hip = horizon.helionImages;

  // The words of ui/listing/view_choice.py, each of which is a class of the list.
  function chosen(menu) {
    return Array.prototype.filter.call(menu.querySelectorAll('input'), function (field) {
      return field.value && (field.type === 'radio') === field.checked;
    }).map(function (field) { return field.value; });
  }

  function apply(menu) {
    var words = chosen(menu), list = menu.closest('.hip-list');
    menu.querySelectorAll('input').forEach(function (field) {
      if (field.value) {
        list.classList.toggle('hip-' + field.value, words.indexOf(field.value) >= 0);
      }
    });
    document.cookie = menu.getAttribute('data-hip-view') + '=' + words.join('.') + '; path=/; samesite=lax; max-age=' + YEAR_S +
      (window.location.protocol === 'https:' ? '; secure' : '');
  }

  // The first page with so many rows, as by a link: it does not end uploads.
  function goToFirstPage(panel) {
    var link = hip.element('a');
    link.href = '?' + panel.querySelector('[data-hip-list-query]').getAttribute('data-hip-list-query');
    link.target = '_self';
    panel.append(link);
    link.click();
    link.remove();
  }

  // The server stores the number of rows: it is that of all lists of Horizon.
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.matches('[data-hip-page-size]')) {
      event.preventDefault();
      hip.http.postForJson(form.getAttribute('action'), new FormData(form)).then(function (answer) {
        if (answer.status === 200) {
          goToFirstPage(form.closest('[data-hip-images]'));
        } else {
          hip.page.refusalNotice(answer);
        }
      }, function () {
        hip.notice('danger', gettext('The dashboard does not respond. Try again.'));
      });
    }
  });

  hip.enhance('[data-hip-view]', function (menu) {
    menu.addEventListener('change', function (event) {
      if (event.target.matches('input')) {
        apply(menu);
      }
    });
  });
}());
