import type { CauseKind } from '../src/causes/define.js';

export function withCauseTable(readme: string, causes: readonly CauseKind[]): string;
