{{/* Name of everything that belongs to the release as a whole. */}}
{{- define "panda-common.fullname" -}}
{{- if contains "panda" .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- else -}}{{ printf "%s-panda" .Release.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end }}

{{/* Labels by which the pods of a service are found: they never change over the life of a release. */}}
{{- define "panda-common.selector" -}}
app.kubernetes.io/name: panda
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "panda-common.labels" -}}
{{ include "panda-common.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: panda
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | quote }}
{{- end }}

{{- define "panda-common.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/*
Overlays the second map on the first, at every depth. Sprig's merge takes false, 0 and "" for unset, so that a service
could not switch off what the defaults switch on.
*/}}
{{- define "panda-common.overlay" -}}
{{- $out := deepCopy (index . 0) -}}
{{- range $key, $value := index . 1 -}}
{{- if and (kindIs "map" $value) (kindIs "map" (get $out $key)) -}}
{{- $_ := set $out $key (include "panda-common.overlay" (list (get $out $key) $value) | fromYaml) -}}
{{- else -}}
{{- $_ := set $out $key $value -}}
{{- end -}}
{{- end -}}
{{- toYaml $out -}}
{{- end }}

{{/* True when a scaler owns the number of replicas. */}}
{{- define "panda-common.isScaled" -}}
{{- if and .root.Values.autoStart (ne .service.scaling.kind "none") -}}true{{- end -}}
{{- end }}

{{- define "panda-common.portName" -}}
{{- if .service.http -}}http{{- else -}}health{{- end -}}
{{- end }}

{{- define "panda-common.port" -}}
{{- if .service.http -}}25080{{- else -}}25081{{- end -}}
{{- end }}

{{/* Where clients and worker nodes reach the gateway. */}}
{{- define "panda-common.serverUrl" -}}
{{- if .Values.serverUrl -}}{{ .Values.serverUrl }}
{{- else if .Values.ingress.enabled -}}{{ ternary "https" "http" (ne .Values.ingress.tlsSecret "") }}://{{ .Values.ingress.host }}
{{- else -}}http://{{ include "panda-common.fullname" . }}-gateway:25080
{{- end -}}
{{- end }}
