import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { messageOf, RULE_IDS } from '../../src/domain/finding.js';
import { guidKey } from '../../src/domain/guid.js';
import { readInputs } from '../../src/read/read.js';
import { inspect } from '../../src/validate/inspect.js';
import { validate } from '../../src/validate/validate.js';
import { someOf } from '../cases.js';
import { fixturesOf, inputOfFixture } from './fixtures.js';
import { SETTINGS } from './run.js';

/** What only a player's developer can do something about. */
const OF_PLAYERS = /\b(?:emit|emits|queue|crypto|JSON\.stringify|Date\.now|pagehide|JavaScript)\b/i;

it('what every fixture is told, with its hints, and which sessions would not be sent, is as recorded', async () => {
  const lines: string[] = [];
  const amiss: string[] = [];
  const rules = someOf(RULE_IDS.toSorted());
  for (const rule of rules) {
    for (const fixture of fixturesOf(rule)) {
      const { name, clips } = fixture;
      const clipDurations = new Map(Object.entries(clips).map(([id, seconds]) => [guidKey(id), seconds]));
      const { findings } = await validate(readInputs([inputOfFixture(fixture)]), {
        ...SETTINGS,
        clipDurations,
      });
      if (findings.length > 0) lines.push(`# ${rule}/${name}`);
      for (const finding of findings) {
        lines.push(`${finding.rule}: ${messageOf(finding)}`, `  ${finding.hint}`);
        // Whoever has a table reads about columns and flags.
        if (name.endsWith('.csv') && OF_PLAYERS.test(finding.hint))
          amiss.push(`${finding.rule}: ${finding.hint}`);
      }
      for await (const chunk of inspect(readInputs([inputOfFixture(fixture)]), {
        ...SETTINGS,
        clipDurations,
      })) {
        for (const inspected of chunk) {
          if (inspected.kind === 'session' && inspected.invalid)
            lines.push(`would not be sent: ${inspected.session.key}`);
        }
      }
    }
  }
  expect(amiss).toEqual([]);
  const said = `${lines.join('\n')}\n`;
  if (rules.length === RULE_IDS.length) return expect(said).toMatchFileSnapshot('wording.txt');
  const recorded = readFileSync(join(import.meta.dirname, 'wording.txt'), 'utf8');
  const chosen = recorded
    .split(/^(?=# )/m)
    .filter((part) => rules.some((rule) => part.startsWith(`# ${rule}/`)));
  expect(said).toBe(chosen.join(''));
});
