/** A property's name as a JSON pointer below its object. */
export function pointerTo(property: string): string {
  return `/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
