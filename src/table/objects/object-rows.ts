/** A row that came as a JSON object. */
export type ObjectRow = Readonly<Record<string, unknown>>;

const DEEPEST = 8;

/**
 * The column names of objects: their keys in the order of appearance, those of nested objects as `a.b`.
 * @param objects the first rows; keys that only later rows have are no columns
 */
export function headerOfObjects(objects: Iterable<ObjectRow>): string[] {
  const names = new Set<string>();
  for (const object of objects) addNames(object, '', names, 1);
  return [...names];
}

/** The cells of an object under a header: numbers as JSON writes them, `null` and absent keys as empty cells. */
export function cellsOfObject(object: ObjectRow, header: readonly string[]): string[] {
  return header.map((name) => cellText(valueAt(object, name)));
}

/** Whether an object has keys that a header lacks. */
export function hasOtherKeys(object: ObjectRow, header: ReadonlySet<string>): boolean {
  return headerOfObjects([object]).some((name) => !header.has(name));
}

function addNames(object: ObjectRow, prefix: string, names: Set<string>, depth: number): void {
  for (const [key, value] of Object.entries(object)) {
    const name = prefix + key;
    if (isObject(value) && depth < DEEPEST) addNames(value, `${name}.`, names, depth + 1);
    else names.add(name);
  }
}

/** The value of a name: of the key itself, else of the nested key behind a dot. */
function valueAt(object: ObjectRow, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const nested = Object.hasOwn(object, name.slice(0, dot)) ? object[name.slice(0, dot)] : undefined;
    if (isObject(nested)) {
      const value = valueAt(nested, name.slice(dot + 1));
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is ObjectRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
