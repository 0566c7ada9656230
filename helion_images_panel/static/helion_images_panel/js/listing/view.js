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

  hip.enhance('[data-hip-view]', function (menu) {
    menu.addEventListener('change', function () { apply(menu); });
  });
}());
