'use strict';

// What a function may import: `const { Reject, RetryLater } = require('plait-node')`.

const { Reject, RetryLater } = require('./lib/errors');

module.exports = { Reject, RetryLater };
