// SPDX-License-Identifier: Apache-2.0
// Says which images that the active project uses are going away, after the list is there: the page
// itself asks nothing for it.
(function () {
  'use strict';

  var KEY = 'helion_images_panel.ending';
  var hip = horizon.helionImages;

  // What was dismissed: the same is not shown again in this tab, until something else ends.
  function dismissed() {
    try {
      return window.sessionStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function dismiss(key) {
    try {
      window.sessionStorage.setItem(KEY, key);
    } catch {
      // Without storage it is shown with the next page.
    }
  }

  function linkTo(image) {
    var link = hip.element('a', 'alert-link', image.name);
    link.href = image.url;
    link.dir = 'auto';
    // On a page of Horizon AngularJS would take the click.
    link.target = '_self';
    return link;
  }

  function lineOf(image) {
    var line = hip.element('li', ''), parts = [image.ends, image.uses].filter(Boolean);
    line.append(linkTo(image), ' (' + parts.join('; ') + ')');
    if (image.replacement) {
      line.append(' ' + gettext('Replaced by:') + ' ', linkTo(image.replacement));
    }
    return line;
  }

  function show(place, answer) {
    var box = hip.element('div', 'alert alert-warning'), close = hip.element('button', 'close'), list = hip.element('ul', '');
    close.type = 'button';
    close.setAttribute('aria-label', gettext('Dismiss'));
    close.append(hip.element('span', 'fa fa-times'));
    close.addEventListener('click', function () {
      dismiss(answer.key);
      place.replaceChildren();
      // The focus would go to the beginning of the page.
      place.tabIndex = -1;
      place.focus();
    });
    list.append.apply(list, answer.images.map(lineOf));
    box.append(close, hip.element('p', '', answer.sentence), list);
    if (answer.more) {
      box.append(hip.element('p', '', answer.more));
    }
    place.replaceChildren(box);
  }

  hip.enhance('[data-hip-ending]', function (place) {
    hip.http.getJson(place.getAttribute('data-hip-ending')).then(function (answer) {
      if (answer.sentence && dismissed() !== answer.key) {
        show(place, answer);
      }
    }, function () {
      // The list is complete without it.
    });
  });
}());
