/** The forward source: chunks of Fluent Bit, Fluentd and the Log4j appender on their way into the spools. */
@NullMarked
package io.penstock.agent.forward;

import org.jspecify.annotations.NullMarked;
