import { type Command, InvalidArgumentError } from 'commander';
import { type BehaviourId, behavioursNamed } from '../../certify/define.js';
import { UserError } from '../../domain/errors.js';
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

/** @param note What else the option does, for its help. */
export function addRequireOption(command: Command, note = ''): void {
  valueOption<ReadonlySet<BehaviourId>>(
    command,
    '--require <behaviours>',
    `exit 1 unless these are seen right: all, or ids such as pause,seek-forward${note} (repeatable)`,
    { parse: required, several: 'list', env: true },
  );
}

function required(text: string, before: ReadonlySet<BehaviourId> = new Set()): ReadonlySet<BehaviourId> {
  try {
    return new Set([...before, ...behavioursNamed(text.split(',').map((name) => name.trim()))]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new InvalidArgumentError(error.advice ?? error.message);
  }
}
