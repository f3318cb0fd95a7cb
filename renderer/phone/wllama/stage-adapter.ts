interface StagedFile {
  readonly name: string;
  readonly blob: Blob;
}

interface Proxy {
  moduleInit(files: StagedFile[]): Promise<unknown>;
}

export const stagedName = "lora-00001.gguf";

/**
 * Puts an adapter's file among those that the engine sees. The released library takes adapters by path but has no way to put a
 * file there; it assigns the worker it talks to to the property `proxy`, and hands that worker the files: here the adapter is
 * added to them. A version that takes `{ blob }` by itself already has it among the files, and then nothing is added.
 */
export function stageAdapter(engine: object, adapter: Blob): void {
  let proxy: Proxy | null = null;
  Object.defineProperty(engine, "proxy", {
    configurable: true,
    enumerable: true,
    get: () => proxy,
    set: (assigned: Proxy | null) => {
      proxy = assigned;
      if (!assigned) return;
      const init = assigned.moduleInit.bind(assigned);
      assigned.moduleInit = (files) =>
        init(files.some(({ blob }) => blob === adapter) ? files : [...files, { name: stagedName, blob: adapter }]);
    },
  });
}
