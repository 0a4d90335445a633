import { describe, expect, it } from 'vitest';
import type { BehaviourId } from '../../src/certify/define.js';
import { VALID_PLAYERS, validPlays } from '../diagnoses/valid-players.js';
import { certified, idsOf, textInput } from './certified.js';

const asText = (events: readonly object[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

/** What a valid player does that is called wrong all the same, and why. */
const CALLED_WRONG: Readonly<Record<string, readonly BehaviourId[]>> = {
  // It reports the Stop at the end twice, as OBS-2 says of players that make mistakes.
  'double taps': ['play-to-end'],
  // Killed right after a Start at the end of the clip.
  'killed apps': ['play-to-end'],
};

describe('valid players', () => {
  it.each(Object.keys(VALID_PLAYERS))('%s: nothing is called wrong', async (name) => {
    for (const sessions of [6, 40, 400]) {
      const sheet = await certified([textInput(asText(validPlays(name, sessions, 20_261_130).flat()))]);
      const wrong = idsOf(sheet, 'wrong').filter((id) => !CALLED_WRONG[name]?.includes(id));
      expect(wrong, `${sessions} sessions`).toEqual([]);
    }
  });
});
