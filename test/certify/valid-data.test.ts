import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEHAVIOURS } from '../../src/certify/behaviours/index.js';
import { BEHAVIOUR_IDS, type BehaviourId } from '../../src/certify/define.js';
import { wireOf } from '../../src/simulate/listener.js';
import { PROFILES, type SimulateOptions, simulate } from '../../src/simulate/simulate.js';
import { casesOf } from '../cases.js';
import { VALID_PLAYERS, validPlays } from '../diagnoses/valid-players.js';
import { certified, idsOf, textInput } from './certified.js';

const asText = (values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

const eventsOf = (options: SimulateOptions): readonly object[] =>
  [...simulate(options)].flatMap(({ events }) => events.map(({ played }) => wireOf(played!)));

const IN_SESSIONS = BEHAVIOUR_IDS.filter((id) => BEHAVIOURS[id].needs === 'sessions');

/** What a valid player does that is called wrong all the same, and why. */
const CALLED_WRONG: Readonly<Record<string, readonly BehaviourId[]>> = {
  // It reports the Stop at the end twice, as OBS-2 says of players that make mistakes.
  'double taps': ['play-to-end'],
  // Killed right after a Start at the end of the clip: the session stays open (a warning).
  'killed apps': ['play-to-end'],
};

describe('of valid data nothing is called wrong', () => {
  it.each(Object.keys(VALID_PLAYERS))('of a valid player: %s', async (name) => {
    for (const sessions of [6, 40, casesOf(400)]) {
      const sheet = await certified([textInput(asText(validPlays(name, sessions, 20_261_130).flat()))]);
      const wrong = idsOf(sheet, 'wrong').filter((id) => !CALLED_WRONG[name]?.includes(id));
      expect(wrong, `${sessions} sessions`).toEqual([]);
    }
  });

  it('of a simulation, whatever its seed, size and profiles', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.maxSafeInteger(),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(60, 86_400, 604_800),
        fc.option(fc.subarray([...PROFILES], { minLength: 1 }), { nil: undefined }),
        async (seed, sessions, period, names) => {
          const profiles = names?.map((name) => ({ name, weight: 1 }));
          const events = eventsOf({ seed, sessions, period, profiles });
          expect(idsOf(await certified([textInput(asText(events))]), 'wrong')).toEqual([]);
        },
      ),
      { numRuns: casesOf(100) },
    );
  });
});

describe('of simulated sessions', () => {
  it('the four of a tester show everything that sessions alone can show', async () => {
    for (let seed = 0; seed < casesOf(20); seed += 1) {
      const events = eventsOf({ seed, sessions: 4, profiles: [{ name: 'tester', weight: 1 }] });
      const sheet = await certified([textInput(asText(events))]);
      expect(idsOf(sheet, 'right'), `seed ${seed}`).toEqual(IN_SESSIONS);
      expect(idsOf(sheet, 'wrong')).toEqual([]);
    }
  });

  it('all profiles together show it, too', async () => {
    const profiles = PROFILES.map((name) => ({ name, weight: 1 }));
    const sheet = await certified([textInput(asText(eventsOf({ seed: 1, sessions: 300, profiles })))]);
    expect(idsOf(sheet, 'right')).toEqual(IN_SESSIONS);
  });
});

describe('a sheet', () => {
  const verdicts = async (text: string) =>
    (await certified([textInput(text)])).lines
      .filter(({ behaviour }) => BEHAVIOURS[behaviour].needs === 'sessions')
      .map(({ behaviour, verdict, right, wrong }) => ({ behaviour, verdict, right, wrong }));
  const testers = (seed: number): readonly object[] =>
    eventsOf({
      seed,
      sessions: 12,
      profiles: [
        { name: 'tester', weight: 1 },
        { name: 'binge', weight: 1 },
      ],
    });

  it('is the same in whatever order the events come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.infiniteStream(fc.nat()), async (seed, draws) => {
        const events = testers(seed);
        const keyed = events.map((event) => [draws.next().value as number, event] as const);
        const shuffled = keyed.toSorted(([a], [b]) => a - b).map(([, event]) => event);
        expect(await verdicts(asText(shuffled))).toEqual(await verdicts(asText(events)));
      }),
      { numRuns: casesOf(20) },
    );
  });

  it('is the same where each session is a request', async () => {
    for (let seed = 0; seed < casesOf(10); seed += 1) {
      const events = testers(seed) as readonly { readonly SessionId: string }[];
      const ids = new Set(events.map(({ SessionId }) => SessionId));
      const bodies = [...ids].map((id) => {
        const Events = events.filter(({ SessionId }) => SessionId === id);
        return { Source: 'Custom', Events, Completed: true };
      });
      expect(await verdicts(asText(bodies))).toEqual(await verdicts(asText(events)));
    }
  });
});
