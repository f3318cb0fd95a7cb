/**
 * A name that is plain on every system, for the files of an export: letters and digits of any script, dots, dashes and underscores.
 * An export's folder is "SLUG-hone".
 */
export function slugOf(name: string): string {
  const plain = [...name.normalize("NFC").replace(/[^\p{L}\p{N}._-]+/gu, "-")]
    .slice(0, 60)
    .join("")
    .replace(/^[-.]+|[-.]+$/g, "");
  const bare = plain.replace(/-?(adapter|hone)$/i, "");
  return bare === "" ? "adapter" : bare;
}
