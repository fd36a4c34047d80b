import { type ArgumentsHost, Catch, type INestApplication, type RpcExceptionFilter } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import { BUS } from '../bus.js';
import { BusServer } from './bus-server.js';

/** Nest's own filter replaces errors by "Internal server error"; the bus needs the error itself to judge it. */
@Catch()
class Rethrow implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/** Connects the consumers of an application to the bus. Called once, before the application listens. */
export async function attachBus(app: INestApplication): Promise<void> {
  // Deferred: handlers must be bound after the filter is there. Filters and pipes of HTTP are not inherited.
  const options = { strategy: new BusServer(app.get(BUS)) };
  const service = app.connectMicroservice(options, { deferInitialization: true }) as NestMicroservice;
  service.setIsInitHookCalled(true); // the application itself runs the hooks of its modules
  service.useGlobalFilters(new Rethrow());
  await app.startAllMicroservices();
}
