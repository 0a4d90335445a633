import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_SESSIONS } from '../../src/certify/capture.js';
import type { BehaviourId } from '../../src/certify/define.js';
import { isFailing, isPassed, type SheetLine } from '../../src/certify/sheet.js';
import { CertifyWatch } from '../../src/certify/watch.js';
import { Diagnoses } from '../../src/diagnoses/diagnoses.js';
import type { RequestRecord } from '../../src/domain/record.js';
import { readInputs } from '../../src/read/read.js';
import { Inspector } from '../../src/validate/inspect.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { certified, idsOf, textInput } from './certified.js';

const FIXTURES = 'fixtures/certify';
const OPTIONS = { ...INSPECT_DEFAULTS, now: 1_767_225_600 };

/** Checks a capture as a mock does: each request when it comes, its answer afterwards. */
async function watched(
  file: string,
): Promise<{ watch: CertifyWatch; sheets: number[]; diagnoses: Diagnoses }> {
  const watch = new CertifyWatch(OPTIONS);
  const diagnoses = new Diagnoses(OPTIONS);
  const inspector = new Inspector({ ...OPTIONS, certify: watch, diagnoses });
  const sheets: number[] = [];
  for await (const records of readInputs([join(FIXTURES, file)], {})) {
    for (const record of records.filter((each): each is RequestRecord => each.kind === 'request')) {
      const { answer, ...exchange } = record.exchange!;
      for (const _ of inspector.take({ ...record, exchange: { ...exchange, answer: null } }));
      sheets.push(watch.sheet({ diagnoses: diagnoses.end() }).requests);
      if (answer) inspector.answered(sheets.length - 1, answer);
    }
  }
  inspector.close();
  return { watch, sheets, diagnoses };
}

describe('what is watched live', () => {
  it.each([
    'retry-after-503/right-503.har',
    'retry-after-503/wrong-never-again.har',
    'late-delivery/right-a-minute-later.har',
    'leave-page/right-without-pages.har',
    'recover-after-kill/right-open-without-pages.har',
    'stop-when-disabled/right-next-page.har',
  ])(
    '%s: gives the sheet of the whole capture, though answers come later and sheets are made in between',
    async (file) => {
      const { watch, sheets, diagnoses } = await watched(file);
      expect(sheets).toEqual(sheets.map((_, i) => i + 1));
      const sheet = watch.sheet({ diagnoses: diagnoses.end() });
      expect(sheet).toEqual(await certified([join(FIXTURES, file)]));
      expect(watch.sheet({ diagnoses: diagnoses.end() })).toEqual(sheet);
    },
  );

  it('shows that a player stopped when disabled, once nothing came for 30 s', async () => {
    const { watch } = await watched('stop-when-disabled/not-seen-capture-ends.har');
    const answeredAt = 1_733_047_261.04;
    const seenAt = (endedAt: number) =>
      idsOf(watch.sheet({ diagnoses: [], endedAt }), 'right').includes('stop-when-disabled');
    expect(seenAt(answeredAt + 29.9)).toBe(false);
    expect(seenAt(answeredAt + 30.1)).toBe(true);
  });
});

it('compares the newest of very many sessions, and says so', async () => {
  const clip = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
  const lines: string[] = [];
  for (let n = 0; n < 2 * MAX_SESSIONS + 1; n += 1) {
    const SessionId = `a039f83d-1916-436b-a090-${String(n).padStart(12, '0')}`;
    const ids = { OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b', ClipId: clip, SessionId };
    const at = 1_733_000_000 + 20 * n;
    lines.push(JSON.stringify({ ...ids, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: at }));
    lines.push(JSON.stringify({ ...ids, Type: 'Stop', Position: 12.5, SeqNumber: 2, Timestamp: at + 12 }));
  }
  const sheet = await certified([textInput(`${lines.join('\n')}\n`)]);
  const line = sheet.lines.find(({ behaviour }) => behaviour === 'replay')!;
  // Each but the first of those that are kept follows another one.
  expect(line).toMatchObject({ verdict: 'right', right: MAX_SESSIONS });
  expect(sheet.notes).toContain(
    'There are very many sessions: only the newest were compared with each other.',
  );
}, 60_000);

describe('whether a sheet fails', () => {
  const line = (verdict: SheetLine['verdict'], required: boolean): SheetLine => ({
    behaviour: 'pause',
    title: '',
    verdict,
    required,
    right: 0,
    wrong: 0,
    observations: [],
    possible: true,
    next: null,
  });
  it.each([
    ['right', false, false, false],
    ['wrong', false, false, true],
    ['not-seen', false, false, false],
    ['right', true, true, false],
    ['wrong', true, true, true],
    ['not-seen', true, true, true],
    ['wrong', false, true, false],
    ['not-seen', false, true, false],
  ] as const)('%s, required %s, others required %s: %s', (verdict, required, anyRequired, fails) => {
    expect(isFailing(line(verdict, required), anyRequired)).toBe(fails);
  });

  it('with a requirement, what is not required counts for nothing', async () => {
    const file = join(FIXTURES, 'stop-when-disabled/wrong-goes-on.har');
    const passes = async (...ids: BehaviourId[]) => isPassed(await certified([file], {}, new Set(ids)));
    expect(await passes()).toBe(false);
    expect(await passes('next-clip')).toBe(true);
    expect(await passes('next-clip', 'pause')).toBe(false);
    expect(await passes('stop-when-disabled')).toBe(false);
  });
});
