import { Absent, type Verification } from "@main/verify/verification";
import { toErrorData } from "@shared/errors";
import { z } from "zod";

const hostileSchema = z.record(z.string(), z.looseObject({ accept: z.boolean(), why: z.string().nullish() }));
const fuzzSchema = z.array(z.looseObject({ data: z.string(), accept: z.boolean(), why: z.string().nullish() }));

/** Verdicts about malformed files: read from memory and, where they are files, opened from disk as well. */
export async function verifyHostile(verification: Verification): Promise<void> {
  const files = verification.json(hostileSchema, "hostile", "hostile.json") ?? {};
  for (const [file, { accept, why }] of Object.entries(files)) {
    const name = `hostile ${file}`;
    await verification.check(name, async () => {
      const bytes = verification.file("hostile", file);
      if (!bytes) throw new Absent(`hostile/${file} is not in the folder`);
      const opened = await verification.addon.readTensors(verification.path("hostile", file)).then(
        () => null,
        (error: unknown) => error,
      );
      // A file that is sound may still hold a type that cannot be computed with.
      const refusedOnDisk = opened !== null && !/^quant\./.test(toErrorData(opened).code);
      verification.equal(name, [
        ...verdict(verification, bytes, accept, why),
        ...(refusedOnDisk === accept ? [`the file ${refusedOnDisk ? "is refused" : "opens"} on disk`] : []),
      ]);
    });
  }
  const mutated =
    verification.json(fuzzSchema, "hostile", "fuzz.json") ?? verification.json(fuzzSchema, "fuzz.json") ?? [];
  for (const [index, { data, accept, why }] of mutated.entries()) {
    const name = `fuzz ${index}`;
    await verification.check(name, () =>
      verification.equal(name, verdict(verification, Buffer.from(data, "base64"), accept, why)),
    );
  }
}

function verdict(
  { addon }: Verification,
  bytes: Uint8Array,
  accept: boolean,
  why: string | null | undefined,
): string[] {
  try {
    addon.parseHeader(new Uint8Array(bytes));
    return accept ? [] : [`is read, but must be refused: ${why ?? "no reason given"}`];
  } catch (error) {
    const { code, message } = toErrorData(error);
    return accept ? [`is refused, but must be read: [${code}] ${message}`] : [];
  }
}
