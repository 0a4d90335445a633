import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
