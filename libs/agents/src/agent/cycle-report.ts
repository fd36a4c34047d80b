/** What one cycle did. */
export interface CycleReport {
  /** Rows taken under a claim. */
  readonly claimed: number;
  /** Of these, moved on. */
  readonly done: number;
  /** Of these, left for later for a stated reason. */
  readonly waiting?: number;
  /** Of these, ended in error. */
  readonly failed?: number;
  /** There is, or may be, more to do at once: the claim was full. */
  readonly more: boolean;
}

/** Nothing was there. */
export const IDLE: CycleReport = { claimed: 0, done: 0, more: false };
