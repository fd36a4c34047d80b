import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@panda/domain';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { AccountGuard } from './account-guard.js';
import { AuthConfigs } from './auth-configs.js';
import { Authenticator, type Credentials } from './authenticator.js';
import type { Caller } from './caller.js';
import { Issuers } from './issuer.js';

/** Who a caller is, and whether they may use the system at all. */
@Injectable()
export class Identification {
  private readonly authenticator: Authenticator;

  constructor(
    configs: AuthConfigs,
    private readonly accounts: AccountGuard,
    @Inject(gatewayKeys.token) config: GatewayConfig,
    @Inject(Clock) clock: Clock,
  ) {
    this.authenticator = new Authenticator({
      tokens: {
        configs: configs.all,
        policies: configs.policies,
        algorithms: config.tokenAlgorithms,
        issuers: new Issuers(config.httpIssuers, () => clock.elapsedMs()),
      },
      certificates: {
        ingressSecret: config.ingressSecret,
        vo: config.defaultVo,
        productionSubjects: config.productionSubjects,
        pilotSubjects: config.pilotSubjects,
      },
      developmentUser: config.developmentUser,
    });
  }

  /** Null for callers without credentials. Throws AuthenticationFailure. */
  async identify(credentials: Credentials): Promise<Caller> {
    const caller = await this.authenticator.identify(credentials);
    if (caller !== null) await this.accounts.check(caller);
    return caller;
  }
}
