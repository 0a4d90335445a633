import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Cli } from '../../src/cli/cli.js';
import { Recorder } from '../../src/cli/mock/output.js';

it('is one HAR where the first requests arrive at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'recording-'));
  try {
    const path = join(folder, 'capture.har');
    const recorder = await Recorder.open(path, false, {} as Cli);
    const { recordHar } = recorder.hooks;
    await Promise.all(['1', '2', '3'].map((entry) => recordHar!(entry)));
    await recorder.close(1_767_225_600);
    const har = JSON.parse(readFileSync(path, 'utf8')) as { log: { entries: number[] } };
    expect(har.log.entries).toEqual([1, 2, 3]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
