// SPDX-License-Identifier: Apache-2.0
// Fills the form in from the chosen file, by its content, and says under the
// field what the file is and what speaks against it.
(function () {
  'use strict';

  var GIB = 1024 * 1024 * 1024;
  // These are compressed by nature.
  var COMPRESSED_ARE = ['aki', 'ari'];
  // What the name of a file ends with that is not of the image's own name, such
  // as ".qcow2" or ".raw.xz": not the number of a version.
  var ENDINGS = /(\.(qcow2?|img|raw|iso|vmdk|vhdx?|vdi|hdd|ova|ovf|ploop|ami|aki|ari|bin|tar|tgz|gz|xz|bz2|zst|zip|lz4|7z))+$/i;
  var hip = horizon.helionImages;
  // What is known of each form's file, and what was filled in because of it.
  var known = new WeakMap();

  function stem(file) {
    return file.name.replace(ENDINGS, '') || file.name;
  }

  // In GiB, as the field; 0 where the size is not known.
  function minDisk(found) {
    return found.virtualBytes && !found.bySuffix ? Math.ceil(found.virtualBytes / GIB) : 0;
  }

  // Whether the field is still ours to fill.
  function suggest(field, before, value) {
    if (!field || field.disabled || (field.value && field.value !== String(before || ''))) {
      return '';
    }
    field.value = value || '';
    return value || '';
  }

  function offered(select, format) {
    return select && Array.prototype.find.call(select.options, function (option) {
      return option.value === format;
    });
  }

  function fill(form, file, found) {
    var before = known.get(form) || {}, format = form.querySelector('select[data-hip-format]'),
      mine = {file: file, found: found};
    mine.name = suggest(form.querySelector('[name=name]'), before.name, stem(file));
    mine.minDisk = suggest(form.querySelector('[name=min_disk]'), before.minDisk, minDisk(found));
    mine.format = '';
    if (format && (!format.value || format.value === before.format)) {
      mine.format = offered(format, found.format) ? found.format : '';
      if (mine.format !== format.value) {
        $(format).val(mine.format).trigger('change');
      }
    }
    known.set(form, mine);
    show(form);
  }

  // What the file is, in words: "QCOW2, virtual size 10 GiB."
  function words(found) {
    if (!found.label) {
      return gettext('Format not recognized.');
    }
    return found.virtualBytes && !found.bySuffix ?
      interpolate(gettext('%(format)s, virtual size %(size)s.'),
        {format: found.label, size: hip.bytes(found.virtualBytes)}, true) :
      interpolate(gettext('%s.'), [found.label]);
  }

  // What speaks against sending the file as this format; empty if nothing does.
  function warning(found, format) {
    return found.compressed && COMPRESSED_ARE.indexOf(format) >= 0 ? '' : found.warning;
  }

  // Why the file is not what is chosen; empty if it may be.
  function mismatch(found, chosen, label) {
    if (!found.format || found.bySuffix || !chosen || chosen === found.format) {
      return '';
    }
    return interpolate(gettext('The file is %(found)s, but the chosen format is %(chosen)s.'),
      {found: found.label, chosen: label}, true);
  }

  function place(form) {
    var group = $(form.querySelector('[data-hip-file]')).closest('.form-group')[0],
      found = group && group.querySelector('[data-hip-content]');
    if (group && !found) {
      found = hip.element('div', 'hip-content');
      found.setAttribute('data-hip-content', '');
      found.setAttribute('aria-live', 'polite');
      group.appendChild(found);
    }
    return found;
  }

  function show(form) {
    var mine = known.get(form), holder = place(form), format = form.querySelector('select[data-hip-format]'),
      line, chosen = format && format.selectedOptions[0], text;
    if (!holder) {
      return;
    }
    holder.replaceChildren();
    if (!mine) {
      return;
    }
    line = words(mine.found);
    if (mine.minDisk) {
      line += ' ' + interpolate(gettext('Minimum disk set to %s GB.'), [mine.minDisk]);
    }
    holder.appendChild(hip.element('p', 'help-block', line));
    text = hip.quotaRefusal(form, [mine.file], isNew(form));
    // Where the dashboard has just refused the file, it has said why.
    if (text && !holder.closest('.has-error')) {
      holder.appendChild(hip.element('div', 'alert alert-danger', text));
    }
    text = warning(mine.found, chosen && chosen.value);
    if (text) {
      holder.appendChild(hip.element('div', 'alert alert-warning', text));
    }
    text = chosen && mismatch(mine.found, chosen.value, chosen.textContent.trim());
    if (text) {
      holder.appendChild(mismatchAlert(form, format, text, mine.found));
    }
  }

  function mismatchAlert(form, format, text, found) {
    var made = hip.element('div', 'alert alert-warning', text);
    if (offered(format, found.format)) {
      made.append(' ', hip.button(interpolate(gettext('Switch to %s'), [found.label]), 'btn-default btn-xs', function () {
        $(format).val(found.format).trigger('change');
        form.querySelector('[data-hip-file]').focus();
      }));
    }
    return made;
  }

  // Create Image asks for a name, Upload Data does not.
  function isNew(form) {
    return Boolean(form.querySelector('[name=name]'));
  }

  function chosenFile(form) {
    var input = form.querySelector('[data-hip-file]'), source = form.querySelector('[name=source]');
    return input && input.files.length && (!source || source.value === 'file') ? input.files[0] : null;
  }

  $(document).on('change', 'form[data-hip-create] [data-hip-file]', function () {
    var form = this.form, file = this.files[0];
    if (!file) {
      known.delete(form);
      show(form);
    } else if (this.files.length === 1) {
      hip.content(file).then(function (found) {
        if (chosenFile(form) === file) {
          fill(form, file, found);
        }
      });
    }
  });

  $(document).on('change', 'form[data-hip-create] select[data-hip-format]', function () {
    show(this.form);
  });

  Object.assign(hip, {
    chosenFile: chosenFile,
    isNew: isNew,
    fileStem: stem,
    minDisk: minDisk,
    contentWords: words,
    contentWarning: warning,
    contentMismatch: mismatch
  });
}());
