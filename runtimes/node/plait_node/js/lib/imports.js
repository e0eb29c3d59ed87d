'use strict';

// `import` passes NODE_PATH over, which `require` looks into. So that a function finds what comes with the runtime
// in either style, these names are resolved as `require` does it: in the function's own node_modules first.

const module_ = require('node:module');
const { pathToFileURL } = require('node:url');

// What comes with the runtime.
const NAMES = ['plait-node', 'cloudevents'];

/**
 * A hook of Node's module loader.
 *
 * @param {string} specifier
 * @param {{ parentURL?: string, conditions: string[] }} context
 * @param {(specifier: string, context: any) => any} next
 */
function resolve(specifier, context, next) {
  const { parentURL: parent, conditions } = context;
  if (parent === undefined || !conditions.includes('import') || !NAMES.includes(specifier)) {
    return next(specifier, context);
  }
  const found = module_.createRequire(parent).resolve(specifier);
  return next(pathToFileURL(found).href, context);
}

/** To be called before an ECMAScript module is loaded: Node 20 starts a thread for it. */
function register() {
  // Not in the types of Node 20.
  const { registerHooks } = /** @type {any} */ (module_);
  if (registerHooks === undefined) module_.register('./imports.js', pathToFileURL(__filename));
  else registerHooks({ resolve });
}

module.exports = { NAMES, register, resolve };
