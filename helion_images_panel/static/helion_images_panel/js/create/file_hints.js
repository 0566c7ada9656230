// SPDX-License-Identifier: Apache-2.0
// Fills the form in from the chosen file, by its content, and says under the
// field what the file is and what speaks against it.
(function () {
  'use strict';

  var GIB = 1024 * 1024 * 1024;
  // The largest minimum disk that the image service takes.
  var MOST_GIB = 2147483647;
  // What the name of a file ends with that is not of the image's own name, such
  // as ".qcow2" or ".raw.xz": not the number of a version.
  var ENDINGS = /(\.(qcow2?|img|raw|iso|vmdk|vhdx?|vdi|hdd|ova|ovf|ploop|ami|aki|ari|bin|tar|tgz|gz|xz|bz2|zst|zip|lz4|7z))+$/i;
  var hip = horizon.helionImages;
  // What is known of each form's file, and what was filled in because of it.
  var known = new WeakMap();

  function stem(file) {
    return file.name.replace(ENDINGS, '') || file.name;
  }

  // In GiB, as the field; 0 where the size is not known, or none that the image
  // service takes.
  function minDisk(found) {
    var gib = found.virtualBytes && !found.bySuffix ? Math.ceil(found.virtualBytes / GIB) : 0;
    return gib <= MOST_GIB ? gib : 0;
  }

  // Whether the field is still ours to fill.
  function suggest(field, before, value) {
    if (!field || field.disabled || (field.value && field.value !== String(before || ''))) {
      return '';
    }
    field.value = value || '';
    if (field === document.activeElement) {
      // Somebody may be about to type, in its place and not behind it.
      field.select();
    }
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
    offer(form, file, found);
    show(form);
  }

  // What may be done with the file on its way.
  function offer(form, file, found) {
    var holder = place(form);
    hip.offerDecompression(form, holder, file, found, function () { show(form); });
    hip.offerSparse(form, holder, file, found);
  }

  // What the file is, in words: "QCOW2, virtual size 10 GiB."
  function words(found) {
    if (!found.label) {
      return gettext('Format not recognized.');
    }
    if (found.decompressible) {
      // Translators: the name of a format, such as xz.
      return interpolate(gettext('Compressed file (%(format)s).'), {format: found.label}, true);
    }
    return found.virtualBytes && !found.bySuffix ?
      interpolate(gettext('%(format)s, virtual size %(size)s.'),
        {format: found.label, size: hip.bytes(found.virtualBytes)}, true) :
      // Translators: the name of a format, as a sentence.
      interpolate(gettext('%(format)s.'), {format: found.label}, true);
  }

  // What is to be known about the file as this format; empty if nothing is.
  function warning(found, format) {
    if (!found.warning || found.decompress || (found.isKernel && format === found.format) ||
        (found.compressed && hip.isCompressedByNature(format))) {
      return '';
    }
    return found.command ? [found.warning, interpolate(gettext('Convert it first: %(command)s'), {command: found.command}, true)].join(' ') : found.warning;
  }

  // Why the file is not what is chosen; empty if it may be.
  function mismatch(found, option) {
    if (!option || !option.value || option.value === found.format || found.bySuffix || !found.format) {
      return '';
    }
    // Translators: names of formats, such as QCOW2.
    return interpolate(gettext('The file is %(found)s, but the chosen format is %(chosen)s.'),
      {found: found.label, chosen: option.textContent.trim()}, true);
  }

  // Why the dashboard would refuse the file; empty if it would not, or if only
  // it can tell. `form` is the server's, with what the operator tolerates.
  function refusal(form, found, option) {
    var kind = option ? hip.contentVerdict(found, option.value, hip.contentRules(form)) : '', text;
    if (kind !== 'format') {
      return kind ? warning(found, '') ||
        gettext('The file matches several formats at once and may hide other content.') : '';
    }
    text = mismatch(found, option) || interpolate(
      gettext('The file is not %(format)s. Its format was not recognized.'), {format: option.textContent.trim()}, true);
    return [text, found.format === option.value && warning(found, option.value)].filter(Boolean).join(' ');
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
      line += ' ' + interpolate(gettext('Minimum disk set to %(size)s GB.'), {size: mine.minDisk}, true);
    }
    holder.appendChild(hip.element('p', 'help-block', line));
    text = hip.quotaRefusal(form, [mine.file], isNew(form));
    // Where the dashboard has just refused the file, it has said why.
    if (text && !holder.closest('.has-error')) {
      holder.appendChild(hip.element('div', 'alert alert-danger', text));
    }
    alerts(form, format, mine.found, chosen).forEach(function (alert) { holder.appendChild(alert); });
  }

  function alerts(form, format, found, chosen) {
    var refused = refusal(form, found, chosen), differs = mismatch(found, chosen), warned = warning(found, chosen && chosen.value),
      made = [];
    if (refused) {
      made.push(hip.element('div', 'alert alert-danger', refused));
    } else if (differs) {
      made.push(hip.element('div', 'alert alert-warning', differs));
    }
    if (made.length && differs && offered(format, found.format)) {
      made[0].append(' ', switchButton(format, found, function () { form.querySelector('[data-hip-file]').focus(); }));
    }
    if (warned && refused.indexOf(warned) < 0) {
      made.push(hip.element('div', 'alert alert-warning', warned));
    }
    return made;
  }

  // Chooses the format that the file has, then calls after().
  function switchButton(format, found, after) {
    var label = offered(format, found.format).textContent.trim();
    return hip.button(interpolate(gettext('Switch to %(format)s'), {format: label}, true), 'btn-default btn-xs', function () {
      $(format).val(found.format).trigger('change');
      after();
    });
  }

  // Resolves to why this file is not to be sent with the form; empty if it may be.
  function fileRefusal(form, file) {
    var format = form.querySelector('select[data-hip-format]');
    return hip.isReadable(file).then(function (isReadable) {
      return isReadable ? hip.content(file).then(function (found) {
        found.decompress = hip.isDecompressed(form, found);
        return refusal(form, found, format && format.selectedOptions[0]);
      }) : hip.fileChanged();
    });
  }

  // Create Image asks for a name, Upload Data does not.
  function isNew(form) {
    return Boolean(form.querySelector('[name=name]'));
  }

  // Several files become several images; but New Version is about one image of one project.
  function takesSeveral(form) {
    return isNew(form) && !form.hasAttribute('data-hip-version');
  }

  function chosenFile(form) {
    var input = form.querySelector('[data-hip-file]'), source = form.querySelector('[name=source]');
    return input && input.files.length && (!source || source.value === 'file') ? input.files[0] : null;
  }

  $(document).on('change', 'form[data-hip-create] [data-hip-file]', function () {
    var form = this.form, file = this.files[0];
    if (!file) {
      known.delete(form);
      offer(form, null, {});
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
    var mine = known.get(this.form);
    if (mine) {
      offer(this.form, mine.file, mine.found);
    }
    show(this.form);
  });

  // An expected checksum speaks for the file as it is, and another source against any file.
  $(document).on('input change', 'form[data-hip-create] [name=checksum], form[data-hip-create] [name=source]', function () {
    var mine = known.get(this.form);
    if (mine) {
      offer(this.form, mine.file, mine.found);
    }
  });

  // The boot checks are loaded with the first form: the list does not wait for them.
  hip.enhance('form[data-hip-boot-check]', function (form) {
    var script = document.createElement('script');
    script.src = form.getAttribute('data-hip-boot-check');
    if (!document.head.querySelector('script[src="' + CSS.escape(script.getAttribute('src')) + '"]')) {
      document.head.append(script);
    }
  });

  Object.assign(hip, {
    chosenFile: chosenFile,
    isNew: isNew,
    takesSeveral: takesSeveral,
    fileStem: stem,
    minDisk: minDisk,
    contentWords: words,
    contentWarning: warning,
    contentMismatch: mismatch,
    contentRefusal: refusal,
    fileRefusal: fileRefusal,
    offeredFormat: offered,
    switchFormat: switchButton
  });
}());
