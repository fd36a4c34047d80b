/**
 * Whether `text` fits `pattern`, in which `*` stands for anything and everything else for itself. Linear in the text, so that no pattern of
 * a user or an operator can stall a broker.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === text;
  const [head = '', tail = ''] = [parts[0], parts.at(-1)];
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - tail.length;
}
