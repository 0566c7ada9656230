// SPDX-License-Identifier: Apache-2.0
// Makes a search of the field in which projects are named: type, choose, and
// see what is chosen. What can be found nowhere is added as it is written.
(function () {
  'use strict';

  var TYPING_MS = 250;
  var hip = horizon.helionImages;

  function Picker(field) {
    var picker = this, id = field.id;
    this.field = field;
    this.chosen = [];
    this.found = [];
    this.foundFor = '';
    this.active = -1;
    this.asked = 0;
    this.box = hip.element('div', 'hip-projects');
    this.list = hip.element('ul', 'hip-projects-chosen');
    this.list.setAttribute('aria-label', gettext('Chosen projects'));
    this.input = hip.element('input', 'form-control');
    this.input.type = 'text';
    this.input.id = id + '_search';
    this.input.autocomplete = 'off';
    this.input.placeholder = gettext('Name or ID');
    this.menu = hip.element('ul', 'dropdown-menu hip-projects-found');
    this.menu.id = id + '_found';
    this.said = hip.element('p', 'help-block');
    this.said.setAttribute('role', 'status');
    Object.entries({
      'role': 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': this.menu.id
    }).forEach(function (pair) { picker.input.setAttribute(pair[0], pair[1]); });
    this.menu.setAttribute('role', 'listbox');
    this.menu.setAttribute('aria-label', gettext('Projects found'));
    this.box.append(this.list, this.input, this.menu, this.said);
    field.parentNode.insertBefore(this.box, field);
    // The theme's class: its form controls are blocks, hidden or not.
    field.classList.add('hidden');
    field.required = false;
    this.label(id);
    field.value.split(/[\n,]/).forEach(function (line) {
      if (line.trim()) {
        picker.chosen.push({id: line.trim(), name: '', domain: ''});
      }
    });
    this.show();
    this.listen();
  }

  Picker.prototype.label = function (id) {
    var label = document.querySelector('label[for="' + CSS.escape(id) + '"]');
    if (label) {
      label.htmlFor = this.input.id;
    }
  };

  Picker.prototype.listen = function () {
    var picker = this, timer = 0;
    this.input.addEventListener('input', function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(function () { picker.search(); }, TYPING_MS);
    });
    this.input.addEventListener('focus', function () { picker.search(); });
    this.input.addEventListener('blur', function () { picker.close(); });
    this.input.addEventListener('keydown', function (event) { picker.key(event); });
    // Before the field loses the focus.
    this.menu.addEventListener('mousedown', function (event) {
      var option = event.target.closest('[data-hip-index]');
      event.preventDefault();
      if (option) {
        picker.choose(picker.found[Number(option.getAttribute('data-hip-index'))]);
      }
    });
    // What is written and not yet added is meant as well.
    this.field.form.addEventListener('submit', function () { picker.add(); }, true);
  };

  Picker.prototype.key = function (event) {
    var open = this.input.getAttribute('aria-expanded') === 'true';
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (open) {
        this.move(event.key === 'ArrowDown' ? 1 : -1);
      } else if (this.found.length && this.foundFor === this.input.value.trim()) {
        // Escape had closed it: nothing else is found meanwhile.
        this.open(true);
        this.move(event.key === 'ArrowDown' ? 1 : -1);
      } else {
        this.search();
      }
    } else if (event.key === 'Enter') {
      if (open && this.active >= 0) {
        event.preventDefault();
        this.choose(this.found[this.active]);
      } else if (this.input.value.trim()) {
        event.preventDefault();
        this.add();
      }
    } else if (event.key === 'Escape' && open) {
      // The dialog stays.
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === 'Backspace' && !this.input.value && this.chosen.length) {
      this.chosen.pop();
      this.show();
    }
  };

  Picker.prototype.move = function (by) {
    var options = this.menu.querySelectorAll('[role=option]'), option;
    if (!options.length) {
      return;
    }
    this.active = (this.active + by + options.length + (this.active < 0 && by < 0 ? 1 : 0)) % options.length;
    options.forEach(function (each, index) {
      each.setAttribute('aria-selected', String(index === this.active));
      each.classList.toggle('active', index === this.active);
    }, this);
    option = options[this.active];
    this.input.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({block: 'nearest'});
  };

  Picker.prototype.search = function () {
    var picker = this, asked = this.asked += 1, wanted = this.input.value.trim(), url = this.field.getAttribute('data-hip-projects');
    fetch(url + '&q=' + encodeURIComponent(wanted), {
      credentials: 'same-origin',
      headers: hip.headers()
    }).then(function (response) {
      return response.ok ? response.json() : {projects: [], can_search: false};
    }).then(function (answer) {
      if (asked === picker.asked && document.activeElement === picker.input) {
        picker.foundFor = wanted;
        picker.offer(answer);
      }
    }, function () {
      picker.said.textContent = gettext('The search does not answer. Write the ID of a project and press Enter.');
    });
  };

  Picker.prototype.offer = function (answer) {
    var ids = this.chosen.map(function (each) { return each.id; });
    this.found = answer.projects.filter(function (each) { return ids.indexOf(each.id) < 0; });
    this.active = -1;
    this.input.removeAttribute('aria-activedescendant');
    this.menu.replaceChildren.apply(this.menu, this.found.map(function (each, index) {
      var option = hip.element('li', ''), text = hip.element('a', '', each.name);
      option.id = this.menu.id + '_' + index;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.setAttribute('data-hip-index', String(index));
      text.append(' ', hip.element('span', 'small text-muted', each.domain || each.id));
      option.append(text);
      return option;
    }, this));
    this.open(this.found.length > 0);
    if (!answer.can_search) {
      this.said.textContent = gettext('There are no projects to search in. Write the ID of a project and press Enter.');
    } else if (answer.more) {
      this.said.textContent = gettext('There are more: type on to see others.');
    } else if (this.found.length) {
      this.said.textContent = interpolate(ngettext('%s project found.', '%s projects found.', this.found.length), [this.found.length]);
    } else {
      this.said.textContent = gettext('No such project is found here. Press Enter to name it by its ID.');
    }
  };

  Picker.prototype.open = function (is) {
    this.menu.style.display = is ? 'block' : 'none';
    this.input.setAttribute('aria-expanded', String(is));
  };

  Picker.prototype.close = function () {
    this.asked += 1;
    this.active = -1;
    this.input.removeAttribute('aria-activedescendant');
    this.open(false);
  };

  Picker.prototype.choose = function (project) {
    var known = this.chosen.some(function (each) { return each.id === project.id; });
    if (!known) {
      this.chosen.push(project);
    }
    this.input.value = '';
    this.found = [];
    this.said.textContent = interpolate(gettext('%s is chosen.'), [project.name || project.id]);
    this.close();
    this.show();
  };

  // What is written, by name or by ID.
  Picker.prototype.add = function () {
    var picker = this;
    this.input.value.split(/[\n,]/).forEach(function (line) {
      if (line.trim()) {
        picker.choose({id: line.trim(), name: '', domain: ''});
      }
    });
  };

  Picker.prototype.show = function () {
    var picker = this;
    this.field.value = this.chosen.map(function (each) { return each.id; }).join('\n');
    this.list.replaceChildren.apply(this.list, this.chosen.map(function (each) {
      var item = hip.element('li', ''), name = each.name || each.id, remove = hip.button('', 'btn-default btn-xs', function () {
        picker.chosen = picker.chosen.filter(function (other) { return other !== each; });
        picker.show();
        picker.input.focus();
      });
      remove.append(name + ' ', hip.element('span', 'fa fa-times'));
      remove.setAttribute('aria-label', interpolate(gettext('Do not share with %s'), [name]));
      remove.title = each.id;
      item.append(remove);
      return item;
    }));
  };

  function begin(root) {
    $(root).find('[data-hip-projects]').each(function () {
      if (!this.hasAttribute('data-hip-ready')) {
        this.setAttribute('data-hip-ready', '');
        new Picker(this);
      }
    });
  }

  horizon.addInitFunction(function () {
    begin(document);
    horizon.modals.addModalInitFunction(begin);
  });
}());
