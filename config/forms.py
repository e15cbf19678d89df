"""Every form is drawn by our own partials: label, hint, error and their wiring are written once."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Makes ``{{ form }}`` and ``{{ form.name.as_field_group }}`` look like the rest of the house."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
