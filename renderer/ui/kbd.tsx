import { keyNames } from "@renderer/lib/keyboard";

export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className="inline-flex gap-1">
      {keyNames(keys).map((key) => (
        <kbd
          key={key}
          className="rounded border border-line bg-sunken px-1.5 font-sans text-xs leading-5 text-ink-soft"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
