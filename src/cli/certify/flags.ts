import { type Command, InvalidArgumentError } from 'commander';
import { BEHAVIOUR_IDS, type BehaviourId } from '../../certify/define.js';
import { nearest } from '../../domain/text.js';
import type { InputFlags } from '../options/input.js';
import { type CommonFlags, valueOption } from '../options/option.js';

export const SHEET_FORMATS = ['pretty', 'json', 'markdown', 'html', 'junit'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

export interface CertifyFlags extends CommonFlags, InputFlags {
  readonly require?: ReadonlySet<BehaviourId>;
  readonly format: SheetFormat;
  readonly maxSpeed: number;
  readonly clips?: string;
}

export function addRequireOption(command: Command): void {
  valueOption<ReadonlySet<BehaviourId>>(
    command,
    '--require <behaviours>',
    'exit 1 unless these are seen right: all, or ids such as pause,seek-forward (repeatable)',
    { parse: required, several: 'list', env: true },
  );
}

function required(text: string, before: ReadonlySet<BehaviourId> = new Set()): ReadonlySet<BehaviourId> {
  if (text.trim() === 'all') return new Set(BEHAVIOUR_IDS);
  const named = text.split(',').map((word) => behaviourNamed(word.trim()));
  return new Set([...before, ...named]);
}

/** @throws InvalidArgumentError where no behaviour is called so */
function behaviourNamed(name: string): BehaviourId {
  const id = BEHAVIOUR_IDS.find((known) => known === name);
  if (id) return id;
  const near = nearest(name, BEHAVIOUR_IDS);
  throw new InvalidArgumentError(
    near ? `Did you mean ${near}?` : `Expected all, or ids from ${BEHAVIOUR_IDS.join(', ')}.`,
  );
}
