import { kindNames, type PluginKind, type PluginKinds } from './plugin-kinds.js';

/** One plug-in under a name, for configuration to select. */
export interface PluginEntry<K extends PluginKind = PluginKind> {
  readonly kind: K;
  readonly name: string;
  readonly plugin: PluginKinds[K];
}

/** Which plug-in serves whom; `any` is everybody nobody else serves. */
export interface PluginSelection {
  readonly vo: string;
  readonly label: string;
  readonly subtype: string;
  readonly kind: PluginKind;
  readonly name: string;
}

export const ANY = 'any';

/** No plug-in serves a task: the task is broken with this message. */
export class UndefinedPlugin extends Error {
  constructor(kind: PluginKind, vo: string, label: string) {
    super(`${kindNames[kind]} is undefined for vo=${vo} sourceLabel=${label}`);
    this.name = 'UndefinedPlugin';
  }
}

/** The configuration selects something that does not exist, or leaves a kind unserved: a service with it must not start. */
export class PluginConfigurationError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`plug-ins: ${faults.join('; ')}`);
    this.name = 'PluginConfigurationError';
  }
}

/**
 * Plug-ins by VO and label. Look-up is exact VO, else any; then exact label, else any; then exact subtype, else any.
 * Spec: JEDI › Architecture (plug-ins). panda-jedi:pandajedi/jedicore/FactoryBase.py@42f4bb41.
 */
export class PluginRegistry {
  private readonly byKey = new Map<string, PluginEntry>();

  /** Throws PluginConfigurationError with all faults at once. */
  constructor(entries: readonly PluginEntry[], selections: readonly PluginSelection[]) {
    const faults: string[] = [];
    for (const selection of selections) {
      const entry = entries.find((e) => e.kind === selection.kind && e.name === selection.name);
      if (entry === undefined) faults.push(`there is no ${kindNames[selection.kind]} '${selection.name}'`);
      else this.byKey.set(keyOf(selection.kind, selection.vo, selection.label, selection.subtype), entry);
    }
    if (faults.length > 0) throw new PluginConfigurationError(faults);
  }

  /** Throws UndefinedPlugin. */
  resolve<K extends PluginKind>(vo: string, label: string, kind: K, subtype: string = ANY): PluginKinds[K] {
    for (const v of [vo, ANY]) {
      for (const l of [label, ANY]) {
        for (const s of [subtype, ANY]) {
          const found = this.byKey.get(keyOf(kind, v, l, s));
          if (found !== undefined) return found.plugin as PluginKinds[K];
        }
      }
    }
    throw new UndefinedPlugin(kind, vo, label);
  }
}

const keyOf = (kind: PluginKind, vo: string, label: string, subtype: string) => [kind, vo, label, subtype].join('\u0000');

/**
 * Reads selections: a comma list of `vo[|vo…]:label[|label…]:kind:name[:subtype]`; an empty VO or label means any.
 * Throws PluginConfigurationError.
 */
export function parseSelections(text: string): PluginSelection[] {
  const faults: string[] = [];
  const selections = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .flatMap((item) => {
      const [vos = '', labels = '', kind = '', name = '', subtype = ANY, ...more] = item.split(':').map((part) => part.trim());
      if (more.length > 0 || name === '' || !Object.hasOwn(kindNames, kind)) {
        faults.push(`'${item}' is not vo:label:kind:name[:subtype] with a kind of ${Object.keys(kindNames).join(', ')}`);
        return [];
      }
      return alternatives(vos).flatMap((vo) =>
        alternatives(labels).map((label) => ({ vo, label, kind: kind as PluginKind, name, subtype: subtype || ANY })),
      );
    });
  if (faults.length > 0) throw new PluginConfigurationError(faults);
  return selections;
}

const alternatives = (text: string) => text.split('|').map((word) => word.trim() || ANY);
