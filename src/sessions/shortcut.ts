import type { Rows } from './rows.js';

/** Looks at all rows of a session, in the order in which they came, before it is made of them: true where it need not be. Sessions come to it in any order. */
export type Shortcut = (rows: Rows) => boolean;
