// Command render renders a Helm chart without a cluster and without Helm: enough of Helm's rules for the charts of this
// repository, on Go's own templates and the function library that Helm uses. The real helm, where it is installed, is
// preferred by the tests. Not implemented: conditions, tags, aliases, import-values, .Files, ordering of hooks.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type values = map[string]interface{}

// apiVersions answers .Capabilities.APIVersions.Has.
type apiVersions []string

func (known apiVersions) Has(wanted string) bool {
	for _, version := range known {
		if version == wanted {
			return true
		}
	}
	return false
}

type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(1)
	}
}

func load(path string) values {
	text, err := os.ReadFile(path)
	check(err)
	out := values{}
	if err := yaml.Unmarshal(text, &out); err != nil {
		check(fmt.Errorf("%s: %w", path, err))
	}
	return out
}

// overlay writes src over dst at every depth; a null removes the default, as in Helm.
func overlay(dst, src values) values {
	for key, value := range src {
		inner, isMap := value.(values)
		old, wasMap := dst[key].(values)
		switch {
		case value == nil:
			delete(dst, key)
		case isMap && wasMap:
			dst[key] = overlay(old, inner)
		default:
			dst[key] = value
		}
	}
	return dst
}

// set applies one --set a.b=c; the value is read as YAML, so that true and 3 are what they look like.
func set(into values, assignment string) {
	name, text, found := strings.Cut(assignment, "=")
	if !found {
		check(fmt.Errorf("--set %s: no '='", assignment))
	}
	var value interface{}
	check(yaml.Unmarshal([]byte(text), &value))
	path := strings.Split(name, ".")
	for i := len(path) - 1; i >= 0; i-- {
		value = values{path[i]: value}
	}
	overlay(into, value.(values))
}

func toYaml(value interface{}) string {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	check(encoder.Encode(value))
	return strings.TrimSuffix(out.String(), "\n")
}

// engine gives templates the functions Helm adds to sprig.
func engine() *template.Template {
	root := template.New("").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	include := func(name string, data interface{}) (string, error) {
		var out bytes.Buffer
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	functions["include"] = include
	functions["toYaml"] = toYaml
	functions["fromYaml"] = func(text string) (values, error) {
		out := values{}
		return out, yaml.Unmarshal([]byte(text), &out)
	}
	functions["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, fmt.Errorf("%s", message)
		}
		return value, nil
	}
	functions["lookup"] = func(...string) values { return values{} }
	functions["tpl"] = func(text string, data interface{}) (string, error) {
		clone, err := root.Clone()
		check(err)
		parsed, err := clone.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out bytes.Buffer
		err = parsed.Execute(&out, data)
		return out.String(), err
	}
	return root.Funcs(functions)
}

// parse adds the templates of a chart and of the charts below it; returns those that make manifests.
func parse(root *template.Template, chart string, isLibrary bool) []string {
	manifests := []string{}
	files, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	check(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		check(err)
		_, err = root.New(file).Parse(string(text))
		check(err)
		if strings.HasSuffix(file, ".yaml") && !isLibrary {
			manifests = append(manifests, file)
		}
	}
	children, err := filepath.Glob(filepath.Join(chart, "charts", "*", "Chart.yaml"))
	check(err)
	for _, child := range children {
		manifests = append(manifests, parse(root, filepath.Dir(child), load(child)["type"] == "library")...)
	}
	sort.Strings(manifests)
	return manifests
}

func main() {
	var valueFiles, settings, versions list
	release := flag.String("release", "panda", "name of the release")
	namespace := flag.String("namespace", "default", "namespace of the release")
	flag.Var(&valueFiles, "f", "values file, may be repeated")
	flag.Var(&settings, "set", "a.b=c, may be repeated")
	flag.Var(&versions, "api-versions", "API the cluster has, may be repeated")
	flag.Parse()
	if flag.NArg() != 1 {
		check(fmt.Errorf("usage: render [options] <chart>"))
	}
	chart := flag.Arg(0)
	merged := load(filepath.Join(chart, "values.yaml"))
	for _, file := range valueFiles {
		overlay(merged, load(file))
	}
	for _, assignment := range settings {
		set(merged, assignment)
	}
	meta := load(filepath.Join(chart, "Chart.yaml"))
	data := values{
		"Values":       merged,
		"Chart":        values{"Name": meta["name"], "Version": meta["version"], "AppVersion": meta["appVersion"]},
		"Release":      values{"Name": *release, "Namespace": *namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
		"Capabilities": values{"APIVersions": apiVersions(versions)},
	}
	root := engine()
	for _, manifest := range parse(root, chart, meta["type"] == "library") {
		var out bytes.Buffer
		check(root.ExecuteTemplate(&out, manifest, data))
		fmt.Printf("---\n# Source: %s\n%s\n", filepath.Base(manifest), out.String())
	}
}
