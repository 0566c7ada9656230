// SPDX-License-Identifier: Apache-2.0
// Fields that are left empty stay out of the address.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  hip.enhance('[data-hip-filters]', function (form) {
    form.addEventListener('formdata', function (event) {
      new Set(event.formData.keys()).forEach(function (name) {
        var values = event.formData.getAll(name).filter(Boolean);
        event.formData.delete(name);
        values.forEach(function (value) { event.formData.append(name, value); });
      });
    });
  });
}());
