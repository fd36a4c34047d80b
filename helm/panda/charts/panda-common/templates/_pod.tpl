{{/* What no container of ours may do. */}}
{{- define "panda-common.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "panda-common.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Where the database is. `database` and `bus` come from secrets that exist before the release. */}}
{{- define "panda-common.databaseEnv" -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ required "database.existingSecret: name the secret with the PostgreSQL URL" .Values.database.existingSecret }}
      key: {{ .Values.database.secretKey }}
{{- end }}

{{- define "panda-common.busEnv" -}}
- name: BUS
  value: {{ .Values.bus.kind }}
{{- if eq .Values.bus.kind "rabbitmq" }}
- name: AMQP_URL
  valueFrom:
    secretKeyRef:
      name: {{ required "bus.existingSecret: name the secret with the RabbitMQ URL, or set bus.kind to postgres" .Values.bus.existingSecret }}
      key: {{ .Values.bus.secretKey }}
{{- end }}
{{- end }}

{{- define "panda-common.secretEnv" -}}
{{- range $name, $source := .Values.secretEnv }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $source.secret }}
      key: {{ $source.key }}
{{- end }}
{{- end }}

{{- define "panda-common.env" -}}
{{- if .service.needs.database }}
{{ include "panda-common.databaseEnv" .root }}
{{- end }}
{{- if .service.needs.bus }}
{{ include "panda-common.busEnv" .root }}
{{- end }}
{{- if .service.http }}
- name: PANDA_HTTP_PORT
  value: {{ include "panda-common.port" . | quote }}
- name: PANDA_STOP_ROUTING_PAUSE
  value: 10s
{{- else }}
- name: PANDA_HEALTH_PORT
  value: {{ include "panda-common.port" . | quote }}
{{- end }}
{{- if .service.needs.gateway }}
- name: PANDA_HARVESTER_SERVER
  value: http://{{ include "panda-common.fullname" .root }}-gateway:25080
{{- end }}
{{- range $name, $value := .service.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- include "panda-common.secretEnv" .root }}
{{- end }}

{{/* The service itself, or a process that does nothing until autoStart says so. */}}
{{- define "panda-common.command" -}}
{{- if .root.Values.autoStart -}}
[node, --enable-source-maps, apps/{{ .name }}/dist/main.js]
{{- else -}}
[node, -e, "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1 << 30)"]
{{- end -}}
{{- end }}

{{- define "panda-common.probes" -}}
{{- $port := include "panda-common.portName" . -}}
startupProbe:
  httpGet: {path: /startupz, port: {{ $port }}}
  periodSeconds: 2
  failureThreshold: 90
livenessProbe:
  httpGet: {path: /healthz, port: {{ $port }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: {{ $port }}}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end }}

{{- define "panda-common.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: work, mountPath: /var/lib/panda}
- {name: files, mountPath: /etc/panda, readOnly: true}
{{- if .root.Values.certificates.existingSecret }}
- {name: certificates, mountPath: /etc/grid-security, readOnly: true}
{{- end }}
{{- range .service.secretMounts }}
- {name: secret-{{ .secret }}, mountPath: {{ .path }}, readOnly: true}
{{- end }}
{{- end }}

{{- define "panda-common.volumes" -}}
{{- $fullname := include "panda-common.fullname" .root -}}
- name: tmp
  emptyDir: {}
- name: work
{{- if and .root.Values.storage.enabled .service.needs.storage }}
  persistentVolumeClaim:
    claimName: {{ .root.Values.storage.existingClaim | default (printf "%s-storage" $fullname) }}
{{- else }}
  emptyDir: {}
{{- end }}
- name: files
  configMap:
    name: {{ $fullname }}-files
{{- if .root.Values.certificates.existingSecret }}
- name: certificates
  secret:
    secretName: {{ .root.Values.certificates.existingSecret }}
    defaultMode: 0440
{{- end }}
{{- range .service.secretMounts }}
- name: secret-{{ .secret }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
{{- end }}
{{- end }}
