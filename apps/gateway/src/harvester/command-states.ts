/** Life of a row of HARVESTER_COMMANDS. Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py@34d4b8f (getCommands, ackCommands). */
export const harvesterCommandStates = { fresh: 'new', retrieved: 'retrieved', acknowledged: 'acknowledged' } as const;
