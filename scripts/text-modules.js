// Lets source files import what a browser is to get as text: `./style/head.css?text` is the file as it stands,
// `./client/main.ts?script` is that module with all it imports as one script, `./client/recorder.ts?javascript` is the file without its
// types. For rolldown and for vitest alike.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { stripTypes } from './strip-types.js';

const SUFFIX = /^(.*)[?](text|script|javascript)$/;
const ID = /^\0(text|script|javascript):(.*)[.]js$/;

export function textModules() {
  return {
    name: 'text-modules',
    enforce: 'pre',
    resolveId(source, importer) {
      const [, file, kind] = SUFFIX.exec(source) ?? [];
      return file === undefined ? null : `\0${kind}:${resolve(dirname(importer), file)}.js`;
    },
    async load(id) {
      const [, kind, file] = ID.exec(id) ?? [];
      if (file === undefined) return null;
      const text = await TEXTS[kind](file);
      return { code: `export default ${JSON.stringify(text)};`, moduleType: 'js' };
    },
  };
}

const TEXTS = {
  text: (file) => readFile(file, 'utf8'),
  script: scriptOf,
  javascript: async (file) => stripTypes(file, await readFile(file, 'utf8')),
};

async function scriptOf(file) {
  const bundle = await rolldown({
    input: file,
    platform: 'browser',
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  return output[0].code.trim();
}
