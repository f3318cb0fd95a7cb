import { useSettings } from "@renderer/features/settings/api/settings";
import { useEffect } from "react";

const themeKey = "hone.theme";

/** Puts theme and motion on the document. The last theme is remembered, so that a reload does not flash. */
export function useAppearance(): void {
  const { data } = useSettings();
  const theme = data?.theme ?? localStorage.getItem(themeKey) ?? "system";
  const reduced = data?.reducedMotion ?? false;
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === "system") delete dataset.theme;
    else dataset.theme = theme;
    localStorage.setItem(themeKey, theme);
    if (reduced) dataset.motion = "reduced";
    else delete dataset.motion;
  }, [theme, reduced]);
}
