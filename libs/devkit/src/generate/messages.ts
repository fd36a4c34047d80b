import { NUDGE_IDS_MAX, topics } from '@panda/contracts';
import { code, type GeneratedFile, page, table } from './document.js';

/** docs/reference/messages.md */
export function messagesFile(): GeneratedFile {
  const all = Object.values(topics);
  const rows = all.map((topic) => [
    code(topic.name),
    topic.about,
    topic.producers.join(', '),
    topic.consumers.join(', '),
    topic.doc,
  ]);
  const arrows = all.flatMap((topic) =>
    topic.producers.flatMap((from) => topic.consumers.map((to) => `  ${from} -->|${topic.name}| ${to}`)),
  );
  const body = `A message is a nudge: it carries at most ${NUDGE_IDS_MAX} ids and no state. The database is the truth; each consumer also sweeps
for work whose message was lost. Every consumer has one queue, \`panda.<consumer>.<message>\`.

${table(['message', 'ids of', 'from', 'to', 'meaning'], rows)}

\`\`\`mermaid
flowchart LR
${[...new Set(arrows)].join('\n')}
\`\`\``;
  return page('docs/reference/messages.md', 'Messages', body);
}
