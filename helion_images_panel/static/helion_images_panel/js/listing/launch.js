// SPDX-License-Identifier: Apache-2.0
// Horizon's wizard Launch Instance, above a list that is filtered. The searches in it
// take the filters in the page's URL for their own, by name: they would find no flavor
// and no network of the name that images were searched by.
(function () {
  'use strict';

  var MODULE = 'horizon.framework.widgets.magic-search', terms = 'getSearchTermsFromQueryString';

  // Also called for what is entered there, which is no query string of a page.
  function forgetPage(service) {
    var original = service[terms];
    service[terms] = function (query) {
      return original.call(service, query && query === window.location.search ? '' : query);
    };
    return service;
  }

  try {
    window.angular.module(MODULE).decorator(MODULE + '.service', ['$delegate', forgetPage]);
  } catch {
    // A Horizon without the wizard, or with another one.
  }
}());
