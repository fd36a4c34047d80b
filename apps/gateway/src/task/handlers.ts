import { AvalancheTask } from './avalanche-task.handler.js';
import { ChangeAttribute } from './change-attribute.handler.js';
import { ChangeModificationTime } from './change-modification-time.handler.js';
import { ChangePriority } from './change-priority.handler.js';
import { ChangeSplitRule } from './change-split-rule.handler.js';
import { FinishTask } from './finish-task.handler.js';
import { GetDatasetsAndFiles } from './get-datasets-and-files.handler.js';
import { GetDetailedInfo } from './get-detailed-info.handler.js';
import { GetJobDescriptions } from './get-job-descriptions.handler.js';
import { GetJobIds } from './get-job-ids.handler.js';
import { GetParentDetailedInfo } from './get-parent-detailed-info.handler.js';
import { GetRetryHistory } from './get-retry-history.handler.js';
import { GetTaskDetails } from './get-task-details.handler.js';
import { GetTaskParameters } from './get-task-parameters.handler.js';
import { GetTaskStatus } from './get-task-status.handler.js';
import { GetTasksDetailedInfoSince } from './get-tasks-detailed-info-since.handler.js';
import { GetTasksModifiedSince } from './get-tasks-modified-since.handler.js';
import { IncreaseAttempts } from './increase-attempts.handler.js';
import { KillTask } from './kill-task.handler.js';
import { KillUnfinishedJobs } from './kill-unfinished-jobs.handler.js';
import { ListTasksInShare } from './list-tasks-in-share.handler.js';
import { PauseTask } from './pause-task.handler.js';
import { ReactivateTask } from './reactivate-task.handler.js';
import { ReassignShare } from './reassign-share.handler.js';
import { ReassignTask } from './reassign-task.handler.js';
import { ReleaseTask } from './release-task.handler.js';
import { ReloadInput } from './reload-input.handler.js';
import { ResumeTask } from './resume-task.handler.js';
import { RetryTask } from './retry-task.handler.js';
import { SubmitTask } from './submit-task.handler.js';
import { WhyTask } from './why-task.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const taskHandlers = [
  AvalancheTask,
  ChangeAttribute,
  ChangeModificationTime,
  ChangePriority,
  ChangeSplitRule,
  FinishTask,
  GetDatasetsAndFiles,
  GetDetailedInfo,
  GetJobDescriptions,
  GetJobIds,
  GetParentDetailedInfo,
  GetRetryHistory,
  GetTaskDetails,
  GetTaskParameters,
  GetTaskStatus,
  GetTasksDetailedInfoSince,
  GetTasksModifiedSince,
  IncreaseAttempts,
  KillTask,
  KillUnfinishedJobs,
  ListTasksInShare,
  PauseTask,
  ReactivateTask,
  ReassignShare,
  ReassignTask,
  ReleaseTask,
  ReloadInput,
  ResumeTask,
  RetryTask,
  SubmitTask,
  WhyTask,
];
