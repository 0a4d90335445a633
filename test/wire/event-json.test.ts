import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ListeningEvent } from '../../src/domain/event.js';
import { toWire } from '../../src/wire/event.js';
import { soundEventJson } from '../../src/wire/event-json.js';

const guid = fc.uuid();

it('writes a sound event as JSON.stringify would, all numbers included', () => {
  const event: fc.Arbitrary<ListeningEvent> = fc.record({
    organizationId: guid,
    clipId: guid.map((id) => id.toUpperCase()),
    sessionId: guid,
    type: fc.constantFrom('Start', 'Stop'),
    position: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    seqNumber: fc.oneof(fc.integer({ min: 1 }), fc.constant(1e21)),
    timestamp: fc.double({ min: 1e9, max: 1e11, noNaN: true }),
  });
  fc.assert(
    fc.property(event, fc.string(), (sound, source) => {
      expect(soundEventJson(sound)).toBe(JSON.stringify(toWire(sound)));
      const more = `,"Source":${JSON.stringify(source)}`;
      expect(soundEventJson(sound, more)).toBe(JSON.stringify({ ...toWire(sound), Source: source }));
    }),
  );
});
