{{/* What a service may talk to; everything else is denied by the release's default policy. */}}
{{- define "panda-common.networkPolicy" -}}
{{- $values := .root.Values -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "panda-common.fullname" .root }}-{{ .name }}
  labels: {{- include "panda-common.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "panda-common.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- if .service.http }}
    - ports: [{port: http, protocol: TCP}]
      {{- with $values.networkPolicy.gatewayFrom }}
      from: {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- else }}
    - ports: [{port: health, protocol: TCP}]
      {{- with $values.networkPolicy.metricsFrom }}
      from: {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
  egress:
    - ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
    {{- if .service.needs.database }}
    - ports: [{port: {{ $values.database.port | int }}, protocol: TCP}]
    {{- end }}
    {{- if and .service.needs.bus (eq $values.bus.kind "rabbitmq") }}
    - ports: [{port: {{ $values.bus.port | int }}, protocol: TCP}]
    {{- end }}
    {{- if .service.needs.gateway }}
    - ports: [{port: 25080, protocol: TCP}]
    {{- end }}
    {{- if .service.needs.outside }}
    - ports: [{port: 443, protocol: TCP}, {port: 61613, protocol: TCP}, {port: 587, protocol: TCP}]
    {{- end }}
{{- end }}
