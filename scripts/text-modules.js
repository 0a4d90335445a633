// Lets source files import what a browser is to get as text: `./style/head.css?text` is the file as it stands,
// `./client/main.ts?script` is that module with all it imports as one script. For rolldown and for vitest alike.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const SUFFIX = /^(.*)[?](text|script)$/;
const ID = /^\0(text|script):(.*)[.]js$/;

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
      const text = kind === 'text' ? await readFile(file, 'utf8') : await scriptOf(file);
      return { code: `export default ${JSON.stringify(text)};`, moduleType: 'js' };
    },
  };
}

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
