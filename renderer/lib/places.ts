import {
  Boxes,
  FileText,
  House,
  type LucideIcon,
  MessagesSquare,
  PackageCheck,
  Settings,
  TrendingDown,
} from "lucide-react";

export interface Place {
  readonly href: string;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly keys: string;
  readonly alt: string;
  readonly words: string;
}

/** The pages in their order; the palette, the side bar and the shortcuts read this. */
export const places: readonly Place[] = [
  { href: "/", name: "Home", icon: House, keys: "g h", alt: "alt+1", words: "start next first run" },
  { href: "/models", name: "Models", icon: Boxes, keys: "g m", alt: "alt+2", words: "gguf base add" },
  {
    href: "/datasets",
    name: "Datasets",
    icon: FileText,
    keys: "g d",
    alt: "alt+3",
    words: "data examples import jsonl csv",
  },
  { href: "/runs", name: "Runs", icon: TrendingDown, keys: "g r", alt: "alt+4", words: "train tune loss queue" },
  {
    href: "/playground",
    name: "Playground",
    icon: MessagesSquare,
    keys: "g p",
    alt: "alt+5",
    words: "chat compare talk",
  },
  {
    href: "/export",
    name: "Export",
    icon: PackageCheck,
    keys: "g e",
    alt: "alt+6",
    words: "adapters phone gguf manifest score",
  },
  {
    href: "/settings",
    name: "Settings",
    icon: Settings,
    keys: "g s",
    alt: "alt+7",
    words: "theme device threads about",
  },
];
