import { guidKey } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import type { Script } from '../simulate/script.js';
import { type Comparison, compareWithScript } from './compare-with-script.js';

/** A script and the file that it was read from. */
export interface NamedScript {
  readonly name: string;
  readonly script: Script;
}

export interface ScriptCheckOptions {
  readonly scripts: readonly NamedScript[];
  /** Compare sessions of this clip, and this session, alone. */
  readonly clip?: string | undefined;
  readonly session?: string | undefined;
  /** Seconds by ClipId in lower case. */
  readonly durations: ReadonlyMap<string, number>;
}

/** A session beside the script that it belongs to; `script` is null where there are several, and none is left for it. */
export interface ScriptComparison extends Comparison {
  readonly script: string | null;
}

/** Compares sessions with scripts as they come: each with the one script, or the first with the first script and so on. */
export class ScriptCheck {
  #taken = 0;
  #differing = 0;

  constructor(readonly options: ScriptCheckOptions) {}

  /** Compares a session; null where it is not one of those that are picked. @throws UserError of kind `input` where it has too many events */
  take(session: Session): ScriptComparison | null {
    const { scripts, clip, session: picked, durations } = this.options;
    const clipId = session.firstId('clip');
    if (picked !== undefined && session.key !== guidKey(picked)) return null;
    if (clip !== undefined && (clipId === null || guidKey(clipId) !== guidKey(clip))) return null;
    const its = scripts.length === 1 ? scripts[0] : scripts[this.#taken];
    this.#taken += 1;
    // Until it is known to match: what is too large to be compared does not.
    this.#differing += 1;
    const seconds = clipId === null ? undefined : durations.get(guidKey(clipId));
    const comparison = compareWithScript(its?.script ?? [], session, seconds ?? session.clipDuration);
    const matches = comparison.matches && its !== undefined;
    if (matches) this.#differing -= 1;
    return { ...comparison, matches, script: its?.name ?? null };
  }

  /** How many sessions were compared. */
  get taken(): number {
    return this.#taken;
  }

  /** The scripts, of several, for which no session came. */
  get missing(): readonly string[] {
    const { scripts } = this.options;
    return scripts.length === 1 ? [] : scripts.slice(this.#taken).map(({ name }) => name);
  }

  /** Whether a session came, and all are as their scripts say. */
  get matches(): boolean {
    return this.#taken > 0 && this.#differing === 0 && this.missing.length === 0;
  }
}
