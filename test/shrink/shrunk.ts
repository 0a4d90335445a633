import { extname } from 'node:path';
import { readInputs } from '../../src/read/read.js';
import { hasTarget, type Target, type Verdict, verdictOn } from '../../src/shrink/check.js';
import { type Document, type DocumentFormat, type Size, sizeOf } from '../../src/shrink/document.js';
import { Budget } from '../../src/shrink/minimize.js';
import { readDocument } from '../../src/shrink/read.js';
import { type Shrunk, shrink } from '../../src/shrink/shrink.js';
import { bytesOf } from '../../src/shrink/write.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../../src/validate/options.js';
import { NOW } from '../rules/fixtures.js';

/** An input, and what it is to be shrunk to. */
export interface Case {
  readonly name: string;
  readonly bytes: Buffer;
  readonly target: Target;
  /** Seconds by ClipId in lower case. */
  readonly clips?: ReadonlyMap<string, number>;
}

function optionsOf({ clips = new Map() }: Pick<Case, 'clips'>): InspectOptions {
  return { ...INSPECT_DEFAULTS, now: NOW, clipDurations: clips };
}

/** What an input has: as `validate` reads it. */
export async function verdictOf(tried: Case): Promise<Verdict> {
  const { name, bytes, target } = tried;
  const source = {
    name,
    bytes: (async function* () {
      yield bytes;
    })(),
  };
  const options = optionsOf(tried);
  const clipSeconds = (clip: string): number | undefined => options.clipDurations.get(clip.toLowerCase());
  return verdictOn(readInputs([source], { clipSeconds }), options, target, true);
}

export function documentOf({ name, bytes, clips = new Map() }: Case): Document {
  const format = extname(name).slice(1) as DocumentFormat;
  const options = { format, map: new Map(), objectsAreRows: false, clips };
  return readDocument(bytes, { index: 0, name }, options);
}

export function caseSize(tried: Case): Size {
  return sizeOf(documentOf(tried));
}

export interface Result extends Shrunk {
  readonly text: string;
  readonly size: Size;
  readonly checks: number;
  /** Whether there were not enough checks. */
  readonly stopped: boolean;
  /** The result as an input. */
  readonly again: Case;
}

/** Shrinks an input; null where it has not what is wanted. */
export async function shrunkFrom(tried: Case, most = 5000): Promise<Result | null> {
  const verdict = await verdictOf(tried);
  if (!hasTarget(verdict, tried.target)) return null;
  const { name, target } = tried;
  const budget = new Budget(most);
  const settings = { read: {}, rules: optionsOf(tried) };
  const shrunk = await shrink(documentOf(tried), {
    settings,
    target,
    verdict,
    name,
    words: new Set(),
    budget,
  });
  if (!shrunk) return null;
  const bytes = bytesOf(shrunk.document);
  return {
    ...shrunk,
    text: bytes.toString(),
    size: sizeOf(shrunk.document),
    checks: budget.checks,
    stopped: budget.spent,
    again: { name, bytes, target, clips: shrunk.document.clips },
  };
}
