/** A name that is a plain file name on every system: letters and digits of any script, dots, dashes and underscores. */
export function fileName(name: string): string {
  const plain = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 80);
  return plain.replace(/-?adapter$/i, "") || "adapter";
}

/** The same for the folder of an exported adapter. */
export function folderName(name: string): string {
  const bare = fileName(name);
  return bare === "adapter" ? bare : `${bare}-adapter`;
}
