/** User names, passwords and topic filters. */
@NullMarked
package io.penstock.mqtt.internal.auth;

import org.jspecify.annotations.NullMarked;
