// SPDX-License-Identifier: Apache-2.0
// Numbers for people. horizon.helionImages is the namespace of this plugin.
(function () {
  'use strict';

  var UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  var MINUTE_S = 60, HOUR_S = 3600;

  // Rounded down to a tenth: what is left must not be made more than it is.
  function bytes(count) {
    var unit = 0;
    while (count >= 1024 && unit < UNITS.length - 1) {
      count /= 1024;
      unit += 1;
    }
    return String(Math.floor(count * 10) / 10).replace('.', get_format('DECIMAL_SEPARATOR')) + ' ' + UNITS[unit];
  }

  // Rounded down to a whole number, with the sign where the language has it.
  function percent(number) {
    return new Intl.NumberFormat(horizon.languageCode || 'en', {style: 'percent', numberingSystem: 'latn'})
      .format(Math.floor(number) / 100);
  }

  function duration(seconds) {
    var count = Math.max(1, Math.ceil(seconds));
    if (count < MINUTE_S) {
      return interpolate(ngettext('%(count)s second', '%(count)s seconds', count), {count: count}, true);
    }
    if (count <= 2 * HOUR_S) {
      count = Math.ceil(count / MINUTE_S);
      return interpolate(ngettext('%(count)s minute', '%(count)s minutes', count), {count: count}, true);
    }
    count = Math.ceil(count / HOUR_S);
    return interpolate(ngettext('%(count)s hour', '%(count)s hours', count), {count: count}, true);
  }

  // Separators, control and format characters, and what else is shown as
  // nothing: core/visible_text.py has the same.
  var INVISIBLE = new RegExp('^(?:[\\p{Z}\\p{Cc}\\p{Cf}\\p{Cs}\\u115f\\u1160\\u2065\\u2800\\u3164\\uffa0\\ufff0-\\ufff8]|\\u034f|' +
    '\\u17b4|\\u17b5|[\\u180b-\\u180f]|[\\ufe00-\\ufe0f]|\\u{16fe4}|\\u{1d159}|[\\u{e0000}-\\u{e0fff}])*$', 'u');

  // Whether a text, such as an image's name, shows anything.
  function isVisible(text) {
    return !INVISIBLE.test(text);
  }

  // Scripts written from right to left and marks of the direction, what begins and ends an
  // isolation, and what ends a paragraph: core/visible_text.py has the same.
  var DIRECTED = new RegExp('[\\u0590-\\u08ff\\u200e\\u200f\\u2029-\\u202e\\u2066-\\u2069\\ufb1d-\\ufdff\\ufe70-\\ufefc' +
      '\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}]', 'u'),
    PARAGRAPHS = /[\p{Cc}\u2029]/gu, FIRST_STRONG = '\u2068', END = '\u2069', BEGINNINGS = '\u2066\u2067\u2068';

  function step(character) {
    return character === END ? -1 : Number(BEGINNINGS.includes(character));
  }

  // Whether the isolation that begins with the text ends with it.
  function isIsolated(text) {
    var depth = 0;
    return text.startsWith(FIRST_STRONG) && text.search(PARAGRAPHS) < 0 && text.split('').every(function (character, i) {
      depth += step(character);
      return (depth > 0) === (i < text.length - 1);
    });
  }

  // A text of the page itself, such as a file's name, for a sentence, whose other words it
  // neither turns around nor moves. The server isolates its own.
  function isolated(text) {
    var depth = 0, made;
    if (!DIRECTED.test(text) || isIsolated(text)) {
      return text;
    }
    made = Array.from(text.replace(PARAGRAPHS, ' ')).filter(function (character) {
      var isStray = character === END && !depth;
      depth += isStray ? 0 : step(character);
      return !isStray;
    }).join('');
    return FIRST_STRONG + made + END.repeat(depth + 1);
  }

  // An element with a class and a text: the only way data gets into a page.
  function element(tag, className, text) {
    var made = document.createElement(tag);
    made.className = className || '';
    made.textContent = text || '';
    return made;
  }

  function button(label, className, act) {
    var made = element('button', 'btn ' + className, label);
    made.type = 'button';
    made.addEventListener('click', function (event) {
      // Horizon asks for confirmation of red buttons in forms; these ones are
      // the answer to a question already.
      event.stopPropagation();
      act(event);
    });
    return made;
  }

  // What a person reads of an alarm, whatever stands in it.
  function alert(kind, text) {
    var made = element('div', 'alert alert-' + kind, text);
    made.setAttribute('role', 'alert');
    return made;
  }

  // Shows an alert above the page until the person closes it.
  function raise(made) {
    var place = document.querySelector('#main_content .messages') || document.body,
      close = button('', '', function () { made.remove(); });
    close.className = 'close';
    close.setAttribute('aria-label', gettext('Close'));
    close.appendChild(element('span', 'fa fa-times'));
    made.prepend(close);
    place.insertBefore(made, place.firstChild);
    return made;
  }

  // The same with a text of its own.
  function notice(kind, text) {
    var made = raise(alert(kind, ''));
    if (text) {
      made.append(element('p', '', text));
    }
    return made;
  }

  horizon.helionImages = {
    bytes: bytes,
    percent: percent,
    duration: duration,
    isVisible: isVisible,
    isolated: isolated,
    element: element,
    button: button,
    alert: alert,
    raise: raise,
    notice: notice
  };
}());
