import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { UserError } from '../../domain/errors.js';
import type { Cli } from '../cli.js';
import { refuseUntrusted } from './trust.js';
import { isJsonObject, type JsonObject } from '../../wire/json.js';

/** A config file that was read. */
export interface Config {
  /** As it is shown: from the working folder. */
  readonly name: string;
  /** The folder that its paths begin at. */
  readonly folder: string;
  readonly settings: JsonObject;
}

/** A config file that is to be read. */
export interface ConfigPlace {
  /** Absolute. */
  readonly path: string;
  /** Whether `--config` names it; else it was found, and must belong to whom it sets up. */
  readonly named: boolean;
}

/** @throws UserError of kind `usage` where it cannot be read, is not to be trusted, or is no JSON object. */
export async function readConfig(place: ConfigPlace, cli: Cli): Promise<Config> {
  const name = relative(cli.cwd(), place.path);
  const text = textOf(place, name, cli);
  const settings = await parsed(text, name);
  if (isJsonObject(settings)) return { name, folder: dirname(place.path), settings };
  throw new UserError('usage', `${name}: expected an object, as {"maxWarnings": 0}`);
}

async function parsed(text: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    const { JsonText } = await import('../../read/json/text.js');
    const { line, column, expected, received } = new JsonText(text, { line: 1, column: 1 }).fault();
    throw new UserError('usage', `${name}:${line}:${column}: expected ${expected}, received ${received}`);
  }
}

/** What is looked at is what is read: one open file, whatever becomes of its name in between. */
function textOf({ path, named }: ConfigPlace, name: string, cli: Cli): string {
  const { O_RDONLY, O_NONBLOCK } = constants;
  let file: number | null = null;
  try {
    // One that was found may be a pipe, which must not be waited for.
    file = openSync(path, named ? O_RDONLY : O_RDONLY | O_NONBLOCK);
    const status = fstatSync(file);
    if (status.isDirectory()) throw new UserError('usage', `${name}: is a folder, expected a file`);
    if (!named) {
      if (!status.isFile())
        throw new UserError('usage', `${name}: is no regular file`, '--no-config does without.');
      refuseUntrusted({ path, name, file: status }, cli);
    }
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EISDIR' ? 'is a folder, expected a file' : `cannot be read: ${message}`;
    throw new UserError('usage', `${name}: ${why}`);
  } finally {
    if (file !== null) closeSync(file);
  }
}
