import { filterShelf } from "@renderer/features/export/hooks/filter-shelf";
import { describe, expect, it } from "vitest";
import { adapters, models } from "../../support/mock-data";

const found = (search: string) => filterShelf(adapters, models, search).map(({ id }) => id);

describe("the search of the shelf", () => {
  it("shows all without words, and those that hold every word", () => {
    expect(found("  ")).toEqual(adapters.map(({ id }) => id));
    expect(found("tool")).toEqual(["adapter-1"]);
    expect(found("VOICE friend")).toEqual(["adapter-2"]);
    expect(found("voice tool")).toEqual([]);
  });

  it("looks into base, digests, maker and parents", () => {
    expect(found(adapters[0]?.digest.slice(0, 10) ?? "")).toEqual(["adapter-1"]);
    expect(found("0.1.0 polite voice")).toEqual(["adapter-2"]);
    expect(found("imported")).toEqual(["adapter-2"]);
    expect(found(models.find(({ id }) => id === adapters[0]?.modelId)?.info.name ?? "nothing")).toContain("adapter-1");
  });
});
