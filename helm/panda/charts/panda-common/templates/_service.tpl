{{- define "panda-common.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "panda-common.fullname" .root }}-{{ .name }}
  labels: {{- include "panda-common.labels" . | nindent 4 }}
spec:
  selector: {{- include "panda-common.selector" . | nindent 4 }}
  ports:
    - {name: http, port: 25080, targetPort: http}
{{- end }}
