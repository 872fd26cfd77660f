/**
 * What the appenders of logging frameworks share: the names and bounds of their settings, the client with its reports,
 * the memory for encoding and the fields of the default record. Knows no logging framework.
 */
@NullMarked
package io.penstock.forward.client.appender;

import org.jspecify.annotations.NullMarked;
