# ruff: noqa: E501 - templates as they are
"""Chat templates by a stranger who means harm. Each is small, and takes time or memory without end, or breaks what
compiles or runs it."""

from __future__ import annotations

DOUBLED = "{% set ns = namespace(x='a' * 1000) %}{% for i in range(64) %}{% set ns.x = "

MEMORY = {
    "doubled by +": DOUBLED + "ns.x + ns.x %}{% endfor %}{{ ns.x }}",
    "doubled by ~": DOUBLED + "ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
    "doubled by *": DOUBLED + "ns.x * 2 %}{% endfor %}{{ ns.x }}",
    "doubled by join": DOUBLED + "[ns.x, ns.x] | join %}{% endfor %}{{ ns.x }}",
    "doubled by format": DOUBLED + "'%s%s' | format(ns.x, ns.x) %}{% endfor %}{{ ns.x }}",
    "doubled by str.format": DOUBLED + "'{0}{0}'.format(ns.x) %}{% endfor %}{{ ns.x }}",
    "doubled by replace": DOUBLED + "ns.x.replace('a', 'aa') %}{% endfor %}{{ ns.x }}",
    "doubled by the filter": DOUBLED + "ns.x | replace('a', 'aa') %}{% endfor %}{{ ns.x }}",
    "doubled list": DOUBLED + "[ns.x, ns.x, ns.x] | list | string %}{% endfor %}{{ ns.x }}",
    "a long repetition": "{{ 'a' * 10**10 }}",
    "a long repetition at run time": "{{ bos_token * 10**10 }}",
    "a long list": "{{ [1] * 10**10 }}",
    "a long tuple": "{{ ((1,) * (10**10)) | length }}",
    "centred by a method": "{{ 'a'.center(8000000000) }}",
    "centred at run time": "{{ bos_token.center(8000000000) }}",
    "centred by the filter": "{{ 'a' | center(8000000000) }}",
    "to the left": "{{ bos_token.ljust(8000000000) }}",
    "to the right": "{{ bos_token.rjust(8000000000) }}",
    "filled with zeros": "{{ bos_token.zfill(8000000000) }}",
    "a width in a %": "{{ '%*d' % (2000000000, 1) }}",
    "a width in a % at run time": "{{ ('%' ~ '*d') % (2000000000, add_generation_prompt) }}",
    "a precision in a %": "{{ '%.*f' % (2000000000, 1.5) }}",
    "a width in a format": "{{ '{:2000000000}'.format(bos_token) }}",
    "tabs expanded": "{{ ('\\t' * 1000).expandtabs(100000000) }}",
    "tabs expanded at run time": "{{ ('\\t' ~ bos_token).expandtabs(2000000000) }}",
    "sliced": "{{ [1] | slice(10**10) | list }}",
    "sliced, filled": "{{ [1] | slice(10**9, 'a') | list | length }}",
    "in batches": "{{ [1] | batch(10**10, 'a') | list }}",
    "printed prettily": "{% set x = [1] * 3000000 %}{{ x | pprint }}",
    "indented": "{{ ('\\n' * 100000) | indent(100000, true, true) }}",
    "wrapped": "{{ ('a ' * 3000000) | wordwrap(1, true, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') }}",
    "joined": "{{ range(100000) | join('a' * 100000) }}",
    "JSON with an indent": "{{ [[[[[[1] * 10000]]]]] | tojson(indent=100000) }}",
    "a range of ranges": "{% set ns = namespace(x=[]) %}{% for i in range(100000) %}"
    "{% set ns.x = ns.x + [range(100000) | list] %}{% endfor %}{{ ns.x }}",
    "a macro that doubles": "{% macro m(x, n) %}{{ m(x ~ x, n - 1) if n else x }}{% endmacro %}{{ m('a' * 99, 50) }}",
    "a block set that grows": "{% set ns = namespace(x='aaaaaaaaaa') %}{% for i in range(99) %}{% set y %}"
    "{{ ns.x }}{{ ns.x }}{% endset %}{% set ns.x = y %}{% endfor %}{{ ns.x }}",
    "bytes of the whole": "{{ (bos_token * 200000000).encode() | length }}",
}  # fmt: skip

TIME = {
    "loops in loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "loops in loops that write nothing": "{% for a in range(99999) %}{% for b in range(99999) %}"
    "{% for c in range(99999) %}{{ '' }}{% endfor %}{% endfor %}{% endfor %}",
    "a power of powers": "{{ 10 ** (10 ** 10) }}",
    "a power at run time": "{{ (bos_token | length + 7) ** (10 ** 9) }}",
    "big integers": "{% set ns = namespace(x=7) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}x",
    "a slow search": "{{ ('a' * 9000000).count('a' * 4000000 ~ 'b') }}{% for i in range(99999) %}"
    "{{ ('a' * 90000).split('a') | length }}{% endfor %}",
    "a slow sort": "{% for i in range(99999) %}{% set x = range(99999) | sort(reverse=true) %}{% endfor %}",
    "a slow sum": "{% for i in range(99999) %}{% set x = range(99999) | sum %}{% endfor %}",
    "a macro that calls itself twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}"
    "{% endmacro %}{{ m(60) }}",
    "a recursive loop": "{% for a in range(99) recursive %}{% if loop.depth < 50 %}{{ loop(range(99)) }}{% endif %}"
    "{% endfor %}",
    "a slow urlize": "{{ ('http://' * 300000) | urlize }}{% for i in range(9999) %}{{ ('(' * 90000) | urlize }}"
    "{% endfor %}",
    "slow HTML": "{% for i in range(99999) %}{{ ('<' * 99999) | striptags }}{% endfor %}",
    "slow titles": "{% for i in range(99999) %}{% set x = (bos_token * 99999) | title %}{% endfor %}",
    "a long selection": "{% for i in range(99999) %}{% set x = range(99999) | map('string') | list %}{% endfor %}",
    "unique by string": "{% for i in range(99999) %}{% set x = range(99999) | unique | list %}{% endfor %}",
}  # fmt: skip

BROKEN = {
    "open parentheses": "{{" + "(" * 10000,
    "nested parentheses": "{{" + "(" * 10000 + "1" + ")" * 10000 + "}}",
    "nested lists": "{{" + "[" * 10000 + "]" * 10000 + "}}",
    "nested blocks": "{% if 1 %}" * 10000 + "{% endif %}" * 10000,
    "nested by degrees": "{{" + "(" * 90 + "1" + ")" * 90 + "}}" + "{% for a in b %}" * 90 + "{% endfor %}" * 90,
    "a long sum": "{{" + "1+" * 100000 + "1}}",
    "a long chain": "{{ a" + ".b" * 100000 + "}}",
    "nots": "{{" + "not " * 60000 + "a}}",
    "minuses": "{{" + "-" * 200000 + "1}}",
    "a long number": "{{" + "9" * 200000 + "}}",
    "ten megabytes": "{{ a }}" * 1_500_000,
    "ten megabytes of text": "x" * 10_000_000,
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "lone surrogates": "{{ instruction }}{{ '\\ud800' }}",
    "Python's insides": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "Python's globals": "{{ cycler.__init__.__globals__.os.system('true') }}",
    "a file": "{% include '/etc/passwd' %}",
    "another template": "{% extends 'base' %}",
    "an import": "{% import 'os' as os %}{{ os }}",
}  # fmt: skip

ALL = {**MEMORY, **TIME, **BROKEN}
