import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { messageOf, RULE_IDS } from '../../src/domain/finding.js';
import { type Example, exampleLines, inputOf } from '../../src/guide/guide.js';
import { readInputs } from '../../src/read/read.js';
import { recorderLines } from '../../src/recorder/source.js';
import { RULES } from '../../src/rules/index.js';
import { validate } from '../../src/validate/validate.js';
import { pointsOf } from '../../src/wire/contract.js';
import { NOW } from '../rules/fixtures.js';

/** A longer line of an example would be cut in a terminal. */
const WIDEST = 96;

/** The rules that find something in an example, read as its own format and as one that is not told. */
async function rulesFiring(example: Example): Promise<readonly string[]> {
  const { format, text } = inputOf(example);
  const bytes = async function* () {
    yield Buffer.from(text);
  };
  const verdicts = (['auto', format] as const).map((told) =>
    validate(readInputs([{ name: '<stdin>', bytes: bytes() }], { format: told }), { now: NOW }),
  );
  const [first, second] = await Promise.all(verdicts);
  expect(first!.findings.map(messageOf)).toEqual(second!.findings.map(messageOf));
  expect(first!.summary.events + first!.summary.requests + first!.findings.length).toBeGreaterThan(0);
  return [...new Set(first!.findings.map(({ rule }) => rule))];
}

describe.each(RULE_IDS)('the guide to %s', (id) => {
  const guide = RULES[id].guide();

  it('has an example in which that rule finds something and no other does', async () => {
    expect(await rulesFiring(guide.broken)).toEqual([id]);
  });

  it('has the same fixed, in which none finds anything', async () => {
    expect(await rulesFiring(guide.fixed)).toEqual([]);
  });

  it('shows in its examples what was fixed, within a line each', () => {
    const [broken, fixed] = [exampleLines(guide.broken, guide), exampleLines(guide.fixed, guide)];
    expect(broken).not.toEqual(fixed);
    const tooLong = [...broken, ...fixed].filter((line) => line.length > WIDEST);
    expect(tooLong, `lines over ${WIDEST} characters: list fewer fields in \`shows\``).toEqual([]);
  });

  it('says when it fires and what of that is inferred, in whole words', () => {
    for (const text of [guide.firesWhen, guide.inferred ?? 'none']) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
    }
    expect(guide.firesWhen).not.toMatch(/[.]$/);
    if (guide.inferred !== null) expect(guide.inferred).toMatch(/^(That|The|What|Whether) .*[.]$/);
  });

  it('rests on points of the contract that are quoted', () => {
    const points = pointsOf(RULES[id].reference);
    expect(points.map((point) => point.text)).not.toContain('');
    expect(points.length > 0).toBe(RULES[id].reference !== '');
  });

  it('cites statements of the recorder that are there, whole, within a line each', () => {
    const code = recorderLines(guide.cites) ?? '';
    expect(() => new Script(`async () => {\n${code}\n}`)).not.toThrow();
    for (const line of code.split('\n')) expect(line.length).toBeLessThanOrEqual(WIDEST);
  });
});
