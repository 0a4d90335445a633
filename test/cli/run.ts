import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
export const BIN = join(ROOT, 'bin', 'omny-consume.js');
const PATIENCE_MS = 50_000;

/** What one run of the built program did. */
export interface Run {
  readonly args: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** For Node, before the program. */
  readonly node?: readonly string[];
}

/** Runs the built program, in the project's folder unless told, with an environment of its own. */
export function run(
  args: readonly string[],
  { stdin = '', env = {}, cwd = ROOT, node = [] }: RunOptions = {},
): Promise<Run> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...node, BIN, ...args], {
      cwd,
      env: { PATH: process.env.PATH, TZ: process.env.TZ, ...env },
      timeout: PATIENCE_MS,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    // A program that ends before it has read its input is no failure of the test.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    child.on('error', fail);
    child.on('close', (code) => {
      // Half an output must not be compared, or recorded.
      if (child.killed) fail(new Error(`${args.join(' ')} was stopped: it ran for ${PATIENCE_MS / 1000} s`));
      else done({ args, stdout, stderr, code });
    });
  });
}

/** A run as a readable record: the command, both streams and the exit code, with what differs from run to run masked. */
export function transcript({ args, stdout, stderr, code }: Run): string {
  const shown = args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ');
  return (
    [
      `$ omny-consume ${shown}`,
      ...section('stdout', stdout),
      ...section('stderr', stderr),
      `exit ${code}`,
      '',
    ]
      .join('\n')
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replaceAll(/(\d+(?:\.\d+)? (?:B|KiB|MiB|checks)), [\d.]+ s\)/g, '$1, TIME)')
      .replaceAll(/"seconds":[\d.]+/g, '"seconds":TIME')
      .replaceAll(/\(\d+ ms\)/g, '(TIME)')
      // Of folders beside the clone.
      .replaceAll(/; there are ledgers nearby: .*?(?=: nothing was sent)/g, '')
  );
}

function section(name: string, text: string): string[] {
  if (text === '') return [];
  return [`--- ${name}`, text.endsWith('\n') ? text.slice(0, -1) : `${text}(no newline at the end)`, '---'];
}
