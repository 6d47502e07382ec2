{% macro has_key_of(one, other) -%}
{%- for name in ['municipality_code', 'reference_date', 'benefit_id', 'key_start'] -%}
{{ one }}.{{ name }} is not distinct from {{ other }}.{{ name }}{{ ' and ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}
