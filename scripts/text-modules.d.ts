import type { Plugin } from 'vitest/config';

/** What source files import as text: see text-modules.js. */
export function textModules(): Plugin;
