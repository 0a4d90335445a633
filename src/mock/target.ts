/** Where a request wants to go. */
export interface Target {
  /** NAME of `/t/NAME/`; null for the main ledger. */
  readonly ledger: string | null;
  /** The path behind `/t/NAME`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as it came, with its question mark; empty where there is none. */
  readonly search: string;
}

const NAMED = /^\/t\/([\w.~-]{1,100})(\/.*)?$/;

/** Reads the target of a request line: a path, or a whole URL as a proxy gets it. */
export function targetOf(written: string): Target {
  const absolute = /^https?:\/\/[^/?]*(.*)$/i.exec(written)?.[1];
  const [path = '', ...rest] = (absolute ?? written).split('?');
  const search = rest.length === 0 ? '' : `?${rest.join('?')}`;
  const [, ledger = null, below = '/'] = NAMED.exec(path) ?? [];
  return { ledger, path: ledger === null ? path || '/' : below, query: new URLSearchParams(search), search };
}
