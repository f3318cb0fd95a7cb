/** A checkpoint that a run has kept: a place to go back to, to talk to, or to make an adapter of. */
export interface KeptCheckpoint {
  readonly step: number;
  readonly bytes: number;
  /** As it was told when the file was written; null when that news was lost. */
  readonly checksum: string | null;
  readonly writtenAt: string | null;
  readonly trainLoss: number | null;
  /** Of a validation at this very step. */
  readonly validationLoss: number | null;
  /** The nearest to the lowest validation loss of the run. */
  readonly best: boolean;
  /** The adapter that was made of it. */
  readonly adapterId: string | null;
}

/** A run that went on from a checkpoint, and what was checked then. */
export interface RunResume {
  readonly time: string;
  /** Steps done; 0 when no checkpoint was whole and the run began again. */
  readonly step: number;
  readonly from: "newest" | "previous" | "start";
  /** Computed anew from what was read, and equal to the one inside the file; null from the start. */
  readonly checksum: string | null;
  /** What the run had told when it wrote that checkpoint; null when that news was lost. */
  readonly written: string | null;
}

/** A run that was computed again from one of its checkpoints to its end. */
export interface ProofResult {
  readonly time: string;
  readonly fromStep: number;
  readonly toStep: number;
  /** Of the checkpoint it began from. */
  readonly checksum: string;
  /** SHA-256 of the run's adapter, and of the one that was computed again. */
  readonly expected: string;
  readonly found: string;
  readonly seconds: number;
}

/** Everything that shows whether a run is what an unbroken one would have been. */
export interface RunProof {
  readonly resumes: readonly RunResume[];
  /** Checkpoints that the run wrote. */
  readonly checkpoints: number;
  /** SHA-256 of the adapter as the run left it. */
  readonly digest: string | null;
  readonly results: readonly ProofResult[];
  /** The proof at work, or waiting for the run at work to end. */
  readonly working: {
    readonly waiting: boolean;
    readonly fromStep: number;
    readonly step: number;
    readonly toStep: number;
  } | null;
  /** Why it cannot be computed again; null when it can. */
  readonly whyNot: string | null;
  /** How the last try ended when it came to no result. */
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
}
