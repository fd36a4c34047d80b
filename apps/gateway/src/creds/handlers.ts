import { GetAccessToken } from './get-access-token.handler.js';
import { GetKeyPair } from './get-key-pair.handler.js';
import { GetProxy } from './get-proxy.handler.js';
import { GetTokenKey } from './get-token-key.handler.js';
import { GetUserSecrets } from './get-user-secrets.handler.js';
import { SetUserSecret } from './set-user-secret.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const credsHandlers = [GetAccessToken, GetKeyPair, GetProxy, GetTokenKey, GetUserSecrets, SetUserSecret];
