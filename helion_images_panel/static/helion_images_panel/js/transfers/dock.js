// SPDX-License-Identifier: Apache-2.0
// The dock at the foot of the page: all that is on its way from here.
(function () {
  'use strict';

  var LIST_ID = 'hip_dock_items';
  // How long it is said of an image that it is deleted.
  var REMOVED_MS = 5000;
  // A part of the page that is new with its text is not read out, and of two
  // texts at once only the last.
  var SAY_AFTER_MS = 100;
  var hip = horizon.helionImages;
  var dock = null;
  // In which state each transfer was when it was last heard of.
  var states = new WeakMap();

  function Dock() {
    var heading = hip.element('div', 'panel-heading hip-dock-heading');
    this.items = [];
    // What is still to be said, by the image's ID.
    this.news = new Map();
    this.node = hip.element('section', 'panel panel-default hip-dock');
    this.node.setAttribute('aria-label', gettext('Uploads and imports'));
    this.node.setAttribute('data-hip-dock', '');
    this.toggle = hip.button('', 'btn-link hip-dock-toggle', this.fold.bind(this));
    this.toggle.setAttribute('aria-controls', LIST_ID);
    this.arrow = hip.element('span', 'fa');
    this.arrow.setAttribute('aria-hidden', 'true');
    this.summary = hip.element('span', 'hip-dock-summary');
    this.toggle.append(this.arrow, this.summary);
    this.tidy = hip.button(gettext('Clear'), 'btn-link hip-dock-clear', this.clear.bind(this));
    this.tidy.setAttribute('aria-label', gettext('Clear finished'));
    heading.append(this.toggle, this.tidy);
    this.bar = hip.element('div', 'progress-bar');
    this.track = hip.element('div', 'progress hip-dock-total');
    this.track.setAttribute('aria-hidden', 'true');
    this.track.appendChild(this.bar);
    this.list = hip.element('ul', 'list-group hip-dock-items');
    this.list.id = LIST_ID;
    this.said = hip.element('p', 'sr-only');
    this.said.setAttribute('role', 'status');
    this.node.append(heading, this.track, this.list, this.said);
    this.open(true);
    hip.direct(this.node);
    document.body.appendChild(this.node);
    // Below it the foot of the page stays within reach, and what gets the focus is scrolled to
    // above it.
    this.size = new ResizeObserver(function (entries) {
      leaveSpace(entries[0].target.offsetHeight + 'px');
    });
    this.size.observe(this.node);
  }

  // Horizon's body is as high as the window: what is in it is higher.
  function leaveSpace(height) {
    (document.getElementById('content_body') || document.body).style.paddingBottom = height;
    document.documentElement.style.scrollPaddingBottom = height;
  }

  Dock.prototype.open = function (isOpen) {
    this.isOpen = isOpen;
    this.list.classList.toggle('hidden', !isOpen);
    this.toggle.setAttribute('aria-expanded', String(isOpen));
    this.arrow.className = 'fa ' + (isOpen ? 'fa-chevron-down' : 'fa-chevron-up');
  };

  Dock.prototype.fold = function () {
    this.open(!this.isOpen);
    this.showSummary();
  };

  Dock.prototype.clear = function () {
    hip.queue.all().filter(isOver).forEach(hip.queue.drop);
  };

  function isOver(transfer) {
    return transfer.is('done', 'deleted', 'kept') && !transfer.isPublishing();
  }

  Dock.prototype.update = function (transfer) {
    var item = this.items.find(function (each) { return each.transfer === transfer; });
    if (hip.queue.all().indexOf(transfer) < 0) {
      if (item) {
        this.take(item);
      }
    } else if (!item) {
      item = new hip.DockItem(transfer);
      this.items.push(item);
      this.list.appendChild(item.node);
      this.open(true);
      this.say(item);
      item.node.scrollIntoView({block: 'nearest'});
    } else if (item.update()) {
      this.say(item);
      if (transfer.is('failed')) {
        this.open(true);
        item.node.scrollIntoView({block: 'nearest'});
      }
    }
    this.showSummary();
  };

  // The focus goes to what stands next.
  Dock.prototype.take = function (item) {
    var had = item.node.contains(document.activeElement);
    this.items = this.items.filter(function (each) { return each !== item; });
    item.node.remove();
    if (!this.items.length) {
      this.node.remove();
      this.size.disconnect();
      leaveSpace('');
      dock = null;
    } else if (had) {
      this.toggle.focus();
    }
  };

  Dock.prototype.say = function (item) {
    var news = item.news();
    if (news) {
      this.news.set(item.transfer.id, news);
      window.clearTimeout(this.speaking);
      this.speaking = window.setTimeout(this.speak.bind(this), SAY_AFTER_MS);
    }
  };

  Dock.prototype.speak = function () {
    this.said.textContent = Array.from(this.news.values()).join(' ');
    this.news.clear();
  };

  Dock.prototype.showSummary = function () {
    var text = summary(), total = hip.queue.total(), files = hip.queue.needsPage();
    if (this.summary.textContent !== text) {
      this.summary.textContent = text;
    }
    this.tidy.classList.toggle('hidden', !hip.queue.all().some(isOver));
    this.track.classList.toggle('hidden', this.isOpen || !files);
    this.bar.style.width = (total.size ? total.sent / total.size * 100 : 0) + '%';
  };

  // "2 uploads, 45% – 1 minute left", else how it ended.
  function summary() {
    var all = hip.queue.all(), total = hip.queue.total(), parts = [], idle, failed, done,
      uploads = all.filter(function (each) { return each.needsPage(); }).length,
      imports = all.filter(function (each) { return each.is('importing', 'verifying'); }).length;
    if (uploads) {
      parts.push(interpolate(ngettext('%(count)s upload, %(percent)s', '%(count)s uploads, %(percent)s', uploads), {
        count: uploads,
        percent: hip.percent(total.size ? total.sent / total.size * 100 : 0)
      }, true));
    }
    if (imports) {
      parts.push(interpolate(ngettext('%(count)s import', '%(count)s imports', imports), {count: imports}, true));
    }
    if (parts.length) {
      if (uploads && total.speed > 0 && total.sent < total.size) {
        // Translators: how many uploads are in progress, and for how long: "2 uploads, 45% – 1 minute left".
        return interpolate(gettext('%(what)s – %(left)s left'), {
          what: parts.join(', '),
          left: hip.duration((total.size - total.sent) / total.speed)
        }, true);
      }
      return parts.join(', ');
    }
    idle = all.filter(function (each) { return each.is('cancelled', 'kept'); }).length;
    failed = all.filter(function (each) { return each.is('failed'); }).length;
    done = all.filter(function (each) { return each.is('done'); }).length;
    if (done) {
      parts.push(interpolate(ngettext('%(count)s image ready', '%(count)s images ready', done), {count: done}, true));
    }
    if (failed) {
      parts.push(interpolate(ngettext('%(count)s failed', '%(count)s failed', failed), {count: failed}, true));
    }
    if (idle) {
      parts.push(interpolate(ngettext('%(count)s cancelled', '%(count)s cancelled', idle), {count: idle}, true));
    }
    return parts.join(', ') || gettext('Uploads and imports');
  }

  // The table, or the details, follow; from the page of an image that is
  // gone, the list.
  function follow(transfer, before) {
    if (before === transfer.state) {
      return;
    }
    if (transfer.is('deleted') && !hip.queue.needsPage() &&
        window.location.pathname === transfer.steps.detail_url) {
      window.location.assign(transfer.steps.index_url);
      return;
    }
    if (transfer.is('deleted')) {
      window.setTimeout(function () { hip.queue.drop(transfer); }, REMOVED_MS);
    }
    if (!before || transfer.is('done', 'failed', 'cancelled', 'deleted', 'importing')) {
      hip.refresh();
    }
  }

  // Each transfer sends its changes, see queue.js.
  document.addEventListener('hip:transfer', function (event) {
    var transfer = event.detail, before = states.get(transfer);
    states.set(transfer, transfer.state);
    if (!dock && hip.queue.all().indexOf(transfer) < 0) {
      return;
    }
    dock = dock || new Dock();
    dock.update(transfer);
    follow(transfer, before);
  });
}());
