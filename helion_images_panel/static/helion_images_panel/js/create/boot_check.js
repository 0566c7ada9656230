// SPDX-License-Identifier: Apache-2.0
// Will It Boot?, before anything is sent: has the dashboard check what the form has so far, and
// fills in what a finding lacks. Loaded with the form: see file_hints.js.
(function () {
  'use strict';

  var WAIT_MS = 400;
  // Each answer names one further part of the file.
  var MOST_PARTS = 6;
  var FIELDS = ['disk_format', 'min_disk', 'min_ram', 'architecture', 'preset', 'properties', 'kernel', 'ramdisk'];
  var ICONS = {
    error: ['fa-times-circle text-danger', gettext('Error')],
    note: ['fa-info-circle text-info', gettext('Note')],
    warning: ['fa-exclamation-triangle text-warning', gettext('Warning')]
  };
  var hip = horizon.helionImages;

  function named(form, name) {
    return form.querySelector('[name="' + name + '"]') || form.querySelector('[data-hip-required="' + name + '"]');
  }

  function valueOf(form, name) {
    var field = form.querySelector('[name="' + name + '"]');
    return field && !field.disabled ? field.value : '';
  }

  // Resolves to what the dashboard finds in the disk, by the few parts of the file that it asks
  // for; null where nothing is known, and where isOver() says that nobody waits for it.
  function look(form, file, format, isOver) {
    var parts = [];

    function ask() {
      var data = new FormData();
      if (isOver()) {
        return Promise.resolve(null);
      }
      data.append('check_content', 'true');
      data.append('disk_format', format);
      data.append('file_size', file.size);
      parts.forEach(function (part) { data.append('part', part.blob, part.name); });
      return hip.http.postForJson(form.action, data, hip.page.ofForm(form)).then(function (answer) {
        var needs = answer.needs;
        if (!needs || parts.length >= MOST_PARTS) {
          return answer.content || null;
        }
        parts.push({blob: file.slice(needs[0], needs[1]), name: needs[0] + '-' + (needs[1] - 1)});
        return ask();
      });
    }

    return ask().catch(function () { return null; });
  }

  // What is known of the data, in the names of the form: sizes, and the content of the disk.
  function dataOf(form, mine) {
    var format = valueOf(form, 'disk_format'), url = form.hipUrlValues, found = mine.found;
    if (valueOf(form, 'source') !== 'file') {
      return url ? {file_size: url.size_bytes, virtual_size: url.virtual_bytes} : {};
    }
    if (!found || hip.isDecompressed(form, found)) {
      return {};
    }
    return {
      file_size: mine.file.size,
      virtual_size: format === 'raw' ? mine.file.size : found.bySuffix ? '' : found.virtualBytes,
      content: mine.content && found.format === format ? JSON.stringify(mine.content) : ''
    };
  }

  function question(form, mine) {
    var data = new FormData(), known = dataOf(form, mine);
    data.append('check_boot', 'true');
    FIELDS.forEach(function (name) { data.append(name, valueOf(form, name)); });
    form.querySelectorAll('[data-hip-required]').forEach(function (field) { data.append(field.name, field.value); });
    Object.keys(known).forEach(function (name) { data.append(name, known[name] || ''); });
    return hip.http.postForJson(form.action, data, hip.page.ofForm(form));
  }

  // The lines with this property changed; null removes it.
  function lines(text, name, value) {
    var isNew = true, kept = text.split('\n').map(function (line) {
      if (line.split('=')[0].trim() !== name) {
        return line;
      }
      isNew = false;
      return value === null ? null : name + ' = ' + value;
    }).filter(function (line) { return line !== null; });
    if (isNew && value !== null) {
      kept.splice(kept[kept.length - 1].trim() ? kept.length : -1, 1, name + ' = ' + value);
    }
    return kept.join('\n');
  }

  function fits(form, name, value) {
    var field = named(form, name);
    if (field) {
      return !field.disabled && (!field.options || Array.prototype.some.call(field.options, function (option) {
        return option.value === String(value || '');
      }));
    }
    return Boolean(named(form, 'properties'));
  }

  function isFixable(form, finding) {
    var names = Object.keys(finding.changes);
    return names.length > 0 && names.every(function (name) { return fits(form, name, finding.changes[name]); });
  }

  function fill(form, changes) {
    return Object.keys(changes).map(function (name) {
      var value = changes[name], field = named(form, name) || named(form, 'properties');
      field.value = field === named(form, 'properties') ? lines(field.value, name, value) : value === null ? '' : value;
      field.dispatchEvent(new Event('input', {bubbles: true}));
      return value === null ? interpolate(gettext('%(name)s is removed.'), {name: name}, true) :
        interpolate(gettext('%(name)s is set to %(value)s.'), {name: words(field, name), value: value}, true);
    }).join(' ');
  }

  // A field by its label, a property by its name.
  function words(field, name) {
    var label = field.name === name && field.labels && field.labels[0];
    return label ? label.textContent.trim() : name;
  }

  function item(form, finding, number, fix) {
    var made = hip.element('li'), kind = finding.prevents ? 'error' : finding.is_note ? 'note' : 'warning',
      body = hip.element('div'), sentence = hip.element('span', '', finding.sentence), icon, button, details;
    icon = hip.element('span', 'fa ' + ICONS[kind][0]);
    icon.setAttribute('aria-hidden', 'true');
    sentence.id = 'hip_boot_check_' + number;
    body.append(sentence);
    if (isFixable(form, finding)) {
      button = hip.button(gettext('Fix'), 'btn-default btn-xs', function () { fix(finding.changes); });
      button.id = 'hip_boot_check_fix_' + number;
      button.setAttribute('aria-labelledby', button.id + ' ' + sentence.id);
      body.append(' ', button);
    }
    if (finding.reason) {
      details = hip.element('details', 'hip-details');
      details.append(hip.element('summary', '', gettext('Why')), hip.element('p', 'hip-quiet', finding.reason));
      body.append(details);
    }
    made.append(icon, hip.element('span', 'sr-only', ICONS[kind][1]), body);
    return made;
  }

  function show(form, holder, answer, said, fix) {
    var parts = [], list = hip.element('ul', 'list-unstyled hip-boot');
    if (answer.findings.length || answer.content || answer.nothing || said) {
      parts.push(hip.element('p', 'hip-boot-check-title', gettext('Will It Boot?')));
    }
    if (said) {
      parts.push(hip.element('p', 'help-block', said));
    }
    answer.findings.forEach(function (finding, index) { list.append(item(form, finding, index, fix)); });
    parts = parts.concat(answer.findings.length ? list : [], [answer.nothing, answer.content].filter(Boolean).map(function (text) {
      return hip.element('p', 'help-block', text);
    }));
    holder.replaceChildren.apply(holder, parts);
  }

  function build(form) {
    var holder = hip.element('div', 'hip-boot-check');
    holder.setAttribute('aria-live', 'polite');
    holder.tabIndex = -1;
    form.querySelector('select[data-hip-format]').closest('.form-group').after(holder);
    return holder;
  }

  hip.enhance('form[data-hip-boot-check] select[data-hip-format]', function (select) {
    var form = select.form, holder = build(form), mine = {}, asked = 0, timer, last = '', said = '',
      focuses = false, isFilling = false, isClosed = false;

    function isCurrent(number) {
      return number === asked && !isClosed;
    }

    function ask() {
      var number, moves = focuses;
      focuses = false;
      if (isClosed) {
        return;
      }
      asked += 1;
      number = asked;
      if (!select.value) {
        holder.replaceChildren();
        last = said = '';
        return;
      }
      question(form, mine).then(function (answer) {
        var text = JSON.stringify([answer, said]);
        // What has not changed is not read out again, and keeps what was unfolded.
        if (isCurrent(number) && answer.findings && text !== last) {
          last = text;
          show(form, holder, answer, said, fix);
          if (moves) {
            (holder.querySelector('button') || holder).focus();
          }
        }
      }).catch(function () {
        // The details page says it as well.
      });
    }

    function later() {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT_MS);
    }

    // The image takes no further questions once the form is sent.
    function rest() {
      asked += 1;
      window.clearTimeout(timer);
    }

    function fix(changes) {
      isFilling = true;
      said = fill(form, changes);
      isFilling = false;
      focuses = true;
      window.clearTimeout(timer);
      ask();
    }

    function choose() {
      var file = hip.chosenFile(form);

      function isOver() {
        return isClosed || hip.chosenFile(form) !== file;
      }

      mine = {};
      if (file) {
        hip.content(file).then(function (found) {
          var isDisk = (found.format === 'raw' && !found.decompressible) || found.format === 'qcow2';
          return (isDisk ? look(form, file, found.format, isOver) : Promise.resolve(null)).then(function (content) {
            if (!isOver()) {
              mine = {file: file, found: found, content: content};
              later();
            }
          });
        });
      }
      later();
    }

    function changed(event) {
      if (isFilling || holder.contains(event.target)) {
        return;
      }
      said = '';
      if (event.target.matches('[data-hip-file]')) {
        choose();
      } else {
        later();
      }
    }

    $(form).on('change input', changed);
    // Of url_check.js: the sizes of the data at the URL are known.
    form.addEventListener('hip:url-checked', later);
    form.addEventListener('submit', rest);
    choose();
    return function () {
      isClosed = true;
      rest();
      $(form).off('change input', changed);
      form.removeEventListener('hip:url-checked', later);
      form.removeEventListener('submit', rest);
    };
  });
}());
