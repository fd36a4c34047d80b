import { genericJobBroker, productionJobBroker, queueFilters } from '@panda/domain';
import { code, type GeneratedFile, page, table } from './document.js';

const brokers = [genericJobBroker, productionJobBroker];

/** docs/reference/brokerage.md: the filters, and the order in which each broker asks them. */
export function brokerageFile(): GeneratedFile {
  const rows = Object.values(queueFilters)
    .toSorted((a, b) => a.code.localeCompare(b.code))
    .map((filter) => [
      code(filter.code),
      code(filter.tag),
      filter.title,
      filter.wakesOn.join(', '),
      brokers
        .filter((broker) => broker.filters.includes(filter))
        .map(({ name }) => name)
        .join(', '),
    ]);
  const orders = brokers.map(
    ({ name, filters }) => `**${name}**: ${filters.map((filter, index) => `${index + 1}. ${code(filter.code)}`).join(' · ')}`,
  );
  const body = `A filter judges one queue for one task and gives the numbers that decided. The tag is what PanDA writes into logs as
\`criteria=-…\`. A task that found no queue is looked at again when one of the named things happens.

${table(['filter', 'tag', 'a queue is rejected because', 'again when', 'asked by'], rows)}

## Order

${orders.join('\n\n')}`;
  return page('docs/reference/brokerage.md', 'Brokerage', body);
}
