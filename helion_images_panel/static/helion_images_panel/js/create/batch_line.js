// SPDX-License-Identifier: Apache-2.0
// One line of Create N Images: a file, and what is asked about its image.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var number = 0;

  function Line(dialog, file) {
    number += 1;
    this.id = 'hip_several_' + number;
    this.dialog = dialog;
    this.file = file;
    this.build();
    this.read();
  }

  Line.prototype.build = function () {
    var line = this, remove = hip.button('', 'btn-default btn-sm', function () { line.dialog.take(line); }),
      choices = this.dialog.template.querySelector('select[data-hip-format]');
    this.node = hip.element('tr');
    this.name = this.field('input', 'name', gettext('Name'));
    this.name.maxLength = this.dialog.template.querySelector('[name=name]').maxLength;
    this.name.value = hip.fileStem(this.file);
    this.format = this.field('select', 'format', gettext('Format'));
    Array.prototype.forEach.call(choices.options, function (option) {
      line.format.add(new Option(option.textContent.trim(), option.value));
    });
    this.format.value = '';
    this.format.addEventListener('change', function () { line.say(); });
    this.minDisk = this.field('input', 'min_disk', gettext('Minimum Disk (GB)'));
    this.minDisk.type = 'number';
    this.minDisk.min = 0;
    remove.setAttribute('aria-label', interpolate(gettext('Remove %(file)s'), {file: this.file.name}, true));
    remove.appendChild(hip.element('span', 'fa fa-times'));
    this.note = hip.element('p', 'help-block');
    this.error = hip.element('p', 'text-danger');
    this.error.id = this.id + '_error';
    this.error.setAttribute('role', 'alert');
    this.cell(this.name, 'hip-several-name').append(this.note, this.error);
    this.cell(this.format);
    this.cell(hip.element('span', '', hip.bytes(this.file.size)), 'hip-several-size');
    this.cell(this.minDisk, 'hip-several-disk').setAttribute('data-hip-title', gettext('Minimum Disk (GB)'));
    this.cell(remove);
  };

  Line.prototype.cell = function (content, className) {
    var cell = hip.element('td', className);
    cell.appendChild(content);
    this.node.appendChild(cell);
    return cell;
  };

  Line.prototype.field = function (tag, name, label) {
    var made = hip.element(tag, 'form-control');
    made.id = this.id + '_' + name;
    made.name = name;
    made.setAttribute('aria-label', interpolate(gettext('%(field)s of %(file)s'), {field: label, file: this.file.name}, true));
    made.setAttribute('aria-describedby', this.id + '_error');
    return made;
  };

  Line.prototype.read = function () {
    var line = this;
    hip.content(this.file).then(function (found) {
      line.found = found;
      if (!line.format.value) {
        line.format.value = found.format;
        if (line.format.selectedIndex < 0) {
          line.format.value = '';
        }
      }
      if (!line.minDisk.value) {
        line.minDisk.value = hip.minDisk(found) || '';
      }
      line.say();
    });
  };

  // What the file is, and what speaks against it.
  Line.prototype.say = function () {
    var found = this.found || {}, chosen = this.format.selectedOptions[0], line = this, refused;
    found.decompress = hip.suggestsDecompression(this.dialog.template, found, this.format.value);
    refused = this.refusal();
    this.note.textContent = [
      hip.isolated(this.file.name) + ':',
      hip.contentWords(found),
      found.decompress && gettext('It is decompressed during the upload.'),
      // What is refused stands below, in red.
      !refused && hip.contentWarning(found, this.format.value),
      !refused && hip.contentMismatch(found, chosen)
    ].filter(Boolean).join(' ');
    if (hip.contentMismatch(found, chosen) && hip.offeredFormat(this.format, found.format)) {
      this.note.append(' ', hip.switchFormat(this.format, found, function () { line.say(); line.format.focus(); }));
    }
    $(this.format).closest('td').toggleClass('has-error', !this.format.value);
    if (this.format.value) {
      this.complain(refused);
    }
  };

  // Why the dashboard would refuse the file as this format.
  Line.prototype.refusal = function () {
    return this.found ? hip.contentRefusal(this.dialog.template, this.found, this.format.selectedOptions[0]) : '';
  };

  Line.prototype.complain = function (text) {
    this.error.textContent = text;
    this.node.classList.toggle('danger', Boolean(text));
  };

  // What the browser can know before it asks.
  Line.prototype.check = function () {
    var text;
    if (!this.name.value.trim()) {
      text = gettext('Enter a name.');
    } else if (!hip.isVisible(this.name.value)) {
      text = gettext('The name has no visible characters. Enter another name.');
    } else if (!this.format.value) {
      text = gettext('Choose a format.');
    } else if (!this.file.size) {
      text = gettext('The file is empty.');
    } else {
      text = this.refusal();
    }
    this.complain(text);
    return !text;
  };

  Line.prototype.focusWrong = function () {
    (hip.isVisible(this.name.value) && !this.format.value ? this.format : this.name).focus();
  };

  Line.prototype.data = function (data) {
    data.set('source', 'file');
    data.set('name', this.name.value);
    data.set('disk_format', this.format.value);
    data.set('min_disk', this.minDisk.value);
    data.set('file_name', this.file.name);
    data.set('file_size', this.file.size);
    data.set('decompress', this.found && this.found.decompress ? 'on' : '');
    return data;
  };

  hip.BatchLine = Line;
}());
