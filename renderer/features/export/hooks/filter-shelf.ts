import type { AdapterRecord } from "@shared/models/adapter";
import type { ModelRecord } from "@shared/models/model";

/** Adapters that hold every word of the search in their name, base, digests, licence, maker or parents. */
export function filterShelf(
  adapters: readonly AdapterRecord[],
  models: readonly ModelRecord[],
  search: string,
): readonly AdapterRecord[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return adapters;
  return adapters.filter((adapter) => {
    const base = models.find(({ id }) => id === adapter.modelId)?.info;
    const { passport } = adapter;
    const text = [
      adapter.name,
      adapter.architecture,
      adapter.origin,
      adapter.digest,
      adapter.baseDigest,
      adapter.datasetDigest,
      adapter.recipeDigest,
      base?.name,
      base?.license,
      passport?.licence,
      passport?.madeBy,
      ...(passport?.parents.flatMap(({ name, sha256 }) => [name, sha256]) ?? []),
    ]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
