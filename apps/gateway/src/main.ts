import { runService } from '@panda/runtime';
import { GatewayModule } from './gateway.module.js';

await runService(GatewayModule, { name: 'gateway', http: true });
