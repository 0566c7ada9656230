// SPDX-License-Identifier: Apache-2.0
// One image in the dock: its name, its bar, what happens in words, and the
// buttons of what the person may do about it.
(function () {
  'use strict';

  var hip = horizon.helionImages;

  function fill(text, values) {
    return interpolate(text, values, true);
  }

  function Item(transfer) {
    this.transfer = transfer;
    this.build();
    this.update();
  }

  Item.prototype.build = function () {
    var transfer = this.transfer, dismiss;
    this.node = hip.element('li', 'list-group-item hip-dock-item');
    this.node.setAttribute('data-hip-transfer', transfer.id);
    this.node.tabIndex = -1;
    this.head = hip.element('div', 'hip-dock-head');
    this.name = hip.element('span', 'hip-dock-name', transfer.name);
    this.name.title = transfer.name;
    this.badges = hip.element('span', 'hip-dock-badges');
    dismiss = hip.button('', 'btn-link btn-xs hip-dock-dismiss', function () { hip.queue.drop(transfer); });
    dismiss.setAttribute('aria-label', interpolate(gettext('Dismiss %(image)s'), {image: hip.isolated(transfer.name)}, true));
    dismiss.appendChild(hip.element('span', 'fa fa-times'));
    this.dismiss = dismiss;
    this.head.append(this.name, this.badges, dismiss);
    this.track = hip.element('div', 'progress hip-dock-track');
    this.track.setAttribute('role', 'progressbar');
    this.track.setAttribute('aria-label', transfer.name);
    this.track.setAttribute('aria-valuemin', '0');
    this.track.setAttribute('aria-valuemax', '100');
    this.stored = hip.element('div', 'progress-bar hip-dock-stored');
    this.sent = hip.element('div', 'progress-bar hip-dock-sent');
    this.track.append(this.stored, this.sent);
    this.line = hip.element('p', 'hip-dock-line');
    this.notes = hip.element('div', 'hip-dock-notes');
    this.published = hip.element('p', 'hip-dock-published hidden');
    this.notPublished = hip.element('div', 'hip-dock-notes');
    this.buttons = hip.element('div', 'hip-dock-buttons');
    this.question = hip.element('p', 'hip-dock-question hidden');
    this.question.id = 'hip_dock_question_' + transfer.id;
    this.foot = hip.element('div', 'hip-dock-foot');
    this.foot.append(this.line, this.question, this.buttons);
    this.node.append(this.head, this.track, this.notes, this.published, this.notPublished, this.foot);
  };

  // True where the state is new: only then do badges change, and buttons where
  // other ones are needed, so that none moves from under a hand.
  Item.prototype.update = function () {
    var transfer = this.transfer, line = hip.dockWords.line(transfer),
      state = [transfer.state, transfer.second.state].join(' '), isNew = this.shown !== state;
    if (isNew) {
      this.shown = state;
      this.showState();
    }
    this.showBar();
    this.showPublished();
    if (this.line.textContent !== line) {
      this.line.textContent = line;
    }
    return isNew;
  };

  Item.prototype.showPublished = function () {
    var published = this.transfer.published, words = '';
    if (this.transfer.steps.planned && this.transfer.is('waiting', 'importing', 'verifying')) {
      words = gettext('The image will be published when its data is verified.');
    } else if (published && published.audience === 'cloud' && published.projects && !this.transfer.is('deleting', 'deleted')) {
      words = gettext('Published: the image is public.');
    } else if (published && published.total && !this.transfer.is('deleting', 'deleted')) {
      words = fill(this.transfer.isPublishing() ?
        gettext('Publishing: %(reached)s of %(total)s projects.') :
        gettext('Published to %(reached)s of %(total)s projects.'), published);
    }
    this.published.classList.toggle('hidden', !words);
    if (this.published.textContent !== words) {
      this.published.textContent = words;
    }
    this.transfer.notPublished.slice(this.notPublished.children.length).forEach(function (each) {
      this.notPublished.append(hip.element('div', 'alert alert-warning',
        [each.project, each.reason].filter(Boolean).join(' \u2013 ')));
    }, this);
  };

  // Sent is the lighter leg, stored the solid one. Where it is unknown how
  // far it is, the bar is full and moves.
  Item.prototype.showBar = function () {
    var transfer = this.transfer, size = transfer.size || 1,
      moves = transfer.is('asking', 'storing', 'importing', 'verifying', 'deleting'),
      sent = transfer.is('sending') ? transfer.sent / size * 100 : 0,
      stored = transfer.is('sending') ? Math.min((transfer.stored || 0) / size * 100, sent) : 0,
      percent = Math.floor(sent);
    this.track.classList.toggle('hidden', !transfer.is('sending') && !moves);
    this.sent.classList.toggle('progress-bar-striped', moves);
    this.sent.classList.toggle('active', moves);
    this.sent.style.width = (moves ? 100 : sent - stored) + '%';
    this.stored.style.width = stored + '%';
    if (moves) {
      this.track.removeAttribute('aria-valuenow');
      this.track.removeAttribute('aria-valuetext');
    } else {
      this.track.setAttribute('aria-valuenow', percent);
      this.track.setAttribute('aria-valuetext', transfer.is('sending') && transfer.stored !== null ?
        fill(gettext('%(sent)s sent, %(stored)s stored'), {sent: hip.percent(sent), stored: hip.percent(stored)}) :
        fill(gettext('%(sent)s sent'), {sent: hip.percent(sent)}));
    }
  };

  Item.prototype.showState = function () {
    var transfer = this.transfer;
    this.showName();
    this.showBadges();
    this.showNotes();
    // What it comes to is to be seen by who has begun it.
    this.dismiss.classList.toggle('hidden', transfer.needsPage() || transfer.is('deleting', 'verifying'));
    this.showButtons();
  };

  Item.prototype.action = function (label) {
    return hip.dockActions(this.transfer).find(function (each) { return each.label === label; });
  };

  // `asked` is the label of the action that a question is open about: it stays
  // open as long as there is such a question.
  Item.prototype.showButtons = function () {
    var item = this, asked = this.asked ? this.action(this.asked) : null, choices, looks,
      had = this.buttons.contains(document.activeElement);
    if (asked && asked.question) {
      choices = this.answers(asked);
    } else {
      this.asked = '';
      choices = hip.dockActions(this.transfer);
    }
    looks = JSON.stringify(choices);
    if (this.looks !== looks) {
      this.looks = looks;
      this.question.classList.toggle('hidden', !this.asked);
      this.line.classList.toggle('hidden', Boolean(this.asked));
      this.question.textContent = this.asked ? asked.question : '';
      this.buttons.replaceChildren.apply(this.buttons, choices.map(function (choice) { return button(item, choice); }));
      if (had) {
        this.focusSafely();
      }
    }
  };

  // What is safe stands where the button was that asked.
  Item.prototype.answers = function (asked) {
    var item = this;
    return [
      {label: asked.confirm, danger: true, act: asked.act},
      {label: gettext('Keep Image'), safe: true, act: function () { item.ask(''); }}
    ];
  };

  Item.prototype.ask = function (label) {
    this.asked = label;
    this.showButtons();
    if (!label) {
      this.focusSafely();
    }
  };

  // Never to what cannot be taken back.
  Item.prototype.focusSafely = function () {
    (this.buttons.querySelector('.btn:not(.btn-danger)') || this.node).focus();
  };

  // Once it is there, the name leads to it.
  Item.prototype.showName = function () {
    var link;
    this.name.textContent = this.transfer.name;
    if (this.transfer.is('done') && this.transfer.steps.detail_url) {
      link = hip.element('a', '', this.transfer.name);
      link.href = this.transfer.steps.detail_url;
      // On that page itself AngularJS would cancel the click.
      link.target = '_self';
      this.name.replaceChildren(link);
    }
  };

  function button(item, action) {
    var kind = action.danger ? 'btn-danger' : action.primary ? 'btn-primary' : 'btn-default', made;
    if (action.url) {
      made = hip.element('a', 'btn btn-xs ajax-modal ' + kind, action.label);
      made.href = action.url;
    } else {
      made = hip.button(action.label, 'btn-xs ' + kind, function (event) {
        // The second click of two was for what stood there before.
        if (!(action.danger && event.detail > 1)) {
          choose(item, action);
        }
      });
    }
    if (action.safe) {
      made.setAttribute('aria-describedby', item.question.id);
    }
    made.setAttribute('aria-label', fill(gettext('%(action)s: %(image)s'),
      {action: action.label, image: hip.isolated(item.transfer.name)}));
    return made;
  }

  // The state may have changed since the button was made: what it asks counts
  // as of now.
  function choose(item, action) {
    var now = item.asked ? action : item.action(action.label) || action;
    if (now.question) {
      item.ask(now.label);
    } else {
      item.asked = '';
      now.act();
    }
  }

  Item.prototype.showBadges = function () {
    var transfer = this.transfer, badges = [];
    if (transfer.is('done')) {
      badges.push(hip.element('span', 'label label-success', gettext('Active')));
      if (transfer.verification === 'verified') {
        badges.push(hip.element('span', 'label label-success', gettext('Verified')));
      } else if (transfer.verification === 'converted') {
        badges.push(hip.element('span', 'label label-default', gettext('Converted')));
      } else if (transfer.verification === 'pending') {
        badges.push(hip.element('span', 'label label-default', gettext('Not verified')));
      }
    } else if (transfer.is('failed')) {
      badges.push(hip.element('span', 'label label-danger', gettext('Failed')));
    } else if (transfer.is('cancelled', 'kept')) {
      badges.push(hip.element('span', 'label label-default', gettext('Queued')));
    }
    this.badges.replaceChildren.apply(this.badges, badges);
  };

  function details(text, image) {
    var folded = hip.element('details', 'hip-details'), summary = hip.element('summary', '', gettext('Details'));
    summary.setAttribute('aria-label', fill(gettext('%(action)s: %(image)s'),
      {action: gettext('Details'), image: hip.isolated(image)}));
    folded.append(summary, hip.element('p', '', text));
    return folded;
  }

  Item.prototype.showNotes = function () {
    var transfer = this.transfer, failure = transfer.failure, notes = [], note;
    if (transfer.is('failed')) {
      note = hip.alert('danger', '');
      if (failure.expected) {
        hip.explainMismatch(note, failure);
      } else {
        note.textContent = failure.reason || gettext('The upload failed.');
      }
      if (failure.failure_details) {
        note.append(details(failure.failure_details, transfer.name));
      }
      notes.push(note);
    }
    if (transfer.is('importing') && transfer.second.note) {
      note = hip.alert('info', transfer.second.note);
      if (transfer.second.details) {
        note.append(details(transfer.second.details, transfer.name));
      }
      notes.push(note);
    }
    if (!transfer.is('deleting', 'deleted')) {
      transfer.warnings.forEach(function (warning) {
        notes.push(hip.element('div', 'alert alert-warning', warning));
      });
    }
    this.notes.replaceChildren.apply(this.notes, notes);
  };

  // What is to be said aloud of its state; empty where an alert says it.
  Item.prototype.news = function () {
    var said = hip.dockWords.news(this.transfer);
    return this.transfer.is('done') ? [said].concat(this.transfer.warnings).join(' ') : said;
  };

  hip.DockItem = Item;
}());
