import { constants, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { diskReason, UserError } from '../domain/errors.js';
import type { MemoryBudget } from '../sessions/memory.js';
import { SpillLog } from '../sessions/spill-log.js';
import type { Inspected } from '../validate/inspected.js';

/**
 * Checks that the files a command writes are different from each other and from its inputs.
 * @param written Paths by purpose, such as `the fix log`. Standard output and what is not a regular file
 * (`/dev/null`) can be given twice.
 * @throws UserError of kind `usage` when two are the same file
 */
export function requireDistinctFiles(
  written: Readonly<Record<string, string | null | undefined>>,
  read: readonly (string | undefined)[] = [],
  advice = 'Name another file.',
): void {
  const seen: { readonly path: string; readonly what: string }[] = [];
  for (const [what, path] of Object.entries(written)) {
    if (path === null || path === undefined || path === '-') continue;
    if (read.some((other) => other !== undefined && isSameFile(other, path))) {
      throw new UserError('usage', `${path}: is an input and cannot also be ${what}`, advice);
    }
    const clash = seen.find((other) => isSameFile(other.path, path));
    if (clash) {
      throw new UserError(
        'usage',
        `${path}: cannot be both ${clash.what} and ${what}`,
        'Name a file for each.',
      );
    }
    seen.push({ path, what });
  }
}

/** Whether two paths lead to the same regular file, whether or not it exists yet. */
export function isSameFile(one: string, other: string): boolean {
  const its = statusOf(one);
  if (its && !its.isFile()) return false;
  if (resolve(one) === resolve(other)) return true;
  const others = statusOf(other);
  return its !== undefined && others !== undefined && its.ino === others.ino && its.dev === others.dev;
}

/** @throws UserError of kind `usage` when both the file of a flag and the data go to standard output */
export function requireNotStdout(flag: string, path: string | undefined, output = '-'): void {
  if (path !== '-' || output !== '-') return;
  throw new UserError('usage', `${flag} - and the data both go to standard output`, 'Name a file for one.');
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** A file that is only appended to. */
export interface AppendedFile {
  readonly handle: FileHandle;
  /** False for a pipe or a device, which cannot be read back or emptied. */
  readonly regular: boolean;
}

/**
 * Opens a file to read it and to append to it, and creates it if needed. Does not follow a link: anyone who can write
 * to the folder could point a link at any file of this user. Opens a device or a pipe (`/dev/stdout`) for writing only,
 * even through a link.
 * @throws the system's error, ELOOP for a link; `whyNotAppended` explains it
 */
export async function openAppended(path: string): Promise<AppendedFile> {
  const status = await stat(path).catch(() => null);
  const { O_APPEND, O_CREAT, O_RDWR, O_WRONLY, O_NOFOLLOW } = constants;
  if (status && !status.isFile()) return { handle: await open(path, O_WRONLY | O_APPEND), regular: false };
  // Windows does not have this flag.
  const flags = O_RDWR | O_CREAT | O_APPEND | (O_NOFOLLOW ?? 0);
  return { handle: await open(path, flags), regular: true };
}

/** Why a file cannot be appended to, in words. */
export function whyNotAppended(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ELOOP' ? 'it is a link, which is not followed: name the file itself' : diskReason(error);
}

const NEWLINE = Buffer.from('\n');

/** The lines and rows of an input that were left out, unchanged. */
interface LinesOfInput {
  readonly name: string;
  readonly lines: SpillLog;
  /** The header row of a table; null when the table has no header. */
  header: string | null;
}

/**
 * Keeps lines and rows that could not be read, or whose clip is not in the clip map, by input. They are in memory up
 * to a budget, then on disk.
 */
export class LinesLeftOut {
  readonly #inputs = new Map<number, LinesOfInput>();
  readonly #headers = new Map<number, string>();
  #partsOfSessions = false;

  constructor(
    readonly kind: 'unreadable' | 'unmapped',
    private readonly memory: MemoryBudget,
  ) {}

  note(inspected: Inspected): void {
    if (inspected.kind === 'table' && inspected.table.header !== null)
      this.#headers.set(inspected.table.input.index, inspected.table.header);
    if (inspected.kind !== this.kind || inspected.text === undefined) return;
    if (typeof inspected.loss === 'object') this.#partsOfSessions = true;
    const { input } = inspected.place;
    let kept = this.#inputs.get(input.index);
    if (!kept) {
      kept = {
        name: input.name,
        lines: new SpillLog(this.memory),
        header: this.#headers.get(input.index) ?? null,
      };
      this.#inputs.set(input.index, kept);
    }
    kept.lines.add(Buffer.from(inspected.text), NEWLINE);
  }

  /** Whether some of the lines can be parts of sessions whose other events were read. Do not send those lines alone. */
  get partsOfSessions(): boolean {
    return this.#partsOfSessions;
  }

  /** The inputs with lines left out: their names, and the lines after the header of the table. */
  *byInput(): Generator<{ readonly name: string; readonly lines: Iterable<Uint8Array> }> {
    for (const { name, lines, header } of this.#inputs.values()) {
      yield { name, lines: withHeader(header, lines) };
    }
  }

  /** Deletes temporary files. */
  close(): void {
    for (const { lines } of this.#inputs.values()) lines.close();
  }
}

function* withHeader(header: string | null, lines: Iterable<Uint8Array>): Generator<Uint8Array> {
  if (header !== null) yield Buffer.from(`${header}\n`);
  yield* lines;
}
