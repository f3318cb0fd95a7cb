import { appInfoQuery, settingsQuery } from "@renderer/features/settings/api/settings";
import { bridge } from "@renderer/lib/bridge";
import { canNotify } from "@renderer/lib/notifications";
import type { RunEnding } from "@shared/models/run";
import type { QueryClient } from "@tanstack/react-query";

/** In a browser the window shows the note at the end of a run; on the desktop the main process does. */
export function followEndings(queryClient: QueryClient): () => void {
  return bridge().runs.ended((ending) => {
    void (async () => {
      const [info, settings] = await Promise.all([
        queryClient.ensureQueryData(appInfoQuery()),
        queryClient.ensureQueryData(settingsQuery()),
      ]);
      if (info.shell === "served" && settings.notify && canNotify() === "granted") show(ending);
    })().catch(() => undefined);
  });
}

function show({ id, title, text }: RunEnding): void {
  // The same run never shows twice, however many windows are open.
  const note = new Notification(title, { body: text, tag: `hone-run-${id}` });
  note.onclick = () => {
    window.focus();
    window.location.hash = `/runs/${id}`;
    note.close();
  };
}
