/** Adds records to others, however many: handed over as arguments, some hundred thousand overflow the stack. */
export function addAll<T>(to: T[], more: Iterable<T>): void {
  for (const each of more) to.push(each);
}
