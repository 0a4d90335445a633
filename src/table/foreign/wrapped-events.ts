import { type JSONPath, visit } from 'jsonc-parser';

/** Where events lie in a JSON document of another system. */
export interface WrappedEvents {
  /** A JSON pointer; `*` stands for every element: `/hits` and so on to `_source`. */
  readonly pointer: string;
  /** The jq filter that gives them. */
  readonly filter: string;
  /** Whether each is a text that holds the event's JSON (log messages), and no object. */
  readonly inText: boolean;
}

/** An object at a path, while its properties are visited. */
interface OpenObject {
  readonly path: JSONPath;
  readonly keys: Set<string>;
}

/**
 * Finds the first event in a wrapper at the beginning of a JSON document (Elasticsearch's hits, CloudWatch's
 * messages, Segment's batches). Undefined if it is not wrapped (alone, in an array, or in the `Events` of a body), or
 * not found.
 * @param isEvent whether an object with such keys is an event
 */
export function wrappedEvents(
  text: string,
  isEvent: (keys: Iterable<string>) => boolean,
): WrappedEvents | undefined {
  let found: { readonly path: JSONPath; readonly inText: boolean } | undefined;
  const open: OpenObject[] = [];
  try {
    visit(text, {
      onObjectBegin: (_offset, _length, _line, _column, pathOf) => {
        open.push({ path: pathOf(), keys: new Set() });
      },
      onObjectProperty: (name) => {
        const object = open.at(-1);
        if (!object) return;
        object.keys.add(name);
        if (!found && isEvent(object.keys)) found = { path: object.path, inText: false };
      },
      onObjectEnd: () => {
        open.pop();
      },
      onLiteralValue: (value, _offset, _length, _line, _column, pathOf) => {
        if (!found && typeof value === 'string' && holdsEvent(value, isEvent))
          found = { path: pathOf(), inText: true };
      },
    });
  } catch {
    return undefined;
  }
  if (!found || standsWhereItShould(found.path, found.inText)) return undefined;
  return {
    pointer: found.path.map((step) => `/${typeof step === 'number' ? '*' : step}`).join(''),
    // Beside messages that are events stand others, such as a function's own.
    filter: found.inText ? `${filterOf(found.path)} | select(startswith("{"))` : filterOf(found.path),
    inText: found.inText,
  };
}

/** An event's place: the document, an array's element, or an element of a body's `Events` (whatever its letter case). */
function standsWhereItShould(path: JSONPath, inText: boolean): boolean {
  if (inText) return path.length === 0;
  const names = path.filter((step) => typeof step === 'string');
  return names.length === 0 || (names.length === 1 && names[0]!.toLowerCase() === 'events');
}

function holdsEvent(text: string, isEvent: (keys: Iterable<string>) => boolean): boolean {
  if (!text.startsWith('{')) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && isEvent(Object.keys(value));
  } catch {
    return false;
  }
}

function filterOf(path: JSONPath): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return '[]';
    return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  const filter = steps.join('');
  return filter.startsWith('.') ? filter : `.${filter}`;
}
