// SPDX-License-Identifier: Apache-2.0
// A field of tags: a list, and a field for a new one. What is sent is the text
// that the form has without scripts.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  // Tags that need quotes in the field. Babel, which extracts messages, reads no pattern after "return".
  var QUOTED = /[,"\r\n]|^\s|\s$|^$/;

  function quoted(tag) {
    return QUOTED.test(tag) ? '"' + tag.replace(/"/g, '""') + '"' : tag;
  }

  function TagsField(text) {
    this.text = text;
    this.tags = JSON.parse(text.getAttribute('data-hip-tags'));
    this.build();
    this.draw();
  }

  TagsField.prototype.build = function () {
    var self = this, box = hip.element('div', 'hip-tags-field'), input = hip.element('input', 'form-control'),
      help = hip.element('span', 'help-block small', gettext('Press Enter or type a comma to add the tag.'));
    this.list = hip.element('ul', 'list-inline hip-tags');
    this.list.setAttribute('aria-label', gettext('Tags of this image'));
    this.status = hip.element('div', 'sr-only');
    this.status.setAttribute('role', 'status');
    // The label is for what one types into.
    input.id = this.text.id;
    this.text.id += '_text';
    // Bootstrap's class: its fields are shown whatever `hidden` says.
    this.text.classList.add('hidden');
    help.id = input.id + '_help';
    input.type = 'text';
    input.maxLength = Number(this.text.getAttribute('data-hip-longest'));
    input.setAttribute('autocomplete', 'off');
    input.setAttribute('placeholder', gettext('New tag'));
    input.setAttribute('aria-describedby', [help.id, this.text.getAttribute('aria-describedby')].filter(Boolean).join(' '));
    input.addEventListener('keydown', function (event) { self.key(event); });
    // Also what is not finished yet is sent.
    input.addEventListener('input', function () { self.typed(); });
    this.input = input;
    box.append(this.list, input, help, this.status);
    this.text.insertAdjacentElement('afterend', box);
  };

  TagsField.prototype.draw = function () {
    var self = this;
    this.list.hidden = !this.tags.length;
    this.list.replaceChildren.apply(this.list, this.tags.map(function (tag, i) {
      var item = hip.element('li'), label = hip.element('span', 'label label-default', tag + ' '),
        remove = hip.element('button', 'hip-tags-remove');
      remove.type = 'button';
      remove.setAttribute('aria-label', interpolate(gettext('Remove tag %(tag)s'), {tag: tag}, true));
      remove.append(hip.element('span', 'fa fa-times'));
      remove.addEventListener('click', function (event) {
        event.stopPropagation();
        self.remove(i);
      });
      label.append(remove);
      item.append(label);
      return item;
    }));
  };

  // All tags as the server reads them, those that are being typed too.
  TagsField.prototype.write = function () {
    var all = this.tags.concat(this.pending());
    this.text.value = all.map(quoted).join(', ');
  };

  TagsField.prototype.pending = function () {
    return this.input.value.split(',').map(function (tag) { return tag.trim(); }).filter(Boolean);
  };

  TagsField.prototype.typed = function () {
    if (this.input.value.indexOf(',') >= 0) {
      this.add();
    } else {
      this.write();
    }
  };

  TagsField.prototype.add = function () {
    var self = this, said = '';
    this.pending().forEach(function (tag) {
      if (self.tags.indexOf(tag) < 0) {
        self.tags.push(tag);
        said = interpolate(gettext('Added tag %(tag)s'), {tag: tag}, true);
      } else {
        said = interpolate(gettext('The image already has the tag %(tag)s'), {tag: tag}, true);
      }
    });
    this.input.value = '';
    this.status.textContent = said;
    this.draw();
    this.write();
  };

  TagsField.prototype.remove = function (index) {
    var tag = this.tags.splice(index, 1)[0], buttons;
    this.draw();
    this.write();
    this.status.textContent = interpolate(gettext('Removed tag %(tag)s'), {tag: tag}, true);
    buttons = this.list.querySelectorAll('button');
    (buttons[Math.min(index, buttons.length - 1)] || this.input).focus();
  };

  TagsField.prototype.key = function (event) {
    var buttons = this.list.querySelectorAll('button');
    if (event.key === 'Enter' && this.input.value.trim()) {
      event.preventDefault();
      this.add();
    } else if (event.key === 'Backspace' && !this.input.value && buttons.length) {
      event.preventDefault();
      buttons[buttons.length - 1].focus();
    }
  };

  hip.enhance('textarea[data-hip-tags]', function (text) { new TagsField(text); });
}());
