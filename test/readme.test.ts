import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The commands of the README's console blocks, each with the output that is shown for it. */
const EXAMPLES = [...README.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block.split(/^\$ /m).flatMap((example) => {
    const end = example.indexOf('\n');
    return end < 0 ? [] : [[example.slice(0, end), example.slice(end + 1).trimEnd()] as const];
  }),
);

describe('the README shows what its commands print', () => {
  it.each(['validate', 'simulate', 'send', 'report', 'expect'])('of %s, too', (command) => {
    expect(EXAMPLES.map(([line]) => line).join('\n')).toContain(`omny-consume ${command} `);
  });

  it.concurrent.for(EXAMPLES)('%s', async ([command, shown], { expect }) => {
    expect(masked(await output(command))).toBe(masked(shown));
  });
});

describe('the links of the README', () => {
  const text = README.replaceAll(/^```[\s\S]*?^```$/gm, '');
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );
  const anchors = [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);

  it('lead to headings and rules that are there, once each', () => {
    expect(anchors.filter((anchor, i) => anchors.indexOf(anchor) !== i)).toEqual([]);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => link.startsWith('#') && !anchors.includes(link.slice(1)))).toEqual([]);
  });

  it('lead to files that are there', () => {
    const files = links.filter((link) => !/^(#|https:)/.test(link));
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

function output(command: string): Promise<string> {
  const script = command.replaceAll('omny-consume ', `"${process.execPath}" bin/omny-consume.js `);
  return new Promise((done) => {
    execFile(
      'sh',
      ['-c', `(${script}) 2>&1`],
      { cwd: ROOT, env: { PATH: process.env.PATH } },
      (_error, stdout) => done(stdout.trimEnd()),
    );
  });
}

/** How long something took differs from run to run. */
function masked(text: string): string {
  return text.replaceAll(/(\d+(?:\.\d+)? (?:B|KiB|MiB)), [\d.]+ s\)/g, '$1, TIME)');
}
