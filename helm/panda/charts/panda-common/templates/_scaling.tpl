{{/* Voluntary disruptions take one pod at a time; a single replica has nothing to protect. */}}
{{- define "panda-common.pdb" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "panda-common.fullname" .root }}-{{ .name }}
  labels: {{- include "panda-common.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "panda-common.selector" . | nindent 6 }}
{{- end }}

{{- define "panda-common.hpa" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "panda-common.fullname" .root }}-{{ .name }}
  labels: {{- include "panda-common.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "panda-common.fullname" .root }}-{{ .name }}
  minReplicas: {{ .service.scaling.min | int }}
  maxReplicas: {{ .service.scaling.max | int }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ .service.scaling.cpuPercent | int }}}
{{- end }}

{{/* Scales by the messages that wait for the service; needs KEDA in the cluster and RabbitMQ as bus. */}}
{{- define "panda-common.scaledObject" -}}
{{- if not .service.scaling.topics -}}{{- fail (printf "services.%s.scaling.kind keda needs scaling.topics" .name) -}}{{- end -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "panda-common.fullname" .root }}-{{ .name }}
  labels: {{- include "panda-common.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    name: {{ include "panda-common.fullname" .root }}-{{ .name }}
  minReplicaCount: {{ .service.scaling.min | int }}
  maxReplicaCount: {{ .service.scaling.max | int }}
  triggers:
    {{- $scaling := .service.scaling }}
    {{- $name := .name }}
    {{- $auth := printf "%s-bus" (include "panda-common.fullname" .root) }}
    {{- range $scaling.topics }}
    - type: rabbitmq
      metadata:
        protocol: amqp
        queueName: panda.{{ $name }}.{{ . }}.v1
        mode: QueueLength
        value: {{ $scaling.queueLength | int | quote }}
      authenticationRef: {name: {{ $auth }}}
    {{- end }}
{{- end }}
