import type { FastifyInstance } from 'fastify';

/** Where a newcomer finds everything, in the order in which it is looked for. */
const PLACES = [
  { name: 'api_docs', path: '/api/docs', what: 'the operations of the API, as a page' },
  { name: 'openapi', path: '/api/docs/openapi.json', what: 'the same for tools' },
  { name: 'tasks', path: '/tasks/?json=1&limit=20', what: 'monitor: tasks; one is /task/<jediTaskID>/' },
  { name: 'jobs', path: '/jobs/?json=1&limit=20', what: 'monitor: jobs; one is /job/<PandaID>/' },
  { name: 'health', path: '/healthz', what: 'is the process well' },
  { name: 'ready', path: '/readyz', what: 'can it serve: database and what else it needs' },
  { name: 'metrics', path: '/metrics', what: 'numbers for Prometheus' },
] as const;

const WHAT = 'PanDA Fleet: the server of the PanDA workload manager';
const API = ['/api/v1', '/server/panda'];

/** `/`: what this is and where to go on, as a page for browsers, else as JSON. */
export function declareFrontPage(server: FastifyInstance): void {
  const json = JSON.stringify({
    service: WHAT,
    api: API,
    links: Object.fromEntries(PLACES.map(({ name, path }) => [name, path])),
  });
  const rows = PLACES.map(({ path, what }) => `<li><a href="${escaped(path)}">${escaped(path)}</a> ${escaped(what)}`);
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>PanDA Fleet</title>
<h1>PanDA Fleet</h1><p>${WHAT}. Clients talk to <code>${API.join('</code> and <code>')}</code>.<ul>${rows.join('\n')}</ul></html>`;
  server.get('/', (request, reply) => {
    const page = (request.headers.accept ?? '').includes('text/html');
    return reply
      .header('content-type', `${page ? 'text/html' : 'application/json'}; charset=utf-8`)
      .header('content-security-policy', "default-src 'none'")
      .header('x-content-type-options', 'nosniff')
      .header('vary', 'accept')
      .send(page ? html : json);
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
