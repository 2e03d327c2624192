"""Chat templates are rendered as transformers renders them: in the manner of several families, and construct by construct."""

import json
import os
import subprocess
import sys

import tokenizers
import transformers

CONVERSATIONS = [
    [{"role": "user", "content": "Hello"}],
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "  2 + 2?\n"}],
    [
        {"role": "system", "content": "Ünïcode 中文 <tags> & \"quotes\" 'single'"},
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "<think>\nhm\n</think>\n\ntwo"},
        {"role": "user", "content": [{"type": "text", "text": "parts"}, {"type": "image"}]},
    ],
    [
        {"role": "user", "content": "weather?"},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {"type": "function", "function": {"name": "weather", "arguments": {"city": "Paris", "days": 3, "warm": True, "x": None, "y": 1.5}}}
            ],
        },
        {"role": "tool", "name": "weather", "content": "{\"t\": 20}"},
        {"role": "assistant", "content": "20 degrees"},
        {"role": "user", "content": "thanks"},
    ],
    [{"role": "assistant", "content": "begins wrongly"}],
]

TOOLS = [
    {
        "type": "function",
        "function": {"name": "weather", "description": "Of a city; \"now\" é", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": []}},
    }
]

FAMILIES = {
    "ChatML": """{%- for message in messages %}
    {%- if loop.first and message.role != 'system' %}
        {{- '<|im_start|>system\\nYou help.<|im_end|>\\n' }}
    {%- endif %}
    {{- '<|im_start|>' + message['role'] + '\\n' + (message['content'] or '') | string + '<|im_end|>' + '\\n' }}
{%- endfor %}
{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}
""",
    "tools as JSON": """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}
    {{- "# Tools\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}{{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools>" }}
{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content if message.content is string else '' %}
    {%- if message.role == "assistant" %}
        {%- set reasoning = '' %}
        {%- if message.reasoning_content is string %}{%- set reasoning = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set reasoning = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {{- message.role + ':' + reasoning.strip('\\n') + '|' + content }}
        {%- if message.tool_calls %}
            {%- for call in message.tool_calls %}
                {%- if call.function %}{%- set call = call.function %}{%- endif %}
                {{- '<call>{"name": "' ~ call.name ~ '", "arguments": ' }}
                {%- if call.arguments is string %}{{- call.arguments }}{%- else %}{{- call.arguments | tojson }}{%- endif %}
                {{- '}' }}
            {%- endfor %}
        {%- endif %}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}{{- '<tools>' }}{%- endif %}
        {{- content }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}{{- '</tools>' }}{%- endif %}
    {%- else %}
        {{- message.role ~ ': ' ~ content ~ ns.last_query_index }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt and enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}
""",
    "header tokens": """{{- bos_token }}
{%- if not date_string is defined %}{%- set date_string = "26 Jul 2024" %}{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{{- "Today: " + date_string + "\\n" + system_message }}
{%- if tools is not none and tools is defined %}
    {%- for t in tools %}{{- t | tojson(indent=4) }}{{- "\\n\\n" }}{%- endfor %}
{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}{{- raise_exception("one call at once") }}{%- endif %}
        {%- set call = message.tool_calls[0].function %}
        {%- for name, value in call.arguments | items %}{{- name + '="' + value | string + '"' }}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}
    {%- endif %}
{%- endfor %}
""",
    "full-width bars": """{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, system_prompt='', is_first_sp=true) %}{%- for message in messages %}{%- if message['role'] == 'system' %}{%- if ns.is_first_sp %}{% set ns.system_prompt = ns.system_prompt + message['content'] %}{% set ns.is_first_sp = false %}{%- else %}{% set ns.system_prompt = ns.system_prompt + '\\n\\n' + message['content'] %}{%- endif %}{%- endif %}{%- endfor %}{{ bos_token }}{{ ns.system_prompt }}{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}{{ '<｜User｜>' + message['content'] | string }}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{ '<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>' }}{%- endif %}{%- endfor -%}{% if add_generation_prompt and not ns.is_tool %}{{ '<｜Assistant｜>' }}{% endif %}""",
    "alternation": """{%- macro part(content, prefix='>') -%}
{%- if content is string -%}{{ prefix }}{{ content | trim }}{%- elif content is iterable -%}{%- for item in content -%}{{ prefix ~ item.type }}{%- if item.type == 'text' -%}{{ item['text'] }}{%- endif -%}{%- endfor -%}{%- endif -%}
{%- endmacro -%}
{%- for message in messages -%}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}{{ raise_exception("Conversation roles must alternate") }}{%- endif -%}
{{ message.role | upper }}{{ part(message.content) }}{{ part(message.content, prefix='#') }}
{% generation %}{{ eos_token }}{% endgeneration %}
{%- endfor -%}
""",
}

SNIPPETS = r"""
{{ 1 + 2 * 3 - 4 // 3 % 5 }} {{ 7 / 2 }} {{ 2 ** 3 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 1.0 }} {{ 1e20 }} {{ 0.1 + 0.2 }}
{{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 3 }} {{ [1, 2] + [3] }}
{{ [1, 'a', none, true, 1.5, {'k': 'v'}] }} {{ "it's" }} {{ ["it's", 'a"b', "a\nb"] }}
{{ 1 < 2 < 3 }} {{ 1 == 1.0 }} {{ 'a' in 'abc' }} {{ 2 not in [1, 3] }} {{ 'x' in {'x': 1} }}
{{ x }}|{{ x is defined }}|{{ x | default('d') }}|{{ '' | default('e', true) }}|{{ none | d('f') }}
{{ x.y }}
{{ x + 1 }}
{{ 'a' + 1 }}
{{ 'abc'[1] }} {{ 'abc'[-1] }} {{ 'abcdef'[1:4] }} {{ 'abcdef'[::-1] }} {{ [1, 2, 3][1:] }} {{ [1, 2, 3][:-1] }} {{ 'abcdef'[::2] }} {{ [1,2,3][5] }}
{{ 'a,b,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ 'xaxx'.strip('x') }} {{ 'äöü'.upper() }}
{{ 'hello world'.title() }} {{ 'HELLO wORLD'.capitalize() }} {{ 'aXbX'.replace('X', '-') }} {{ 'aXbX'.replace('X', '-', 1) }} {{ 'abc'.find('c') }} {{ 'abcabc'.count('b') }}
{{ '-'.join(['a', 'b']) }} {{ ['a', 'b'] | join(', ') }} {{ [{'n': 1}, {'n': 2}] | join('+', attribute='n') }} {{ [1, 2] | join }}
{{ {'b': 1, 'a': 2} | tojson }} {{ {'b': [1, {'c': none}], 'a': {}} | tojson(indent=2) }} {{ 'é"<&' | tojson }} {{ [] | tojson }} {{ 1.0 | tojson }} {{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }}
{{ {'a': 1}.items() | list | length }} {{ {'a': 1, 'b': 2}.keys() | list }} {{ {'a': 1}.get('z', 'no') }} {{ {'a': 1}.get('z') }} {{ {'a': {'b': 3}}.a.b }} {{ {'items': 5}['items'] }}
{{ [3, 1, 2] | sort }} {{ ['b', 'A', 'c'] | sort }} {{ [3, 1, 2] | sort(reverse=true) }} {{ [1, 2, 3] | sum }} {{ [1, 2, 3] | max }} {{ [1, 1, 2] | unique | list }} {{ [1, 2] | reverse | list }} {{ 'abc' | reverse }}
{{ [1, 2, 3, 4] | select('even') | list }} {{ [1, 2, 3] | reject('equalto', 2) | list }} {{ [{'a': 1}, {'a': 2}] | selectattr('a', 'equalto', 2) | list }} {{ [{'a': 1}, {}] | selectattr('a') | list }} {{ [{'a': 1}, {'a': 0}] | rejectattr('a') | list }}
{{ [{'a': 1}, {'a': 2}] | map(attribute='a') | list }} {{ ['a', 'b'] | map('upper') | join }} {{ [[1, 2], [3]] | map('length') | list }}
{{ '12' | int + 1 }} {{ 'x' | int }} {{ '1.5' | float }} {{ 3.7 | int }} {{ 2.5 | round }} {{ 3.14159 | round(2) }} {{ -3 | abs }} {{ 'abc' | length }} {{ '中文' | length }} {{ {'a': 1} | length }}
{{ ' x ' | trim }}| {{ 'a\nb' | indent(2) }} {{ 'a\nb' | indent(2, true) }} {{ 'a b' | title }} {{ 'x' | string }} {{ [1, 2] | first }} {{ [1, 2] | last }} {{ [] | first }}
{{ 3 is odd }} {{ 4 is divisibleby 2 }} {{ none is none }} {{ 'a' is string }} {{ 1 is number }} {{ true is boolean }} {{ {} is mapping }} {{ [] is sequence }} {{ 'a' is iterable }} {{ 1 is not string }} {{ 1.5 is float }} {{ 1 is integer }} {{ true is integer }} {{ 'A' is upper }} {{ 1 is eq 1 }} {{ 2 is in [1, 2] }} {{ range is callable }}
{{ 'yes' if true else 'no' }} {{ 'yes' if false }}| {{ 1 if 0 else 2 if 0 else 3 }} {{ not 1 == 2 }} {{ 1 and 0 or 5 }}
{% for i in range(3) %}{{ loop.index }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }},{% endfor %}
{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}{% for i in [] %}x{% else %}none{% endfor %}{% for i in range(10) if i % 3 == 0 %}{{ i }}{{ loop.index }} {% endfor %}
{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c %}block {{ a }}{% endset %}{{ c }}{% set l = [] %}{% for i in range(2) %}{% set a = 9 %}{% endfor %}{{ a }}
{% set n = namespace(x=1) %}{% for i in range(3) %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}
{% set d = {'x': 1} %}{% set d.x = 2 %}{{ d.x }}
{% macro m(a, b='z') %}[{{ a }}{{ b }}{{ q }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}{{ m() }}
{% set q = 5 %}{% macro m() %}{{ q }}{% endmacro %}{{ m() }}{% for q in [7] %}{{ m() }}{% endfor %}
{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}
{# a comment #}x{#- another -#} y {%- raw %} {{ not }} {% endraw -%} z
  {% if true %}
  indented
  {% endif %}
tail {{- ' trimmed ' -}}  end
{{ {'a': {'b': [1, {'c': 2}]}}['a'].b[1].c }} {{ {'a': {}} }} {{ ((1)) }} {{ (1, 2)[0] }} {{ 'a' 'b' }} {{ "tab\tnewline\\" }} {{ '\u00e9\x41' }}
{{ undefined_function() }}
{{ [1, 2, 3].append(4) }}
{{ 1 | nofilter }}
{% nostatement %}
{{ 1 + }}
{% if x %}
{{ 'unclosed }}
{{ range(3) | list }} {{ range(5, 1, -2) | list }} {{ range(2, 4) | list }} {{ dict(a=1) }} {{ 'a' < 'b' }} {{ [1, 2] == [1, 2] }} {{ {'a': 1} == {'a': 1} }} {{ 'a' != 1 }}
{{ messages | length }} {{ messages[0]['role'] }} {{ messages[-1].content }} {{ messages | map(attribute='role') | join(',') }} {{ (messages | last).role }}
{{ raise_exception('no') }}
{{ ['a', 'b'] is contains('a') }}
{{ 'abc'.startswith('a') }} {{ 'abc'.endswith(('x', 'c')) }} {{ 'ab\ncd'.splitlines() }} {{ '12'.isdigit() }} {{ 'aXb'.lower() }} {{ 'pre-x'.removeprefix('pre-') }}
""".strip("\n").split("\n")


def cases(tokenizer):
    special = {"bos_token": tokenizer.bos_token, "eos_token": tokenizer.eos_token}
    for template in FAMILIES.values():
        for messages in CONVERSATIONS:
            for tools in (None, TOOLS):
                for add in (False, True):
                    yield template, {"messages": messages, "tools": tools, "documents": None, "add_generation_prompt": add, **special}
    joined = "\n".join(SNIPPETS[:5])
    for template in [*SNIPPETS, joined, joined + "\n", "  {% if true %}\n  indented\n  {% endif %}\n\ntail\n", "  {%+ if true +%}\nkept {%- endif +%}\n\n"]:
        yield template, {"messages": CONVERSATIONS[1], "tools": None, "documents": None, "add_generation_prompt": False, **special}


def peer_answer(tokenizer, template, variables):
    try:
        return tokenizer.apply_chat_template(
            variables["messages"], tools=variables["tools"], chat_template=template, add_generation_prompt=variables["add_generation_prompt"], tokenize=False
        )
    except Exception as error:  # noqa: BLE001: whatever it says, it refuses
        return error


def main():
    transformers.logging.set_verbosity_error()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizers.Tokenizer(tokenizers.models.BPE()), bos_token="<｜begin▁of▁sentence｜>", eos_token="<｜end▁of▁sentence｜>"
    )
    asked = list(cases(tokenizer))
    lines = "".join(json.dumps({"template": template, "variables": variables}) + "\n" for template, variables in asked)
    ours = subprocess.run([os.environ["CHAT_TEMPLATE_PROBE"]], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in ours.stdout.splitlines()]
    assert len(answers) == len(asked), f"{len(answers)} answers to {len(asked)} templates"
    problems, refused = [], 0
    for (template, variables), answer in zip(asked, answers):
        expected = peer_answer(tokenizer, template, variables)
        if isinstance(expected, Exception):
            refused += 1
            if "error" not in answer:
                problems.append(f"{template!r}\n  gives {answer['text']!r}; transformers refuses it: {expected}")
        elif answer.get("text") != expected:
            problems.append(f"{template!r}\n  gives {answer}\n  not   {expected!r}")
    print("\n".join(problems) or f"{len(asked)} templates as transformers renders them, {refused} of them refused by both")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
