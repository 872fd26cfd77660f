/** The log in which sessions of the MQTT listener and of bridges survive a restart. */
@NullMarked
package io.penstock.agent.sessions;

import org.jspecify.annotations.NullMarked;
