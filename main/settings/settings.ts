import type { Database } from "@main/storage/database";
import { defaultSettings, type Settings, settingsSchema } from "@shared/models/settings";
import { z } from "zod";

const row = z.object({ key: z.string(), value: z.string() });

/** The person's choices. A value that no longer fits falls back to its default alone. */
export class SettingsStore {
  constructor(private readonly database: Database) {}

  get(): Settings {
    const stored = new Map(
      this.database.all(row, "SELECT key, value FROM settings").map(({ key, value }) => [key, value]),
    );
    const settings: Record<string, unknown> = { ...defaultSettings };
    for (const [key, schema] of Object.entries(settingsSchema.shape)) {
      const text = stored.get(key);
      const parsed = text === undefined ? undefined : schema.safeParse(parseOrUndefined(text));
      if (parsed?.success) settings[key] = parsed.data;
    }
    return settingsSchema.parse(settings);
  }

  set(changes: Partial<Settings>): Settings {
    this.database.transaction(() => {
      for (const [key, value] of Object.entries(changes)) {
        if (value !== undefined) this.remember(key, JSON.stringify(value));
      }
    });
    return this.get();
  }

  /** Facts that the app keeps for itself, such as which starter files it has put on the shelf. */
  recall(key: string): string | undefined {
    return this.database.get(row, "SELECT key, value FROM settings WHERE key = @key", { key })?.value;
  }

  remember(key: string, value: string): void {
    this.database.run("INSERT OR REPLACE INTO settings (key, value) VALUES (@key, @value)", { key, value });
  }
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
