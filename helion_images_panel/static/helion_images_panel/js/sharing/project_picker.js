// SPDX-License-Identifier: Apache-2.0
// Makes a search of the field in which projects are named: type, choose, and
// see what is chosen. What can be found nowhere is added as it is written.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  // The projects that were found, by ID: a form that comes back with its errors has IDs only.
  var known = {};

  function Picker(field) {
    this.field = field;
    this.chosen = written(field.value).map(byId);
    // What the last search said of itself.
    this.answer = {};
    this.box = hip.element('div', 'hip-projects');
    this.list = hip.element('ul', 'hip-projects-chosen');
    this.list.setAttribute('aria-label', gettext('Selected projects'));
    this.input = hip.element('input', 'form-control');
    this.input.type = 'text';
    this.input.id = field.id + '_search';
    this.input.placeholder = field.placeholder || gettext('Name or ID');
    this.said = hip.element('p', 'help-block');
    this.box.append(this.list, this.input);
    field.parentNode.insertBefore(this.box, field);
    // The theme's class: its form controls are blocks, hidden or not.
    field.classList.add('hidden');
    field.required = false;
    this.label(field.id);
    this.show();
    this.search();
    // What is written and not yet added counts as well, however the form is sent.
    field.form.addEventListener('submit', this.add.bind(this), true);
    field.form.addEventListener('formdata', this.addTo.bind(this));
  }

  // Not for a field in whose place the form has another one by now.
  Picker.prototype.addTo = function (event) {
    if (this.field.form === event.target) {
      this.add();
      event.formData.set(this.field.name, this.field.value);
    }
  };

  // The projects of a text, by name or by ID.
  function written(text) {
    return text.split(/[\n,]/).map(function (line) { return line.trim(); }).filter(Boolean);
  }

  function byId(id) {
    return known[id] || {id: id, name: '', domain: ''};
  }

  Picker.prototype.label = function (id) {
    var label = document.querySelector('label[for="' + CSS.escape(id) + '"]');
    if (label) {
      label.htmlFor = this.input.id;
    }
  };

  Picker.prototype.search = function () {
    var picker = this;
    hip.combobox(this.input, {
      label: gettext('Projects found'),
      opensOnFocus: true,
      status: this.said,
      found: function (items) { return picker.words(items.length); },
      failed: gettext('The search does not respond. Paste a project ID and press Enter.'),
      search: function (text) { return picker.find(text); },
      choose: function (item) { picker.choose(item.project); },
      enter: function () { return picker.add(); },
      back: function () {
        picker.chosen.pop();
        picker.show();
      }
    });
  };

  Picker.prototype.find = function (text) {
    var picker = this;
    return hip.http.getJson(this.field.getAttribute('data-hip-projects'), {q: text}).catch(function (error) {
      // Any other failure is shown as the reason.
      if (error.status !== 403 || error.kind !== 'refused') {
        throw error;
      }
      return {projects: [], can_search: false};
    }).then(function (answer) {
      picker.answer = answer;
      return answer.projects.filter(function (each) { return !picker.has(each); }).map(function (each) {
        return {title: each.name, help: each.domain || each.id, project: each};
      });
    });
  };

  Picker.prototype.words = function (count) {
    if (!this.answer.can_search) {
      return gettext('You cannot search projects. Paste a project ID and press Enter.');
    }
    if (this.answer.more) {
      return gettext('There are more projects. Type more of the name to find them.');
    }
    return count ? interpolate(ngettext('%(count)s project found.', '%(count)s projects found.', count), {count: count}, true) :
      gettext('No project found. To add a project by its ID, paste the ID and press Enter.');
  };

  Picker.prototype.has = function (project) {
    return this.chosen.some(function (each) { return each.id === project.id; });
  };

  Picker.prototype.choose = function (project) {
    if (project.name) {
      known[project.id] = project;
    }
    if (!this.has(project)) {
      this.chosen.push(project);
    }
    this.input.value = '';
    this.said.textContent = interpolate(gettext('Added project %(project)s'), {project: project.name || project.id}, true);
    this.show();
  };

  // What is written; false where nothing is.
  Picker.prototype.add = function () {
    var found = written(this.input.value);
    found.map(byId).forEach(this.choose, this);
    return found.length > 0;
  };

  Picker.prototype.show = function () {
    this.field.value = this.chosen.map(function (each) { return each.id; }).join('\n');
    this.list.replaceChildren.apply(this.list, this.chosen.map(this.item, this));
  };

  Picker.prototype.item = function (project) {
    var picker = this, item = hip.element('li', ''), name = project.name || project.id,
      remove = hip.button('', 'btn-default btn-xs', function () {
        picker.chosen = picker.chosen.filter(function (other) { return other !== project; });
        picker.show();
        picker.input.focus();
      });
    remove.append(name + ' ', hip.element('span', 'fa fa-times'));
    remove.setAttribute('aria-label', interpolate(gettext('Remove project %(project)s'), {project: name}, true));
    remove.title = project.id;
    item.append(remove);
    return item;
  };

  hip.enhance('[data-hip-projects]', function (field) { new Picker(field); });
}());
