import { Inject, Injectable } from '@nestjs/common';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { type AuthConfigFile, readAuthConfigs, type VoAuthConfig } from './auth-config.js';
import { type Policies, parseOrigin, readPolicies } from './policy.js';

const SUFFIX = '_auth_config.json';

/** The VOs of this server: how their users log in, and what their groups may do. Read once; a change needs a restart, as upstream. */
@Injectable()
export class AuthConfigs {
  readonly policies: Policies;
  private readonly files: ReadonlyMap<string, AuthConfigFile>;

  constructor(@Inject(gatewayKeys.token) config: GatewayConfig) {
    this.files = readAuthConfigs(config.authConfigDir);
    this.policies = readPolicies(config.authPolicies);
  }

  get all(): readonly VoAuthConfig[] {
    return [...this.files.values()].map(({ config }) => config);
  }

  /**
   * What clients may read of `<vo>_auth_config.json`. A client that wants a role asks with `<vo>.<role>` or `<vo>:<role>`
   * (PANDA_AUTH_VO): its users log in as those of the VO, unless the role has a file of its own.
   */
  published(file: string): string | undefined {
    const own = this.files.get(file)?.published;
    if (own !== undefined || !file.endsWith(SUFFIX)) return own;
    return this.files.get(`${parseOrigin(file.slice(0, -SUFFIX.length)).vo}${SUFFIX}`)?.published;
  }
}
