// SPDX-License-Identifier: Apache-2.0
// The button beside Image Location: has the dashboard look at the URL, says what is there,
// and fills the fields that nobody has filled.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var CHOICES = 'select[data-hip-format], [name=source]';
  // What was filled in because of a check, by form and by name of the field.
  var filled = new WeakMap();

  function named(form, name) {
    return form.querySelector('[name="' + name + '"]');
  }

  // Whether the field is still ours to fill.
  function suggest(form, key, field, value) {
    var mine = filled.get(form) || {};
    if (!field || field.disabled || !value || (field.value && field.value !== mine[key])) {
      return false;
    }
    mine[key] = String(value);
    filled.set(form, mine);
    if (field.value === mine[key]) {
      return false;
    }
    field.value = mine[key];
    return true;
  }

  function required(form, name) {
    return form.querySelector('[data-hip-required="' + name + '"]');
  }

  function fill(form, values) {
    var format = form.querySelector('select[data-hip-format]'), found = foundOf(values);
    suggest(form, 'name', named(form, 'name'), values.file_name ? hip.fileStem({name: values.file_name}) : '');
    suggest(form, 'min_disk', named(form, 'min_disk'), hip.minDisk(found) || '');
    ['architecture', 'os_distro', 'os_version'].forEach(function (name) {
      suggest(form, name, named(form, name) || required(form, name), values[name]);
    });
    if (hip.offeredFormat(format, values.format) && suggest(form, 'format', format, values.format)) {
      $(format).trigger('change');
    }
  }

  // As of a file in the browser.
  function foundOf(values) {
    return {
      format: values.format, label: values.format_label, virtualBytes: values.virtual_bytes, bySuffix: values.by_name
    };
  }

  function rows(found) {
    var list = hip.element('dl', '');
    found.forEach(function (row) {
      list.append(hip.element('dt', '', row[0]), hip.element('dd', '', row[1]));
    });
    return list;
  }

  // A text with a button that does what it says.
  function offer(text, button) {
    var line = hip.element('p', '', text + ' ');
    line.append(button);
    return line;
  }

  function checksumOffer(form, found) {
    var field = named(form, 'checksum'), label;
    if (!found || !field || named(form, 'source').value !== 'location') {
      return [];
    }
    label = field.value.trim() ? gettext('Replace the Expected Checksum') : gettext('Use This Checksum');
    return [offer(found.text, hip.button(label, 'btn-default btn-xs', function () {
      field.value = found.value;
      field.dispatchEvent(new Event('input', {bubbles: true}));
      field.dispatchEvent(new Event('change', {bubbles: true}));
      field.focus();
    }))];
  }

  // Properties that the name of the file suggests, for which the form has no field of their own.
  function systemOffer(form, values) {
    var text = named(form, 'properties'), typed = text && text.value.match(/^\s*os_distro\s*=\s*(.*?)\s*$/m);
    var lines = text && !(typed && typed[1] !== values.os_distro) ? ['os_distro', 'os_version'].filter(function (name) {
      return values[name] && !named(form, name) && !required(form, name) && !new RegExp('^\\s*' + name + '\\s*=', 'm').test(text.value);
    }).map(function (name) { return name + ' = ' + values[name]; }) : [];
    return lines.length ? [offer(lines.join(', '), hip.button(gettext('Add to Other Properties'), 'btn-default btn-xs', function (event) {
      text.value = [text.value.trim()].concat(lines).filter(Boolean).join('\n');
      text.dispatchEvent(new Event('input', {bubbles: true}));
      event.target.parentNode.replaceChildren(gettext('Added to Other Properties.'));
      named(form, 'location').focus();
    }))] : [];
  }

  // What stands against the import with the fields as they are.
  function alerts(form, values) {
    var format = form.querySelector('select[data-hip-format]'), found = foundOf(values), made = [],
      text = values.size_bytes ? hip.quotaRefusal(form, [{size: values.size_bytes}], hip.isNew(form)) : '',
      differs = hip.contentMismatch(found, format && format.selectedOptions[0]), alert;
    if (text) {
      made.push(hip.element('div', 'alert alert-danger', text));
    }
    if (differs) {
      alert = hip.element('div', 'alert alert-warning', differs);
      if (hip.offeredFormat(format, values.format)) {
        alert.append(' ', hip.switchFormat(format, found, function () { named(form, 'location').focus(); }));
      }
      made.push(alert);
    }
    return made;
  }

  function show(form, holder, answer) {
    var parts = [];
    if (answer.problem || answer.reason) {
      parts.push(hip.element('div', 'alert alert-warning', answer.problem || answer.reason));
    }
    if (answer.rows && answer.rows.length) {
      parts.push(rows(answer.rows));
    }
    if (answer.values) {
      parts = parts.concat(alerts(form, answer.values));
    }
    (answer.notes || []).forEach(function (note) { parts.push(hip.element('p', 'help-block', note)); });
    holder.replaceChildren.apply(holder, parts.concat(
      answer.values ? systemOffer(form, answer.values) : [], checksumOffer(form, answer.checksum)));
  }

  function question(form) {
    var data = new FormData();
    data.append('check_url', 'true');
    data.append('source', named(form, 'source').value);
    data.append('location', named(form, 'location').value);
    return hip.http.postForJson(form.action, data, hip.page.ofForm(form));
  }

  // Puts the button into one group with the field, and the place of the answer under it.
  function build(field, press) {
    var group = hip.element('div', 'input-group'), holder = hip.element('div', 'hip-url-check'),
      buttons = hip.element('span', 'input-group-btn'), button = hip.button(gettext('Check URL'), 'btn-default', press);
    field.before(group);
    buttons.append(button);
    group.append(field, buttons);
    holder.setAttribute('aria-live', 'polite');
    group.after(holder);
    return {group: group, holder: holder, button: button};
  }

  hip.enhance('form[data-hip-create] [data-hip-url-check]', function (field) {
    var form = field.form, asked = 0, isAsking = false, last = null,
      parts = build(field, function () { check(); });

    // A slow answer about an earlier URL is not shown.
    function forget(text) {
      asked += 1;
      isAsking = false;
      last = null;
      form.hipUrlValues = null;
      parts.button.removeAttribute('aria-disabled');
      parts.holder.replaceChildren.apply(parts.holder, text ? [hip.element('p', 'help-block', text)] : []);
    }

    // What is said depends on the fields as they are.
    function refresh() {
      if (last) {
        show(form, parts.holder, last);
      }
    }

    function check() {
      var number;
      if (isAsking) {
        return;
      }
      forget(gettext('Checking the URL…'));
      isAsking = true;
      number = asked;
      parts.button.setAttribute('aria-disabled', 'true');
      question(form).catch(function () {
        return {problem: gettext('The dashboard does not respond. Try again.')};
      }).then(function (answer) {
        if (number === asked) {
          forget();
          last = answer;
          // For the boot checks.
          form.hipUrlValues = answer.values;
          if (answer.values) {
            fill(form, answer.values);
          }
          form.dispatchEvent(new Event('hip:url-checked'));
          refresh();
        }
      });
    }

    parts.group.addEventListener('keydown', function (event) {
      if (event.key === 'Escape' && isAsking) {
        // The dialog stays open.
        event.preventDefault();
        event.stopPropagation();
        forget(gettext('The check was canceled.'));
      }
    });
    field.addEventListener('input', function () { forget(); });
    $(form).on('change', CHOICES, refresh);
    return function () { $(form).off('change', CHOICES, refresh); };
  });
}());
