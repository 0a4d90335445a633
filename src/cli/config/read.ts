import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { isJsonObject, type JsonObject } from '../../wire/shape.js';

/** A config file that was read. */
export interface Config {
  /** As it is shown: from the working folder. */
  readonly name: string;
  /** The folder that its paths begin at. */
  readonly folder: string;
  readonly settings: JsonObject;
}

/** @throws UserError of kind `usage` where it cannot be read, or is no JSON object. */
export async function readConfig(path: string, cwd: string): Promise<Config> {
  const name = relative(cwd, path);
  const text = textOf(path, name);
  const settings = await parsed(text, name);
  if (isJsonObject(settings)) return { name, folder: dirname(path), settings };
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

function textOf(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EISDIR' ? 'is a folder, expected a file' : `cannot be read: ${message}`;
    throw new UserError('usage', `${name}: ${why}`);
  }
}
