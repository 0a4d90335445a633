import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { patientConnector } from './connector.js';

/** The proxies that requests go through; absent or empty ones are none. */
export interface Proxies {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  /** Hosts that are reached directly, with commas between; `*` is all. */
  readonly except?: string | undefined;
}

export interface ConnectionOptions {
  /** Connections that are kept; as many posts may run at once. */
  readonly concurrency: number;
  /** For one exchange, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly proxies?: Proxies | undefined;
  /** Certificates in PEM that are trusted besides the well-known ones. */
  readonly ca?: string | undefined;
  /** The endpoint is on this machine: no proxy is asked. */
  readonly loopback: boolean;
}

/** Under the 5 s after which common servers close an idle connection: one closed in mid-request leaves a batch ambiguous. */
const KEEP_ALIVE_MS = 4_000;

/** Connections, through a proxy where one is set. Certificates are always checked, whatever the environment says. */
export function connections({
  concurrency,
  timeoutMs,
  proxies = {},
  ca,
  loopback,
}: ConnectionOptions): Dispatcher {
  const trust = { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) };
  const settings = {
    connections: concurrency,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  };
  const { http = '', https = '', except = '' } = proxies;
  const connect = { timeout: timeoutMs, ...trust };
  if (loopback || (http === '' && https === ''))
    return new Agent({ ...settings, connect: patientConnector(connect) });
  return new EnvHttpProxyAgent({
    ...settings,
    connect,
    factory: (origin, options) => {
      const its = options as Pool.Options;
      return new Pool(origin, { ...its, connect: patientConnector(its.connect) });
    },
    requestTls: { timeout: timeoutMs, ...trust },
    proxyTls: { timeout: timeoutMs, ...trust },
    httpProxy: http,
    httpsProxy: https,
    noProxy: except,
  });
}
