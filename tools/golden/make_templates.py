"""Makes Tests/Golden/text/templates.json.gz: what Jinja and the libraries make of conversations.

    python tools/golden/make_templates.py [SMOLLM2.gguf]

Run make_tokenizers.py first. Needs jinja2 and tokenizers, and with a GGUF file gguf as well. The templates
are those of the models, shortened to the branches that conversations without tools take.
"""

import gzip
import hashlib
import importlib.metadata
import json
import sys

from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer

import make_tokenizers

TEMPLATES = {
    "smollm2": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "chatml": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "chatml-bos-trim": r"""{{ bos_token }}{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] | trim + '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}""",
    "chatml-system-variable": r"""{%- if messages[0]['role'] == 'system' -%}{%- set system_message = messages[0]['content'] -%}{%- set loop_messages = messages[1:] -%}{%- else -%}{%- set system_message = 'You\'re an assistant. "Ask" me.' -%}{%- set loop_messages = messages -%}{%- endif -%}{{ '<|im_start|>system\n' + system_message + '<|im_end|>\n' }}{%- for message in loop_messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}{%- endfor %}{%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{%- endif %}""",
    "qwen2": r"""{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system
You are a helpful assistant.<|im_end|>
' }}{% endif %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}""",
    "qwen2.5": r"""{%- if tools %}
    {{- '<|im_start|>system\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- else %}
        {{- 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.' }}
    {%- endif %}
    {{- "\n\n# Tools\n\n" }}
    {{- "<tools></tools><|im_end|>\n" }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}
    {%- else %}
        {{- '<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
{%- endif %}
""",
    "llama2": r"""{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\n' + system_message + '\n<</SYS>>\n\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}""",
    "llama3": r"""{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>

'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>

' }}{% endif %}""",
    "llama3.1": r"""{{- bos_token }}
{%- if not date_string is defined %}
    {%- set date_string = "25 Jul 2024" %}
{%- endif %}

{#- This block extracts the system message, so we can slot it into the right place. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}

{#- System message + builtin tools #}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{{- "Cutting Knowledge Date: December 2023\n" }}
{{- "Today Date: " + date_string + "\n\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}
""",
}
# Which tokenizer of make_tokenizers.py stands in for the model's, with its first and last token.
TOKENIZERS = {
    "smollm2": ("smollm", "<|im_start|>", "<|im_end|>"),
    "qwen2.5": ("qwen2", "<|im_start|>", "<|im_end|>"),
    "llama2": ("llama2-legacy", "<s>", "</s>"),
    "llama3.1": ("llama3", "<|begin_of_text|>", "<|eot_id|>"),
}


def turns(*contents, system=None):
    roles = ["user", "assistant"]
    messages = [{"role": roles[i % 2], "content": content} for i, content in enumerate(contents)]
    return ([{"role": "system", "content": system}] if system is not None else []) + messages


CONVERSATIONS = [
    turns("What is the capital of France?", "Paris."),
    turns("Turn the lamp on at 7:30", '{"intent": "lights", "at": "07:30"}', system="You answer in JSON."),
    turns("Hi", "Hello!", "How are you?", "Fine, thanks. It's 21 °C.", "今天天气？", "很好👍🏽"),
    turns("A question without an answer"),
    turns("  spaces around  \n", "answer with spaces at the end  \n\n", system="  System \n"),
    turns("line one\nline two\n\nline three", "One\nTwo\n\nThree", system=""),
]


def environment():
    def raise_exception(message):
        raise ValueError(message)

    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    made.globals["raise_exception"] = raise_exception
    return made


def render(template, messages, prompt, bos="<s>", eos="</s>"):
    return environment().from_string(template).render(
        messages=messages, add_generation_prompt=prompt, bos_token=bos, eos_token=eos
    )


def encoded(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).ids


def write_manifest():
    """Versions and hashes of everything under Tests/Golden/text."""
    folder = make_tokenizers.OUT.parent
    packages = ["tokenizers", "sentencepiece", "jinja2"]
    data = {
        "generators": ["tools/golden/make_tokenizers.py", "tools/golden/make_templates.py"],
        "versions": {name: importlib.metadata.version(name) for name in packages},
        "sha256": {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*.gz"))
        },
    }
    (folder / "MANIFEST.json").write_text(json.dumps(data, indent=2) + "\n")


def main():
    templates = {}
    for name, jinja in TEMPLATES.items():
        templates[name] = {
            "jinja": jinja,
            "texts": [[render(jinja, messages, prompt) for prompt in (False, True)] for messages in CONVERSATIONS],
        }
    for name, (file, bos, eos) in TOKENIZERS.items():
        with gzip.open(make_tokenizers.OUT / f"{file}.tokenizer.json.gz") as packed:
            tokenizer = Tokenizer.from_str(packed.read().decode())
        templates[name] |= {
            "tokenizer": file,
            "bos": bos,
            "eos": eos,
            "ids": [encoded(tokenizer, render(TEMPLATES[name], m, False, bos, eos)) for m in CONVERSATIONS],
        }
    data = {"conversations": CONVERSATIONS, "templates": templates}
    if len(sys.argv) > 1:
        import gguf

        jinja = gguf.GGUFReader(sys.argv[1]).fields["tokenizer.chat_template"].contents()
        tokenizer = make_tokenizers.smollm2(sys.argv[1])
        data["smollm2File"] = {"ids": [encoded(tokenizer, render(jinja, m, False)) for m in CONVERSATIONS]}
    make_tokenizers.write("../templates", data)
    write_manifest()


main()
