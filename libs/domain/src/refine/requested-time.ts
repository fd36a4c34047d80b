const written = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,6})?/;

/** A time as submissions write it, `YYYY-MM-DD hh:mm:ss[.ffffff][+..]` in UTC; null for anything else. */
export function requestedTime(given: unknown): Date | null {
  const [, day, time, fraction = ''] = written.exec(String(given ?? '')) ?? [];
  if (day === undefined) return null;
  const date = new Date(`${day}T${time}${fraction.slice(0, 4)}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}
