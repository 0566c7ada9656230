// SPDX-License-Identifier: Apache-2.0
// Search as you type: a text field with a list of what the server finds for
// it, for the keyboard and for those who hear the page. The keys are those of
// the combobox of the ARIA Authoring Practices, with a list that one chooses
// from by hand.
(function () {
  'use strict';

  var WAIT_MS = 200;
  var hip = horizon.helionImages;
  var count = 0;

  // options:
  //   search(text)   promises the items {title, help} that are found for it
  //   choose(item)   is called with the one that the person takes
  //   enter()        what Enter does where none is marked; where it is missing or
  //                  returns false, that is the form's own
  //   back()         what Backspace does in the empty field
  //   opensOnFocus   whether it searches as soon as the field has the focus
  //   label          of the list
  //   status         the element that says how many are found; hidden without one
  //   found(items)   these words; failed, those where the search gives no answer
  //                  and no reason
  function Combobox(input, options) {
    count += 1;
    this.input = input;
    this.options = options;
    this.items = [];
    // The text to which the items are the answer; null without an answer.
    this.answered = null;
    this.active = -1;
    this.asked = 0;
    this.list = hip.element('ul', 'dropdown-menu hip-combobox-list');
    this.list.id = 'hip_combobox_' + count;
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', options.label || gettext('Results'));
    this.status = options.status || hip.element('div', 'sr-only');
    this.status.setAttribute('role', 'status');
    this.wrap();
    this.listen();
  }

  // What stands below an open list moves when that is closed: not between press
  // and release of the mouse, or the click on a button there would be lost.
  var isPressed = false, waiting = [];

  function afterPress(act) {
    if (isPressed) {
      waiting.push(act);
    } else {
      act();
    }
  }

  document.addEventListener('mousedown', function () { isPressed = true; }, true);
  document.addEventListener('mouseup', function () {
    var acts = waiting;
    isPressed = false;
    waiting = [];
    window.setTimeout(function () { acts.forEach(function (act) { act(); }); }, 0);
  }, true);

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
    this.input.addEventListener('blur', function () {
      self.forget();
      afterPress(function () { self.open(false); });
    });
    if (this.options.opensOnFocus) {
      this.input.addEventListener('focus', function () { self.search(); });
    }
    // The field keeps the focus while the list is clicked.
    this.list.addEventListener('mousedown', function (event) { event.preventDefault(); });
    this.list.addEventListener('click', function (event) {
      var option = event.target.closest('[role=option]');
      if (option) {
        self.choose(Array.from(self.list.children).indexOf(option));
      }
    });
  };

  Combobox.prototype.searchSoon = function () {
    var self = this;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(function () { self.search(); }, WAIT_MS);
  };

  // then() is called when the list is there.
  Combobox.prototype.search = function (then) {
    var self = this, number = this.asked += 1, text = this.input.value.trim();
    window.clearTimeout(this.timer);
    this.options.search(text).then(function (items) {
      // A slow answer to an earlier question is not shown.
      if (number === self.asked && document.activeElement === self.input) {
        self.show(text, items);
        if (then) {
          then();
        }
      }
    }, function (error) {
      if (number === self.asked) {
        self.close();
        self.status.textContent = error.reason || self.options.failed || gettext('The search does not respond. Type the full name.');
      }
    });
  };

  Combobox.prototype.show = function (text, items) {
    var self = this;
    this.items = items;
    this.answered = text;
    this.list.replaceChildren.apply(this.list, items.map(function (item, i) {
      var option = hip.element('li'), words = hip.element('a', '');
      // Its marks of the direction do not move what follows.
      words.append(hip.element('bdi', '', item.title));
      option.setAttribute('role', 'option');
      option.id = self.list.id + '_' + i;
      option.setAttribute('aria-selected', 'false');
      if (item.help) {
        words.append(' ', hip.element('span', 'small hip-combobox-help', item.help));
      }
      option.append(words);
      return option;
    }));
    this.mark(-1);
    this.open(items.length > 0);
    this.status.textContent = this.options.found ? this.options.found(items) : found(items);
  };

  function found(items) {
    return items.length ? interpolate(
      ngettext('%(count)s result. Press the down arrow to choose.', '%(count)s results. Press the down arrow to choose.', items.length),
      {count: items.length}, true) : gettext('No results.');
  }

  Combobox.prototype.isOpen = function () {
    return this.box.classList.contains('open');
  };

  Combobox.prototype.open = function (isOpen) {
    this.box.classList.toggle('open', isOpen);
    this.input.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) {
      this.mark(-1);
    }
  };

  // What was found stays known: the arrows open it again.
  Combobox.prototype.close = function () {
    this.forget();
    this.open(false);
  };

  // An answer that is still to come is not shown.
  Combobox.prototype.forget = function () {
    this.asked += 1;
    window.clearTimeout(this.timer);
  };

  Combobox.prototype.mark = function (index) {
    var option = this.list.children[index];
    this.active = index;
    Array.from(this.list.children).forEach(function (each, i) {
      each.classList.toggle('active', i === index);
      each.setAttribute('aria-selected', String(i === index));
    });
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
    this.answered = null;
    if (item) {
      this.options.choose(item);
    }
  };

  // From one option to the next, and from the last to the first.
  Combobox.prototype.move = function (by) {
    var length = this.items.length;
    if (length) {
      this.mark((this.active + by + length + (this.active < 0 && by < 0 ? 1 : 0)) % length);
    }
  };

  // Down marks the first option of a list that it opens, Up the last.
  Combobox.prototype.arrow = function (by) {
    var self = this;
    if (this.isOpen()) {
      this.move(by);
    } else if (this.items.length && this.answered === this.input.value.trim()) {
      this.open(true);
      this.move(by);
    } else {
      this.search(function () { self.move(by); });
    }
  };

  Combobox.prototype.key = function (event) {
    var own = true;
    if (event.isComposing) {
      return;
    }
    if (event.key === 'ArrowUp' && event.altKey) {
      this.close();
    } else if (event.key === 'ArrowDown' && event.altKey) {
      this.search();
    } else if (event.key === 'ArrowDown') {
      this.arrow(1);
    } else if (event.key === 'ArrowUp') {
      this.arrow(-1);
    } else if (event.key === 'Enter' && this.isOpen() && this.active >= 0) {
      this.choose(this.active);
    } else if (event.key === 'Enter' && this.options.enter) {
      own = this.options.enter() !== false;
      if (own) {
        this.answered = null;
        this.close();
      }
    } else if (event.key === 'Escape' && this.isOpen()) {
      // The dialog around stays open.
      event.stopPropagation();
      this.close();
    } else if (event.key === 'Backspace' && this.options.back && !this.input.value) {
      this.options.back();
    } else {
      own = false;
    }
    if (own) {
      event.preventDefault();
    }
  };

  hip.combobox = function (input, options) { return new Combobox(input, options); };
}());
