// SPDX-License-Identifier: Apache-2.0
// Buttons that copy a text, such as the ID of an image or of the person's own
// project.
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

  function onClick(button) {
    button.addEventListener('click', function () {
      var place = button.parentNode;
      copy(button.getAttribute('data-hip-copy'), place.querySelector('[data-hip-copied]')).then(function (copied) {
        place.querySelector('[role=status]').textContent = copied ? gettext('Copied.') :
          gettext('The browser did not allow copying. Copy the selected text yourself.');
      });
    });
  }

  // Puts an icon behind the text of the element, whose attribute says what the
  // icon does: "Copy ID".
  function addButton(place) {
    var shown = hip.element('span'), icon = hip.element('span', 'far fa-copy'), status = hip.element('span', 'small'),
      button = hip.element('button', 'btn btn-link btn-xs hip-copy'), label = place.getAttribute('data-hip-copyable');
    shown.setAttribute('data-hip-copied', '');
    shown.append.apply(shown, place.childNodes);
    icon.setAttribute('aria-hidden', 'true');
    status.setAttribute('role', 'status');
    button.type = 'button';
    button.title = label;
    button.setAttribute('aria-label', label);
    button.setAttribute('data-hip-copy', shown.textContent.trim());
    button.append(icon);
    onClick(button);
    place.append(shown, button, status);
  }

  hip.enhance('[data-hip-copyable]', addButton);
  hip.enhance('[data-hip-copy]:not(.hip-copy)', onClick);
}());
