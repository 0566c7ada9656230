// SPDX-License-Identifier: Apache-2.0
// Asks whether the dashboard decompresses a file during its upload.
(function () {
  'use strict';

  // These are compressed by nature.
  var COMPRESSED_ARE = ['aki', 'ari'];
  var hip = horizon.helionImages;
  // What each person has chosen in a form: {file, value}.
  var chosen = new WeakMap();

  function isCompressedByNature(format) {
    return COMPRESSED_ARE.indexOf(format) >= 0;
  }

  // Where the dashboard does not decompress, its form lacks the field.
  function answer(form) {
    return form.querySelector('input[name=decompress]');
  }

  // Whether the file is to be decompressed as an image of the format.
  function suggested(form, found, format) {
    return Boolean(answer(form) && found.decompressible && !isCompressedByNature(format));
  }

  function isDecompressed(form, found) {
    var field = answer(form);
    return Boolean(field && field.value && found.decompressible);
  }

  function isAsked(form, found) {
    return Boolean(answer(form) && found.decompressible);
  }

  function build(form, found, after) {
    var node = hip.element('div', 'hip-decompress'), box = hip.element('input'), label = hip.element('label'),
      help = hip.element('p', 'help-block', gettext(
        'The image then has the content of the file. An expected checksum may be that of the file or that of its content.'
      )), line = hip.element('div', 'checkbox');
    box.type = 'checkbox';
    help.id = form.id + '_decompress_help';
    box.setAttribute('aria-describedby', help.id);
    box.addEventListener('change', function () {
      chosen.set(form, {file: node.hipFile, value: box.checked});
      take(form, found, box.checked);
      after();
    });
    label.append(box, ' ' + gettext('Decompress the file during the upload'));
    line.appendChild(label);
    node.append(line, help);
    return node;
  }

  function take(form, found, value) {
    found.decompress = value;
    answer(form).value = value ? 'on' : '';
  }

  // Shows the question below what is said of the file, or takes it away. after() is called when
  // the person has answered.
  function offer(form, place, file, found, after) {
    var node = place && place.parentNode.querySelector('.hip-decompress'), format = form.querySelector('select[data-hip-format]'),
      mine = chosen.get(form), value;
    if (!place || !answer(form)) {
      return;
    }
    if (node && (node.hipFile !== file || !isAsked(form, found))) {
      node.remove();
      node = null;
    }
    if (!isAsked(form, found)) {
      answer(form).value = '';
      return;
    }
    if (!node) {
      node = build(form, found, after);
      node.hipFile = file;
      place.after(node);
    }
    value = mine && mine.file === file ? mine.value : suggested(form, found, format && format.value);
    node.querySelector('input').checked = value;
    take(form, found, value);
  }

  Object.assign(hip, {
    isCompressedByNature: isCompressedByNature,
    isDecompressed: isDecompressed,
    suggestsDecompression: suggested,
    offerDecompression: offer
  });
}());
