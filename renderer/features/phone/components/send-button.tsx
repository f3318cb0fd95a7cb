import { Button } from "@renderer/ui/button";
import type { AdapterRecord } from "@shared/models/adapter";
import { Smartphone } from "lucide-react";
import { useState } from "react";
import { SendSheet } from "./send-sheet";

export function SendButton({ adapter }: { readonly adapter: AdapterRecord }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<Smartphone size={16} aria-hidden />} disabled={adapter.missing} onClick={() => setOpen(true)}>
        Send to phone
      </Button>
      {open && <SendSheet adapter={adapter} onClose={() => setOpen(false)} />}
    </>
  );
}
