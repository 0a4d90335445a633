import { createRequire } from 'node:module';

// Keeps out of the start of every run what few runs need: Node's modules that are slow to load come with the first call of one of their
// functions, and chalk's guess of what a terminal can show, which we make ourselves, not at all. Of undici `send` gets its connections alone.
const FUNCTIONS = {
  'node:crypto': ['createHash', 'hash', 'randomInt', 'randomUUID', 'X509Certificate'],
  'node:child_process': ['spawn'],
  'node:v8': ['deserialize', 'serialize', 'setFlagsFromString'],
  'node:zlib': ['createGunzip', 'gunzipSync'],
};
const OURS = /[\\/](?:src|commander[\\/]lib)[\\/]/;
const GUESS = '#supports-color';
const CONNECTIONS = 'undici connections';
const SENDING = /[\\/]src[\\/]send[\\/]/;
const { resolve } = createRequire(import.meta.url);

export function light() {
  return {
    name: 'light',
    resolveId(source, importer = '') {
      if (source === GUESS) return `\0${GUESS}.js`;
      if (source === 'undici' && SENDING.test(importer)) return `\0${CONNECTIONS}.js`;
      return Object.hasOwn(FUNCTIONS, source) && OURS.test(importer) ? `\0${source}.js` : null;
    },
    load(id) {
      const [, name] = /^\0(.*)\.js$/.exec(id) ?? [];
      if (name === GUESS) return { code: 'export default {};', moduleType: 'js' };
      if (name === CONNECTIONS) return { code: connections(), moduleType: 'js' };
      return Object.hasOwn(FUNCTIONS, name ?? '') ? { code: lazily(name), moduleType: 'js' } : null;
    },
  };
}

/** The part of undici that connects and posts; all of it, which a proxy needs, comes with the first one. */
function connections() {
  const path = (of) => JSON.stringify(resolve(of));
  return `export { default as Agent } from ${path('undici/lib/dispatcher/agent.js')};
    export { default as buildConnector } from ${path('undici/lib/core/connect.js')};
    export function Pool(...settings) {
      return new (require(${path('undici')}).Pool)(...settings);
    }
    export function EnvHttpProxyAgent(settings) {
      return new (require(${path('undici')}).EnvHttpProxyAgent)(settings);
    }`;
}

/** A module in place of one of Node's: it has these functions, and classes to be made with `new`, and loads the real one when one is called. */
function lazily(name) {
  const functions = FUNCTIONS[name].map(
    (of) => `export function ${of}(...args) {
      return new.target ? new (loaded()).${of}(...args) : loaded().${of}(...args);
    }`,
  );
  return `let real;
    function loaded() { return (real ??= process.getBuiltinModule('${name}')); }
    ${functions.join('\n')}`;
}
