import type { ModelLibrary } from "@main/models/library";
import { HoneError } from "@shared/errors";
import type { Bundle } from "@shared/models/bundle";
import type { ModelRecord } from "@shared/models/model";

/** The model on the shelf that is the base of a bundle, by its digest. Throws "bundle.base" with the one that is needed. */
export async function baseOnShelf(models: ModelLibrary, { base, name }: Bundle): Promise<ModelRecord> {
  const shelf = (await models.list()).filter(({ missing }) => !missing);
  for (const model of shelf) if ((await models.digest(model.id)) === base.sha256) return model;
  const alike = shelf.find(({ info }) => info.architecture === base.arch && info.name === base.name);
  const needed = `"${base.name}" (${base.arch}, ${base.file_type}, ${base.bytes} bytes, SHA-256 ${base.sha256.slice(0, 8)}…)`;
  throw new HoneError(
    "bundle.base",
    alike
      ? `"${name}" was made for ${needed}. The model "${alike.info.name}" on your shelf is called the same but is another file: it has ${alike.info.fileBytes} bytes and the SHA-256 ${alike.digest?.slice(0, 8) ?? ""}….`
      : `"${name}" was made for ${needed}, which is not among your models.`,
    "Add exactly that file under Models and import again; with another base its answers would be wrong.",
    { base },
  );
}
