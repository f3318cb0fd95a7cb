import { SettingsStore } from "@main/settings/settings";
import { Database } from "@main/storage/database";
import { migrate } from "@main/storage/migrations/migrate";
import { defaultSettings } from "@shared/models/settings";
import { describe, expect, it } from "vitest";
import { openStudio } from "../../support/studio";

describe("settings", () => {
  it("are the defaults until they are changed, and stay changed", async () => {
    const studio = await openStudio();
    expect(await studio.client.settings.get()).toEqual(defaultSettings);
    expect(await studio.client.settings.set({ theme: "dark", threads: 2 })).toEqual({
      ...defaultSettings,
      theme: "dark",
      threads: 2,
    });
    expect(studio.news.at(-1)).toEqual({
      path: "settings.changed",
      payload: { ...defaultSettings, theme: "dark", threads: 2 },
    });
    const again = await studio.reopen();
    expect(await again.client.settings.get()).toMatchObject({ theme: "dark", threads: 2 });
  });

  it("that do not fit are refused, and those on disk that do not fit are passed over one by one", async () => {
    const { client } = await openStudio();
    await expect(client.settings.set({ threads: -1 })).rejects.toMatchObject({ code: "ipc.input" });
    const database = Database.open(":memory:");
    migrate(database);
    const store = new SettingsStore(database);
    store.remember("theme", '"purple"');
    store.remember("threads", "3");
    store.remember("device", "{broken");
    expect(store.get()).toEqual({ ...defaultSettings, threads: 3 });
  });
});
