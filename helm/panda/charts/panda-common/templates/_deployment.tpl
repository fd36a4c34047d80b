{{- define "panda-common.deployment" -}}
{{- $fullname := include "panda-common.fullname" .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $fullname }}-{{ .name }}
  labels: {{- include "panda-common.labels" . | nindent 4 }}
spec:
  {{- if not (include "panda-common.isScaled" .) }}
  replicas: {{ .service.replicas | int }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
  selector:
    matchLabels: {{- include "panda-common.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "panda-common.labels" . | nindent 8 }}
      annotations:
        checksum/config: {{ printf "%s%s" (toJson .root.Values.config) (toJson .root.Values.files) | sha256sum }}
        {{- with .service.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ $fullname }}
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: {{ .service.terminationGracePeriodSeconds | int }}
      securityContext: {{- include "panda-common.podSecurity" . | nindent 8 }}
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "panda-common.selector" . | nindent 14 }}
      containers:
        - name: {{ .name }}
          image: {{ include "panda-common.image" .root }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          command: {{ include "panda-common.command" . }}
          securityContext: {{- include "panda-common.containerSecurity" . | nindent 12 }}
          envFrom:
            - configMapRef: {name: {{ $fullname }}-config}
          env: {{- include "panda-common.env" . | trim | nindent 12 }}
          ports:
            - {name: {{ include "panda-common.portName" . }}, containerPort: {{ include "panda-common.port" . }}}
          {{- if .root.Values.autoStart }}
          {{- include "panda-common.probes" . | nindent 10 }}
          {{- end }}
          resources: {{- toYaml .service.resources | nindent 12 }}
          volumeMounts: {{- include "panda-common.mounts" . | nindent 12 }}
      volumes: {{- include "panda-common.volumes" . | nindent 8 }}
      {{- with .service.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .service.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .service.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end }}
