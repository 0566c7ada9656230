// SPDX-License-Identifier: Apache-2.0
// Search as you type: a text field with a list of what the server finds for
// it, for the keyboard and for those who hear the page.
(function () {
  'use strict';

  var WAIT_MS = 150;
  var hip = horizon.helionImages;
  var count = 0;

  // options.search(text) promises items of {title, help}; options.choose(item)
  // is called with the one that the person takes.
  function Combobox(input, options) {
    count += 1;
    this.input = input;
    this.options = options;
    this.items = [];
    this.active = -1;
    this.asked = 0;
    this.list = hip.element('ul', 'dropdown-menu hip-combobox-list');
    this.list.id = 'hip_combobox_' + count;
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', gettext('Found'));
    this.status = hip.element('div', 'sr-only');
    this.status.setAttribute('role', 'status');
    this.wrap();
    this.listen();
  }

  Combobox.prototype.wrap = function () {
    var box = hip.element('div', 'hip-combobox'), input = this.input,
      hadFocus = document.activeElement === input;
    input.parentNode.insertBefore(box, input);
    box.append(input, this.list, this.status);
    this.box = box;
    input.setAttribute('role', 'combobox');
    input.setAttribute('autocomplete', 'off');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', this.list.id);
    input.setAttribute('aria-expanded', 'false');
    // What moves in the page loses it.
    if (hadFocus) {
      input.focus();
    }
  };

  Combobox.prototype.listen = function () {
    var self = this;
    this.input.addEventListener('input', function () { self.searchSoon(); });
    this.input.addEventListener('keydown', function (event) { self.key(event); });
    this.input.addEventListener('blur', function () { self.close(); });
    // The field keeps the focus while the list is clicked.
    this.list.addEventListener('mousedown', function (event) { event.preventDefault(); });
    this.list.addEventListener('click', function (event) {
      var option = event.target.closest('[role=option]');
      if (option) {
        self.choose(Array.prototype.indexOf.call(self.list.children, option));
      }
    });
  };

  Combobox.prototype.searchSoon = function () {
    var self = this;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(function () { self.search(); }, WAIT_MS);
  };

  Combobox.prototype.search = function () {
    var self = this, number = this.asked += 1;
    this.options.search(this.input.value.trim()).then(function (items) {
      // A slow answer to an earlier question is not shown.
      if (number === self.asked && document.activeElement === self.input) {
        self.show(items);
      }
    }, function () {
      if (number === self.asked) {
        self.close();
        self.status.textContent = gettext('The search gives no answer. Type it in full.');
      }
    });
  };

  Combobox.prototype.show = function (items) {
    var self = this;
    this.items = items;
    this.active = -1;
    this.list.replaceChildren.apply(this.list, items.map(function (item, i) {
      var option = hip.element('li'), words = hip.element('a', '', item.title);
      option.setAttribute('role', 'option');
      option.id = self.list.id + '_' + i;
      option.setAttribute('aria-selected', 'false');
      if (item.help) {
        words.append(hip.element('span', 'small hip-combobox-help', item.help));
      }
      option.append(words);
      return option;
    }));
    this.open(items.length > 0);
    this.status.textContent = items.length ? interpolate(
      ngettext('%s found. Arrow down to choose.', '%s found. Arrow down to choose.', items.length),
      [items.length]) : gettext('Nothing found.');
  };

  Combobox.prototype.open = function (isOpen) {
    this.box.classList.toggle('open', isOpen);
    this.input.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) {
      this.mark(-1);
    }
  };

  Combobox.prototype.close = function () {
    this.asked += 1;
    window.clearTimeout(this.timer);
    this.items = [];
    this.open(false);
  };

  Combobox.prototype.mark = function (index) {
    var option;
    this.active = index;
    this.list.querySelectorAll('[role=option]').forEach(function (each, i) {
      each.classList.toggle('active', i === index);
      each.setAttribute('aria-selected', String(i === index));
    });
    option = this.list.children[index];
    if (option) {
      this.input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({block: 'nearest'});
    } else {
      this.input.removeAttribute('aria-activedescendant');
    }
  };

  Combobox.prototype.choose = function (index) {
    var item = this.items[index];
    this.close();
    if (item) {
      this.options.choose(item);
    }
  };

  Combobox.prototype.key = function (event) {
    var length = this.items.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!length) {
        this.search();
      } else {
        this.mark((this.active + (event.key === 'ArrowDown' ? 1 : length - (this.active < 0 ? 0 : 1))) % length);
      }
    } else if (event.key === 'Enter' && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === 'Enter' && this.options.enter) {
      event.preventDefault();
      this.options.enter();
    } else if (event.key === 'Escape' && length) {
      // The dialog around stays open.
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  };

  hip.combobox = function (input, options) { return new Combobox(input, options); };
}());
