// SPDX-License-Identifier: Apache-2.0
// Opens Publish in a dialog over the page from which it is chosen. Without
// scripts, or for those who open the link in a new tab, it is a page.
(function () {
  'use strict';

  var BUTTON = 'button[name="action"][data-hip-dialog]';
  var hip = horizon.helionImages;

  // error: a refusal, as of hip.http.refusalOf, or any other failure.
  function fail(error) {
    hip.page.refusalNotice(error.reason ? error :
      {kind: 'refused', reason: gettext('Unable to open the dialog: the dashboard does not respond. Try again.')});
  }

  // The answer to the table's form names the page of the images that are
  // ticked, or is that page where they are too many for a URL. ids: the images,
  // where they are not those that are ticked.
  function open(button, ids) {
    var form = button.form, data = new FormData(form);
    data.append(button.name, button.value);
    if (ids) {
      data.delete('object_ids');
      ids.forEach(function (id) { data.append('object_ids', id); });
    }
    button.disabled = true;
    hip.http.post(form.getAttribute('action') || window.location.href, data).then(function (response) {
      var place = response.ok && response.headers.get('X-Horizon-Location');
      return place ? hip.http.get(place) : response;
    }).then(hip.http.textOf).then(function (text) {
      show(text, function () { hip.focusOpener(button); });
    }).catch(fail).then(function () { button.disabled = false; });
  }

  // Where a dialog has led to it, which has changed something already. opener:
  // the element that had opened that one, if it is known.
  function openPublish(url, opener) {
    hip.http.get(url).then(hip.http.textOf).then(function (text) {
      show(text, function () {
        if (opener && document.contains(opener)) {
          hip.focusOpener(opener);
        }
        hip.refresh();
      });
    }).catch(function (error) {
      fail(error);
      hip.refresh();
    });
  }

  function show(text, closed) {
    var modal = horizon.modals.success(text);
    // What fails has a dialog too, with the reason and Retry.
    if (!modal.find('[data-hip-publish], [data-hip-reason]').length) {
      modal.remove();
      throw new Error('another page');
    }
    modal.one('hidden.bs.modal', closed);
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

  hip.publishImages = open;
  hip.openPublish = openPublish;
}());
