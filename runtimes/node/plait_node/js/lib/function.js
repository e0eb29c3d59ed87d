'use strict';

// Finds the function in a folder, and what else its module exports.

const { existsSync, readFileSync, statSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { loadFunction } = require('faas-js-runtime/lib/function-loader');
const { StartError } = require('./errors');
const imports = require('./imports');

const FILES = ['index.js', 'index.mjs', 'index.cjs'];
const HOOKS = ['init', 'shutdown', 'liveness', 'readiness'];
const WRITE_ONE = 'write `module.exports = async function (context, event) { ... }`, or export `handle`';

/**
 * A function's module.
 *
 * @typedef {object} FunctionModule
 * @property {string} name of its folder
 * @property {(context: any, event: any) => any} handle
 * @property {() => any} [init]
 * @property {() => any} [shutdown]
 * @property {HealthCheck} [liveness]
 * @property {HealthCheck} [readiness]
 */

/** @typedef {((request: any, reply: any) => any) & { path?: string }} HealthCheck */

/**
 * The file of the function: `main` of package.json, else index.js.
 *
 * @param {string} directory
 * @returns {string} absolute
 * @throws {StartError} no such folder, or no such file; or what package.json lists is not installed
 */
function find(directory) {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new StartError(`${directory} is not a folder`);
  const { main, dependencies } = readPackage(directory);
  const names = typeof main === 'string' && main !== '' ? [main, ...FILES] : FILES;
  const found = names.map((name) => path.resolve(directory, name)).find(isFile);
  if (found === undefined) throw new StartError(`${directory} has no index.js: ${WRITE_ONE}`);
  checkInstalled(directory, Object.keys(dependencies ?? {}));
  return found;
}

/** @param {string} file */
const isFile = (file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true;

/** @param {string} directory @returns {{ main?: any, type?: any, dependencies?: Record<string, string> }} */
function readPackage(directory) {
  const file = path.join(directory, 'package.json');
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    throw new StartError(`${file} is not JSON: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {string} directory @param {string[]} names */
function checkInstalled(directory, names) {
  const require = createRequire(path.resolve(directory, 'package.json'));
  const isThere = (/** @type {string} */ name) =>
    (require.resolve.paths(name) ?? []).some((folder) => existsSync(path.join(folder, name)));
  const missing = names.filter((name) => !imports.NAMES.includes(name) && !isThere(name));
  if (missing.length === 0) return;
  const command = existsSync(path.join(directory, 'package-lock.json')) ? 'npm ci' : 'npm install';
  throw new StartError(
    `${directory}/package.json lists ${missing.join(', ')}, not installed: run \`(cd ${directory} && ${command})\``,
  );
}

/**
 * Loads the module; ECMAScript and CommonJS both.
 *
 * @param {string} directory
 * @returns {Promise<FunctionModule>}
 * @throws {StartError} see `find`; it throws, or exports no function
 */
async function load(directory) {
  const file = find(directory);
  if (file.endsWith('.mjs') || readPackage(directory).type === 'module') imports.register();
  const code = exported(await imported(file));
  if (code === undefined) throw new StartError(`${file} exports no function: ${WRITE_ONE}`);
  const hooks = HOOKS.filter((name) => typeof code[name] === 'function').map((name) => [name, code[name]]);
  return {
    name: path.basename(path.resolve(directory)) || 'function',
    handle: typeof code === 'function' ? code : code.handle,
    ...Object.fromEntries(typeof code === 'function' ? [] : hooks),
  };
}

/** @param {string} file */
async function imported(file) {
  try {
    return await loadFunction(file);
  } catch (error) {
    throw new StartError(`${file} cannot be loaded`, error);
  }
}

/** What there is to call: the module, or its default export. @param {any} module @returns {any} */
function exported(module) {
  const isOne = (/** @type {any} */ code) => typeof code === 'function' || typeof code?.handle === 'function';
  return [module, module?.default].find(isOne);
}

module.exports = { find, load };
