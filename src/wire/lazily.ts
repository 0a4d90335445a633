/** What is made when it is first asked for: a schema takes longer to make than a small file to read, and sound data needs none. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
