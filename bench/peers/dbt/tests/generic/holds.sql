{% test holds(model, condition) %}
select *
from {{ model }}
where not ({{ condition }})
{% endtest %}
