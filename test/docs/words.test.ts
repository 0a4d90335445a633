import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BANNED } from './banned-words.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What people read: the code and its comments, the documents, the examples, and what the command line prints. */
const PLACES = [
  'src',
  'docs',
  'examples',
  'bench/README.md',
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'test/cli/transcripts',
  'test/rules/wording.txt',
];

function filesOf(path: string): readonly string[] {
  if (statSync(join(ROOT, path)).isFile()) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|css|html|md|txt|js|py|sh|yml|crontab)$/.test(name))
    .map((name) => `${path}/${name.replaceAll('\\', '/')}`)
    .sort();
}

/** The text with every line break, and the comment marks around it, as one blank: a phrase may run over a line's end. */
function joined(text: string): string {
  return text.replace(/[ \t]*\r?\n[ \t]*(?:\* |\/\/ |# |> |\| )?/g, (gap) => ' '.padEnd(gap.length));
}

/** Each banned phrase of a text, as `line: found => better`. */
export function phrasesIn(text: string): readonly string[] {
  // Padding keeps every offset, so that lines can be counted; a phrase is looked for with any blanks between its words.
  // The name of a file is not a sentence.
  const prose = joined(text).replace(/[\w./-]+\.(?:ndjson|json|har|csv)\b|[\w-]*untold\b/g, (name) =>
    ' '.repeat(name.length),
  );
  const found: (readonly [number, string])[] = [];
  for (const [phrase, better] of BANNED) {
    const pattern = new RegExp(phrase.source.replaceAll(' ', ' +'), `g${phrase.flags}`);
    for (const match of prose.matchAll(pattern)) {
      const line = text.slice(0, match.index).split('\n').length;
      found.push([line, `${line}: "${match[0].replace(/ +/g, ' ')}", better: ${better}`]);
    }
  }
  return found.sort(([a], [b]) => a - b).map(([, report]) => report);
}

describe.each(PLACES)('%s', (place) => {
  it('has no phrase of test/docs/banned-words.ts', () => {
    const found = filesOf(place).flatMap((path) =>
      phrasesIn(readFileSync(join(ROOT, path), 'utf8')).map((report) => `${path}:${report}`),
    );
    expect(found).toEqual([]);
  });
});

it('finds a phrase that runs over the end of a comment’s line', () => {
  const text = 'const a = 1;\n/**\n * Says what became\n * of it.\n */\n';
  expect(phrasesIn(text)).toEqual([expect.stringMatching(/^3: "what became of", better: /)]);
});
