/**
 * A Log4j 2 appender that sends events over the Fluentd forward protocol and keeps each until it is acknowledged.
 */
@NullMarked
package io.penstock.log4j;

import org.jspecify.annotations.NullMarked;
