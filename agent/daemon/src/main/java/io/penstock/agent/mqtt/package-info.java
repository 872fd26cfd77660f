/** The MQTT source: publishes, routed and written to spools. */
@NullMarked
package io.penstock.agent.mqtt;

import org.jspecify.annotations.NullMarked;
