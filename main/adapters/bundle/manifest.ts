import { bundleLimits } from "@main/adapters/bundle/limits";
import { parseStrictJson } from "@main/adapters/formats/strict-json";
import { HoneError } from "@shared/errors";
import { type Bundle, type BundleFile, bundleSchema } from "@shared/models/bundle";

/** The text of a `hone.json` from elsewhere. Throws "bundle.manifest", "bundle.format" or "json.malformed". */
export function parseManifest(text: string): Bundle {
  const value = parseStrictJson(text, "hone.json");
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format > 1)
    throw new HoneError(
      "bundle.format",
      `The bundle has format ${format}; this Hone knows format 1.`,
      "Open it with a newer Hone.",
    );
  const parsed = bundleSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new HoneError(
    "bundle.manifest",
    `hone.json is not the manifest of a bundle: ${issue?.path.join(".") || "it"}: ${issue?.message ?? "does not fit"}`,
    "The bundle is damaged, or made by another program; ask for it again.",
  );
}

/** The files that make up the adapter in a bundle: the GGUF file where there is one, else those of PEFT. */
export function adapterFiles(bundle: Bundle): readonly BundleFile[] {
  const gguf = bundle.files.filter(({ role }) => role === "adapter");
  const files = gguf.length > 0 ? gguf.slice(0, 1) : bundle.files.filter(({ role }) => role === "peft");
  if (files.length === 0) {
    const merged = bundle.files.find(({ role }) => role === "merged");
    throw new HoneError(
      "bundle.no-adapter",
      merged
        ? `"${bundle.name}" holds a merged model (${merged.path}) and no adapter.`
        : `"${bundle.name}" holds no adapter.`,
      merged ? "Unpack it and add the model under Models." : "Ask for the adapter itself.",
    );
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > bundleLimits.adapterBytes)
    throw new HoneError(
      "bundle.size",
      `The adapter in "${bundle.name}" claims ${bytes} bytes; the limit is ${bundleLimits.adapterBytes}.`,
      "No adapter is that large; ask for the bundle again.",
    );
  return files;
}
