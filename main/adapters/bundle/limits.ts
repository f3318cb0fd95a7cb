/** What an adapter's bundle never exceeds; a larger one is not unpacked. */
export const bundleLimits = {
  manifestBytes: 2 ** 20,
  /** Of all files that are taken out of it. */
  adapterBytes: 4 * 2 ** 30,
  entries: 5000,
} as const;
