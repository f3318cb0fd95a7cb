/** What the system says about its power and its heat. A null is no trouble: most machines have no battery, many tell no heat. */
export interface PowerReading {
  readonly battery: {
    /** Nothing feeds the machine but this. */
    readonly discharging: boolean;
    readonly percent: number;
  } | null;
  readonly heat: {
    /** At the limit, where the system itself begins to slow down or to switch off. */
    readonly hot: boolean;
    /** Well below it again. */
    readonly cool: boolean;
    /** Of the sensor nearest to its limit, where sensors are told. */
    readonly celsius: number | null;
  } | null;
}

export const nothingTold: PowerReading = { battery: null, heat: null };

/** Never rejects: what cannot be read is null. */
export type PowerReader = () => Promise<PowerReading>;
