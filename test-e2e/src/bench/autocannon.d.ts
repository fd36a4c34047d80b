/** The part of autocannon that the benches use; the package ships no types. */
declare module 'autocannon' {
  interface Request {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    setupRequest?: (request: Request) => Request;
    onResponse?: (status: number, body: string) => void;
  }
  interface Options {
    url: string;
    connections: number;
    duration: number;
    requests: Request[];
  }
  interface Instance {
    on(event: 'error', listener: (error: Error) => void): void;
  }
  export default function autocannon(options: Options, done: (error: Error | null) => void): Instance;
}
