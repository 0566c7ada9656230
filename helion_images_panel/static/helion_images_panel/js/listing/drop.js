// SPDX-License-Identifier: Apache-2.0
// Files dropped onto the Images page become images.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var overlay = null;

  // Where new images come from, where the person may make any of a file.
  function createUrl() {
    var panel = document.querySelector('[data-hip-images][data-create-url]');
    return panel ? panel.getAttribute('data-create-url') : '';
  }

  function openForm() {
    var form = document.querySelector('.modal.in form[data-hip-create]');
    return form && form.querySelector('[data-hip-file]') ? form : null;
  }

  function openDialog() {
    var form = document.querySelector('.modal.in form[data-hip-several]');
    return form ? form.hipDialog : null;
  }

  // Wherever files are let go of on these pages, the browser is not to open
  // them in place of the page.
  function areFiles(event) {
    return Boolean(document.querySelector('[data-hip-images]') && event.dataTransfer) &&
      Array.prototype.indexOf.call(event.dataTransfer.types, 'Files') >= 0;
  }

  function isWelcome() {
    return Boolean(openForm() || openDialog() || (createUrl() && !document.querySelector('.modal.in')));
  }

  // A file is not to become an image there, but to find the one that has its data.
  function isToFind(event) {
    return Boolean(event.target.closest && event.target.closest('[data-hip-find]'));
  }

  // What will happen; browsers say how many they are before they are dropped.
  function promise(count, finds) {
    if (finds) {
      return gettext('Drop the file to find its image');
    }
    if (openDialog()) {
      return interpolate(ngettext('Drop %(count)s file to add it', 'Drop %(count)s files to add them', count), {count: count}, true);
    }
    if (openForm() && !(count > 1 && hip.takesSeveral(openForm()))) {
      return gettext('Drop the file to choose it');
    }
    return count > 1 ?
      interpolate(ngettext('Drop %(count)s file to create %(count)s image', 'Drop %(count)s files to create %(count)s images', count),
        {count: count}, true) :
      gettext('Drop the file to create an image');
  }

  function cover(event) {
    var count = Array.prototype.filter.call(event.dataTransfer.items, function (item) {
      return item.kind === 'file';
    }).length, box, text;
    if (!overlay) {
      overlay = hip.element('div', 'hip-drop');
      overlay.setAttribute('data-hip-drop', '');
      overlay.appendChild(hip.element('div', 'modal-backdrop in hip-drop-shade'));
      box = overlay.appendChild(hip.element('div', 'modal-content hip-drop-box'));
      box.appendChild(hip.element('span', 'fa fa-cloud-upload fa-3x')).setAttribute('aria-hidden', 'true');
      box.appendChild(hip.element('p', 'h3 hip-drop-text'));
      box.appendChild(hip.element('p', 'hip-quiet', gettext('Nothing is uploaded until you confirm.')));
      document.body.appendChild(overlay);
    }
    text = overlay.querySelector('.hip-drop-text');
    if (text.textContent !== promise(count, isToFind(event))) {
      text.textContent = promise(count, isToFind(event));
    }
  }

  function uncover() {
    if (overlay) {
      overlay.remove();
      overlay = null;
    }
  }

  // The files, and the names of what is none: folders have no bytes to send.
  function sort(data) {
    var files = [], others = [];
    Array.prototype.forEach.call(data.items, function (item) {
      var entry, file;
      if (item.kind === 'file') {
        entry = item.webkitGetAsEntry ? item.webkitGetAsEntry() : null;
        file = item.getAsFile();
        if (entry && !entry.isFile) {
          others.push(entry.name);
        } else if (file) {
          files.push(file);
        }
      }
    });
    return {files: files, others: others};
  }

  // The dialog opens as if its button had been pressed.
  function createFrom(file, name) {
    var link = hip.element('a', 'ajax-modal hidden');
    link.href = createUrl();
    $('#modal_wrapper').off('.hipDrop').one('new_modal.hipDrop', function (_event, modal) {
      var form = $(modal).find('form[data-hip-create]')[0];
      if (form && name) {
        form.querySelector('[name=name]').value = name;
      }
      if (form) {
        hip.chooseFile(form, file);
      }
    });
    document.body.appendChild(link);
    $(link).trigger('click');
    link.remove();
  }

  function take(sorted) {
    var form = openForm(), url = createUrl();
    if (sorted.others.length) {
      hip.notice('warning', interpolate(gettext('Only files can become images. Skipped: %(names)s'), {names: sorted.others.map(hip.isolated).join(', ')}, true));
    }
    if (!sorted.files.length) {
      return;
    }
    if (openDialog()) {
      openDialog().add(sorted.files);
    } else if (sorted.files.length === 1) {
      if (form) {
        hip.chooseFile(form, sorted.files[0]);
      } else {
        createFrom(sorted.files[0]);
      }
    } else if (form && !hip.takesSeveral(form)) {
      hip.notice('warning', gettext('Choose one file only: the data of an image is one file.'));
    } else if (form) {
      hip.closeDialog(form, function () { hip.several(form.action, sorted.files); });
    } else {
      hip.several(url, sorted.files);
    }
  }

  ['dragenter', 'dragover'].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (areFiles(event)) {
        event.preventDefault();
        event.dataTransfer.dropEffect = isToFind(event) || isWelcome() ? 'copy' : 'none';
        if (isToFind(event) || isWelcome()) {
          cover(event);
        }
      }
    });
  });

  document.addEventListener('dragleave', function (event) {
    // Only at the window's edge is there nothing that is entered instead.
    if (!event.relatedTarget) {
      uncover();
    }
  });

  document.addEventListener('drop', function (event) {
    if (areFiles(event)) {
      event.preventDefault();
      uncover();
      if (isToFind(event)) {
        hip.findImageOf(sort(event.dataTransfer).files[0]);
      } else if (isWelcome()) {
        take(sort(event.dataTransfer));
      }
    }
  });

  Object.assign(hip, {createUrl: createUrl, createFrom: createFrom});
}());
