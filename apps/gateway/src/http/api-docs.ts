import type { FastifyInstance } from 'fastify';
import { openApiDocument } from './openapi.js';

/** `/api/docs`: the operations as a page, and `/api/docs/openapi.json` for tools. Made once: the table does not change at run time. */
export function declareApiDocs(server: FastifyInstance): void {
  const document = openApiDocument();
  const json = JSON.stringify(document);
  const html = page(document as unknown as OpenApi);
  server.get('/api/docs/openapi.json', (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(json),
  );
  server.get('/api/docs', (_request, reply) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(html),
  );
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary: string; readonly description: string }>>>>;
}

function page({ paths }: OpenApi): string {
  const rows = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(
      ([verb, { summary, description }]) =>
        `<tr><td>${verb.toUpperCase()}<td><code>${escaped(path)}</code><td>${escaped(summary)}<td>${escaped(description)}`,
    ),
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>PanDA server API</title>
<style>body{font:15px system-ui;margin:2rem}td{padding:.2rem .8rem;vertical-align:top;border-top:1px solid #ddd}</style>
<h1>PanDA server API</h1><p>For tools: <a href="/api/docs/openapi.json">OpenAPI document</a>.</p><table>${rows.join('\n')}</table></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
