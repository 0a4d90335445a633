import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BEHAVIOURS } from '../../src/certify/behaviours/index.js';
import { BEHAVIOUR_IDS, type BehaviourId } from '../../src/certify/define.js';
import type { Sheet, SheetLine } from '../../src/certify/sheet.js';
import { durationsOf, readClips } from '../../src/table/clip-tables.js';
import { expectedText } from '../expected-text.js';
import { certified } from './certified.js';

const ROOT = fileURLToPath(new URL('../../fixtures/certify/', import.meta.url));
const NOT_INPUTS = ['clips.csv', 'expected.json'];
const VERDICTS = ['right', 'wrong', 'not-seen'] as const;

function inputsOf(id: BehaviourId): readonly string[] {
  return readdirSync(join(ROOT, id)).filter((name) => !NOT_INPUTS.includes(name));
}

async function sheetOf(id: BehaviourId, name: string): Promise<Sheet> {
  const clips = join(ROOT, id, 'clips.csv');
  const clipDurations = durationsOf(existsSync(clips) ? await readClips(clips) : []);
  return certified([join(ROOT, id, name)], { clipDurations });
}

/** What a sheet says. What was not seen is left out, and the notes on what the kind of input cannot show. */
function recorded({ lines, notes, sessions, requests }: Sheet): object[] {
  const seen = lines
    .filter(({ verdict }) => verdict !== 'not-seen')
    .map(({ behaviour, verdict, right, wrong, observations }: SheetLine) => ({
      behaviour,
      verdict,
      right,
      wrong,
      observations: observations.map(({ session, place, evidence }) => {
        const at = place.entry === undefined ? `line ${place.line}` : `entry ${place.entry}`;
        return `${at}${session === null ? '' : `, session ${session}`}: ${evidence}`;
      }),
    }));
  const others = notes.filter((note) => !note.startsWith('The input holds no '));
  return [...seen, { sessions, requests, ...(others.length > 0 && { notes: others }) }];
}

it('every behaviour is in the list, in its order, and has a folder of fixtures', () => {
  expect(Object.keys(BEHAVIOURS)).toEqual(BEHAVIOUR_IDS);
  expect(Object.entries(BEHAVIOURS).every(([id, behaviour]) => behaviour.id === id)).toBe(true);
  expect(readdirSync(ROOT).toSorted()).toEqual([...BEHAVIOUR_IDS].toSorted());
});

describe.each(BEHAVIOUR_IDS)('%s', (id) => {
  const inputs = inputsOf(id);

  it('has inputs that show it right, that show it wrong, and that do not show it', () => {
    for (const verdict of VERDICTS)
      expect(inputs.filter((name) => name.startsWith(`${verdict}-`)).length, verdict).toBeGreaterThan(0);
  });

  it.each(inputs)('%s', async (name) => {
    const { lines } = await sheetOf(id, name);
    const { verdict } = lines.find(({ behaviour }) => behaviour === id)!;
    expect(name).toMatch(new RegExp(`^${verdict}-`));
  });

  it('has the sheets of its expected.json', async () => {
    const sheets: (readonly [string, object[]])[] = [];
    for (const name of inputs) sheets.push([name, recorded(await sheetOf(id, name))]);
    await expect(expectedText(sheets)).toMatchFileSnapshot(join(ROOT, id, 'expected.json'));
  });

  it('says what to do, when it is right and wrong, and how to fix the player', () => {
    const { title, how, right, wrong, fix, limits } = BEHAVIOURS[id];
    for (const text of [title, how, right, wrong, fix, limits ?? 'none']) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
    }
  });
});
