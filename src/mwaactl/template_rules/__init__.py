"""What is wrong with an Amazon MWAA environment in CloudFormation templates: pure rules over their content.

One definition serves three: `mwaactl check`, cfn-lint (`mwaactl.template_rules.cfn_lint`) and the CDK
(`infra.mwaa_checks`).
"""
