// SPDX-License-Identifier: Apache-2.0
// Whether the dashboard would refuse a file as an image of a format, by the
// rules of transfers/inspection.py: said before the image is made.
(function () {
  'use strict';

  // The image service looks into no image of these.
  var NOT_INSPECTED = ['aki', 'ami', 'ari', 'docker', 'ova'];
  // Those that it can tell.
  var INSPECTED = ['raw', 'qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'iso'];
  var PARTITIONED = ['gpt', 'luks'];
  var hip = horizon.helionImages;

  // What the operator tolerates: {tolerated, nonfatal}, as of conf.py.
  function rules(form) {
    try {
      return JSON.parse(form.getAttribute('data-hip-content-rules')) || {};
    } catch {
      return {};
    }
  }

  function has(list, value) {
    return (list || []).indexOf(value) >= 0;
  }

  // An ISO with partitions is an ISO.
  function actual(found) {
    var names = found.inspected;
    if (names.length === 2 && has(names, 'iso') && has(names, 'gpt')) {
      return 'iso';
    }
    return has(PARTITIONED, names[0]) ? 'raw' : names[0] || 'raw';
  }

  function isHybrid(found) {
    return actual(found) === 'iso' && found.inspected.length === 2;
  }

  // The kind of the refusal: 'unsafe', 'reference' or 'format'; empty if there
  // is none, or if the browser cannot tell.
  function verdict(found, format, given) {
    var operators = given || {}, is, tableOnly = has(found.inspected, 'gpt') && found.cause === 'mbr';
    // Only the dashboard sees what is in a file that it decompresses.
    if (!found.inspected || found.decompress || !format || has(NOT_INSPECTED, format)) {
      return '';
    }
    is = actual(found);
    if (found.inspected.length > 1 && !isHybrid(found)) {
      return has(operators.tolerated, 'unsafe') ? '' : 'unsafe';
    }
    if (found.problem && found.inspected.length && !has(operators.tolerated, found.problem) &&
        !(tableOnly && has(operators.nonfatal, 'mbr'))) {
      return found.problem;
    }
    if (has(operators.tolerated, 'format') || is === format) {
      return '';
    }
    // There is no inspector for this format, such as ploop, and no contradiction.
    return is === 'raw' && !found.inspected.length && !has(INSPECTED, format) ? '' : 'format';
  }

  hip.contentRules = rules;
  hip.contentVerdict = verdict;
}());
