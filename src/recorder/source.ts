import javascript from './client/recorder.ts?javascript';
import typescript from './client/recorder.ts?text';

/** The browser recorder: a file to copy into a player. */
export const RECORDER = { javascript, typescript } as const;
