import type {
  brokerTask,
  DatasetLookup,
  JobBroker,
  ProductionFacts,
  RefineOutcome,
  RefineRequest,
  RefineWorld,
  splitInput,
  TaskParameters,
  ThrottleVerdict,
} from '@panda/domain';

/** Turns a parameter map into a task: what to look up first, then everything. */
export interface RefinerPlugin {
  readonly lookups: (parameters: TaskParameters) => readonly DatasetLookup[];
  readonly refine: (request: RefineRequest, world: RefineWorld) => RefineOutcome;
}

/** Whether jobs may be made for a work queue. Counting its jobs costs a look at the statistics, so only who needs it asks for it. */
export type ThrottlerPlugin =
  | { readonly looksAt: 'queue'; readonly throttle: (queue: WorkQueueThrottle) => ThrottleVerdict }
  | { readonly looksAt: 'jobs'; readonly throttle: (facts: ProductionFacts) => ThrottleVerdict };

/** What a throttler knows without counting. */
export interface WorkQueueThrottle {
  /** Share of a classic work queue; null for global shares. */
  readonly queueShare: number | null;
  /** Operators may switch throttling off for a share. */
  readonly throttled: boolean;
}

/** What jobs need before they can run, beside their rows. */
export interface SetupperPlugin {
  /** Output datasets are registered in data management before the first job writes into them. */
  readonly registersDatasets: boolean;
  /** Lifetime in days of a dataset by its name and type; undefined = for ever. */
  readonly lifetimeDays: (dataset: { readonly name: string; readonly type: string }) => number | undefined;
}

/** Every kind of plug-in with the interface its agents call. A new kind is one line here and one in each manifest. */
export interface PluginKinds {
  readonly refiner: RefinerPlugin;
  readonly taskBroker: { readonly broker: typeof brokerTask };
  readonly jobThrottler: ThrottlerPlugin;
  readonly jobBroker: JobBroker;
  readonly jobSplitter: { readonly split: typeof splitInput };
  readonly taskSetupper: SetupperPlugin;
}

export type PluginKind = keyof PluginKinds;

/** The name of each kind in messages to people. */
export const kindNames: Readonly<Record<PluginKind, string>> = {
  refiner: 'task refiner',
  taskBroker: 'task broker',
  jobThrottler: 'job throttler',
  jobBroker: 'job broker',
  jobSplitter: 'job splitter',
  taskSetupper: 'task setupper',
};
