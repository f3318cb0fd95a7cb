/** A name that is a plain folder name on every system: letters and digits of any script, dots, dashes and underscores. */
export function folderName(name: string): string {
  const plain = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 80);
  const bare = plain.replace(/-?adapter$/i, "");
  return bare === "" ? "adapter" : `${bare}-adapter`;
}
