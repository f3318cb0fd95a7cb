import { Disclosure } from "@renderer/ui/disclosure";
import { Notice } from "@renderer/ui/notice";

export function TemplatePanel({ template }: { readonly template: string | null }) {
  if (!template) {
    return (
      <Notice title="No chat template in this file">
        Hone writes conversations in a plain form of its own; the preview of a dataset shows exactly how.
      </Notice>
    );
  }
  return (
    <Disclosure summary="Chat template" note="how a conversation is written for this model">
      <pre className="max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs leading-relaxed whitespace-pre-wrap">
        {template}
      </pre>
    </Disclosure>
  );
}
