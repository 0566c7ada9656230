// SPDX-License-Identifier: Apache-2.0
// Fills in the format and the name from the chosen file, by its content.
(function () {
  'use strict';

  // Format, where its signature stands, and the signature.
  var SIGNATURES = [
    ['qcow2', 0, [0x51, 0x46, 0x49, 0xfb]],
    ['vmdk', 0, [0x4b, 0x44, 0x4d, 0x56]],
    ['vmdk', 0, [0x23, 0x20, 0x44, 0x69, 0x73, 0x6b, 0x20, 0x44]],
    ['vhdx', 0, [0x76, 0x68, 0x64, 0x78, 0x66, 0x69, 0x6c, 0x65]],
    ['vhd', 0, [0x63, 0x6f, 0x6e, 0x65, 0x63, 0x74, 0x69, 0x78]],
    ['vdi', 64, [0x7f, 0x10, 0xda, 0xbe]],
    ['iso', 32769, [0x43, 0x44, 0x30, 0x30, 0x31]]
  ];
  var HEAD_BYTES = 32774;

  function formatOf(head) {
    var found = SIGNATURES.filter(function (signature) {
      return signature[2].every(function (byte, i) {
        return head[signature[1] + i] === byte;
      });
    });
    return found.length ? found[0][0] : '';
  }

  function fill(form, file) {
    var name = form.querySelector('[name=name]'),
      format = form.querySelector('select[data-hip-format]');
    if (name && !name.value) {
      name.value = file.name.replace(/\.[A-Za-z0-9]{1,6}$/, '');
    }
    if (!format || format.value) {
      return;
    }
    file.slice(0, HEAD_BYTES).arrayBuffer().then(function (buffer) {
      var found = formatOf(new Uint8Array(buffer));
      if (found && !format.value && format.querySelector('option[value="' + found + '"]')) {
        $(format).val(found).trigger('change');
      }
    });
  }

  document.addEventListener('change', function (event) {
    if (event.target.matches('[data-hip-file]') && event.target.files.length) {
      fill(event.target.form, event.target.files[0]);
    }
  });
}());
