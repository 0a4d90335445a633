import type { Proxies } from '../../send/proxies.js';
import { proxyUrl } from '../../send/proxy-url.js';
import type { Cli } from '../cli.js';

/** The proxies of the environment, as common tools read it: lower case first. @throws UserError where one cannot be read */
export function environmentProxies({ env }: Pick<Cli, 'env'>): Proxies {
  const of = (...names: readonly string[]): string | undefined => {
    const name = names.find((each) => env[each]);
    return name === undefined ? undefined : proxyUrl(env[name]!, name);
  };
  return {
    http: of('http_proxy', 'HTTP_PROXY'),
    https: of('https_proxy', 'HTTPS_PROXY'),
    except: env.no_proxy || env.NO_PROXY,
  };
}
