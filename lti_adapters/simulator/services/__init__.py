"""The services that the simulated platform offers to tools: tokens, members, groups, grades; and deep linking's end.

No sockets: `services.Services` makes a `Reply` of an `HttpRequest`. `in_process` hands it to a tool in the same
process, `lti_adapters.simulator.web` serves it over HTTP.
"""
