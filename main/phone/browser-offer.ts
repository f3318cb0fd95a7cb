import type { ModelInfo } from "@shared/models/model";
import type { PhoneBrowserOffer, PhoneSystem } from "@shared/models/phone";

/** Weights that a browser tab bears. The systems state no limit and end a tab without a word; these are known to be safe. */
const limits = { iphone: 0.4e9, android: 1.0e9 } as const;

/** Whether the base, which is loaded whole, fits into a tab of a phone's browser. */
export function browserOffer(info: ModelInfo): PhoneBrowserOffer {
  const whyNot = (system: PhoneSystem) => {
    if (/-\d{5}-of-\d{5}\.gguf$/.test(info.path)) return "The base consists of several files.";
    if (info.activation.kind === "relu2")
      return "Engines for browsers compute this base with another activation, so every answer would be wrong.";
    if (info.fileBytes <= limits[system]) return "";
    const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
    return `The base has ${gigabytes(info.fileBytes)}; a tab of this phone's browser bears about ${gigabytes(limits[system])}.`;
  };
  return { bytes: info.fileBytes, whyNot: { android: whyNot("android"), iphone: whyNot("iphone") } };
}
