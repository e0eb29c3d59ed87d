// Records how Knative's own code writes the statuses of Broker, Trigger and Service: one JSON object a line,
// {"case": ..., "object": {...}}. See ../README.md.
package main

import (
	"encoding/json"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	duck "knative.dev/eventing/pkg/apis/duck/v1"
	eventing "knative.dev/eventing/pkg/apis/eventing/v1"
	"knative.dev/pkg/apis"
	pkgduck "knative.dev/pkg/apis/duck/v1"
	serving "knative.dev/serving/pkg/apis/serving/v1"
)

var moment = metav1.NewTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))

type recorded struct {
	Case   string `json:"case"`
	Object any    `json:"object"`
}

func meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: "shop", Generation: 1, CreationTimestamp: moment}
}

func url(host string) *apis.URL { return &apis.URL{Scheme: "http", Host: host} }

// settle does what the generated reconcilers do last, and fixes the clock.
func settle(status *pkgduck.Status, generation int64) {
	status.ObservedGeneration = generation
	for i := range status.Conditions {
		status.Conditions[i].LastTransitionTime = apis.VolatileTime{Inner: moment}
	}
}

func broker(change func(*eventing.BrokerStatus)) *eventing.Broker {
	b := &eventing.Broker{ObjectMeta: meta("default")}
	b.SetGroupVersionKind(eventing.SchemeGroupVersion.WithKind("Broker"))
	if change != nil {
		b.Status.InitializeConditions()
		change(&b.Status)
		settle(&b.Status.Status, 1)
	}
	return b
}

func endpoints(name string, ready bool) *corev1.Endpoints {
	found := &corev1.Endpoints{ObjectMeta: metav1.ObjectMeta{Name: name}}
	if ready {
		found.Subsets = []corev1.EndpointSubset{{Addresses: []corev1.EndpointAddress{{IP: "10.0.0.1"}}}}
	}
	return found
}

// reconciled is the order of pkg/reconciler/broker/broker.go.
func reconciled(s *eventing.BrokerStatus) {
	channel := &duck.ChannelableStatus{AddressStatus: pkgduck.AddressStatus{
		Address: &pkgduck.Addressable{URL: url("default-kne-trigger-kn-channel.shop.svc.cluster.local")},
	}}
	s.PropagateTriggerChannelReadiness(channel)
	s.PropagateFilterAvailability(endpoints("broker-filter", true))
	s.PropagateIngressAvailability(endpoints("broker-ingress", true))
	s.MarkDeadLetterSinkNotConfigured()
	s.SetAddress(&pkgduck.Addressable{URL: url("broker-ingress.knative-eventing.svc.cluster.local")})
	s.MarkEventPoliciesTrueWithReason("DefaultAuthorizationMode", "")
}

func trigger(change func(*eventing.TriggerStatus)) *eventing.Trigger {
	t := &eventing.Trigger{ObjectMeta: meta("invoice")}
	t.SetGroupVersionKind(eventing.SchemeGroupVersion.WithKind("Trigger"))
	t.Spec.Broker = "default"
	t.Spec.Subscriber = pkgduck.Destination{Ref: &pkgduck.KReference{APIVersion: "v1", Kind: "Service", Name: "invoice"}}
	if change != nil {
		t.Status.InitializeConditions()
		change(&t.Status)
		settle(&t.Status.Status, 1)
	}
	return t
}

// subscribed is the order of pkg/reconciler/broker/trigger/trigger.go.
func subscribed(s *eventing.TriggerStatus) {
	s.PropagateBrokerCondition(&apis.Condition{Type: apis.ConditionReady, Status: corev1.ConditionTrue})
	s.SubscriberURI = url("invoice.shop.svc.cluster.local")
	s.MarkSubscriberResolvedSucceeded()
	s.MarkDeadLetterSinkNotConfigured()
	s.PropagateSubscriptionCondition(&apis.Condition{Type: apis.ConditionReady, Status: corev1.ConditionTrue})
	s.MarkDependencySucceeded()
}

func service(change func(*serving.ServiceStatus)) *serving.Service {
	s := &serving.Service{ObjectMeta: meta("invoice")}
	s.SetGroupVersionKind(serving.SchemeGroupVersion.WithKind("Service"))
	if change != nil {
		s.Status.InitializeConditions()
		change(&s.Status)
		settle(&s.Status.Status, 1)
	}
	return s
}

func condition(status corev1.ConditionStatus, reason, message string) pkgduck.Status {
	ready := apis.Condition{Type: apis.ConditionReady, Status: status, Reason: reason, Message: message}
	return pkgduck.Status{Conditions: pkgduck.Conditions{ready}}
}

func configured(s *serving.ServiceStatus) {
	s.PropagateConfigurationStatus(&serving.ConfigurationStatus{
		Status: condition(corev1.ConditionTrue, "", ""),
		ConfigurationStatusFields: serving.ConfigurationStatusFields{
			LatestReadyRevisionName: "invoice-00001", LatestCreatedRevisionName: "invoice-00001",
		},
	})
	s.PropagateRouteStatus(&serving.RouteStatus{Status: condition(corev1.ConditionTrue, "", "")})
}

func brokers() []recorded {
	behind := broker(reconciled)
	behind.Generation = 2
	deleted := broker(reconciled)
	deleted.DeletionTimestamp = &moment
	found := []recorded{
		{"no status", broker(nil)},
		{"unknown", broker(func(*eventing.BrokerStatus) {})},
		{"channel without address", broker(func(s *eventing.BrokerStatus) {
			s.MarkTriggerChannelFailed("NoAddress", "Channel does not have an address.")
		})},
		{"no such configuration", broker(func(s *eventing.BrokerStatus) {
			s.MarkTriggerChannelFailed("ChannelTemplateFailed", "Error on setting up the ChannelTemplate: %s", `configmaps "none" not found`)
		})},
		{"ingress down", broker(func(s *eventing.BrokerStatus) {
			reconciled(s)
			s.PropagateIngressAvailability(endpoints("broker-ingress", false))
		})},
		{"dead letter sink missing", broker(func(s *eventing.BrokerStatus) {
			reconciled(s)
			s.MarkDeadLetterSinkResolvedFailed("Unable to get the dead letter sink's URI", "%v", `services "letters" not found`)
		})},
		{"ready", broker(reconciled)},
		{"behind", behind},
		{"being deleted", deleted},
	}
	// The Broker of class Kafka: control-plane/pkg/reconciler/base/broker/broker_base.go and status.go there.
	eventing.RegisterAlternateBrokerConditionSet(apis.NewLivingConditionSet(
		"Addressable", "DataPlaneAvailable", "TopicReady", "ConfigMapUpdated", "ConfigParsed", "ProbeSucceeded", "EventPoliciesReady",
	))
	return append(found, recorded{"kafka, not probed yet", broker(func(s *eventing.BrokerStatus) {
		s.GetConditionSet().Manage(s).MarkFalse("ProbeSucceeded", "ProbeStatus", "status: NotReady")
	})})
}

func triggers() []recorded {
	behind := trigger(subscribed)
	behind.Generation = 2
	deleted := trigger(subscribed)
	deleted.DeletionTimestamp = &moment
	return []recorded{
		{"no status", trigger(nil)},
		{"unknown", trigger(func(*eventing.TriggerStatus) {})},
		{"broker missing", trigger(func(s *eventing.TriggerStatus) {
			s.MarkBrokerFailed("BrokerDoesNotExist", "Broker %q does not exist", "default")
		})},
		{"broker not reconciled", trigger(func(s *eventing.TriggerStatus) { s.PropagateBrokerCondition(nil) })},
		{"broker's channel without address", trigger(func(s *eventing.TriggerStatus) {
			s.PropagateBrokerCondition(&apis.Condition{Status: corev1.ConditionFalse, Reason: "NoAddress", Message: "Channel does not have an address."})
		})},
		{"subscriber missing", trigger(func(s *eventing.TriggerStatus) {
			s.PropagateBrokerCondition(&apis.Condition{Status: corev1.ConditionTrue})
			s.MarkSubscriberResolvedFailed("Unable to get the Subscriber's URI", "%v", `services "invoice" not found`)
		})},
		{"ready", trigger(subscribed)},
		{"behind", behind},
		{"being deleted", deleted},
	}
}

func services() []recorded {
	behind := service(configured)
	behind.Generation = 2
	deleted := service(configured)
	deleted.DeletionTimestamp = &moment
	return []recorded{
		{"no status", service(nil)},
		{"unknown", service(func(*serving.ServiceStatus) {})},
		{"out of date", service(func(s *serving.ServiceStatus) { configured(s); s.MarkConfigurationNotReconciled() })},
		{"revision failed", service(func(s *serving.ServiceStatus) {
			s.PropagateConfigurationStatus(&serving.ConfigurationStatus{Status: condition(
				corev1.ConditionFalse, "RevisionFailed", `Revision "invoice-00001" failed with message: Unable to fetch image.`,
			)})
		})},
		{"ready", service(configured)},
		{"behind", behind},
		{"being deleted", deleted},
	}
}

func main() {
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, item := range append(append(brokers(), triggers()...), services()...) {
		if err := out.Encode(item); err != nil {
			panic(err)
		}
	}
}
