import { parse, tokenize } from "@huggingface/jinja";
import { markGeneration, splitMarked } from "@main/chat-template/generation-tags";
import { LimitedInterpreter, prepareProgram, templateScope } from "@main/chat-template/interpreter";
import { templateLimits } from "@main/chat-template/limits";
import { HoneError } from "@shared/errors";

/** A message as templates see it; datasets of later versions bring tools and names. */
export interface TemplateMessage {
  readonly role: string;
  readonly content: string;
}

/** Texts of special tokens; "" where a vocabulary has none. */
export interface TemplateVariables {
  readonly bos_token: string;
  readonly eos_token: string;
  readonly unk_token: string;
  readonly pad_token: string;
}

export interface RenderOptions {
  readonly addGenerationPrompt: boolean;
  /** Further variables, such as `enable_thinking` or `tools`. */
  readonly extras?: Readonly<Record<string, unknown>>;
}

/** [begin, end) in characters of a JavaScript string. */
export interface TextSpan {
  readonly begin: number;
  readonly end: number;
}

type Program = ReturnType<typeof parse>;

/** A compiled chat template. Compiling and rendering throw "template.*". */
export class ChatTemplate {
  readonly source: string;
  readonly variables: TemplateVariables;
  /** In words: where the template comes from. */
  readonly origin: string;
  /** Set when the template is not the file's own. */
  readonly warning: string | null;
  readonly #plain: Program;
  readonly #marked: Program | null;

  constructor(source: string, variables: TemplateVariables, origin = "given", warning: string | null = null) {
    this.source = source;
    this.variables = variables;
    this.origin = origin;
    this.warning = warning;
    this.#plain = compile(source);
    const marked = markGeneration(source);
    this.#marked = marked === null ? null : compile(marked);
  }

  /** The author has marked what the assistant writes. */
  get hasGenerationTags(): boolean {
    return this.#marked !== null;
  }

  render(messages: readonly TemplateMessage[], options: RenderOptions): string {
    return this.#run(this.#plain, messages, options);
  }

  /** The rendering of all messages with the ranges inside of generation tags; null without such tags. */
  renderMarked(
    messages: readonly TemplateMessage[],
    extras?: RenderOptions["extras"],
  ): { text: string; spans: readonly TextSpan[] } | null {
    if (!this.#marked) return null;
    return splitMarked(
      this.#run(this.#marked, messages, { addGenerationPrompt: false, ...(extras ? { extras } : {}) }),
    );
  }

  #run(program: Program, messages: readonly TemplateMessage[], { addGenerationPrompt, extras }: RenderOptions): string {
    const scope = templateScope({ ...this.variables, ...extras, messages, add_generation_prompt: addGenerationPrompt });
    try {
      return String(new LimitedInterpreter(scope).run(program).value);
    } catch (error) {
      throw templateError(error, "The chat template cannot render this conversation");
    }
  }
}

function compile(source: string): Program {
  if (source.length > templateLimits.sourceCharacters) {
    throw new HoneError(
      "template.limit",
      `The chat template has ${source.length} characters; at most ${templateLimits.sourceCharacters} are accepted.`,
    );
  }
  try {
    const program = parse(tokenize(withPlusSigns(source), { lstrip_blocks: true, trim_blocks: true }));
    prepareProgram(program);
    return program;
  } catch (error) {
    throw templateError(error, "The chat template cannot be read");
  }
}

/** `{%+` and `+%}` keep the white space around a tag. The library knows only the minus; a printed nothing keeps it as well. */
function withPlusSigns(source: string): string {
  return source.replace(/\{%\+/g, '{{ "" }}{%').replace(/\+%\}/g, '%}{{ "" }}');
}

function templateError(error: unknown, what: string): HoneError {
  if (error instanceof HoneError && error.code !== "template.refused") return error;
  const said =
    error instanceof RangeError ? "it is nested too deeply" : error instanceof Error ? error.message : String(error);
  return new HoneError("template.error", `${what}: ${said.slice(0, 1_000)}`, "", undefined, error);
}
