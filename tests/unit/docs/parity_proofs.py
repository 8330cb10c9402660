"""Which test shows each row of the statement of parity; rows about differences have tests that name them."""

from collections.abc import Mapping

IAM = "tests/unit/emulator_iam"
WIRE = "tests/emulator"
MWAA = f"{WIRE}/mwaa"
GENERATIONS = f"{WIRE}/runtime/test_generations_of_an_environment.py"
STACKS = f"{WIRE}/core/test_cloudformation_stacks.py"
FUNCTIONS = f"{WIRE}/functions/test_lambda_invocations.py"
HERE = "tests/unit/docs/test_statement_of_parity.py"

PROOFS: Mapping[str, str] = {
    "order of judgement": f"{IAM}/test_policy_properties.py::test_an_explicit_deny_wins_wherever_it_stands",
    "elements of a statement": f"{IAM}/test_policy_corpus.py::test_decision_is_the_documented_one",
    "operators of conditions": f"{IAM}/test_policy_corpus.py::test_decision_is_the_documented_one",
    "a denial": f"{WIRE}/authorization/test_denials_as_on_aws.py"
    "::test_denial_has_the_services_code_status_and_sentence",
    "iam:PassRole": "tests/unit/emulator_authorization/test_calls_ask_for_actions_on_resources.py"
    "::test_call_asks_for",
    "alarms": "tests/unit/emulator_metrics/test_alarm_states.py::test_missing_data_is_treated_as_documented",
    "an encrypted topic": f"{WIRE}/core/test_cloudformation_observability_types.py"
    "::test_message_to_a_topic_is_lost_while_its_key_does_not_know_the_service",
    "rules of EventBridge": f"{WIRE}/core/test_cloudformation_observability_types.py"
    "::test_rule_tells_an_encrypted_topic_of_a_stack_that_failed",
    "metric filters": f"{WIRE}/core/test_cloudformation_observability_types.py"
    "::test_filter_makes_datapoints_of_the_lines_that_match",
    "filter patterns of JSON, of columns, and with regular expressions": f"{WIRE}/core"
    "/test_cloudformation_observability_types.py::test_filter_that_is_not_modelled_is_refused",
    "composite alarms, anomaly detection, metric math beyond arithmetic and six functions": f"{WIRE}"
    "/metrics/test_alarms_over_the_wire.py::test_alarm_that_is_not_modelled_is_refused_and_named",
    "a service or an operation that nobody models": f"{WIRE}/core/test_moto_hooks.py"
    "::test_what_nobody_models_is_an_error_that_names_it",
    "objects": f"{WIRE}/state/test_buckets_after_a_restart.py::test_every_history_survives",
    "multipart uploads": f"{WIRE}/state/test_buckets_after_a_restart.py"
    "::test_upload_in_parts_goes_on_after_a_restart",
    "an object, a queue or a secret under a KMS key": f"{WIRE}/authorization/test_permissions_in_force.py"
    "::test_objects_of_an_encrypted_bucket_need_its_key",
    "operations of MWAA": f"{MWAA}/test_mwaa_operations.py::test_every_operation_of_the_model_is_answered",
    "requests": f"{MWAA}/test_requests_made_from_the_model.py::test_every_answer_conforms_to_the_model",
    "EndpointManagement CUSTOMER": f"{MWAA}/test_what_a_new_environment_needs.py"
    "::test_customer_s_endpoints_are_waited_for",
    "an update": f"{GENERATIONS}::test_new_components_take_over_and_the_old_ones_end",
    "a change of Airflow's version": f"{GENERATIONS}::test_other_airflow_version_takes_the_database_along",
    "an environment's statuses": f"{HERE}::test_statuses_are_those_of_mwaa",
    "environment classes": f"{MWAA}/test_mwaa_validation.py::test_request_that_mwaa_refuses",
    "what a new environment needs": f"{MWAA}/test_mwaa_validation.py"
    "::test_object_version_that_does_not_exist_is_refused",
    "tags": f"{MWAA}/test_mwaa_operations.py::test_tags_of_aws_and_more_than_fifty_are_refused",
    "InvokeRestApi": f"{MWAA}/test_mwaa_rest_api.py::test_answer_above_six_megabytes_is_a_server_exception",
    "web login and CLI tokens": "tests/unit/emulator_mwaa/test_mwaa_tokens.py"
    "::test_token_gives_the_caller_back_for_sixty_seconds",
    "MWAA's own paths of the web server": f"{MWAA}/test_front_door.py"
    "::test_console_page_posts_the_fragment_to_the_login_route",
    "commands of the CLI's path": "tests/unit/emulator_mwaa/test_cli_commands.py"
    "::test_command_is_supported_by",
    "IdentityCenterConfiguration and Teams of an environment": f"{HERE}"
    "::test_member_that_is_not_modelled_is_refused_and_named",
    "Airflow": f"{WIRE}/end_to_end/test_first_ten_minutes.py",
    "Airflow versions": f"{WIRE}/end_to_end/test_every_airflow_version.py"
    "::test_an_environment_of_this_version_is_available",
    "sign-in inside Airflow 2": f"{WIRE}/end_to_end/test_every_airflow_version.py"
    "::test_iam_decides_the_airflow_role",
    "log groups": "tests/unit/emulator_mwaa/test_environment_updates.py"
    "::test_every_kind_of_log_has_its_member",
    "log streams": f"{WIRE}/end_to_end/test_first_ten_minutes.py",
    "metrics of Airflow": "tests/unit/emulator_metrics/test_environment_metrics.py"
    "::test_minute_of_airflow_becomes_metric_data",
    "options that an environment cannot change": "tests/unit/emulator_runtime/test_variable_precedence.py"
    "::test_what_mwaa_forces_holds_against_options_and_script",
    "precedence of environment variables": "tests/unit/emulator_runtime/test_variable_precedence.py"
    "::test_configuration_options_beat_the_startup_script",
    "a startup script": f"{WIRE}/runtime/test_startup_script_in_bash.py"
    "::test_exit_is_swallowed_and_ends_the_script",
    "requirements.txt": f"{WIRE}/runtime/test_package_store.py"
    "::test_failing_requirements_are_reported_and_airflow_runs_without_them",
    "plugins.zip": "tests/unit/emulator_runtime/test_plugin_archive.py"
    "::test_top_level_of_the_archive_becomes_the_plugins_folder",
    "credentials of tasks": f"{WIRE}/end_to_end/test_execution_role.py",
    "runtimes": f"{FUNCTIONS}::test_a_handler_gets_the_event_and_lambdas_environment",
    "variables that a function cannot set": f"{FUNCTIONS}"
    "::test_what_cannot_run_is_refused_when_it_is_deployed",
    "an error of the handler": f"{FUNCTIONS}::test_an_exception_is_answered_as_lambda_does",
    "timeout and memory limit": f"{FUNCTIONS}::test_a_timeout_ends_the_process_and_the_next_call_starts_anew",
    "logs": f"{FUNCTIONS}::test_the_log_holds_start_output_end_and_report",
    "asynchronous invocations": f"{WIRE}/functions/test_asynchronous_invocations.py"
    "::test_failing_event_is_tried_three_times_and_then_is_a_dead_letter",
    "layers": f"{WIRE}/functions/test_layers.py"
    "::test_handler_finds_packages_and_programs_of_its_layers_and_the_later_layer_wins",
    "queues as event sources": f"{WIRE}/functions/test_queues_as_event_sources.py"
    "::test_message_that_fails_comes_back_and_ends_in_the_dead_letter_queue",
    "event sources other than queues, and FilterCriteria": f"{WIRE}/functions/test_queues_as_event_sources.py"
    "::test_mapping_that_cannot_be_is_refused",
    "events of buckets": f"{WIRE}/core/test_events_of_buckets.py"
    "::test_queue_gets_a_test_and_then_each_event_once",
    "state machines": f"{WIRE}/core/test_state_machines.py"
    "::test_tasks_invoke_the_function_by_both_kinds_of_resource",
    "a function's role": f"{WIRE}/functions/test_asynchronous_invocations.py"
    "::test_role_that_does_not_trust_lambda_is_refused",
    "warm processes": f"{FUNCTIONS}::test_a_second_invocation_meets_the_warm_process",
    "other runtimes": f"{FUNCTIONS}::test_what_cannot_run_is_refused_when_it_is_deployed",
    "container images": f"{FUNCTIONS}::test_what_cannot_run_is_refused_when_it_is_deployed",
    "operations of the Data API": f"{HERE}::test_operations_of_redshift_are_those_of_the_services",
    "operations of Redshift Serverless": f"{HERE}::test_operations_of_redshift_are_those_of_the_services",
    "SQL": f"{WIRE}/warehouse/test_sql_cases.py::test_sql_gives_what_redshift_gives",
    "options of COPY": f"{WIRE}/warehouse/test_copy_and_unload.py::test_copy_options_change_what_fields_mean",
    "options of UNLOAD": f"{WIRE}/warehouse/test_formats_of_copy_and_unload.py"
    "::test_unload_makes_a_folder_per_partition",
    "system tables": f"{WIRE}/warehouse/test_sql_cases.py::test_sql_gives_what_redshift_gives",
    "other operations of the Data API": f"{WIRE}/warehouse/test_namespaces_and_workgroups.py"
    "::test_an_operation_that_is_not_modelled_is_named",
    "other operations of Redshift Serverless": f"{WIRE}/warehouse/test_namespaces_and_workgroups.py"
    "::test_an_operation_that_is_not_modelled_is_named",
    "statements": f"{WIRE}/warehouse/test_sql_cases.py::test_sql_gives_what_redshift_gives",
    "external tables": f"{WIRE}/warehouse/test_external_tables.py",
    "external tables of other kinds": f"{WIRE}/warehouse/test_external_tables.py"
    "::test_what_is_wrong_or_not_modelled_is_said",
    "constructs of SQL": f"{WIRE}/warehouse/test_sql_cases.py::test_sql_gives_what_redshift_gives",
    "data types": f"{WIRE}/warehouse/test_sql_cases.py::test_sql_gives_what_redshift_gives",
    "other options of COPY": f"{WIRE}/warehouse/test_copy_and_unload.py"
    "::test_copy_options_that_are_not_modelled_are_named",
    "other options of UNLOAD": "tests/unit/emulator_warehouse/test_pages_and_constraints.py"
    "::test_every_refusal_names_a_construct_and_gives_a_reason",
    "functions and system tables that are not modelled": f"{WIRE}/warehouse/test_sql_cases.py"
    "::test_sql_gives_what_redshift_gives",
    "operations of CloudFormation": f"{HERE}::test_operations_of_cloudformation_have_methods",
    "resource types": f"{WIRE}/core/test_cloudformation_resource_types.py"
    "::test_bucket_has_every_setting_of_the_template",
    "intrinsic functions": "tests/unit/emulator_core/test_intrinsic_functions.py"
    "::test_function_gives_its_value",
    "a creation or an update that fails": f"{STACKS}::test_failed_update_is_rolled_back",
    "outputs and exports": f"{STACKS}::test_outputs_and_exports_reach_other_stacks_and_are_held_by_them",
    "other operations of CloudFormation": f"{STACKS}::test_unmodelled_action_is_refused_and_named",
    "other resource types, unless moto models them": f"{STACKS}::test_unknown_type_is_refused_and_named",
    "other properties of these resource types": f"{STACKS}::test_unmodelled_property_is_refused_and_named",
    "other intrinsic functions and transforms": "tests/unit/emulator_core/test_intrinsic_functions.py"
    "::test_misuse_is_named",
    "dynamic references": f"{STACKS}::test_dynamic_reference_fails_its_resource_and_is_named",
    "an update that is not modelled": f"{STACKS}::test_update_that_moto_would_drop_fails_and_is_named",
}
"""The test, or the module of tests, by the subject of the row."""
