import { z } from "zod";

// Zod compiles object schemas with `new Function`, which the window's content security policy forbids. Imported before any schema.
z.config({ jitless: true });
