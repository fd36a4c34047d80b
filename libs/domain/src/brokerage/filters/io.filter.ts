import { GIB } from '../../task/task-sizes.js';
import { pass, type QueueFilter, reject } from '../filter.js';

/** Spec: Brokerage › step 2: IO_INTENSITY_CUTOFF, SIZE_CUTOFF_TO_MOVE_INPUT, NUM_CUTOFF_TO_MOVE_INPUT. */
export const io: QueueFilter = {
  code: 'io',
  tag: '-io',
  title: 'too much input would have to be moved for an I/O-heavy task',
  wakesOn: ['task.inputMoved', 'config.changed'],
  skippedFor: 'single',
  judge: ({ queue, request, world }) => {
    const { ioIntensityCutoff, sizeCutoffToMoveInputGb, numCutoffToMoveInput } = world.options;
    const locality = world.locality.get(queue.name);
    const { ioIntensity, eventService } = request.task;
    if (request.isMerging || eventService > 0 || locality === undefined || (ioIntensity ?? 0) <= ioIntensityCutoff) return pass;
    const missingGb = (locality.totalBytes - locality.diskBytes) / GIB;
    const missingFiles = locality.totalFiles - locality.diskFiles;
    if (missingGb > sizeCutoffToMoveInputGb)
      return reject({ needs: Math.ceil(missingGb), offers: sizeCutoffToMoveInputGb, unit: 'GB to move' });
    if (missingFiles > numCutoffToMoveInput)
      return reject({ needs: missingFiles, offers: numCutoffToMoveInput, unit: 'files to move' });
    return pass;
  },
};
