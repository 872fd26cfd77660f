/** Sessions that outlive the process: what the listener and the bridge write down, and what a store gives back. */
@NullMarked
package io.penstock.mqtt.session;

import org.jspecify.annotations.NullMarked;
