// SPDX-License-Identifier: Apache-2.0
// What an action on several images will do, said before: to how many, and how
// many stay as they are.
(function () {
  'use strict';

  // By the name of the action.
  var EFFECTS = {
    protect: function (count) {
      return ngettext('%(count)s image will be protected.', '%(count)s images will be protected.', count);
    },
    unprotect: function (count) {
      return ngettext('%(count)s image will no longer be protected.', '%(count)s images will no longer be protected.', count);
    },
    publish: function (count) {
      return ngettext('%(count)s image can be published.', '%(count)s images can be published.', count);
    },
    unpublish: function (count) {
      return ngettext('%(count)s image will be unpublished.', '%(count)s images will be unpublished.', count);
    },
    communitize: function (count) {
      return ngettext('%(count)s image will become a community image.', '%(count)s images will become community images.', count);
    },
    uncommunitize: function (count) {
      return ngettext(
        '%(count)s image will get its previous visibility.', '%(count)s images will get their previous visibility.', count);
    },
    stop_sharing: function (count) {
      return ngettext('%(count)s image will no longer be shared.', '%(count)s images will no longer be shared.', count);
    },
    hide: function (count) {
      return ngettext('%(count)s image will be hidden.', '%(count)s images will be hidden.', count);
    },
    unhide: function (count) {
      return ngettext('%(count)s image will no longer be hidden.', '%(count)s images will no longer be hidden.', count);
    },
    deactivate: function (count) {
      return ngettext('%(count)s image will be deactivated.', '%(count)s images will be deactivated.', count);
    },
    reactivate: function (count) {
      return ngettext('%(count)s image will be reactivated.', '%(count)s images will be reactivated.', count);
    },
    delete: function (count) {
      return ngettext('%(count)s image will be deleted.', '%(count)s images will be deleted.', count);
    },
    delete_permanently: function (count) {
      return ngettext(
        '%(count)s image will be deleted permanently.', '%(count)s images will be deleted permanently.', count);
    },
    restore: function (count) {
      return ngettext('%(count)s image will be restored.', '%(count)s images will be restored.', count);
    }
  };

  // The paragraph for a dialog. counts: {changed, locked, other}; locked images are those that
  // only their protection keeps.
  function effects(action, counts) {
    var sentences = [
      [counts.changed, EFFECTS[action](counts.changed)],
      [counts.locked, ngettext('%(count)s image is protected and stays.', '%(count)s images are protected and stay.', counts.locked)],
      [counts.other, ngettext(
        '%(count)s image stays as it is: the action is not possible for it, or you are not allowed to change it.',
        '%(count)s images stay as they are: the action is not possible for them, or you are not allowed to change them.',
        counts.other)]
    ];
    sentences = sentences.filter(function (each) { return each[0]; }).map(function (each) {
      return interpolate(each[1], {count: each[0]}, true);
    });
    return horizon.helionImages.element('p', 'hip-effects', sentences.join(' ') || gettext('No image will be changed.'));
  }

  horizon.helionImages.effects = effects;
}());
