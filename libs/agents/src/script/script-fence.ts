import type { Session } from '@panda/database';

/** The last statement of a transaction that works under a lease. */
export type Fence = (session: Session) => Promise<void>;

/** For work that needs no lease. */
export const NO_FENCE: Fence = () => Promise.resolve();
