import { type ArgumentsHost, Catch, type INestApplication, type RpcExceptionFilter } from '@nestjs/common';
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
  const service = app.connectMicroservice({ strategy: new BusServer(app.get(BUS)) }, { inheritAppConfig: false });
  service.useGlobalFilters(new Rethrow());
  await app.startAllMicroservices();
}
