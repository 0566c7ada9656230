// SPDX-License-Identifier: Apache-2.0
// Opens Publish in a dialog over the page from which it is chosen. Without
// scripts, or for those who open the link in a new tab, it is a page.
(function () {
  'use strict';

  var BUTTON = 'button[name="action"][data-hip-dialog]';
  var hip = horizon.helionImages;

  function fail() {
    hip.notice('danger', gettext('Unable to open the dialog. Reload the page and try again.'));
  }

  // The answer to the table's form names the page of the images that are
  // ticked, or is that page where they are too many for a URL.
  function open(button) {
    var form = button.form, data = new FormData(form);
    data.append(button.name, button.value);
    button.disabled = true;
    hip.http.post(form.getAttribute('action') || window.location.href, data).then(function (response) {
      var place = response.headers.get('X-Horizon-Location');
      return place ? hip.http.get(place) : response;
    }).then(function (response) {
      return response.ok ? response.text() : Promise.reject(new Error(String(response.status)));
    }).then(function (text) {
      show(text, button);
    }).catch(fail).then(function () { button.disabled = false; });
  }

  function show(text, button) {
    var modal = horizon.modals.success(text);
    if (!modal.find('[data-hip-publish]').length) {
      modal.remove();
      throw new Error('another page');
    }
    modal.one('hidden.bs.modal', function () { hip.focusOpener(button); });
  }

  // Before Horizon's own listeners, which send the form of the table.
  document.addEventListener('click', function (event) {
    var button = event.target.closest(BUTTON);
    if (button && !button.disabled && !button.classList.contains('disabled')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      $(button).closest('.open').removeClass('open');
      open(button);
    }
  }, true);
}());
