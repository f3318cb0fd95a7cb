import type { ModelInfo } from "@shared/models/model";
import type { PhoneBrowserOffer, PhoneSystem } from "@shared/models/phone";
import { browserLimits } from "@shared/models/phone-memory";

/** Whether the base, which is loaded whole, fits into a tab of a phone's browser. */
export function browserOffer(info: ModelInfo): PhoneBrowserOffer {
  const whyNot = (system: PhoneSystem) => {
    if (/-\d{5}-of-\d{5}\.gguf$/.test(info.path)) return "The base consists of several files.";
    if (info.activation.kind === "relu2")
      return "Engines for browsers compute this base with another activation, so every answer would be wrong.";
    if (info.fileBytes <= browserLimits[system]) return "";
    const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
    return `The base has ${gigabytes(info.fileBytes)}; a tab of this phone's browser bears about ${gigabytes(browserLimits[system])}.`;
  };
  return { bytes: info.fileBytes, whyNot: { android: whyNot("android"), iphone: whyNot("iphone") } };
}
