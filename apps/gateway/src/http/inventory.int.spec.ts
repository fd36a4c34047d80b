import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { classic } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

/**
 * Methods of the server of 2021 by the module that served them. Groups of which a method is refused carry no feature id: to be known is not
 * to be served.
 * Source: panda-server:pandaserver/server/panda.py@34d4b8f.
 */
const INVENTORY: Readonly<Record<string, string>> = {
  utility:
    'isAlive putFile deleteFile getServer updateLog fetchLog touchFile getVomsAttr putEventPickingRequest getAttr uploadLog put_checkpoint delete_checkpoint put_file_recovery_request put_workflow_request',
  'dataset callback': 'datasetCompleted updateFileStatusInDisp',
  dispatcher:
    'getJob updateJob getStatus genPilotToken getEventRanges updateEventRange updateEventRanges getKeyPair getDNsForS3 getProxy getCommands ackCommands checkJobStatus checkEventsAvailability updateJobsInBulk getResourceTypes updateWorkerPilotStatus',
  task: 'insertTaskParams killTask finishTask retryTask reactivateTask pauseTask resumeTask avalancheTask reassignTask getTaskStatus getTaskParamsMap getPandaIDsWithTaskID getJediTaskDetails getJediTasksInTimeRange getRetryHistory reloadInput changeTaskPriority changeTaskAttributePanda changeTaskSplitRulePanda changeTaskModTimePanda increaseAttemptNrPanda killUnfinishedJobs reassignShare listTasksInShare getGShareStatus enableJumboJobs getJumboJobDatasets',
  'ENDPOINTS-08 Harvester':
    'updateWorkers harvesterIsAlive reportWorkerStats reportWorkerStats_jobtype addHarvesterDialogs updateServiceMetrics setNumSlotsForWP sweepPQ',
  'ENDPOINTS-09 cache': 'checkSandboxFile getCachePrefixes getCmtConfigList getPandaClientVer',
  'workflow and secret': 'relay_idds_command execute_idds_workflow_command set_user_secret get_user_secrets',
  proxy: 'registerProxyKey getProxyKey getProxy',
};

/** The feature id a group begins with, for the titles of its tests. */
function idOf(group: string): string {
  return group.startsWith('ENDPOINTS-') ? `${group.split(' ')[0]} ` : '';
}

let gateway: TestGateway;
let production: { token: string; origin: string };

beforeAll(async () => {
  gateway = await startGateway();
  production = { token: await gateway.issuer.token({ groups: ['wlcg', 'wlcg/production'] }), origin: 'wlcg:production' };
}, 60_000);
afterAll(() => gateway.close());

describe.each(Object.entries(INVENTORY))('%s methods', (group, methods) => {
  it.each(methods.split(' '))(
    `${idOf(group)}%s is answered with 200 by everybody’s client, with arguments and without`,
    async (method) => {
      const forms: Record<string, string>[] = [{}, { jediTaskID: '1', panda_queue: 'Q', harvesterID: 'h', ids: '1' }];
      for (const form of forms) {
        const answer = await classic(gateway, method, form, production);
        expect([method, answer.status, answer.text.length > 0 || method === 'fetchLog']).toEqual([method, 200, true]);
        expect(answer.text).not.toContain('forbidden');
      }
    },
  );
});
