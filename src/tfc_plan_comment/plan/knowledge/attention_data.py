"""Rules for what keeps data from being lost."""

from tfc_plan_comment.plan.knowledge.attention_rules import AttentionRule, Destroyed, TurnsOff

DATA = (
    AttentionRule(
        id="force-destroy",
        types="aws_s3_bucket google_storage_bucket aws_route53_zone",
        when=Destroyed(given=(("force_destroy", "true"),), replaced=True, deposed=True),
        sentence="is destroyed with everything in it",
        short="with everything in it",
        source="hashicorp/aws, aws_s3_bucket: force_destroy",
    ),
    AttentionRule(
        id="deletion-protection",
        types="*",
        when=TurnsOff(
            paths=(
                "deletion_protection",
                "deletion_protection_enabled",
                "enable_deletion_protection",
                "disable_api_termination",
            )
        ),
        sentence="is no longer protected from deletion ({path} off)",
        short="{path} off",
        source="hashicorp/aws, aws_db_instance: deletion_protection",
    ),
)
