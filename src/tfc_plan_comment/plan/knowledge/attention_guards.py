"""Rules for what watches, encrypts, filters or reviews, and does so less from now on."""

from tfc_plan_comment.plan.knowledge.attention_rules import (
    AttentionRule,
    Becomes,
    Destroyed,
    LowersTls,
    TurnsOff,
    Weaker,
)

_PODS = (
    "kubernetes_pod kubernetes_pod_v1 kubernetes_deployment kubernetes_deployment_v1 kubernetes_daemonset "
    "kubernetes_daemon_set_v1 kubernetes_stateful_set kubernetes_stateful_set_v1 kubernetes_replication_controller "
    "kubernetes_replication_controller_v1 kubernetes_job kubernetes_job_v1 kubernetes_cron_job kubernetes_cron_job_v1"
)

WATCH = (
    AttentionRule(
        id="audit-off",
        types="aws_cloudtrail aws_guardduty_detector aws_config_configuration_recorder_status",
        when=TurnsOff(paths=("enable_logging", "enable", "is_enabled")),
        sentence="stops recording ({path} off)",
        short="{path} off",
        source="hashicorp/aws, aws_cloudtrail: enable_logging",
    ),
    AttentionRule(
        id="audit-off",
        types="aws_cloudtrail",
        when=TurnsOff(paths=("is_multi_region_trail", "include_global_service_events", "is_organization_trail")),
        sentence="records less ({path} off)",
        short="{path} off",
        source="hashicorp/aws, aws_cloudtrail: is_multi_region_trail",
    ),
    AttentionRule(
        id="audit-off",
        types="aws_cloudtrail",
        when=TurnsOff(paths=("enable_log_file_validation",)),
        sentence="no longer says whether somebody changed its records ({path} off)",
        short="{path} off",
        source="hashicorp/aws, aws_cloudtrail: enable_log_file_validation",
    ),
    AttentionRule(
        id="audit-off",
        types="aws_cloudtrail aws_guardduty_detector aws_flow_log aws_config_configuration_recorder "
        "aws_config_configuration_recorder_status azurerm_monitor_diagnostic_setting google_logging_project_sink",
        when=Destroyed(
            of=(("vpc_id|subnet_id|eni_id|transit_gateway_id", "aws_*"), ("target_resource_id", "azurerm_*"))
        ),
        sentence="is destroyed, and records nothing any more",
        short="records nothing any more",
        source="hashicorp/aws, aws_cloudtrail",
    ),
    AttentionRule(
        id="audit-off",
        types="aws_securityhub_account aws_inspector2_enabler aws_macie2_account",
        when=Destroyed(),
        sentence="is destroyed, and checks nothing any more",
        short="checks nothing any more",
        source="hashicorp/aws, aws_securityhub_account",
    ),
    AttentionRule(
        id="waf-gone",
        types="aws_wafv2_web_acl_association aws_wafregional_web_acl_association aws_shield_protection",
        when=Destroyed(of=(("resource_arn", "aws_*"),)),
        sentence="no longer protects {resource_arn}",
        short="no longer protects {resource_arn}",
        source="hashicorp/aws, aws_wafv2_web_acl_association",
    ),
    AttentionRule(
        id="waf-gone",
        types="aws_wafv2_web_acl google_compute_security_policy",
        when=Destroyed(),
        sentence="is destroyed, and its rules {name} filter nothing any more",
        short="filters nothing any more",
        source="hashicorp/aws, aws_wafv2_web_acl",
    ),
    AttentionRule(
        id="waf-gone",
        types="aws_cloudfront_distribution",
        when=TurnsOff(paths=("web_acl_id",), value="?*"),
        sentence="is no longer behind a web ACL ({path} not set)",
        short="{path} not set",
        source="hashicorp/aws, aws_cloudfront_distribution: web_acl_id",
    ),
)

ENCRYPTION = (
    AttentionRule(
        id="encryption-off",
        types="*",
        when=TurnsOff(
            paths=(
                "storage_encrypted",
                "encrypted",
                "encrypt_at_rest.enabled",
                "at_rest_encryption_enabled",
                "transit_encryption_enabled",
                "root_block_device.encrypted",
                "ebs_block_device.encrypted",
                "node_to_node_encryption.enabled",
                "infrastructure_encryption_enabled",
                "encryption_at_host_enabled",
                "ssl_enforcement_enabled",
            ),
            even_gone=False,
        ),
        sentence="encrypts less ({path} off)",
        short="{path} off",
        source="hashicorp/aws, aws_db_instance: storage_encrypted",
    ),
    AttentionRule(
        id="encryption-off",
        types="aws_kms_key",
        when=TurnsOff(paths=("enable_key_rotation",)),
        sentence="no longer rotates its key material ({path} off)",
        short="{path} off",
        source="hashicorp/aws, aws_kms_key: enable_key_rotation",
    ),
    AttentionRule(
        id="tls-lower",
        types="aws_lb_listener aws_alb_listener aws_cloudfront_distribution aws_api_gateway_domain_name "
        "aws_apigatewayv2_domain_name azurerm_* google_compute_ssl_policy aws_elasticsearch_domain "
        "aws_opensearch_domain",
        when=LowersTls(
            paths=(
                "ssl_policy",
                "viewer_certificate.minimum_protocol_version",
                "security_policy",
                "minimum_tls_version",
                "min_tls_version",
                "site_config.minimum_tls_version",
                "domain_name_configuration.security_policy",
                "domain_endpoint_options.tls_security_policy",
            )
        ),
        sentence="accepts older versions of TLS ({old} → {new})",
        short="{path} {old} → {new}",
        source="Elastic Load Balancing, Security policies for your Application Load Balancer",
    ),
    AttentionRule(
        id="tls-lower",
        types="azurerm_* aws_elasticsearch_domain aws_opensearch_domain",
        when=TurnsOff(
            paths=(
                "https_only",
                "enable_https_traffic_only",
                "https_traffic_only_enabled",
                "domain_endpoint_options.enforce_https",
            ),
            even_gone=False,
        ),
        sentence="accepts plain HTTP ({path} off)",
        short="{path} off",
        source="hashicorp/azurerm, azurerm_storage_account: https_traffic_only_enabled",
    ),
    AttentionRule(
        id="tls-lower",
        types="aws_cloudfront_distribution",
        when=Becomes(
            paths=("default_cache_behavior.viewer_protocol_policy", "ordered_cache_behavior.viewer_protocol_policy"),
            values=("allow-all",),
            was=("redirect-to-https", "https-only"),
        ),
        sentence="accepts plain HTTP ({old} → {new})",
        short="{old} → {new}",
        source="hashicorp/aws, aws_cloudfront_distribution: viewer_protocol_policy",
    ),
    AttentionRule(
        id="tls-lower",
        types="aws_lb_listener aws_alb_listener",
        when=Becomes(paths=("protocol",), values=("HTTP", "TCP"), was=("HTTPS", "TLS")),
        sentence="no longer speaks TLS ({old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_lb_listener: protocol",
    ),
    AttentionRule(
        id="imds-v1",
        types="aws_instance aws_launch_template aws_launch_configuration",
        when=Becomes(paths=("metadata_options.http_tokens",), values=("optional",), was=("required",)),
        sentence="answers metadata requests without a token ({path} {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_instance: metadata_options",
    ),
)

KUBERNETES = (
    AttentionRule(
        id="k8s-privileged",
        types=_PODS,
        when=Becomes(
            paths=("**.privileged", "**.host_network", "**.host_pid", "**.host_ipc"),
            values=("true",),
        ),
        sentence="gives containers more of their host ({path} {new})",
        short="{path} {new}",
        source="Kubernetes, Pod Security Standards: Baseline",
    ),
    AttentionRule(
        id="k8s-privileged",
        types=_PODS,
        when=Becomes(
            paths=("**.host_path.path",),
            values=(
                "/",
                "/etc",
                "/proc",
                "/var/run",
                "/var/run/docker.sock",
                "/run/docker.sock",
                "/run/containerd/containerd.sock",
            ),
        ),
        sentence="gives containers more of their host ({path} {new})",
        short="{path} {new}",
        source="Kubernetes, Pod Security Standards: Baseline",
    ),
    AttentionRule(
        id="k8s-privileged",
        types=_PODS,
        when=Becomes(paths=("**.capabilities.add",), values=("ALL", "SYS_ADMIN", "CAP_SYS_ADMIN"), each=True),
        sentence="gives containers more of their host ({path} {new})",
        short="{path} {new}",
        source="Kubernetes, Pod Security Standards: Baseline",
    ),
    AttentionRule(
        id="k8s-pod-security",
        types="kubernetes_namespace kubernetes_namespace_v1 kubernetes_labels",
        when=Weaker(
            paths=("metadata.labels", "labels"),
            key="pod-security.kubernetes.io/enforce",
            order=("privileged", "baseline", "restricted"),
        ),
        sentence="asks less of its pods ({old} → {new})",
        short="pod security {old} → {new}",
        source="Kubernetes, Pod Security Admission: labels for namespaces",
    ),
    AttentionRule(
        id="k8s-netpol-gone",
        types="kubernetes_network_policy kubernetes_network_policy_v1",
        when=Destroyed(of=(("metadata.namespace", "kubernetes_namespace|kubernetes_namespace_v1"),)),
        sentence="no longer isolates pods",
        short="no longer isolates pods",
        source="Kubernetes, Network Policies",
    ),
)

RUNNING = (
    AttentionRule(
        id="scales-to-zero",
        types="aws_autoscaling_group aws_ecs_service google_compute_instance_group_manager "
        "google_compute_region_instance_group_manager kubernetes_deployment kubernetes_deployment_v1 "
        "kubernetes_stateful_set kubernetes_stateful_set_v1 azurerm_linux_virtual_machine_scale_set "
        "azurerm_windows_virtual_machine_scale_set",
        when=Becomes(
            paths=("max_size", "desired_capacity", "desired_count", "target_size", "spec.replicas", "instances"),
            values=("0",),
            was=("[1-9]*",),
        ),
        sentence="runs nothing any more ({path} {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_autoscaling_group: max_size",
    ),
)

GUARDS = (*WATCH, *ENCRYPTION, *KUBERNETES, *RUNNING)
