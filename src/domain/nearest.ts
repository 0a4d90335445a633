/** The name that takes the fewest changes to become the wanted one, letter case aside; undefined where none is near. */
export function nearest<N extends string>(wanted: string, names: Iterable<N>): N | undefined {
  let best: N | undefined;
  let fewest = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= fewest) continue;
    const changes = changesBetween(wanted.toLowerCase(), name.toLowerCase());
    if (changes < fewest) [best, fewest] = [name, changes];
  }
  return best;
}

/** Levenshtein's distance: letters put in, left out or exchanged. */
function changesBetween(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const exchanged = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(exchanged, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[to.length]!;
}
