import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { JsonText } from '../json/text.js';

/** Why a body is not in the capture: what the recorder, not the player, did. */
export type MissingBody = 'not-recorded' | 'in-a-file' | 'as-fields' | 'cut';

/** The body of a request, as a capture has it. */
export type HarBody =
  | { readonly bytes: Buffer }
  | { readonly missing: MissingBody; readonly file?: string | undefined }
  /** What the recorder wrote is not base64. */
  | { readonly broken: 'base64' };

/** A value that is missing or has another type counts as absent. */
export const orAbsent = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined);

/** A text in a HAR's `postData` or `content`. */
export const contentSchema = z.object({ text: z.string(), encoding: orAbsent(z.string()) });
export type Content = z.infer<typeof contentSchema>;

export const postDataSchema = z.object({
  text: orAbsent(z.string()),
  encoding: orAbsent(z.string()),
  mimeType: orAbsent(z.string()),
  params: orAbsent(z.array(z.object({ name: z.string(), value: orAbsent(z.string()) }))),
  // Playwright's `content: 'attach'` writes bodies to files beside the HAR.
  _file: orAbsent(z.string()),
});

const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
const BASE64 = /^[\w+/\s-]*(?:=[=\s]*)?$/;
/** The marks with which recorders end a text that they cut. */
const CUT_MARK = /(?:…|\.\.\.|\[?\(?truncated\)?\]?)\s*$/i;

/**
 * The body of a request to the endpoint.
 * @param declared How many bytes it had, by its Content-Length header or the HAR's `bodySize`; null where neither says.
 */
export function bodyOf(
  postData: z.infer<typeof postDataSchema> | undefined,
  declared: number | null,
): HarBody {
  if (postData?.text === '' && declared === 0) return { bytes: Buffer.alloc(0) };
  if (!postData?.text) return bodyBesideText(postData);
  const { text, encoding } = postData;
  if (encoding?.toLowerCase() === 'base64') {
    return BASE64.test(text) ? { bytes: Buffer.from(text, 'base64') } : { broken: 'base64' };
  }
  const written = Buffer.from(text);
  // If the length is right, the text is what the player sent.
  if (declared === written.length) return { bytes: written };
  const unpacked = unpackedText(text);
  if (unpacked) return { bytes: unpacked };
  const isCut = declared === null ? CUT_MARK.test(text) : declared > written.length;
  return isCut && !isJson(text) ? { missing: 'cut' } : { bytes: written };
}

/** The text of a response; unchanged if it cannot be decoded. */
export function textOf({ text, encoding }: Content): string {
  if (encoding?.toLowerCase() === 'base64') return Buffer.from(text, 'base64').toString();
  return unpackedText(text)?.toString() ?? text;
}

function bodyBesideText(postData: z.infer<typeof postDataSchema> | undefined): HarBody {
  if (postData?._file) return { missing: 'in-a-file', file: postData._file };
  const fields = postData?.params ?? [];
  if (fields.length === 0) return { missing: 'not-recorded' };
  // If the media type is that of a form, a recorder splits the body into fields. Joined again, they can be the JSON
  // that was sent.
  const form = fields.map(({ name, value }) => (value ? `${name}=${value}` : name)).join('&');
  for (const text of [form, unescapedForm(form)]) if (isJson(text)) return { bytes: Buffer.from(text) };
  return { missing: 'as-fields' };
}

function unescapedForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Unpacks JSON that a recorder wrote as base64 or gzip without a note; null where the text is neither. */
function unpackedText(text: string): Buffer | null {
  if (/^\s*[[{]/.test(text) || isJson(text)) return null;
  const packed = isGzip(Buffer.from(text.slice(0, 2), 'latin1'));
  if (!packed && !BASE64.test(text)) return null;
  const bytes = Buffer.from(text, packed ? 'latin1' : 'base64');
  const unpacked = isGzip(bytes) ? gunzipped(bytes) : bytes;
  return unpacked && isUtf8(unpacked) && isJson(unpacked.toString()) ? unpacked : null;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function gunzipped(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    return null;
  }
}

/** Whether a text is JSON. A text over the limits counts as JSON: reading it reports that. */
function isJson(text: string): boolean {
  if (new JsonText(text, { line: 1, column: 1 }).tooMany()) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The hint for a player that compresses its request bodies. */
export const SEND_UNPACKED =
  'Send the JSON uncompressed: the API document does not describe compressed request bodies.';
