import type { PhoneSystem } from "@shared/models/phone";

/** iPads call themselves Macs, but Macs have no touch screen. */
export function systemOf({ userAgent, maxTouchPoints }: Pick<Navigator, "userAgent" | "maxTouchPoints">): PhoneSystem {
  if (/iPhone|iPad|iPod/.test(userAgent)) return "iphone";
  return /Macintosh/.test(userAgent) && maxTouchPoints > 1 ? "iphone" : "android";
}

export const systemNames: Readonly<Record<PhoneSystem, string>> = { android: "Android", iphone: "iPhone" };
