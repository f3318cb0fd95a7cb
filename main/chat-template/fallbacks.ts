/** Templates for files without one, told by the special tokens of the vocabulary. In the order they are tried. */
export const fallbackTemplates = [
  {
    name: "ChatML",
    token: "<|im_start|>",
    source:
      "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' }}" +
      "{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}{{ '\\n' }}" +
      "{% else %}{{ message['content'] + '<|im_end|>\\n' }}{% endif %}{% endfor %}" +
      "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
  },
  {
    name: "Llama 3",
    token: "<|start_header_id|>",
    source:
      "{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}" +
      "{% if message['role'] == 'assistant' %}{% generation %}{{ (message['content'] | trim) + '<|eot_id|>' }}{% endgeneration %}" +
      "{% else %}{{ (message['content'] | trim) + '<|eot_id|>' }}{% endif %}{% endfor %}" +
      "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}",
  },
  {
    name: "Gemma",
    token: "<start_of_turn>",
    source:
      "{{ bos_token }}{% set ns = namespace(pre='') %}{% for message in messages %}" +
      "{% if message['role'] == 'system' %}{% set ns.pre = message['content'] + '\\n\\n' %}" +
      "{% elif message['role'] == 'assistant' %}{{ '<start_of_turn>model\\n' }}{% generation %}{{ (message['content'] | trim) + '<end_of_turn>' }}{% endgeneration %}{{ '\\n' }}" +
      "{% else %}{{ '<start_of_turn>user\\n' + ns.pre + (message['content'] | trim) + '<end_of_turn>\\n' }}{% set ns.pre = '' %}{% endif %}{% endfor %}" +
      "{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}",
  },
] as const;

/** For vocabularies without any chat token: the texts one after the other, each answer closed by the end token. */
export const plainTemplate =
  "{% for message in messages %}{% if message['role'] == 'assistant' %}" +
  "{% generation %}{{ message['content'] + eos_token }}{% endgeneration %}{{ '\\n' }}" +
  "{% else %}{{ message['content'] + '\\n' }}{% endif %}{% endfor %}";
