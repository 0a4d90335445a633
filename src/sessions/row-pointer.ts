/** What a row holds of a pointer: none, the empty one, `/0` and so on. */
export const POINTER = { none: 0, root: 1, element: 2 } as const;

const ELEMENT = /^\/(0|[1-9]\d{0,8})$/;

/** The number of a pointer; undefined where it is of another kind. */
export function pointerNumber(pointer: string | null): number | undefined {
  if (pointer === null) return POINTER.none;
  if (pointer === '') return POINTER.root;
  const [, index] = ELEMENT.exec(pointer) ?? [];
  return index === undefined ? undefined : POINTER.element + Number(index);
}

/** The pointer with a number. */
export function pointerOf(number: number): string | null {
  if (number === POINTER.none) return null;
  return number === POINTER.root ? '' : `/${number - POINTER.element}`;
}
