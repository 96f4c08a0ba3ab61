"""Tags for templates: `{% load lti %}`."""
