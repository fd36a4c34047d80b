import { hostname } from 'node:os';

/** Who this process is: the producer of its messages and the `service` of its log lines and metrics. */
export class ServiceIdentity {
  constructor(
    readonly name: string,
    /** Unique among the instances of a service on a fleet. */
    readonly instance: string = `${hostname()}:${process.pid}`,
  ) {}
}

let identity = new ServiceIdentity('panda');

/** Set once, before the application is made; the modules of a process are singletons, and so is its identity. */
export function identify(name: string): ServiceIdentity {
  identity = new ServiceIdentity(name);
  return identity;
}

export function currentIdentity(): ServiceIdentity {
  return identity;
}
