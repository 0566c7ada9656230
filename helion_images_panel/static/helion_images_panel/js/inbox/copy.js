// SPDX-License-Identifier: Apache-2.0
// A button that copies a text, such as the ID of the person's own project.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  // Browsers give the clipboard to pages with HTTPS only: elsewhere the text is
  // selected and copied as the person would.
  function copy(text, shown) {
    if (navigator.clipboard) {
      return navigator.clipboard.writeText(text).then(function () { return true; }, function () {
        return selectAndCopy(shown);
      });
    }
    return Promise.resolve(selectAndCopy(shown));
  }

  function selectAndCopy(shown) {
    var selection = window.getSelection();
    selection.selectAllChildren(shown);
    return document.execCommand('copy');
  }

  hip.enhance('[data-hip-copy]', function (button) {
    button.addEventListener('click', function () {
      var place = button.parentNode;
      copy(button.getAttribute('data-hip-copy'), place.querySelector('[data-hip-copied]')).then(function (copied) {
        place.querySelector('[role=status]').textContent = copied ? gettext('Copied.') :
          gettext('The browser did not allow copying. Copy the selected text yourself.');
      });
    });
  });
}());
