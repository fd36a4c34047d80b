import { Inject, Injectable } from '@nestjs/common';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { type AuthConfigFile, readAuthConfigs, type VoAuthConfig } from './auth-config.js';
import { type Policies, readPolicies } from './policy.js';

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

  /** What clients may read of `<vo>_auth_config.json`. */
  published(file: string): string | undefined {
    return this.files.get(file)?.published;
  }
}
