# The role that rekognition-monitor assumes in another account; a module, one for each account that is watched:
#
#   module "rekognition_monitor" {
#     source      = "…/deploy/iam"
#     monitor_arn = "arn:aws:iam::444455556666:role/monitor"
#     external_id = var.external_id
#     discovery   = "by-name"
#   }

terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
}

variable "monitor_arn" {
  type        = string
  description = "Who may assume the role, the ARN of the role or user that the monitor runs as."
}

variable "external_id" {
  type        = string
  description = "What the monitor has to say besides (external_id_file), so that nobody else can have it ask for him."
}

variable "discovery" {
  type        = string
  default     = "no"
  description = "Whether the monitor finds the projects itself (accounts[].discover), and whether by their tags."

  validation {
    condition     = contains(["no", "by-name", "by-tags"], var.discovery)
    error_message = "One of: no, by-name, by-tags."
  }
}

variable "role_name" {
  type    = string
  default = "rekognition-monitor"
}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

locals {
  policies = {
    "no"      = "policy.json"
    "by-name" = "discovery.json"
    "by-tags" = "discovery-by-tags.json"
  }
  example = "arn:aws:rekognition:*:111122223333:"
  ours    = "arn:${data.aws_partition.here.partition}:rekognition:*:${data.aws_caller_identity.here.account_id}:"
}

resource "aws_iam_role" "monitor" {
  name        = var.role_name
  description = "Assumed by rekognition-monitor; reads the state of Rekognition project versions, changes nothing."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.monitor_arn }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }
    }]
  })
}

resource "aws_iam_role_policy" "monitor" {
  name   = "rekognition-monitor"
  role   = aws_iam_role.monitor.id
  policy = replace(file("${path.module}/${local.policies[var.discovery]}"), local.example, local.ours)
}

output "role_arn" {
  description = "For `accounts[].role_arn` of the monitor's configuration."
  value       = aws_iam_role.monitor.arn
}
