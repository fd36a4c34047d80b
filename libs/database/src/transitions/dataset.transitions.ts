import {
  type Actor,
  type DatasetState,
  type EventsOf,
  inputDatasetMachine,
  inputDatasetTypes,
  outputDatasetMachine,
  outputDatasetTypes,
} from '@panda/domain';
import type { Session } from '../kernel/database.js';
import { moveDatasets } from '../statements/dataset-moves.js';
import { type MovePlan, type Moves, outcomeOf, planMove } from './plan.js';

export interface DatasetRef {
  readonly jediTaskId: number;
  readonly datasetId: number;
}

interface DatasetMove<E extends string> {
  readonly datasets: readonly DatasetRef[];
  readonly event: E;
  readonly actor: Actor;
  /** What DDM (or the parent task) says about the collection now; also stamps stateCheckTime. */
  readonly state?: DatasetState;
}

export type InputDatasetEvent = EventsOf<typeof inputDatasetMachine>;
export type OutputDatasetEvent = EventsOf<typeof outputDatasetMachine>;

/** The only writer of states of input datasets. Ids in the result are datasetIDs. */
export function transitionInputDatasets(session: Session, move: DatasetMove<InputDatasetEvent>): Promise<Moves> {
  return apply(session, move, planMove(inputDatasetMachine, move.event, move.actor), inputDatasetTypes);
}

/** The only writer of states of output datasets. Ids in the result are datasetIDs. */
export function transitionOutputDatasets(session: Session, move: DatasetMove<OutputDatasetEvent>): Promise<Moves> {
  return apply(session, move, planMove(outputDatasetMachine, move.event, move.actor), [...outputDatasetTypes, ...unmergedTypes]);
}

/** Unmerged output is output of its jobs first and input of merge jobs then: both machines move it. */
const unmergedTypes = inputDatasetTypes.filter((type) => type.startsWith('trn_'));

async function apply(session: Session, move: DatasetMove<string>, plan: MovePlan, types: readonly string[]): Promise<Moves> {
  if (move.datasets.length === 0) return { moved: [], losers: [] };
  const ids = move.datasets.map((d) => d.datasetId);
  const moved = await session.run(moveDatasets, {
    ids,
    taskIds: move.datasets.map((d) => d.jediTaskId),
    types: [...types],
    sources: plan.sources,
    targets: plan.targets,
    state: move.state ?? null,
  });
  return outcomeOf(ids, moved);
}
