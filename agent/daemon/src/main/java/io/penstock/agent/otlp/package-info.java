/** OpenTelemetry's log records over HTTP: stored one by one, and answered once they are durable. */
@NullMarked
package io.penstock.agent.otlp;

import org.jspecify.annotations.NullMarked;
