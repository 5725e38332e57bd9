"""The resource types of which every change makes a new object, while nothing that runs goes with the old one.

The list is a help: a type that is missing here is told like any other that is replaced. The source of each is its page
in the provider's documentation.
"""

from tfc_plan_comment.plan.knowledge.rules import Rule, Rules

_TYPES = {
    "hashicorp/aws": """
        aws_ecs_task_definition aws_launch_configuration aws_lambda_layer_version aws_batch_job_definition
        aws_api_gateway_deployment aws_apigatewayv2_deployment
    """,
    "hashicorp/google": "google_compute_instance_template google_compute_region_instance_template",
    "hashicorp/time": "time_offset time_rotating time_sleep time_static",
    "hashicorp/archive": "archive_file",
}

ROUTINE = Rules(
    *(Rule(name, "*", f"{provider}, {name}") for provider, names in _TYPES.items() for name in names.split())
)
"""Types whose objects are versions, made anew by each change of them."""
