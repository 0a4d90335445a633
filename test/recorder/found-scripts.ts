import type { Script } from './script.js';

/** Scripts with which a recorder was once wrong, by what they do. */
export const FOUND_SCRIPTS: Readonly<Record<string, Script>> = {
  'sleep while a hidden page plays at speed 4': {
    seed: 8,
    flavour: 'html',
    steps: [
      { gesture: { do: 'hide' }, wait: 91 },
      { gesture: { do: 'rate', rate: 4 }, wait: 198 },
      { gesture: { do: 'play' }, wait: 1588 },
      { gesture: { do: 'sleep', ms: 3000 }, wait: 30_000 },
    ],
  },
  'a seek while a hidden page plays at speed 4': {
    seed: 2_147_483_629,
    flavour: 'webkit',
    steps: [
      { gesture: { do: 'pause' }, wait: 10 },
      { gesture: { do: 'online' }, wait: 171 },
      { gesture: { do: 'pause' }, wait: 11_790 },
      { gesture: { do: 'pause' }, wait: 7927 },
      { gesture: { do: 'rate', rate: 4 }, wait: 30_000 },
      { gesture: { do: 'hide' }, wait: 30_000 },
      { gesture: { do: 'play' }, wait: 2371 },
      { gesture: { do: 'seek', to: 0, buffered: false }, wait: 87 },
      { gesture: { do: 'play' }, wait: 7626 },
    ],
  },
  'another source while a hidden page plays at speed 4': {
    seed: 1_137_746_157,
    flavour: 'html',
    steps: [
      { gesture: { do: 'rate', rate: 4 }, wait: 30_000 },
      { gesture: { do: 'hide' }, wait: 30_000 },
      { gesture: { do: 'play' }, wait: 281 },
      { gesture: { do: 'seek', to: 0, buffered: true }, wait: 1930 },
      { gesture: { do: 'set source' }, wait: 30_000 },
    ],
  },
};
