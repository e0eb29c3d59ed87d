// Uses a package of its package.json.
const ms = require('ms');

module.exports = { handle: async () => ({ milliseconds: ms('1m') }) };
