"""The objects of one module of a large estate: 3 to 8 kB each, with what the AWS provider keeps of them."""

import json
from typing import Any

Values = dict[str, Any]

ACCOUNT, REGION = "123456789012", "eu-central-1"


def _tags(name: str) -> Values:
    tags = {"Name": name, "Team": "payments", "CostCenter": "4711", "ManagedBy": "terraform", "Stage": "prod"}
    return {"tags": tags, "tags_all": {**tags, "Repository": "acme/infrastructure"}}


def _arn(service: str, path: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{path}"


def identify(prefix: str, number: int, place: int = 0) -> str:
    return f"{prefix}-{(number * 2_654_435_761 + place * 40_503) % 2**44:017x}"


def instance(n: int) -> Values:
    disks = [
        {
            "delete_on_termination": place == 0,
            "device_name": f"/dev/sd{letter}",
            "encrypted": True,
            "iops": 3_000,
            "kms_key_id": _arn("kms", f"key/{identify('volume', n)}"),
            "snapshot_id": "",
            "tags": {"Name": f"worker-{n}-{letter}"},
            "throughput": 125,
            "volume_id": identify("vol", n, place),
            "volume_size": 40 + place,
            "volume_type": "gp3",
        }
        for place, letter in enumerate("abcd")
    ]
    return {
        "ami": identify("ami", n // 50),
        "arn": _arn("ec2", f"instance/{identify('i', n)}"),
        "associate_public_ip_address": False,
        "availability_zone": f"{REGION}a",
        "capacity_reservation_specification": [
            {"capacity_reservation_preference": "open", "capacity_reservation_target": []}
        ],
        "cpu_options": [{"amd_sev_snp": "", "core_count": 2, "threads_per_core": 2}],
        "credit_specification": [{"cpu_credits": "unlimited"}],
        "disable_api_stop": False,
        "disable_api_termination": True,
        "ebs_block_device": disks[1:],
        "ebs_optimized": True,
        "enclave_options": [{"enabled": False}],
        "ephemeral_block_device": [],
        "get_password_data": False,
        "hibernation": False,
        "host_id": "",
        "iam_instance_profile": f"worker-{n}",
        "id": identify("i", n),
        "instance_initiated_shutdown_behavior": "stop",
        "instance_state": "running",
        "instance_type": "m6i.large",
        "ipv6_addresses": [],
        "key_name": "",
        "maintenance_options": [{"auto_recovery": "default"}],
        "metadata_options": [{"http_endpoint": "enabled", "http_put_response_hop_limit": 1, "http_tokens": "required"}],
        "monitoring": False,
        "network_interface": [],
        "placement_group": "",
        "primary_network_interface_id": identify("eni", n),
        "private_dns": f"ip-10-{n // 250 % 250}-{n % 250}-7.{REGION}.compute.internal",
        "private_ip": f"10.{n // 250 % 250}.{n % 250}.7",
        "root_block_device": disks[:1],
        "security_groups": [],
        "source_dest_check": True,
        "subnet_id": identify("subnet", n // 9),
        "tenancy": "default",
        "user_data": identify("hash", n),
        "user_data_replace_on_change": False,
        "vpc_security_group_ids": [identify("sg", n, place) for place in range(3)],
        **_tags(f"worker-{n}"),
    }


def task(n: int) -> Values:
    containers = [
        {
            "name": name,
            "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team-{n}/{name}:1.{n}.0",
            "cpu": 256,
            "memory": 512,
            "essential": True,
            "command": ["serve", "--port", "8080", "--service", f"{name}-{n}"],
            "environment": [
                {"name": key, "value": f"{key.lower()}-{n}.{name}.internal"}
                for key in ("DATABASE_HOST", "CACHE_HOST", "QUEUE_HOST", "LOG_LEVEL", "REGION", "SERVICE", "TOPIC")
            ],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {"awslogs-group": f"/ecs/service-{n}", "awslogs-stream-prefix": name},
            },
            "mountPoints": [],
            "portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}],
            "volumesFrom": [],
        }
        for name in ("api", "worker", "proxy")
    ]
    return {
        "arn": _arn("ecs", f"task-definition/service-{n}:{n}"),
        "container_definitions": json.dumps(containers, separators=(",", ":")),
        "cpu": "1024",
        "enable_fault_injection": False,
        "ephemeral_storage": [],
        "execution_role_arn": _arn("iam", f"role/execution-{n}"),
        "family": f"service-{n}",
        "id": f"service-{n}",
        "inference_accelerator": [],
        "ipc_mode": "",
        "memory": "2048",
        "network_mode": "awsvpc",
        "pid_mode": "",
        "placement_constraints": [],
        "proxy_configuration": [],
        "requires_compatibilities": ["FARGATE"],
        "revision": n,
        "runtime_platform": [],
        "skip_destroy": False,
        "task_role_arn": _arn("iam", f"role/task-{n}"),
        "track_latest": False,
        "volume": [],
        **_tags(f"service-{n}"),
    }


def database(n: int) -> Values:
    names = (
        "address character_set_name custom_iam_instance_profile domain nchar_character_set_name timezone replica_mode"
    )
    off = "allow_major_version_upgrade apply_immediately iam_database_authentication_enabled publicly_accessible"
    host = f"db-{n}.cx{n:06}.{REGION}.rds.amazonaws.com"
    return {
        **dict.fromkeys(names.split(), ""),
        **dict.fromkeys(off.split(), False),
        "address": host,
        "allocated_storage": 100,
        "arn": _arn("rds", f"db:db-{n}"),
        "auto_minor_version_upgrade": True,
        "availability_zone": f"{REGION}b",
        "backup_retention_period": 14,
        "backup_window": "03:00-04:00",
        "ca_cert_identifier": "rds-ca-rsa2048-g1",
        "copy_tags_to_snapshot": True,
        "database_insights_mode": "standard",
        "db_name": f"app_{n}",
        "db_subnet_group_name": f"private-{n}",
        "deletion_protection": True,
        "enabled_cloudwatch_logs_exports": ["postgresql", "upgrade"],
        "endpoint": f"{host}:5432",
        "engine": "postgres",
        "engine_version": "16.3",
        "engine_version_actual": "16.3",
        "hosted_zone_id": "Z1RLNUO7B9Q6NB",
        "id": identify("db", n),
        "identifier": f"db-{n}",
        "instance_class": "db.r6g.large",
        "iops": 3_000,
        "kms_key_id": _arn("kms", f"key/{identify('db', n)}"),
        "listener_endpoint": [],
        "maintenance_window": "sun:05:00-sun:06:00",
        "master_user_secret": [
            {
                "kms_key_id": _arn("kms", f"key/{identify('s', n)}"),
                "secret_arn": _arn("secretsmanager", f"secret:rds-{n}"),
            }
        ],
        "max_allocated_storage": 500,
        "monitoring_interval": 60,
        "monitoring_role_arn": _arn("iam", f"role/monitoring-{n}"),
        "multi_az": True,
        "option_group_name": "default:postgres-16",
        "parameter_group_name": f"postgres-{n}",
        "performance_insights_enabled": True,
        "port": 5432,
        "resource_id": identify("db", n, 1),
        "status": "available",
        "storage_encrypted": True,
        "storage_throughput": 125,
        "storage_type": "gp3",
        "timeouts": {"create": "60m", "delete": "60m", "update": "80m"},
        "username": f"owner_{n}",
        "vpc_security_group_ids": [identify("sg", n, place) for place in range(2)],
        **_tags(f"db-{n}"),
    }


def group(n: int) -> Values:
    def rule(place: int) -> Values:
        return {
            "cidr_blocks": [f"10.{n % 250}.{place}.0/24"],
            "description": f"service {place} of {n}",
            "from_port": 8_000 + place,
            "ipv6_cidr_blocks": [],
            "prefix_list_ids": [],
            "protocol": "tcp",
            "security_groups": [identify("sg", n, place)],
            "self": False,
            "to_port": 8_000 + place,
        }

    return {
        "arn": _arn("ec2", f"security-group/{identify('sg', n)}"),
        "description": f"services of {n}",
        "egress": [rule(0)],
        "id": identify("sg", n),
        "ingress": [rule(place) for place in range(1, 13)],
        "name": f"services-{n}",
        "name_prefix": "",
        "owner_id": ACCOUNT,
        "revoke_rules_on_delete": False,
        "timeouts": None,
        "vpc_id": identify("vpc", n // 90),
        **_tags(f"services-{n}"),
    }


def role(n: int) -> Values:
    statements = [
        {
            "Sid": f"Access{place}",
            "Effect": "Allow",
            "Action": [f"s3:{verb}" for verb in ("GetObject", "PutObject", "ListBucket", "DeleteObject")],
            "Resource": [f"arn:aws:s3:::data-{n}-{place}", f"arn:aws:s3:::data-{n}-{place}/*"],
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": f"o-{n:010}"}},
        }
        for place in range(8)
    ]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
    return {
        "arn": _arn("iam", f"role/task-{n}"),
        "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        "create_date": "2025-01-07T09:00:00Z",
        "description": f"the tasks of {n}",
        "force_detach_policies": False,
        "id": f"task-{n}",
        "inline_policy": [
            {"name": "data", "policy": json.dumps({"Version": "2012-10-17", "Statement": statements})},
        ],
        "managed_policy_arns": [_arn("iam", f"policy/shared-{n}-{place}") for place in range(4)],
        "max_session_duration": 3_600,
        "name": f"task-{n}",
        "name_prefix": "",
        "path": "/",
        "permissions_boundary": "",
        "unique_id": identify("AROA", n),
        **_tags(f"task-{n}"),
    }


def function(n: int) -> Values:
    environment = {f"SETTING_{place}": f"value {place} of {n}" for place in range(25)}
    return {
        "architectures": ["arm64"],
        "arn": _arn("lambda", f"function:job-{n}"),
        "code_sha256": identify("code", n),
        "code_signing_config_arn": "",
        "dead_letter_config": [{"target_arn": _arn("sqs", f"dead-{n}")}],
        "description": f"job {n}",
        "environment": [{"variables": environment}],
        "ephemeral_storage": [{"size": 512}],
        "file_system_config": [],
        "filename": None,
        "function_name": f"job-{n}",
        "handler": "main.handle",
        "id": f"job-{n}",
        "image_config": [],
        "image_uri": "",
        "invoke_arn": _arn("apigateway", f"lambda:path/functions/job-{n}/invocations"),
        "kms_key_arn": _arn("kms", f"key/{identify('job', n)}"),
        "last_modified": "2025-01-07T09:00:00.000+0000",
        "layers": [_arn("lambda", f"layer:shared-{place}:{n}") for place in range(3)],
        "logging_config": [{"log_format": "JSON", "log_group": f"/aws/lambda/job-{n}", "system_log_level": "INFO"}],
        "memory_size": 512,
        "package_type": "Zip",
        "publish": True,
        "qualified_arn": _arn("lambda", f"function:job-{n}:{n}"),
        "reserved_concurrent_executions": -1,
        "role": _arn("iam", f"role/job-{n}"),
        "runtime": "python3.13",
        "s3_bucket": f"artifacts-{n}",
        "s3_key": f"job-{n}.zip",
        "snap_start": [],
        "source_code_size": 1_048_576 + n,
        "timeout": 30,
        "tracing_config": [{"mode": "PassThrough"}],
        "version": f"{n}",
        "vpc_config": [
            {
                "security_group_ids": [identify("sg", n, place) for place in range(2)],
                "subnet_ids": [identify("subnet", n, place) for place in range(3)],
                "vpc_id": identify("vpc", n // 90),
            }
        ],
        **_tags(f"job-{n}"),
    }


def distribution(n: int) -> Values:
    def behavior(place: int) -> Values:
        return {
            "allowed_methods": ["GET", "HEAD", "OPTIONS"],
            "cache_policy_id": identify("cache", n, place),
            "cached_methods": ["GET", "HEAD"],
            "compress": True,
            "default_ttl": 3_600,
            "forwarded_values": [],
            "function_association": [{"event_type": "viewer-request", "function_arn": _arn("cloudfront", f"f-{n}")}],
            "lambda_function_association": [],
            "max_ttl": 86_400,
            "min_ttl": 0,
            "origin_request_policy_id": identify("request", n, place),
            "path_pattern": f"/service-{place}/{n}/*",
            "response_headers_policy_id": identify("headers", n, place),
            "smooth_streaming": False,
            "target_origin_id": f"origin-{place % 3}",
            "viewer_protocol_policy": "redirect-to-https",
        }

    origins = [
        {
            "connection_attempts": 3,
            "connection_timeout": 10,
            "custom_header": [],
            "custom_origin_config": [{"http_port": 80, "https_port": 443, "origin_protocol_policy": "https-only"}],
            "domain_name": f"origin-{place}.site-{n}.example.com",
            "origin_id": f"origin-{place}",
            "origin_path": "",
        }
        for place in range(3)
    ]
    return {
        "aliases": [f"site-{n}.example.com", f"www.site-{n}.example.com"],
        "arn": _arn("cloudfront", f"distribution/E{n:013}"),
        "comment": f"site {n}",
        "custom_error_response": [],
        "default_cache_behavior": [behavior(0)],
        "default_root_object": "index.html",
        "domain_name": f"d{n:013}.cloudfront.net",
        "enabled": True,
        "etag": identify("E", n),
        "http_version": "http2and3",
        "id": f"E{n:013}",
        "is_ipv6_enabled": True,
        "logging_config": [{"bucket": f"logs-{n}.s3.amazonaws.com", "include_cookies": False, "prefix": "site/"}],
        "ordered_cache_behavior": [behavior(place) for place in range(1, 6)],
        "origin": origins,
        "price_class": "PriceClass_100",
        "restrictions": [{"geo_restriction": [{"locations": [], "restriction_type": "none"}]}],
        "status": "Deployed",
        "viewer_certificate": [
            {"acm_certificate_arn": _arn("acm", f"certificate/{identify('c', n)}"), "ssl_support_method": "sni-only"}
        ],
        "wait_for_deployment": True,
        "web_acl_id": _arn("wafv2", f"global/webacl/site-{n}"),
        **_tags(f"site-{n}"),
    }
