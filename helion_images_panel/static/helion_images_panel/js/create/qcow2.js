// SPDX-License-Identifier: Apache-2.0
// A raw disk as a QCOW2 file without its empty parts. The data stays in the chosen file: the new
// one is made of pieces of it, behind tables that say where each belongs.
//
// Source: docs/interop/qcow2.rst of QEMU, version 3.
(function () {
  'use strict';

  var hip = horizon.helionImages;
  var CLUSTER_BITS = 16, CLUSTER = 1 << CLUSTER_BITS;
  var SECTOR = 512;
  var HEADER_BYTES = 104;
  // Entries of 8 bytes in a table of one cluster, and of 2 bytes in one of the counters.
  var ENTRIES = CLUSTER / 8, COUNTERS = CLUSTER / 2;
  var UINT32 = 4294967296;
  // Bit 63 of an entry: nothing else uses this cluster.
  var ALONE = 0x80000000;

  function clustersOf(count, perCluster) {
    return Math.ceil(count / perCluster);
  }

  // Where everything stands, in clusters. The counters count themselves too.
  function layout(size, parts) {
    var plan = {disk: Math.ceil(size / CLUSTER), tables: tablesOf(parts), data: 0, blocks: 0, others: 0};
    parts.forEach(function (part) { plan.data += part[1] - part[0]; });
    plan.level1 = Math.max(1, clustersOf(plan.disk, ENTRIES));
    plan.others = 1 + clustersOf(plan.level1, ENTRIES) + plan.tables.length + plan.data;
    do {
      plan.all = plan.others + plan.blocks + clustersOf(plan.blocks, ENTRIES);
      plan.blocks = clustersOf(plan.all, COUNTERS);
    } while (plan.all < plan.others + plan.blocks + clustersOf(plan.blocks, ENTRIES));
    plan.blockTable = 1;
    plan.firstBlock = plan.blockTable + clustersOf(plan.blocks, ENTRIES);
    plan.level1At = plan.firstBlock + plan.blocks;
    plan.firstTable = plan.level1At + clustersOf(plan.level1, ENTRIES);
    plan.firstData = plan.firstTable + plan.tables.length;
    return plan;
  }

  // The tables of the second level that are needed, by their place in the first.
  function tablesOf(parts) {
    var found = [];
    parts.forEach(function (part) {
      var table = Math.floor(part[0] / ENTRIES);
      for (; table * ENTRIES < part[1]; table += 1) {
        if (found[found.length - 1] !== table) {
          found.push(table);
        }
      }
    });
    return found;
  }

  function put64(view, at, value, flag) {
    view.setUint32(at, (Math.floor(value / UINT32) | (flag || 0)) >>> 0);
    view.setUint32(at + 4, value % UINT32);
  }

  function writeHeader(view, plan, size) {
    view.setUint32(0, 0x514649fb);
    view.setUint32(4, 3);
    view.setUint32(20, CLUSTER_BITS);
    put64(view, 24, Math.ceil(size / SECTOR) * SECTOR);
    view.setUint32(36, plan.level1);
    put64(view, 40, plan.level1At * CLUSTER);
    put64(view, 48, plan.blockTable * CLUSTER);
    view.setUint32(56, plan.firstBlock - plan.blockTable);
    // Counters of 16 bits.
    view.setUint32(96, 4);
    view.setUint32(100, HEADER_BYTES);
  }

  function writeTables(view, plan, parts) {
    var i, place = plan.firstData, index = {};
    for (i = 0; i < plan.blocks; i += 1) {
      put64(view, plan.blockTable * CLUSTER + 8 * i, (plan.firstBlock + i) * CLUSTER);
    }
    for (i = 0; i < plan.all; i += 1) {
      view.setUint16(plan.firstBlock * CLUSTER + 2 * i, 1);
    }
    plan.tables.forEach(function (table, at) {
      index[table] = (plan.firstTable + at) * CLUSTER;
      put64(view, plan.level1At * CLUSTER + 8 * table, index[table], ALONE);
    });
    parts.forEach(function (part) {
      var cluster;
      for (cluster = part[0]; cluster < part[1]; cluster += 1) {
        put64(view, index[Math.floor(cluster / ENTRIES)] + 8 * (cluster % ENTRIES), place * CLUSTER, ALONE);
        place += 1;
      }
    });
  }

  // parts: those of the file with data, in clusters, as [first, the one after the last], in order.
  function qcow2(file, parts, name) {
    var plan = layout(file.size, parts), buffer = new ArrayBuffer(plan.firstData * CLUSTER), view = new DataView(buffer),
      pieces = [buffer], last = parts[parts.length - 1], missing = last ? last[1] * CLUSTER - file.size : 0;
    writeHeader(view, plan, file.size);
    writeTables(view, plan, parts);
    parts.forEach(function (part) {
      pieces.push(file.slice(part[0] * CLUSTER, part[1] * CLUSTER));
    });
    if (missing > 0) {
      pieces.push(new Uint8Array(missing));
    }
    return new File(pieces, name, {lastModified: file.lastModified});
  }

  hip.qcow2 = qcow2;
}());
