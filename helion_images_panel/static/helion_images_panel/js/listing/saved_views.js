// SPDX-License-Identifier: Apache-2.0
// The person's own views of the list, stored in this browser: filters and an
// order, with a name. They stand beside the quick views of the page.
(function () {
  'use strict';

  var MAX = 20, NAME_LENGTH = 40, QUERY_LENGTH = 2000;
  var hip = horizon.helionImages;

  // What is no view is left out: anything may stand in the storage.
  function load(key) {
    var found;
    try {
      found = JSON.parse(window.localStorage.getItem(key));
    } catch {
      found = null;
    }
    return (Array.isArray(found) ? found : []).filter(function (each) {
      return each && typeof each.name === 'string' && typeof each.query === 'string';
    }).slice(0, MAX);
  }

  function store(key, views) {
    try {
      window.localStorage.setItem(key, JSON.stringify(views));
      return '';
    } catch {
      return gettext('This browser does not store the view: its storage is full or turned off.');
    }
  }

  // Why the name cannot be used; empty if it can.
  function complaint(name, views) {
    if (!hip.isVisible(name)) {
      return gettext('Enter a name.');
    }
    if (views.some(function (each) { return each.name === name; })) {
      return gettext('A view has this name already. Enter another name.');
    }
    return '';
  }

  function begin(nav) {
    var key = nav.getAttribute('data-hip-saved-views'), query = nav.getAttribute('data-hip-list-query'),
      tabs = nav.querySelector('ul'), item = hip.element('li', 'hip-saved-views'), menu = hip.element('details', 'hip-saved-menu'),
      summary = hip.element('summary', 'btn btn-default btn-sm', gettext('Saved views')), place = hip.element('div', 'dropdown-menu'),
      list = hip.element('ul', 'list-unstyled'), status = hip.element('p', 'small');

    // Others of the person's pages may have changed the views. change(views)
    // returns why it does not.
    function change(act) {
      var views = load(key), reason = act(views) || store(key, views);
      status.textContent = reason;
      if (!reason) {
        draw();
      }
      return !reason;
    }

    function draw() {
      var views = load(key);
      tabs.querySelectorAll('.hip-saved-view').forEach(function (old) { old.remove(); });
      list.textContent = '';
      views.forEach(function (view) {
        item.before(tab(view));
        list.append(line(view));
      });
      list.hidden = !views.length;
    }

    function tab(view) {
      var made = hip.element('li', 'hip-saved-view'), link = hip.element('a');
      link.append(hip.element('bdi', '', view.name));
      link.href = '?' + view.query;
      link.target = '_self';
      if (view.query === query) {
        tabs.querySelectorAll('.active').forEach(function (other) {
          other.classList.remove('active');
          other.querySelector('a').removeAttribute('aria-current');
        });
        made.classList.add('active');
        link.setAttribute('aria-current', 'page');
      }
      made.append(link);
      return made;
    }

    function named(label, sentence, name, act) {
      var made = hip.button(label, 'btn-link btn-sm', act);
      made.setAttribute('aria-label', interpolate(sentence, {view: name}, true));
      return made;
    }

    function line(view) {
      var made = hip.element('li');
      made.append(
        hip.element('bdi', '', view.name), ' ',
        named(gettext('Rename'), gettext('Rename %(view)s'), view.name, function () {
          var part = form(gettext('New name'), gettext('Rename'), view.name, function (name) { return rename(view.name, name); });
          made.replaceChildren(part);
          part.querySelector('input').focus();
        }),
        named(gettext('Delete'), gettext('Delete %(view)s'), view.name, function () { remove(view.name); })
      );
      return made;
    }

    function rename(old, name) {
      return change(function (views) {
        var view = views.filter(function (each) { return each.name === old; })[0];
        var reason = complaint(name, views.filter(function (each) { return each !== view; }));
        if (view && !reason) {
          view.name = name;
        }
        return reason;
      });
    }

    function remove(name) {
      if (change(function (views) {
        var index = views.findIndex(function (each) { return each.name === name; });
        if (index >= 0) {
          views.splice(index, 1);
        }
        return '';
      })) {
        status.textContent = interpolate(gettext('The view %(view)s was deleted.'), {view: hip.isolated(name)}, true);
        summary.focus();
      }
    }

    function add(name) {
      return change(function (views) {
        var reason;
        if (views.length >= MAX) {
          return interpolate(gettext('You have %(count)s saved views, which is the maximum. Delete one of them first.'), {count: MAX}, true);
        }
        if (query.length > QUERY_LENGTH) {
          return gettext('The filters are too long to be saved.');
        }
        reason = complaint(name, views);
        if (!reason) {
          views.push({name: name, query: query});
        }
        return reason;
      });
    }

    // A field for a name; done(name) returns whether it was taken.
    function form(words, label, value, done) {
      var made = hip.element('form', 'hip-saved-form'), name = hip.element('label', '', words), field = hip.element('input', 'form-control');
      var button = hip.element('button', 'btn btn-primary btn-sm', label);
      field.maxLength = NAME_LENGTH;
      field.value = value;
      name.append(field);
      made.append(name, button);
      made.addEventListener('submit', function (event) {
        event.preventDefault();
        if (done(field.value.trim())) {
          field.value = '';
          summary.focus();
        } else {
          field.focus();
        }
      });
      return made;
    }

    status.setAttribute('role', 'status');
    if (nav.hasAttribute('data-hip-may-save')) {
      summary.textContent = gettext('Save View…');
      place.append(form(gettext('Name of this view'), gettext('Save View'), '', add));
    } else {
      place.append(hip.element('p', 'small', gettext('Set a filter or an order to save it as a view.')));
    }
    place.append(status, list);
    menu.append(summary, place);
    item.append(menu);
    tabs.append(item);
    draw();
    return hip.closeMenu(menu);
  }

  hip.enhance('[data-hip-saved-views]', begin);
}());
