/**
 * A server for the Fluentd forward protocol, version 1: it takes chunks of events from Fluent Bit, Fluentd and their
 * loggers, hands each to one callback and acknowledges it once that says where the events are durable.
 */
@NullMarked
package io.penstock.forward.server;

import org.jspecify.annotations.NullMarked;
