// SPDX-License-Identifier: Apache-2.0
// Update Metadata: finds properties as one types, and gets their fields from
// the server, which knows what they may be.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var FORM = 'form[data-hip-metadata]', PART = '[data-hip-properties]';

  function input(form) {
    return form.querySelector('[name=new_name]');
  }

  function names(form) {
    return Array.prototype.map.call(form.querySelectorAll('[data-hip-property]'), function (row) {
      return row.getAttribute('data-hip-property');
    });
  }

  function search(form, text) {
    return hip.http.getJson(form.getAttribute('data-hip-metadata'), {q: text}).then(function (answer) {
      var known = names(form);
      return answer.found.filter(function (item) {
        return item.kind === 'section' || known.indexOf(item.value) < 0;
      });
    });
  }

  // The form with all that has been typed, and the new fields in it.
  function add(form, name, value) {
    var data = new FormData(form), before = names(form);
    data.set('new_name', name === 'add' ? value : '');
    data.set(name, value);
    return hip.http.postForPage(form.getAttribute('action'), data).then(function (page) {
      var part = page.querySelector(PART);
      if (!part) {
        throw {reason: hip.http.reasonOf(page)};
      }
      form.querySelector(PART).replaceWith(document.importNode(part, true));
      hip.enhanceIn(form);
      focusNew(form, before);
    }).catch(function (error) {
      hip.page.complain(form, {
        kind: error.kind,
        reason: error.reason || gettext('Unable to add the property: the dashboard does not respond. Try again.'),
        switch_url: error.switch_url,
        switch_label: error.switch_label
      });
    });
  }

  function focusNew(form, before) {
    var rows = form.querySelectorAll('[data-hip-property]'), i, field;
    for (i = 0; i < rows.length; i += 1) {
      if (before.indexOf(rows[i].getAttribute('data-hip-property')) < 0) {
        field = rows[i].querySelector('select, textarea, input:not([type=hidden])');
        field.focus();
        rows[i].scrollIntoView({block: 'nearest'});
        return;
      }
    }
    input(form).focus();
  }

  // What is to be corrected may be far below.
  function focusWrong(form) {
    var field = form.querySelector('[data-hip-property] .has-error .form-control');
    if (field) {
      field.focus();
      field.scrollIntoView({block: 'center'});
    }
  }

  function arm(form) {
    var field = input(form), byHand = form.querySelector('[data-hip-without-search]');
    // What is typed with a value already, or complained of, stays in sight.
    byHand.hidden = !byHand.querySelector('[name=new_value]').value &&
      !byHand.parentNode.querySelector('.has-error');
    byHand.querySelector('button').type = 'button';
    byHand.querySelector('button').addEventListener('click', function () { add(form, 'add', field.value); });
    // The browser's own list would stand over this one.
    field.removeAttribute('list');
    hip.combobox(field, {
      search: function (text) { return search(form, text); },
      choose: function (item) { add(form, item.kind === 'section' ? 'add_section' : 'add', item.value); },
      enter: function () {
        if (field.value.trim()) {
          add(form, 'add', field.value);
        }
      }
    });
    form.querySelectorAll('[name=remove]').forEach(function (box) {
      function show() {
        box.closest('[data-hip-property]').classList.toggle('hip-property-removed', box.checked);
      }
      box.addEventListener('change', show);
      show();
    });
    describe(form);
  }

  // What stands under a field is read with it.
  function describe(form) {
    form.querySelectorAll(PART + ' .form-control').forEach(function (field) {
      if (field.id && document.getElementById(field.id + '_help')) {
        field.setAttribute('aria-describedby', field.id + '_help');
      }
    });
  }

  // The part is new whenever fields have been added.
  hip.enhance(FORM + ' ' + PART, function (part) { arm(part.closest('form')); });
  hip.enhance(FORM, focusWrong);
}());
