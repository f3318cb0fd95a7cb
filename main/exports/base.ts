import type { StoredAdapter } from "@main/adapters/store";
import type { ModelLibrary } from "@main/models/library";
import { HoneError } from "@shared/errors";
import type { ModelInfo } from "@shared/models/model";

/** The base of an adapter and its digest, once it is sure that the file is still the one. Throws "adapter.base". */
export async function baseOf(
  adapter: StoredAdapter,
  models: ModelLibrary,
): Promise<{ readonly info: ModelInfo; readonly digest: string }> {
  if (adapter.modelId === null)
    throw new HoneError(
      "adapter.base",
      `The base of "${adapter.name}" is not known.`,
      "Import the adapter again for its model.",
    );
  const { info } = await models.present(adapter.modelId);
  const digest = await models.digest(adapter.modelId);
  if (adapter.baseDigest === digest) return { info, digest };
  throw new HoneError(
    "adapter.base",
    `The model file "${info.path}" is not the one that "${adapter.name}" was made for.`,
    "Put the earlier file back; an adapter works with its own base only.",
  );
}
