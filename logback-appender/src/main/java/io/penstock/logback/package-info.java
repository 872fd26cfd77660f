/**
 * A Logback appender that sends events over the Fluentd forward protocol and keeps each until it is acknowledged.
 */
@NullMarked
package io.penstock.logback;

import org.jspecify.annotations.NullMarked;
