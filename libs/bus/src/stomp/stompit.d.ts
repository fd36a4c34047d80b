/** The part of stompit (which ships no types) that is used here. */
declare module 'stompit' {
  import type { EventEmitter } from 'node:events';
  import type { Readable, Writable } from 'node:stream';

  export interface Message extends Readable {
    readonly headers: Readonly<Record<string, string>>;
  }

  export interface Client extends EventEmitter {
    subscribe(headers: Record<string, string | number>, listener: (error: Error | null, message: Message) => void): void;
    ack(message: Message): void;
    nack(message: Message): void;
    send(
      headers: Record<string, string | number>,
      options?: { onReceipt?: () => void; onError?: (error: Error) => void },
    ): Writable;
    setCommandHandler(command: string, handler: (frame: Message) => void): void;
    disconnect(callback?: (error: Error | null) => void): void;
    destroy(error?: Error): void;
  }

  export interface ConnectOptions {
    readonly host: string;
    readonly port: number;
    readonly timeout?: number;
    readonly ssl?: boolean;
    readonly cert?: Buffer;
    readonly key?: Buffer;
    readonly servername?: string;
    readonly connectHeaders: Record<string, string>;
  }

  /** A CommonJS module: everything hangs on its default export. */
  const stompit: {
    connect(options: ConnectOptions, connected: (error: Error | null, client: Client) => void): Client;
  };
  export default stompit;
}
