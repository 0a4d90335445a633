import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/main.js';
import { runHere } from './in-process.js';

const cli = { args: [], env: {}, cwd: () => '/' } as unknown as Parameters<typeof createProgram>[0];
const COMMAND_NAMES = createProgram(cli, async () => {}).commands.map((command) => command.name());

describe.each([60, 80, 120])('help in %i columns', (columns) => {
  it.each(COMMAND_NAMES)('of %s fits, is at most 80 columns wide, and cuts no word', async (name) => {
    const { stdout } = await runHere([name, '--help'], undefined, columns);
    // A command to copy stays on one line.
    const lines = stdout.split('\n').filter((line) => columns >= 80 || !line.startsWith('  $ '));
    expect(lines.filter((line) => line.length > Math.min(columns, 80))).toEqual([]);
    const wide = await runHere([name, '--help'], undefined, 80);
    expect(wordsOf(stdout)).toEqual(wordsOf(wide.stdout));
  });
});

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

it('of send begins with the four commands that most people need', async () => {
  const { stdout } = await runHere(['send', '--help'], undefined, 80);
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    'Examples:',
    '  $ omny-consume send --endpoint mock plays.csv              # try it',
    '  $ omny-consume send --endpoint omny --dry-run plays.csv    # see the plan',
    '  $ omny-consume send --endpoint omny --limit 100 plays.csv  # send a few',
    '  $ omny-consume send --endpoint omny plays.csv              # or resume',
  ]);
});
