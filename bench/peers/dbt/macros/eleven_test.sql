{% macro passes_eleven_test(number) -%}
({{ number }} between 1 and 999999999 and (
{%- for weight in [-1, 2, 3, 4, 5, 6, 7, 8, 9] -%}
{{ weight }} * ({{ number }} // {{ 10 ** loop.index0 }} % 10){{ ' + ' if not loop.last }}
{%- endfor -%}
) % 11 = 0)
{%- endmacro %}
