// SPDX-License-Identifier: Apache-2.0
// Numbers for people. horizon.helionImages is the namespace of this plugin.
(function () {
  'use strict';

  var UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

  function bytes(count) {
    var unit = 0;
    while (count >= 1024 && unit < UNITS.length - 1) {
      count /= 1024;
      unit += 1;
    }
    return (unit ? count.toFixed(1) : String(count)) + ' ' + UNITS[unit];
  }

  function duration(seconds) {
    var minutes;
    if (seconds < 60) {
      return interpolate(ngettext('%s second', '%s seconds', Math.ceil(seconds)), [Math.ceil(seconds)]);
    }
    minutes = Math.ceil(seconds / 60);
    return interpolate(ngettext('%s minute', '%s minutes', minutes), [minutes]);
  }

  // An element with a class and a text: the only way data gets into a page.
  function element(tag, className, text) {
    var made = document.createElement(tag);
    made.className = className || '';
    made.textContent = text || '';
    return made;
  }

  function csrfToken() {
    var field = document.querySelector('input[name=csrfmiddlewaretoken]');
    return field ? field.value : horizon.cookies.get('csrftoken');
  }

  horizon.helionImages = {
    bytes: bytes,
    duration: duration,
    element: element,
    csrfToken: csrfToken
  };
}());
